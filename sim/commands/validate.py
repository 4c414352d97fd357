"""`repurchase validate`. The literature's facts, measured in the simulation."""

from pathlib import Path
from typing import TYPE_CHECKING

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
    seed: Seeds = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Measure in the simulation what the literature reports, and say where it lies.

    Examples:

        repurchase validate

        repurchase validate -n 10 population.households=50000
    """
    with loading():
        from sim.commands.output import show
        from sim.console.progress import bar
        from sim.experiments.validate import validate as experiment
        from sim.store.runs import read_table

    options = {"replications": replications, "seed": seed}
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
        )
    show("Facts as reported and as measured", shown(read_table(folder, "facts")))
    show("Inside the bounds", read_table(folder, "summary"))
    say(f"Results: {folder}")


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
            "verdict": facts["verdict"] + why,
        }
    )
