"""An order log as it lies in a file: a table of texts, or of what Parquet says they are.

Of CSV every cell comes as text, so that whatever is wrong can be told as it stands there, with
its row. Encoding and separator are found out: shops export UTF-8 and GB 18030, commas,
semicolons and tabs.
"""

import csv
import io
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from sim.order_log.columns import MEANINGS, Columns
from sim.parameters.quantity import ConfigurationError
from sim.text.incoming import UnreadableError, read_bytes
from sim.text.outgoing import cited
from sim.text.suggestions import instead

AT_MOST_BYTES = 4 << 30  # assumed; a hundred million orders
SEPARATORS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8-sig", "gb18030")
WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".ods")
HEADER_ROWS = 1


class OrderLogError(ConfigurationError):
    """An order log that cannot be used, in a sentence that names row and column."""


class Named(NamedTuple):
    """A log by its name and columns, as sentences on what is wrong with it need them."""

    name: str
    columns: Columns

    def wrong(self, place: int, meaning: str, why: str) -> OrderLogError:
        """A sentence on a cell, `place` counted from the first row below the header."""
        column = cited(getattr(self.columns, meaning))
        return OrderLogError(f"{self.name}, row {row_of(place)}, column {column}: {why}.")


class Table(NamedTuple):
    """The columns of a log that mean something, and what else seems to.

    Attributes
    ----------
    rows
        A row per row of the file, in its order; of CSV all texts, None where a cell is empty.
    unused
        Meanings that a column bears as its name, though nobody said that it has it.
    """

    rows: pd.DataFrame
    unused: list[str]


def row_of(place: int) -> int:
    """Which row of the file an order is, as a spreadsheet counts: the header is row 1."""
    return place + 1 + HEADER_ROWS


def read_table(path: Path, columns: Columns) -> Table:
    """The columns of a log that mean something, named by their meaning.

    Parameters
    ----------
    path
        A CSV or Parquet file.
    columns
        Which column means what.

    Raises
    ------
    OrderLogError
        When the file is missing, torn, empty, of another kind, or lacks a column.
    """
    name = cited(str(path))
    if path.suffix.lower() in WORKBOOKS:
        raise OrderLogError(f"{name} is a workbook: save its sheet as CSV and give that file.")
    try:
        content = read_bytes(path, AT_MOST_BYTES)
    except FileNotFoundError:
        raise OrderLogError(
            f"There is no order log {name}: give the file as orders=FILE."
        ) from None
    except UnreadableError as error:
        raise OrderLogError(f"{name} cannot be read: {error}.") from None
    except OSError as error:
        raise OrderLogError(f"{name} cannot be read: {error.strerror}.") from None
    if not content.strip():
        raise OrderLogError(f"{name} is empty: an order log has a row per order.")
    if path.suffix.lower() in (".parquet", ".pq") or content[:4] == b"PAR1":
        found, there = _of_parquet(content, name, columns)
    else:
        found, there = _of_csv(content, name, columns)
    if not len(found):
        raise OrderLogError(f"{name} has a header and no orders below it.")
    meant = {column: meaning for meaning, column in columns.named.items()}
    known = {column.casefold() for column in there if column not in meant}
    unused = [each for each in MEANINGS if each not in columns.named and each in known]
    return Table(found.rename(columns=meant)[list(meant.values())], unused)


def _of_parquet(content: bytes, name: str, columns: Columns) -> tuple[pd.DataFrame, list[str]]:
    try:
        file = pyarrow.parquet.ParquetFile(pa.BufferReader(content))
        there = file.schema_arrow.names
        _check_there(name, there, columns)
        table = file.read(columns=list(columns.named.values()))
        return table.to_pandas(ignore_metadata=True), there
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, OrderLogError):
            raise
        raise OrderLogError(
            f"{name} is no whole Parquet file ({_first_line(error)}): export it again."
        ) from None


def _of_csv(content: bytes, name: str, columns: Columns) -> tuple[pd.DataFrame, list[str]]:
    text = _decoded(content, name)
    header = text.split("\n", 1)[0].rstrip("\r")
    separator = max(SEPARATORS, key=re.sub(r'"[^"]*"', "", header).count)
    there = [cell.strip() for cell in next(csv.reader([header], delimiter=separator))]
    meant = _check_there(name, there, columns)
    unnamed = [each or f"column {number} without a name" for number, each in enumerate(there, 1)]
    wrong: list[pyarrow.csv.InvalidRow] = []

    def note(row: pyarrow.csv.InvalidRow) -> str:
        wrong.append(row)
        return "error"

    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(text.encode("utf-8")),
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False, block_size=1 << 24, column_names=unnamed, skip_rows=HEADER_ROWS
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=separator, newlines_in_values=True, invalid_row_handler=note
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={column: pa.string() for column in meant},
                include_columns=meant,
                strings_can_be_null=True,
                null_values=[""],
                quoted_strings_can_be_null=True,
            ),
        )
    except (pa.ArrowException, ValueError, KeyError) as error:
        if "Empty CSV" in str(error):
            return pd.DataFrame(columns=meant), there
        if wrong:
            row = wrong[0]
            raise OrderLogError(
                f"{name}, row {row.number}: it has {row.actual_columns} cells, and the header "
                f"has {row.expected_columns}; look for a missing quotation mark."
            ) from None
        raise OrderLogError(f"{name} is no table of orders: {_first_line(error)}.") from None
    return table.to_pandas(), there


def _decoded(content: bytes, name: str) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
    raise OrderLogError(
        f"{name}, row {line}: it is text in neither UTF-8 nor GB 18030; save it as CSV UTF-8."
    )


def _check_there(name: str, there: Sequence[str], columns: Columns) -> list[str]:
    """The columns that are meant, if the log has them."""
    for meaning, column in columns.named.items():
        if column not in there:
            raise OrderLogError(
                f"{name} has no column {cited(column)} for experiment.columns.{meaning}"
                f"{instead(column, _names(there))}"
            )
        if there.count(column) > 1:
            raise OrderLogError(
                f"{name} has two columns {cited(column)}: give each a name of its own."
            )
    return list(columns.named.values())


def _names(there: Collection[str]) -> set[str]:
    return {each for each in there if each}


def _first_line(error: BaseException) -> str:
    return cited(str(error).strip().splitlines()[0].rstrip("."), 120) if str(error) else "torn"


__all__ = ["Named", "OrderLogError", "Table", "read_table", "row_of"]
