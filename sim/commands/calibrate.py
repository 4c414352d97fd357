"""`repurchase calibrate`. Behaviour estimated from the evidence."""

from pathlib import Path
from shlex import quote

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
    more than an hour as it is set; stopped or killed, the same command goes on. `repurchase report`
    makes the page.

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
        from sim.report.calibrate.terminal import sentences
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
    tables = {name: read_table(folder, name) for name in ("targets", "settings")}
    show("Facts", tables["targets"][["id", "reported", "low", "high", "usual", "best", "inside"]])
    show(
        "Settings",
        tables["settings"][["setting", "usual", "best", "low", "high", "pinned", "even"]],
    )
    for sentence in sentences(folder):
        say(sentence)
    home = quote(str(folder / "conf"))
    say(
        f"Run strategies with it: repurchase compare --config-dir {home} behaviour={NAME} "
        f"population={NAME}"
    )
    say(f"Results: {folder}")
