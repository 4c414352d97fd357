"""Tables as files: Parquet, which keeps the types, and CSV, which opens anywhere."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

import pandas as pd
import pyarrow as pa
from pandas.api.extensions import ExtensionArray
from pyarrow import parquet

from sim.text.outgoing import visible

DICTIONARY = "columns.json"  # beside the tables of a folder: what their columns mean
FORMULA = re.compile(r"(?![+-]?[\d.,]+(e[+-]?\d+)?%?$)[=+\-@\t]")  # begins so, and is no number
Wanted = Callable[[str], bool]  # whether a column of this name is wanted


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """One table as a Parquet file."""
    path.write_bytes(as_parquet(table))


def as_parquet(table: pd.DataFrame) -> bytes:
    """One table as Parquet."""
    arrow = _as_arrow(table)
    words = [field.name for field in arrow.schema if pa.types.is_dictionary(field.type)]
    # Nobody searches these files: no statistics. Words are kept by their number, numbers as such.
    written = pa.BufferOutputStream()  # of many small pieces, which a file would get one by one
    parquet.write_table(
        arrow, written, compression="snappy", use_dictionary=words or False, write_statistics=False
    )
    return bytes(written.getvalue())


def _as_arrow(table: pd.DataFrame) -> Any:
    """The columns as Arrow has them; pandas' own way costs ten times as much for small tables."""
    # Asked for by its name, a column would be made a series first: most of the time of a table.
    columns = list(table._iter_column_arrays())  # type: ignore[operator]
    if any(isinstance(each, ExtensionArray) and not _is_words(each) for each in columns):
        return pa.Table.from_pandas(table, preserve_index=False)  # notes the kind beside the column
    return pa.table(list(map(_column, columns)), names=list(map(str, table.columns)))


def _is_words(column: Any) -> bool:
    return isinstance(column, pd.Categorical)


def _column(values: Any) -> Any:
    if not _is_words(values):
        return _array(values, from_pandas=True)
    numbers = pa.array(values.codes, mask=values.codes < 0)
    words = _array(values.categories.to_numpy())
    return pa.DictionaryArray.from_arrays(numbers, words, ordered=bool(values.ordered))


def _array(values: Any, **how: Any) -> Any:
    try:
        return pa.array(values, **how)
    except UnicodeEncodeError:  # half of a pair of surrogates is no letter: its code is
        told = [visible(each) if isinstance(each, str) else each for each in values]
        return pa.array(told, **how)


def from_parquet(content: bytes, wanted: Wanted | None = None) -> pd.DataFrame:
    """The table in the bytes of a Parquet file, or the columns of it whose names are wanted."""
    file = parquet.ParquetFile(pa.BufferReader(content))
    names = None if wanted is None else list(filter(wanted, file.schema_arrow.names))
    table: pd.DataFrame = file.read(names, use_threads=False).to_pandas(use_threads=False)
    return table


def write_csv(table: pd.DataFrame, target: Path | TextIO, **how: Any) -> None:
    """One table as CSV in which a spreadsheet finds words and numbers, and no formula."""
    _without_formulas(table).to_csv(target, index=False, **how)


def _without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """The table, with an apostrophe before words that a spreadsheet would reckon out."""
    told = {}
    for name in table.columns:
        column = table[name]
        if column.dtype.kind == "O":  # words by themselves, and words by their number
            told[name] = column.astype(object).map(as_words)
    harmless = table.assign(**told) if told else table
    return harmless.rename(columns=as_words)


def as_words(cell: Any) -> Any:
    """A cell in which a spreadsheet finds no formula: an apostrophe before words that look so."""
    return _harmless(cell) if isinstance(cell, str) else cell


@lru_cache(maxsize=4096)  # a few words fill most columns
def _harmless(word: str) -> str:
    told = visible(word)  # a carriage return would begin a row of its own
    return f"'{told}" if FORMULA.match(told) else told


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Tables as CSV, to be opened anywhere, and as Parquet, which keeps the types."""
    for name, table in tables.items():
        write_csv(table, folder / f"{name}.csv")
        write_parquet(table, folder / f"{name}.parquet")


__all__ = [
    "DICTIONARY",
    "FORMULA",
    "Wanted",
    "as_parquet",
    "as_words",
    "from_parquet",
    "write_csv",
    "write_parquet",
    "write_tables",
]
