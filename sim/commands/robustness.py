"""`repurchase robustness`. Which conclusions survive other assumptions about people."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import (
    ConfigDir,
    ExecutorName,
    GoalName,
    Replications,
    Request,
    ResultsDir,
    Seeds,
    TrustRules,
    Words,
    Workers,
    scenario_names,
    told_plainly,
)
from sim.commands.output import say
from sim.commands.relevel import alternative_names, yardstick_of
from sim.console.importing import loading


@told_plainly
def robustness(
    words: Words = None,
    alternative: Annotated[
        list[str] | None,
        typer.Option(
            help="An alternative by name, may be given several times; without it, all of "
            "conf/alternative/.",
            autocompletion=alternative_names,
        ),
    ] = None,
    goal: GoalName = None,
    replications: Replications = None,
    seed: Seeds = None,
    reference: Annotated[
        str | None,
        typer.Option(
            help="The strategy the others are compared with.", autocompletion=scenario_names
        ),
    ] = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Tell which conclusions about strategies survive other assumptions about people.

    Every strategy lives in the same worlds under the behaviour as it is and under each alternative
    of conf/alternative/; with behaviour=NAME that has a sample, under that, too. Under each a
    conclusion holds, is reversed, or is undecided. Without names: the strategies of `compare`.

    Examples:

        repurchase robustness

        repurchase robustness integrated reminders -n 20 goal=contribution

        repurchase robustness reminders --alternative habit_first --alternative rivals_answer

        repurchase robustness behaviour=posterior population=calibrated --config-dir my_conf
    """
    with loading():
        from sim.commands.output import print_table
        from sim.config.loading import experiment as settings_of
        from sim.console.progress import bar
        from sim.experiments.robust.alternatives import alternatives
        from sim.experiments.robustness import robustness as experiment
        from sim.report.robustness.page import write_page
        from sim.report.robustness.terminal import conclusions_table, sentences
        from sim.report.words import Words as LanguageOf

    options = {"goal": goal, "replications": replications, "seed": seed, "reference": reference}
    asked = Request(
        "robustness", words, results, config_dir, executor, workers, trust_rules, **options
    )
    values = asked.values
    language = values["report"]["language"]
    LanguageOf(language)  # refused before anything is lived through
    sought = settings_of("relevel", (), config_dir)[0]
    # Judged in other worlds than those in which levels were brought back, whose luck flatters.
    yardstick = yardstick_of(config_dir, seed=sought["seed"] + 1, worlds=values["judged_in"])
    with bar("robustness") as on_progress:
        folder = experiment(
            asked.names or values["strategies"],
            alternatives(alternative or (), config_dir, trust_rules),
            asked.settings,
            yardstick=yardstick,
            near=sought["near"],
            reference=values["reference"],
            goal=values["goal"],
            replications=values["replications"],
            seed=values["seed"],
            overrides=[f"run.days={values['days']}", *asked.overrides],
            on_progress=on_progress,
        )
    print_table(conclusions_table(folder))
    for sentence in sentences(folder):
        say(sentence)
    say(f"Page: {write_page(folder, language)}")
    say(f"Results: {folder}")
