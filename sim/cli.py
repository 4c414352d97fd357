"""The command line: compose, call one experiment, show what came out, say errors plainly."""

import functools
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec

import typer

if TYPE_CHECKING:
    from sim.experiments.executors import ExecutionSettings

FAILED, STOPPED = 2, 130

app = typer.Typer(
    name="repurchase",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="markdown",
    help="""A laboratory for mother-and-baby communities.

The same households live through different ways of running an operator's communities; what
differs is what the strategy caused. Begin with:

    repurchase scenarios
    repurchase compare population.households=2000 --replications 3

Any setting can be changed behind any command, in Hydra's syntax: `population=city`,
`operator.coupons.strength=0.5`, `behaviour.believe.bad_news_factor=1`. Runs are stored as they
finish and never computed twice: the same command again continues where it stopped.""",
)


def _names(incomplete: str) -> list[str]:
    from sim.config import scenarios

    return [name for name in scenarios() if name.startswith(incomplete)]


Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SCENARIO]... [KEY=VALUE]...",
        help="Scenarios by name (`repurchase scenarios` lists them), and settings to change.",
        autocompletion=_names,
        show_default=False,
    ),
]
ConfigDir = Annotated[
    Path | None,
    typer.Option(help="A folder of your own laid out like conf/, with its own scenarios/ if any."),
]
ResultsDir = Annotated[Path, typer.Option("--results", help="Where results are kept.")]
ExecutorName = Annotated[
    str | None,
    typer.Option(
        "--executor",
        help="How runs are done: serial, threads or processes. Results are the same.",
        autocompletion=lambda: ["serial", "threads", "processes"],
    ),
]
Workers = Annotated[int | None, typer.Option(help="Runs side by side; 0: one per core.", min=0)]
Seed = Annotated[int | None, typer.Option(help="Seed of the first replication.", min=0)]
Replications = Annotated[
    int | None, typer.Option("--replications", "-n", help="Worlds each strategy lives in.", min=1)
]

P = ParamSpec("P")


def told_plainly(command: Callable[P, None]) -> Callable[P, None]:
    """Turn known errors into one sentence on stderr and an exit code."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        from sim.experiments.executors import RunsInterrupted
        from sim.quantity import ConfigurationError
        from sim.store import ResultsError

        try:
            command(*args, **kwargs)
        except (ConfigurationError, ResultsError) as error:
            sys.stderr.write(f"{error}\n")
            raise typer.Exit(FAILED) from None
        except RunsInterrupted as error:
            sys.stderr.write(f"{error}\n")
            raise typer.Exit(STOPPED) from None
        except KeyboardInterrupt:
            sys.stderr.write("Stopped; runs that had finished are kept.\n")
            raise typer.Exit(STOPPED) from None

    return wrapped


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
        **options: object,
    ) -> None:
        from sim.config import experiment

        self.names = [word for word in words or () if "=" not in word]
        changes = [word for word in words or () if "=" in word]
        self.names += [word.partition("=")[2] for word in changes if word.startswith("scenarios=")]
        given = {f"experiment.{key}": value for key, value in options.items()}
        given |= {"executor": executor, "executor.workers": workers}
        said = [f"{key}={value}" for key, value in given.items() if value is not None]
        rest = [word for word in changes if not word.startswith("scenarios=")]
        self.values, self.executor, self.overrides = experiment(command, [*rest, *said], config_dir)
        self.results, self.config_dir = results, config_dir

    @property
    def scenario(self) -> str:
        """The one scenario named, or the command's own."""
        from sim.quantity import ConfigurationError

        if len(self.names) > 1:
            raise ConfigurationError(
                f"One scenario at a time, not {' and '.join(self.names)}: "
                "`repurchase compare` takes several."
            )
        return self.names[0] if self.names else str(self.values["scenario"])

    @property
    def settings(self) -> "ExecutionSettings":
        """Where results go and how runs are done."""
        from sim.experiments.executors import ExecutionSettings

        how = self.executor
        return ExecutionSettings(
            self.results, how["name"], how["workers"], self.config_dir, how["threads_per_run"]
        )


@app.command()
@told_plainly
def run(
    words: Words = None,
    seed: Seed = None,
    keep_orders: Annotated[
        bool | None, typer.Option("--keep-orders", help="Keep the full order log (Parquet).")
    ] = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
) -> None:
    """Let one population live through one strategy.

    Examples:

        repurchase run

        repurchase run koc_led --seed 7 --keep-orders

        repurchase run integrated population=city run.days=730 operator.koc.strength=0.5
    """
    from sim.experiments.run import run as experiment
    from sim.progress import bar
    from sim.store import read_table

    asked = Request(
        "run", words, results, config_dir, executor, workers, seed=seed, keep_orders=keep_orders
    )
    with bar(asked.scenario) as on_progress:
        folder = experiment(
            asked.scenario,
            asked.values["seed"],
            asked.overrides,
            asked.settings,
            asked.values["keep_orders"],
            on_progress,
        )
    table = read_table(folder, "indicators")
    whole = table[(table["by"] == "all") & (table["segment"] == "all")]
    _show(asked.scenario, whole[["indicator", "value", "unit"]])
    typer.echo(f"Results: {folder}")


