"""Tables as files: Parquet, which keeps the types, and CSV, which opens anywhere."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

Wanted = Callable[[str], bool]  # whether a column of this name is wanted


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """One table as Parquet."""
    arrow = _as_arrow(table)
    words = [field.name for field in arrow.schema if pa.types.is_dictionary(field.type)]
    # Nobody searches these files: no statistics. Words are kept by their number, numbers as such.
    parquet.write_table(
        arrow, path, compression="snappy", use_dictionary=words or False, write_statistics=False
    )


def _as_arrow(table: pd.DataFrame) -> Any:
    """The columns as Arrow has them; pandas' own way costs ten times as much for small tables."""
    kinds = [kind for kind in table.dtypes if not isinstance(kind, pd.CategoricalDtype)]
    if any(map(pd.api.types.is_extension_array_dtype, kinds)):
        return pa.Table.from_pandas(table, preserve_index=False)  # notes the kind beside the column
    return pa.table({str(name): _column(values) for name, values in table.items()})


def _column(values: "pd.Series[Any]") -> Any:
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return pa.array(values.to_numpy(), from_pandas=True)
    codes, kind = values.cat.codes.to_numpy(), values.dtype
    numbers = pa.array(codes, mask=codes < 0)
    return pa.DictionaryArray.from_arrays(
        numbers, pa.array(kind.categories.to_numpy()), ordered=bool(kind.ordered)
    )


def from_parquet(content: bytes, wanted: Wanted | None = None) -> pd.DataFrame:
    """The table in the bytes of a Parquet file, or the columns of it whose names are wanted."""
    file = parquet.ParquetFile(pa.BufferReader(content))
    names = None if wanted is None else list(filter(wanted, file.schema_arrow.names))
    table: pd.DataFrame = file.read(names, use_threads=False).to_pandas(use_threads=False)
    return table


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Tables as CSV, to be opened anywhere, and as Parquet, which keeps the types."""
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
        write_parquet(table, folder / f"{name}.parquet")


__all__ = ["Wanted", "from_parquet", "write_parquet", "write_tables"]
