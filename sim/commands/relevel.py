"""`repurchase relevel`. Alternative assumptions brought back to the levels of what is shipped."""

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands.options import (
    ConfigDir,
    ExecutorName,
    Request,
    ResultsDir,
    Seeds,
    TrustRules,
    Workers,
    told_plainly,
)
from sim.commands.output import say
from sim.console.importing import loading

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.robust.yardstick import Yardstick


def alternative_names(incomplete: str) -> list[str]:
    """What a shell may complete where an alternative is asked for."""
    from sim.config import composing

    found = sorted(path.stem for path in (composing.CONF / "alternative").glob("*.yaml"))
    return [name for name in found if name.startswith(incomplete)]


def yardstick_of(config_dir: Path | None, **said: object) -> "Yardstick":
    """The facts by which alternatives are judged, as conf/relevel.yaml and calibrate.yaml say.

    `said` is what is asked for otherwise.
    """
    from sim.config.loading import experiment
    from sim.experiments.robust.yardstick import Yardstick

    own, _, _ = experiment("relevel", (), config_dir)
    usual, _, _ = experiment("calibrate", (), config_dir)
    told = {name: own[name] for name in ("facts", "scenario", "worlds", "seed")}
    return Yardstick(**{**told, **said}, discrepancy=usual["discrepancy"])


@told_plainly
def relevel(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ALTERNATIVE]... [KEY=VALUE]...",
            help="Alternatives by name, without one all of conf/alternative/; and settings.",
            autocompletion=alternative_names,
            show_default=False,
        ),
    ] = None,
    seed: Seeds = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Bring alternative assumptions back to the levels of the shipped behaviour.

    A few level settings are moved until each of a few facts marked fit is met as nearly as the
    shipped behaviour meets it, so that comparing strategies under both is fair. Files with what was
    moved are written beside the tables, to be put into conf/alternative/ or taken by --config-dir.

    Examples:

        repurchase relevel

        repurchase relevel threshold_choice population.households=10000

        repurchase relevel habit_first experiment.facts=[L01,L06,L11] experiment.rounds=6
    """
    with loading():
        from sim.commands.output import show
        from sim.console.progress import bar
        from sim.experiments.relevel import Search
        from sim.experiments.relevel import relevel as experiment
        from sim.experiments.robust.alternatives import alternatives
        from sim.store.runs import read_table

    asked = Request(
        "relevel", words, results, config_dir, executor, workers, trust_rules, seed=seed
    )
    values = asked.values
    chosen = alternatives(asked.names, config_dir, trust_rules)
    of_yardstick = {name: values[name] for name in ("facts", "scenario", "worlds", "seed")}
    with bar("relevel") as on_progress:
        folder = experiment(
            chosen,
            yardstick_of(config_dir, **of_yardstick),
            Search(values["settings"], values["rounds"], values["near"]),
            asked.overrides,
            asked.settings,
            on_progress,
        )
    tables = {name: read_table(folder, name) for name in ("alternatives", "levels", "moved")}
    columns = ["alternative", "switched_farther", "relevelled_farther", "near", "points"]
    show("Farther off the facts than what is shipped, by", tables["alternatives"][columns])
    columns = ["alternative", "id", "reported", "shipped", "switched", "relevelled"]
    show("The facts", tables["levels"][columns])
    columns = ["alternative", "setting", "shipped", "value"]
    show("What was moved", tables["moved"][columns])
    for sentence in sentences(tables):
        say(sentence)
    home = quote(str(folder / "conf"))
    say(f"Strategies under them: repurchase robustness --config-dir {home}")
    say(f"Results: {folder}")


def sentences(tables: "dict[str, pd.DataFrame]") -> list[str]:
    """What a reader should know before using any of it."""
    found, moved = tables["alternatives"], tables["moved"]
    told = [
        f"{int(found['near'].sum())} of {len(found)} meet the facts as nearly as the shipped "
        f"behaviour, which is {found['shipped'].iloc[0]:.2g} standard deviations off."
    ]
    for row in found[~found["near"]].itertuples():
        ends = moved[(moved["alternative"] == row.alternative) & moved["at_an_end"]]
        why = (
            f"; it would move {', '.join(ends['setting'])} farther than experiment.settings let it"
            if len(ends)
            else ""
        )
        told.append(
            f"{row.alternative} stays {row.relevelled_farther:.2g} standard deviations farther off "
            f"the facts: conclusions under it say less{why}."
        )
    return told
