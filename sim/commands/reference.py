"""`repurchase reference`. What there is to set."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands.options import ConfigDir, TrustRules, told_plainly
from sim.commands.output import say

if TYPE_CHECKING:
    from sim.reference.parameters import Parameter


def _keys(incomplete: str) -> list[str]:
    from sim.reference.parameters import parameters

    keys = {name for each in parameters() for name in (each.part, each.key)}
    return sorted(key for key in keys if key.startswith(incomplete))


@told_plainly
def reference(
    part: Annotated[
        str,
        typer.Argument(
            metavar="[KEY or PART]",
            help="One parameter, or what belongs together: operator, operator.coupons, believe.",
            autocompletion=_keys,
            show_default=False,
        ),
    ] = "",
    write: Annotated[
        Path | None,
        typer.Option(
            help="Write the whole reference to this Markdown file instead.", metavar="PATH"
        ),
    ] = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Show every parameter: unit, range, default, its source, and which rule or lever reads it.

    Examples:

        repurchase reference operator.coupons

        repurchase reference behaviour.believe.bad_news_factor

        repurchase reference --write reference.md
    """
    from sim.commands.output import print_table
    from sim.reference.document import reference as document
    from sim.reference.parameters import find

    if write is not None:
        _write(write, document(config_dir))
        say(f"Reference: {write}")
        return
    found = find(part, config_dir)
    if len(found) == 1:
        _tell(found[0])
    else:
        print_table(_table(part or "All parameters", found))


def _tell(parameter: "Parameter") -> None:
    """One parameter, a line for each thing there is to know."""
    from sim.reference.document import shown

    measured = [("unit", parameter.unit), ("range", parameter.bounds)]
    say(f"{parameter.key}: {parameter.about}")
    for name, value in (
        *(measured if parameter.is_number else [("one of", parameter.unit)]),
        ("default", shown(parameter.default)),
        ("source", parameter.source or "none"),
        ("set in", parameter.file or "each scenario"),
        ("declared in", parameter.declared),
        ("read by", ", ".join(parameter.read_by)),
    ):
        say(f"  {name:12} {value}")


def _table(title: str, found: "Sequence[Parameter]") -> object:
    from rich.table import Table

    from sim.reference.document import COLUMNS, row

    table = Table(title=title, title_justify="left")
    for name in COLUMNS:
        table.add_column(name, overflow="fold", no_wrap=name == "parameter")
    common = found[0].part if len({each.part for each in found}) == 1 else ""
    for parameter in found:
        key, *cells = (cell.strip("`") for cell in row(parameter))
        table.add_row(key.removeprefix(f"{common}."), *cells)
    return table


def _write(path: Path, text: str) -> None:
    """The whole file or none; what is there and no file, such as a device, is left in its place."""
    from sim.parameters.quantity import ConfigurationError

    whole = path.is_file() or not path.exists()
    unfinished = path.with_name(f".{path.name}.part") if whole else path
    try:
        unfinished.write_text(text, encoding="utf-8")
        if whole:
            unfinished.replace(path)
    except OSError as error:
        if whole:
            with suppress(OSError):
                unfinished.unlink()
        raise ConfigurationError(
            f"{path} cannot be written ({error.strerror}): name another file with --write."
        ) from error
