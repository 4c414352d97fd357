"""`repurchase validate`. The literature's facts, measured in the simulation."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands.options import (
    ConfigDir,
    ExecutorName,
    Replications,
    Request,
    ResultsDir,
    Seeds,
    TrustRules,
    Words,
    Workers,
    told_plainly,
)
from sim.commands.output import say
from sim.console.importing import loading

if TYPE_CHECKING:
    import pandas as pd


@told_plainly
def validate(
    words: Words = None,
    replications: Replications = None,
    most: Annotated[
        int | None,
        typer.Option("--most", help="Worlds at most, added until rows are decided.", min=1),
    ] = None,
    seed: Seeds = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Verdicts, looks and why it stopped, as JSON.")
    ] = False,
) -> None:
    """Measure in the simulation what the literature reports, and say where it lies.

    A row is inside or outside if its whole interval is, else undecided: then more worlds are
    lived through, up to --most. Then, in the same worlds and some more, regularities of buying
    that nobody fitted, known models with all beyond them switched off, the years 2020 to 2024.
    `repurchase report` makes the page.

    Examples:

        repurchase validate

        repurchase validate -n 10 --most 40 population.households=50000
    """
    with loading():
        from sim.commands.output import show
        from sim.console.progress import bar
        from sim.experiments.validate import validate as experiment
        from sim.store.folders import read_manifest
        from sim.store.runs import read_table

    options = {"replications": replications, "most_replications": most, "seed": seed}
    asked = Request(
        "validate", words, results, config_dir, executor, workers, trust_rules, **options
    )
    with bar("facts") as on_progress:
        folder = experiment(
            scenario=asked.scenario,
            replications=asked.values["replications"],
            seed=asked.values["seed"],
            overrides=asked.overrides,
            settings=asked.settings,
            on_progress=on_progress,
            most=max(asked.values["replications"], asked.values["most_replications"]),
        )
    names = ("facts", "summary", "looks", "regularities", "beside")
    tables = {name: read_table(folder, name) for name in names}
    stopped = read_manifest(folder)["stopped"]
    if as_json:
        say(as_text(stopped, tables))
        return
    show("Facts as reported and as measured", shown(tables["facts"]))
    show("Verdicts", tables["summary"])
    show("Beyond the facts: as expected and as measured", shown(tables["regularities"]))
    say(f"Stopped after {stopped}.")
    say(f"Results: {folder}")


def as_text(stopped: str, tables: "dict[str, pd.DataFrame]") -> str:
    """Tables and why no more worlds were added as JSON; numbers that are missing are null."""
    import json

    rows = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
    return json.dumps({"stopped": stopped, **rows}, indent=1, ensure_ascii=False)


def shown(facts: "pd.DataFrame") -> "pd.DataFrame":
    """The table of facts for a terminal: bounds and intervals in a column each."""
    import pandas as pd

    from sim.commands.output import word

    def span(low: str, high: str) -> list[str]:
        pairs = zip(facts[low], facts[high], strict=True)
        return [f"{word(a)} to {word(b)}" if a == a and b == b else "" for a, b in pairs]

    why = [f": {each}" if each else "" for each in facts["why"]]
    return pd.DataFrame(
        {
            "id": facts["id"],
            "what": facts["kpi"] + "; " + facts["who"],
            "unit": facts["unit"],
            "reported": facts["reported"],
            "bounds": span("low", "high"),
            "measured": facts["value"],
            "95% interval": span("low95", "high95"),
            "worlds": facts["worlds"],
            "verdict": facts["verdict"] + why,
        }
    )
