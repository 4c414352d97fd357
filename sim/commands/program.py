"""The command line: which commands there are, in the order in which help lists them."""

import errno
import io
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Any

import typer
import typer.core

import sim
from sim.commands.abtest import abtest
from sim.commands.assumptions import assumptions
from sim.commands.audit import audit
from sim.commands.backtest import backtest
from sim.commands.cache import cache
from sim.commands.calibrate import calibrate
from sim.commands.check import check
from sim.commands.compare import compare
from sim.commands.decompose import decompose
from sim.commands.diary import diary
from sim.commands.dose import dose
from sim.commands.explain import explain
from sim.commands.export import export
from sim.commands.fit import fit
from sim.commands.individuals import individuals
from sim.commands.levers import levers
from sim.commands.new import new
from sim.commands.options import FAILED, STOPPED
from sim.commands.plan import plan
from sim.commands.reference import reference
from sim.commands.relevel import relevel
from sim.commands.report import report
from sim.commands.robustness import robustness
from sim.commands.rule import rule
from sim.commands.run import run
from sim.commands.scenarios import scenarios
from sim.commands.standstill import standstill
from sim.commands.stress import stress
from sim.commands.sweep import sweep
from sim.commands.validate import validate
from sim.console.importing import own_process
from sim.console.working_folder import own_environment
from sim.text.outgoing import cited

COMMANDS = (
    run,
    compare,
    report,
    export,
    sweep,
    levers,
    dose,
    decompose,
    audit,
    abtest,
    individuals,
    assumptions,
    robustness,
    stress,
    standstill,
    validate,
    calibrate,
    relevel,
    backtest,
    fit,
    plan,
    scenarios,
    new,
    check,
    reference,
    explain,
    rule,
    diary,
    cache,
)

LONGEST_SENTENCE = 200  # characters of what is wrong with a command
_Misused: Any = typer.BadParameter.__base__  # what the library raises, and does not name in public


class Commands(typer.core.TyperGroup):
    """The commands; a wrong one is told in two plain lines."""

    def main(self, args: Sequence[str] | None = None, *others: Any, **options: Any) -> Any:
        """Run the command that the words ask for."""
        words = sys.argv[1:] if args is None else list(args)
        if not words:  # help
            return super().main(words, *others, **options)
        try:
            sys.exit(super().main(words, *others, **{**options, "standalone_mode": False}))
        except _Misused as error:
            told = " ".join(str(error.format_message()).split())
            path = error.ctx.command_path if error.ctx else self.name
            sys.stderr.write(f"{cited(told, LONGEST_SENTENCE)}\n`{path} --help` says more.\n")
            sys.exit(FAILED)
        except typer.Abort:
            sys.exit(STOPPED)


app = typer.Typer(
    name="repurchase",
    cls=Commands,
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


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"repurchase {sim.__version__}")
        raise typer.Exit


@app.callback()
def _whole(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Say which it is."),
    ] = False,
) -> None:
    pass


# What `plan` is told is for the command that it plans.
OTHERS = {"allow_extra_args": True, "ignore_unknown_options": True}

for command in COMMANDS:
    app.command(context_settings=OTHERS if command is plan else None)(command)


def main() -> None:
    """Entry point of `repurchase`."""
    try:
        own_process()
        own_environment()
        for name in ("stdout", "stderr"):
            if getattr(sys, name) is None:  # closed by who started the program
                setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # where the encoding lacks a character
        app(prog_name="repurchase")
    except (MemoryError, ImportError, RuntimeError, OSError) as error:
        if _memory_is_short(error):
            sys.stderr.write(
                "This machine's memory does not suffice, or what a process may have of it "
                "(ulimit -v); runs that had finished are kept. Take fewer households, or fewer "
                "runs side by side (--workers 1).\n"
            )
            raise SystemExit(FAILED) from None
        if not isinstance(error, OSError):
            raise
        if error.errno not in (errno.EPIPE, errno.ENOSPC, errno.EFBIG):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno == errno.EPIPE:  # the reader of a pipe has seen enough
            raise SystemExit(1) from None
        sys.stderr.write("What was to be shown cannot be written: the disk it goes to is full.\n")
        raise SystemExit(FAILED) from None
    except SystemExit as ended:
        if ended.code and threading.active_count() > 1:  # one may compile for a stopped run
            with suppress(OSError):  # its reader may be gone
                sys.stdout.flush()
            os._exit(int(ended.code))
        raise


def _memory_is_short(error: BaseException | None) -> bool:
    """Whether an error says so, or one that led to it: who asked for memory, files or threads."""
    if error is None:
        return False
    said = str(error).lower()
    words = (
        "cannot allocate memory",
        "failed to map",
        "can't start new thread",
        "invalid stream operation",  # FreeType's, of a font it had no memory to read
        "failed to load glyph",  # matplotlib's, of the same
    )
    short = isinstance(error, MemoryError) or any(each in said for each in words)
    return short or _memory_is_short(error.__cause__ or error.__context__)
