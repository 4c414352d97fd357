"""An order log as it lies in a file: a table of texts, or of what Parquet says they are.

Of CSV every cell comes as text, so that whatever is wrong can be told as it stands there, with
its row. Encoding and separator are found out: shops export UTF-8 and GB 18030, commas,
semicolons and tabs.
"""

import io
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from sim.order_log.columns import Columns
from sim.parameters.quantity import ConfigurationError
from sim.text.incoming import UnreadableError, read_bytes
from sim.text.outgoing import cited
from sim.text.suggestions import instead

AT_MOST_BYTES = 4 << 30
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


def row_of(place: int) -> int:
    """Which row of the file an order is, as a spreadsheet counts: the header is row 1."""
    return place + 1 + HEADER_ROWS


def read_table(path: Path, columns: Columns) -> pd.DataFrame:
    """The columns of a log that mean something, named by their meaning.

    Parameters
    ----------
    path
        A CSV or Parquet file.
    columns
        Which column means what.

    Returns
    -------
    pandas.DataFrame
        A row per row of the file, in its order; of CSV all texts, None where a cell is empty.

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
        table = _of_parquet(content, name, columns)
    else:
        table = _of_csv(content, name, columns)
    if not len(table):
        raise OrderLogError(f"{name} has a header and no orders below it.")
    return table


def _of_parquet(content: bytes, name: str, columns: Columns) -> pd.DataFrame:
    try:
        file = pyarrow.parquet.ParquetFile(pa.BufferReader(content))
        _check_there(name, file.schema_arrow.names, columns)
        table = file.read(columns=list(columns.named.values()))
        found = table.to_pandas(timestamp_as_object=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, OrderLogError):
            raise
        raise OrderLogError(
            f"{name} is no whole Parquet file ({_first_line(error)}): export it again."
        ) from None
    return _by_meaning(found, columns)


def _of_csv(content: bytes, name: str, columns: Columns) -> pd.DataFrame:
    text = _decoded(content, name)
    header = text.split("\n", 1)[0].rstrip("\r")
    separator = max(SEPARATORS, key=header.count)
    wrong: list[pyarrow.csv.InvalidRow] = []

    def note(row: pyarrow.csv.InvalidRow) -> str:
        wrong.append(row)
        return "error"

    try:
        reader = pyarrow.csv.read_csv(
            io.BytesIO(text.encode("utf-8")),
            read_options=pyarrow.csv.ReadOptions(use_threads=False, block_size=1 << 24),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=separator, newlines_in_values=True, invalid_row_handler=note
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={column: pa.string() for column in columns.named.values()},
                include_columns=_check_there(name, _names(header, separator), columns),
                strings_can_be_null=True,
                null_values=[""],
                quoted_strings_can_be_null=True,
            ),
        )
    except (pa.ArrowException, ValueError, KeyError) as error:
        if isinstance(error, OrderLogError):
            raise
        if wrong:
            row = wrong[0]
            raise OrderLogError(
                f"{name}, row {_counted(row.text, text)}: it has {row.actual_columns} cells, and "
                f"the header has {row.expected_columns}; look for a missing quotation mark."
            ) from None
        raise OrderLogError(f"{name} is no table of orders: {_first_line(error)}.") from None
    return _by_meaning(reader.to_pandas(), columns)


def _decoded(content: bytes, name: str) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
    raise OrderLogError(
        f"{name}, row {line}: it is text in neither UTF-8 nor GB 18030; save it as CSV UTF-8."
    )


def _names(header: str, separator: str) -> list[str]:
    return [cell.strip().strip('"') for cell in header.split(separator)]


def _check_there(name: str, there: Collection[str], columns: Columns) -> list[str]:
    """The columns that are meant, if the log has them."""
    if len(set(there)) < len(list(there)):
        twice = next(each for each in there if list(there).count(each) > 1)
        raise OrderLogError(f"{name} has two columns {cited(twice)}: give each a name of its own.")
    for meaning, column in columns.named.items():
        if column not in there:
            raise OrderLogError(
                f"{name} has no column {cited(column)} for experiment.columns.{meaning}"
                f"{instead(column, there)}"
            )
    return list(columns.named.values())


def _by_meaning(found: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    named = {column: meaning for meaning, column in columns.named.items()}
    return found.rename(columns=named)[list(named.values())]


def _counted(line: str, text: str) -> int:
    """Which row of the file a line is."""
    before = text.find(f"\n{line.rstrip()}")
    return text.count("\n", 0, max(before, 0)) + 1 + HEADER_ROWS


def _first_line(error: BaseException) -> str:
    return cited(str(error).strip().splitlines()[0].rstrip("."), 120) if str(error) else "torn"


__all__ = ["Named", "OrderLogError", "read_table", "row_of"]
