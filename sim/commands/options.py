"""What commands have in common: their words and options, and errors told in a sentence."""

import functools
import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec

import typer

from sim.commands.output import complain
from sim.console.importing import loading

if TYPE_CHECKING:
    from sim.experiments.executors import ExecutionSettings

FAILED, STOPPED = 2, 130
GONE = "The folder you work in is gone: change to one that is there.\n"
CHOSEN = ("goal",)  # options by which a file of conf/ is chosen


def goal_names(incomplete: str) -> list[str]:
    """What a shell may complete where a goal is asked for."""
    from sim.experiments.goals import GOALS

    return [name for name in GOALS if name.startswith(incomplete)]


def scenario_names(incomplete: str) -> list[str]:
    """What a shell may complete where a scenario is asked for."""
    from sim.config.composing import scenarios

    return [name for name in scenarios() if name.startswith(incomplete)]


Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SCENARIO]... [KEY=VALUE]...",
        help="Scenarios by name (`repurchase scenarios` lists them), and settings to change.",
        autocompletion=scenario_names,
        show_default=False,
    ),
]
ConfigDir = Annotated[
    Path | None,
    typer.Option(
        readable=False,  # what is not is said in our words
        help="A folder of your own laid out like conf/, with its own scenarios/ if any.",
    ),
]
ResultsDir = Annotated[
    Path, typer.Option("--results", readable=False, help="Where results are kept.")
]
TrustRules = Annotated[
    bool,
    typer.Option(
        "--trust-rules",
        help="Let code run that a scenario or --config-dir brings: rules, levers, shocks. "
        "Read it first.",
    ),
]
ExecutorName = Annotated[
    str | None,
    typer.Option(
        "--executor",
        help="How runs are done: serial, threads, processes, dask or slurm. Results are the same.",
        autocompletion=lambda: ["serial", "threads", "processes", "dask", "slurm"],
    ),
]
Workers = Annotated[int | None, typer.Option(help="Runs side by side; 0: one per core.", min=0)]
Seed = Annotated[
    int | None, typer.Option(help="Seed of the world: its households and their luck.", min=0)
]
Seeds = Annotated[
    int | None,
    typer.Option(help="Seed of the worlds; those of different seeds have none in common.", min=0),
]
Replications = Annotated[
    int | None, typer.Option("--replications", "-n", help="Worlds each strategy lives in.", min=1)
]

GoalName = Annotated[
    str | None,
    typer.Option(
        "--goal",
        help="What decides, as goal=NAME does: repurchasing_households, contribution, "
        "day0_repurchase, churn, repurchase_rate. Or goal.contribution=1 goal.churn=500: what a "
        "unit of each is worth.",
        autocompletion=goal_names,
    ),
]

P = ParamSpec("P")


def told_plainly(command: Callable[P, None]) -> Callable[P, None]:
    """Turn known errors into one sentence on stderr and an exit code."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        if not _stands_somewhere():  # before libraries are read, of which some ask where they are
            sys.stderr.write(GONE)
            raise typer.Exit(FAILED)
        _let_own_code_run(kwargs)
        with loading():
            from sim.experiments.executors import RunsInterrupted
            from sim.parameters.quantity import ConfigurationError
            from sim.store.runs import ResultsError
            from sim.text.outgoing import cited

        try:
            command(*args, **kwargs)
        except (ConfigurationError, ResultsError) as error:
            complain(error)
            raise typer.Exit(FAILED) from None
        except OSError as error:
            if isinstance(error, FileNotFoundError) and not _stands_somewhere():
                sys.stderr.write(GONE)
            elif error.filename is None:  # what is shown cannot be written
                raise
            else:
                sys.stderr.write(
                    f"{cited(error.filename)} cannot be used ({error.strerror}): give it the "
                    "rights it needs, or name another.\n"
                )
            raise typer.Exit(FAILED) from None
        except RunsInterrupted as error:
            complain(error)
            raise typer.Exit(STOPPED) from None
        except KeyboardInterrupt:
            sys.stderr.write("Stopped; runs that had finished are kept.\n")
            raise typer.Exit(STOPPED) from None

    return wrapped


def _let_own_code_run(asked: Mapping[str, object]) -> None:
    """Before the model is imported: levers and shocks of `--config-dir` that the user trusts."""
    from sim.store.sources import let_own_code_run

    if isinstance(asked.get("config_dir"), Path) and asked.get("trust_rules"):
        let_own_code_run(Path(str(asked["config_dir"])))


def _stands_somewhere() -> bool:
    """Whether the working folder is still there."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return False
    return True


def _name(word: str) -> str:
    """A name as it is, unless it is a setting that is written with a colon."""
    from sim.parameters.quantity import ConfigurationError
    from sim.text.outgoing import cited

    key, colon, value = (part.strip() for part in word.partition(":"))
    if colon and key.replace(".", "").replace("_", "").isalnum() and value:
        raise ConfigurationError(
            f"{cited(word)} is no name, and a setting is written with an equals sign: did you mean "
            f"{cited(f'{key}={value}')}?"
        )
    return word


def _as_option(word: str, options: Collection[str]) -> str:
    """A setting as it is, an option that is typed like one as the experiment's: `factor=3`."""
    key, equals, value = word.partition("=")
    return f"{_key(key)}{equals}{value}" if key in options else word


def _key(option: str) -> str:
    """The setting that an option gives: one of the experiment, or a file that is chosen."""
    return option if option in CHOSEN else f"experiment.{option}"


class Request:
    """What the words and options of a command come to."""

    def __init__(
        self,
        command: str,
        words: Sequence[str] | None,
        results: Path,
        config_dir: Path | None,
        executor: str | None,
        workers: int | None,
        trust_rules: bool = False,
        **options: object,
    ) -> None:
        from sim.config.loading import check_limits, experiment
        from sim.config.overrides import setting
        from sim.text.incoming import typed

        self.names = [_name(word) for word in typed(words) if "=" not in word]
        changes = [word for word in typed(words) if "=" in word]
        self.names += [word.partition("=")[2] for word in changes if word.startswith("scenarios=")]
        given = {_key(key): value for key, value in options.items()}
        given |= {"executor": executor, "executor.workers": workers}
        said = [setting(key, value) for key, value in given.items() if value is not None]
        rest = [_as_option(word, options) for word in changes if not word.startswith("scenarios=")]
        self.values, self.executor, self.overrides = experiment(command, [*rest, *said], config_dir)
        self.results, self.config_dir, self.trust_rules = results, config_dir, trust_rules
        check_limits(self.values)

    @property
    def scenario(self) -> str:
        """The one scenario named, or the command's own."""
        from sim.parameters.quantity import ConfigurationError
        from sim.text.outgoing import cited

        if len(self.names) > 1:
            raise ConfigurationError(
                f"One scenario at a time, not {cited(' and '.join(self.names))}: "
                "`repurchase compare` takes several."
            )
        return self.names[0] if self.names else str(self.values["scenario"])

    @property
    def settings(self) -> "ExecutionSettings":
        """Where results go and how runs are done."""
        from sim.experiments.executors import ExecutionSettings

        return ExecutionSettings.told(
            self.results, self.executor, self.config_dir, self.trust_rules
        )
