"""`repurchase calibrate`. Behaviour estimated from the evidence."""

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from sim.commands.audit import households_unless_asked
from sim.commands.options import (
    ConfigDir,
    ExecutorName,
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

UNEVEN = 0.05  # chance below which ranks are told to be uneven
STABLE = 1.1  # of Gelman & Rubin's ratio


@told_plainly
def calibrate(
    words: Words = None,
    seed: Seeds = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Estimate behaviour from the evidence: from rows marked fit, and nothing else.

    Waves of points rule out what no fact can bear; then a sample is drawn of what is left. Takes
    more than an hour as it is set; stopped or killed, the same command goes on.

    Examples:

        repurchase plan calibrate

        repurchase calibrate

        repurchase calibrate experiment.facts=[L01,L06,L11,P01] experiment.all_from_wave=0
    """
    with loading():
        from sim.commands.output import show
        from sim.console.progress import bar
        from sim.experiments.calibrate import NAME, Search
        from sim.experiments.calibrate import calibrate as experiment
        from sim.store.folders import read_manifest
        from sim.store.runs import read_table

    asked = Request(
        "calibrate", words, results, config_dir, executor, workers, trust_rules, seed=seed
    )
    values = asked.values
    own = ("scenario", "households", "seed")
    search = Search(**{name: value for name, value in values.items() if name not in own})
    with bar("calibration") as on_progress:
        folder = experiment(
            asked.scenario,
            search,
            values["seed"],
            [*households_unless_asked(asked.overrides, values["households"]), *asked.overrides],
            asked.settings,
            on_progress,
        )
    tables = {name: read_table(folder, name) for name in ("targets", "settings", "waves")}
    show("Facts", tables["targets"][["id", "reported", "low", "high", "usual", "best", "inside"]])
    show(
        "Settings",
        tables["settings"][["setting", "usual", "best", "low", "high", "pinned", "even"]],
    )
    for sentence in sentences(tables, read_manifest(folder)):
        say(sentence)
    home = quote(str(folder / "conf"))
    say(
        f"Run strategies with it: repurchase compare --config-dir {home} behaviour={NAME} "
        f"population={NAME}"
    )
    say(f"Results: {folder}")


def sentences(tables: "dict[str, pd.DataFrame]", manifest: dict[str, object]) -> list[str]:
    """What a reader should know before using any of it."""
    targets, settings, waves = tables["targets"], tables["settings"], tables["waves"]
    last = waves.iloc[-1]
    told = [
        f"{int(targets['inside'].sum())} of {len(targets)} facts lie inside at the best point, "
        f"{int(targets['covered'].sum())} where draws lie.",
        f"After {len(waves)} waves {float(last['left']):.2g} of what was thought possible is left; "
        f"{float(last['inside']):.0%} of the last wave's points turned out not to be ruled out.",
    ]
    if not (waves["inside"] > 0).any():
        held = targets.nsmallest(3, "worst_without")
        told.append(
            "No point bears all facts within experiment.cutoff. Leaving one out, the worst of the "
            "others would be so many deviations off at best: "
            + ", ".join(f"{row.id} {row.worst_without:.1f}" for row in held.itertuples())
            + ". These contradict the others, or the ranges are too narrow."
        )
    agree, off = (float(str(manifest[name])) for name in ("walkers_agree", "emulators_off"))
    told.append(
        f"Walkers agree to {agree:.2f} (1 is best; above {STABLE} more experiment.steps are "
        f"needed); at the draws last lived emulators were off by {off:.1f} of the deviations that "
        "they state (1 is honest; above 2 more experiment.rounds are needed)."
    )
    uneven = settings.loc[settings["even"] < UNEVEN, "setting"]
    if len(uneven):
        told.append(f"Inference is uneven for {', '.join(uneven)}: do not rely on their spread.")
    return told
