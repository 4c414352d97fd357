"""Lists of the evidence: where each lies, and its rows, checked one by one."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sim.parameters.quantity import ConfigurationError
from sim.text.incoming import UnreadableError, read_text
from sim.text.outgoing import cited


def list_file(name: str, config_dir: Path | None = None) -> Path:
    """Where a list lies: in the user's folder if there is one, else in `conf/`."""
    from sim.config.composing import CONF

    homes = [CONF] if config_dir is None else [config_dir, CONF]
    files = [home / "evidence" / name for home in homes]
    return next((file for file in files if file.exists()), files[-1])


def rows_of(file: Path, what: str, columns: Sequence[str]) -> Iterator[tuple[dict[str, str], str]]:
    """Each row by column, and where it stands.

    Parameters
    ----------
    file, what
        The list, and what it holds, as a sentence calls it.
    columns
        It must have just these, in this order.

    Raises
    ------
    ConfigurationError
        In one sentence, as soon as something is wrong.
    """
    try:
        text = read_text(file)
    except UnreadableError as error:
        raise ConfigurationError(f"The {what} {file} cannot be read: {error}.") from None
    except OSError as error:
        raise ConfigurationError(f"The {what} {file} cannot be read: {error.strerror}.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        if list(reader.fieldnames or ()) != list(columns):
            raise ConfigurationError(
                f"{file} must have the columns {', '.join(columns)}, in this order."
            )
        for row in reader:
            where = f"{file}, line {reader.line_num}"
            if None in row or None in row.values():
                raise ConfigurationError(f"{where} has more or fewer cells than there are columns.")
            yield row, where
    except csv.Error as error:
        raise ConfigurationError(
            f"{file}, line {reader.line_num} cannot be read: {error}."
        ) from None


def number_in(row: dict[str, str], name: str, where: str) -> float:
    """A cell that must be a number.

    Raises
    ------
    ConfigurationError
        Naming the row and the cell.
    """
    try:
        return float(row[name])
    except ValueError as error:
        raise ConfigurationError(
            f"{where}: {name} of {cited(next(iter(row.values())))} is {cited(repr(row[name]))}, "
            "it must be a number."
        ) from error


def check_once(names: Iterable[str], file: Path) -> None:
    """Refuse a name that stands in two rows.

    Raises
    ------
    ConfigurationError
        Naming it.
    """
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise ConfigurationError(
            f"{file} has {cited(min(repeated))} twice: give each row its own id."
        )


__all__ = ["check_once", "list_file", "number_in", "rows_of"]
