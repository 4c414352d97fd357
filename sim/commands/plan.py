"""`repurchase plan`. What a command will take, before it does anything."""

import inspect
import math
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.commands.options import told_plainly
from sim.commands.output import say
from sim.console.importing import loading
from sim.text.outgoing import cited

if TYPE_CHECKING:
    from sim.experiments.estimate import Estimate
    from sim.experiments.executors import ExecutionSettings

# Commands that see from the first runs which others they need.
MORE_FOLLOW = {
    "validate": "worlds are added for facts that are not decided, up to "
    "experiment.most_replications, and those for what is said beyond the facts follow",
    "calibrate": "waves follow, of experiment.points_per_wave each, and draws that are lived",
    "relevel": "slopes and steps follow, some nine points of each alternative in a round",
    "robustness": "the facts are then lived under every assumption, which takes much less",
    "fit": "every point that is looked at next follows from those before",
    "assumptions": "ranges whose ends differ most are lived again",
    "check": "what a strategy spends is lived for its summary alone",
}
MORE = (4, 16, 64)  # runs at once
MIB, GIB = 1 << 20, 1 << 30


@told_plainly
def plan(
    context: typer.Context,
    command: Annotated[str, typer.Argument(help="The command; its words and options follow.")],
) -> None:
    """Say how many runs a command needs, how long they take, how much memory and disk.

    Nothing of it is done; some of its strategies are tried in a small town for some seconds.

    Examples:

        repurchase plan compare

        repurchase plan sweep baseline operator.coupons.strength=0,0.5,1 -n 20 population=city

        repurchase plan validate population.households=200000 executor=dask
    """
    with loading():
        from sim.experiments.estimate import estimate
        from sim.experiments.executors import OnlyPlanned, only_planned

    inner = _doing_runs(context, command)
    try:
        with only_planned(), inner.make_context(command, context.args, context.parent) as words:
            inner.invoke(words)
    except OnlyPlanned as planned:
        found = estimate(planned.runs, planned.settings)
        _show(found, planned.settings)
        if command in MORE_FOLLOW:
            say(f"These are the first runs: {MORE_FOLLOW[command]}.")
        return
    say("It needs no runs.")


def _doing_runs(context: typer.Context, name: str) -> Any:
    """The command of this name, if it is one that does runs."""
    from sim.parameters.quantity import ConfigurationError

    every = getattr(context.parent and context.parent.command, "commands", {})
    known = {name: each for name, each in every.items() if _does_runs(each.callback)}
    if name not in known:
        raise ConfigurationError(
            f"{cited(name)} is no command that does runs; these are: {', '.join(known)}."
        )
    return known[name]


def _does_runs(callback: object) -> bool:
    return callable(callback) and "executor" in inspect.signature(callback).parameters


def _show(found: "Estimate", settings: "ExecutionSettings") -> None:
    from rich.table import Table

    from sim.commands.output import print_table

    together = settings.executor in ("serial", "threads")
    asked, more = found.at_once, [each for each in MORE if len(found.lasting) > each / 4]
    table = Table("what", "about", title="What it takes", title_justify="left")
    table.add_row("runs", f"{found.runs:,}, of which {found.stored:,} are stored")
    if found.lasting:
        table.add_row("worlds to warm up first", f"{len(found.warming):,}")
        table.add_row(f"time, {_at_once(asked)}", _time(found.seconds(asked)))
        for each in [each for each in more if each > asked]:
            wide = f"time, {_at_once(each)} on processors like these"
            table.add_row(wide, _time(found.seconds(each)))
        table.add_row(f"memory, {_at_once(asked)}", _size(found.memory(asked, together)))
        table.add_row("memory of a worker elsewhere", _size(found.memory(1, together)))
        table.add_row("disk", _size(found.disk_bytes))
    print_table(table)
    for sentence in _too_much(found, together, settings.results):
        say(sentence)


def _too_much(found: "Estimate", together: bool, results: Path) -> Iterator[str]:
    """What this machine lacks."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if found.memory(found.at_once, together) > memory:
        yield f"This machine has {_size(memory)} of memory: take fewer runs at once (--workers)."
    place = next(each for each in (results, *results.absolute().parents) if each.exists())
    left = shutil.disk_usage(place).free
    if found.disk_bytes > left:
        yield f"The disk of {cited(results)} has {_size(left)} left: clear it, or name another."


def _at_once(runs: int) -> str:
    return f"{runs:,} at once" if runs > 1 else "one after the other"


def _time(seconds: float) -> str:
    for size, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{math.ceil(seconds)} seconds"


def _size(size: float) -> str:
    return f"{size / GIB:.1f} GiB" if size >= GIB else f"{math.ceil(size / MIB):,} MiB"