@app.command()
@told_plainly
def compare(
    words: Words = None,
    replications: Replications = None,
    seed: Seed = None,
    reference: Annotated[
        str | None, typer.Option(help="The strategy the others are compared with.")
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option(
            help="own: each strategy spends what it states; equal: all what the reference states.",
            autocompletion=lambda: ["own", "equal"],
        ),
    ] = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
) -> None:
    """Compare strategies on the same households with the same luck.

    Without names it compares eight strategies, ten replications, 20,000 households.

    Examples:

        repurchase compare

        repurchase compare baseline koc_led reminders -n 20

        repurchase compare membership promotion_blast --budget equal population.households=5000
    """
    from sim.experiments.compare import compare as experiment
    from sim.progress import bar
    from sim.report.page import write_page
    from sim.report.terminal import comparison_table

    options = {"replications": replications, "seed": seed, "reference": reference, "budget": budget}
    asked = Request("compare", words, results, config_dir, executor, workers, **options)
    values = asked.values
    strategies = asked.names or values["strategies"]
    with bar(f"{len(strategies)} strategies") as on_progress:
        folder = experiment(
            strategies=strategies,
            replications=values["replications"],
            seed=values["seed"],
            reference=values["reference"],
            overrides=asked.overrides,
            settings=asked.settings,
            budget=values["budget"],
            on_progress=on_progress,
        )
    page = write_page(folder)
    _print(comparison_table(folder))
    typer.echo(f"Page: {page}")


@app.command()
@told_plainly
def sweep(
    words: Words = None,
    lhs: Annotated[
        int | None,
        typer.Option(help="Points of a Latin hypercube, instead of all combinations.", min=1),
    ] = None,
    replications: Replications = None,
    seed: Seed = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
) -> None:
    """Vary any settings over many values; several values are written with commas.

    Examples:

        repurchase sweep operator.coupons.coupon_percent=5,10,15

        repurchase sweep koc_led operator.koc.strength=0.25,0.5,1 population.households=5000

        repurchase sweep --lhs 50 'behaviour.believe.bad_news_factor=interval(1,3)'
    """
    from sim.experiments.sweep import parsed
    from sim.experiments.sweep import sweep as experiment
    from sim.progress import bar
    from sim.store import read_table

    options = {"samples": lhs, "replications": replications, "seed": seed}
    varied, same = parsed([word for word in words or () if "=" in word])
    fixed = [*(word for word in words or () if "=" not in word), *same]
    asked = Request("sweep", fixed, results, config_dir, executor, workers, **options)
    values = asked.values
    with bar("sweep") as on_progress:
        folder = experiment(
            varied,
            asked.scenario,
            asked.settings,
            method="lhs" if values["samples"] else "grid",
            samples=values["samples"],
            replications=values["replications"],
            seed=values["seed"],
            overrides=asked.overrides,
            on_progress=on_progress,
        )
    _show_points(asked.scenario, list(varied), read_table(folder, "points"))
    typer.echo(f"Results: {folder}")


@app.command()
@told_plainly
def validate(
    words: Words = None,
    replications: Replications = None,
    seed: Seed = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
) -> None:
    """Measure in the simulation what the literature reports, and say where it lies.

    Examples:

        repurchase validate

        repurchase validate -n 10 population.households=50000
    """
    from sim.evidence.validate import validate as experiment
    from sim.progress import bar
    from sim.store import read_table

    options = {"replications": replications, "seed": seed}
    asked = Request("validate", words, results, config_dir, executor, workers, **options)
    with bar("facts") as on_progress:
        folder = experiment(
            scenario=asked.scenario,
            replications=asked.values["replications"],
            seed=asked.values["seed"],
            overrides=asked.overrides,
            settings=asked.settings,
            on_progress=on_progress,
        )
    facts = ["id", "kpi", "who", "reported", "low", "high", "value", "verdict", "why"]
    _show("Facts as reported and as measured", read_table(folder, "facts")[facts])
    _show("Inside the bounds", read_table(folder, "summary"))
    typer.echo(f"Results: {folder}")


@app.command()
@told_plainly
def scenarios(config_dir: ConfigDir = None) -> None:
    """List the strategies there are; each is a file in scenarios/ to read and to copy."""
    from sim.config import strategy_titles

    for name, title in strategy_titles(config_dir).items():
        typer.echo(f"{name:20} {title}")


def _show_points(title: str, varied: list[str], points: Any) -> None:
    """A row per point: mean and 95% interval of the indicators that comparisons turn on."""
    from sim.experiments.paired import MAIN
    from sim.report.words import label

    shown = points[varied].rename(columns=lambda key: ".".join(key.split(".")[-2:]))
    for name in (item.name for item in MAIN if item.name in points):
        lines = zip(points[name], points[f"{name}_low"], points[f"{name}_high"], strict=True)
        shown[label(name)] = [
            f"{_word(mean)}\n{_word(low)} to {_word(high)}" if mean == mean else "not measured"
            for mean, low, high in lines
        ]
    _show(f"{title}: mean and 95% interval", shown)


def _show(title: str, table: Any) -> None:
    from rich.table import Table

    shown = Table(title=title, title_justify="left")
    for name in table.columns:
        number = table[name].dtype.kind in "if"
        shown.add_column(str(name), justify="right" if number else "left", no_wrap=number)
    for row in table.itertuples(index=False):
        shown.add_row(*(_word(value) for value in row))
    _print(shown)


def _print(table: Any) -> None:
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _word(value: Any) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return str(value)


def main() -> None:
    """Entry point of `repurchase`."""
    try:
        app(prog_name="repurchase")
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
