"""Designs: the points of an experiment as a table, one column per setting, from wherever they come.

SALib leaves a matrix whose columns are the names of its problem; the EMA Workbench leaves its
experiments, with columns of its own beside those of the settings. Text is read here, once; a point
travels as it is.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.config.composing import no_such_setting
from sim.config.loading import schema
from sim.experiments.samplers.base import MOST_POINTS
from sim.experiments.space import Point, Value
from sim.parameters.quantity import ConfigurationError, check_field
from sim.parameters.schema import keys_of, single_of
from sim.text.incoming import UnreadableError, read_bytes
from sim.text.outgoing import CITED, cited
from sim.text.suggestions import instead, number_meant

Design = pd.DataFrame | npt.NDArray[Any] | Sequence[Mapping[str, Any] | Sequence[Any]]

LONGEST_PATH = 200  # characters of it in a sentence
AT_MOST_BYTES = 256 << 20  # assumed; 100,000 points of a hundred settings
OF_EMA = ("scenario", "scenario_id", "policy", "model")  # which experiment it was, not what
DOT = "__"  # for the dot of a key where names must be Python's, as in the EMA Workbench
SEPARATORS = (",", ";", "\t")
SWITCHES = {"true": True, "false": False}
INDEX = "__index_level_0__"  # the name that Parquet gives to rows' numbers


class Setting(NamedTuple):
    """A setting that varies: one number, one word or one switch.

    Attributes
    ----------
    key
        Such as ``operator.coupons.strength``.
    kind
        Of its value: float, int, bool or str.
    item
        The field that declares it, with unit, range or words.
    """

    key: str
    kind: type
    item: Any

    def read(self, given: Any) -> Value:
        """A value of this setting, from a cell of a file or a table, or as it is.

        Raises
        ------
        ConfigurationError
            When it is missing, of another kind or out of range.
        """
        given = given.item() if isinstance(given, np.generic) else given
        text = given.strip() if isinstance(given, str) else given
        if text is None or text is pd.NA or text == "" or text != text:
            raise ConfigurationError(f"{self.key} has no value.")
        value = self._of_kind(text)
        check_field(self.item, value, self.key)
        return value

    def _of_kind(self, given: Any) -> Value:
        if self.kind is str:
            return str(given)
        if self.kind is bool:
            found = SWITCHES.get(str(given).lower())
            found = bool(given) if found is None and given in (0, 1, "0", "1") else found
            if found is None:
                raise self._wrong(given, "must be true or false.")
            return found
        try:
            number = float("no number" if isinstance(given, bool) else given)
        except (TypeError, ValueError, OverflowError):
            meant = number_meant(given)
            end = f"; did you mean {cited(meant)}?" if meant else "."
            raise self._wrong(given, f"must be a number{end}") from None
        if self.kind is float:
            return number
        if not number.is_integer():
            raise self._wrong(given, "must be a whole number: round its column.")
        return int(number)

    def _wrong(self, given: Any, why: str) -> ConfigurationError:
        return ConfigurationError(f"{self.key} = {cited(given)} is not possible: it {why}")


def setting(key: str, config_dir: Path | None = None) -> Setting:
    """The setting of that key.

    Raises
    ------
    ConfigurationError
        When there is none, with the near one; or when the key is of several.
    """
    kind = schema()
    known = {each for each in keys_of(kind) if not each.startswith("before")}
    found = single_of(kind, key)
    if found is not None and not key.startswith("before.") and key != "strategy.name":
        return Setting(key, *found)
    if key in known:
        raise ConfigurationError(
            f"{cited(key, 2 * CITED)} is not one number, word or switch: name a setting in it, or "
            "set it for all points by an override."
        )
    raise ConfigurationError(no_such_setting(key, known, config_dir))


def read_design(path: str | Path, config_dir: str | Path | None = None) -> pd.DataFrame:
    """The points of a design that lies in a file: a row per point, a column per setting.

    Parameters
    ----------
    path
        CSV or Parquet whose columns are settings, as SALib's problem names them, with the sample
        matrix below, or as `numpy.savetxt` or the EMA Workbench writes them. Where names must be
        Python's own, ``__`` stands for the dot: ``operator__coupons__strength``. The columns
        ``scenario, scenario_id, policy, model`` of the EMA Workbench and one without a name are
        left out; any other that is no setting is refused.
    config_dir
        A folder of your own, laid out like `conf/`.

    Returns
    -------
    pandas.DataFrame
        Numbers, words and switches, each within its range.

    Raises
    ------
    ConfigurationError
        In one sentence that names row and column; rows are counted as a spreadsheet does.
    """
    file = Path(path)
    where, name = cited(str(file), LONGEST_PATH), cited(file.name)
    try:
        content = read_bytes(file, AT_MOST_BYTES)
    except UnreadableError as error:
        raise ConfigurationError(f"The design {where} cannot be read: {error}.") from None
    except OSError as error:
        raise ConfigurationError(f"The design {where} cannot be read: {error.strerror}.") from None
    parquet = content[:4] == b"PAR1" or file.suffix.lower() in (".parquet", ".pq")
    header, rows, numbers = (_of_parquet if parquet else _of_csv)(content, name)
    folder = None if config_dir is None else Path(config_dir)
    columns = _columns(header, f"{name}: ", folder)
    if not columns:
        raise ConfigurationError(f"{name}: no column is a setting.")
    found = _read(columns, rows, [f"{name}, row {number}: " for number in numbers])
    return pd.DataFrame(found, columns=[each.key for each in columns.values()])


def points_of(design: Design, settings: Sequence[Setting]) -> list[Point]:
    """The points of a design for these settings, each with a value for every one.

    Parameters
    ----------
    design
        A table with a column per setting; a matrix whose columns are the settings in their order;
        or one point after the other.

    Raises
    ------
    ConfigurationError
        In one sentence that names point and setting; points are counted from 0.
    """
    table = _as_table(design, settings)
    columns = _columns([str(name) for name in table], "The design: ", None)
    wanted, there = [each.key for each in settings], [each.key for each in columns.values()]
    for key in there:
        if key not in wanted:
            raise ConfigurationError(
                f"The design has a column {key}, which is none of the settings"
                f"{instead(key, wanted)}"
            )
    for key in wanted:
        if key not in there:
            raise ConfigurationError(f"The design has no column {key}: a point has all settings.")
    # Of a table without columns, for a simulator of which nothing varies, pandas gives no rows.
    rows = list(table.itertuples(index=False, name=None)) if there else [()] * len(table)
    return [
        {key: point[key] for key in wanted}
        for point in _read(columns, rows, [f"point {number}: " for number in range(len(rows))])
    ]


def _as_table(design: Design, settings: Sequence[Setting]) -> pd.DataFrame:
    if isinstance(design, pd.DataFrame):
        return design
    if not isinstance(design, np.ndarray):
        points = [dict(point) for point in design if isinstance(point, Mapping)]
        if len(points) == len(design):
            return pd.DataFrame(points, dtype=object)
        design = _as_matrix(design)
    if design.ndim != 2 or design.shape[1] != len(settings):
        raise ConfigurationError(
            f"A design as a matrix has a column for each of the {len(settings)} settings, in their "
            f"order; this one is of shape {design.shape}."
        )
    return pd.DataFrame(design, columns=[each.key for each in settings])


def _as_matrix(rows: Sequence[Any]) -> npt.NDArray[Any]:
    try:
        return np.array(rows, dtype=object)
    except ValueError:
        raise ConfigurationError("A design as a matrix has rows of the same length.") from None


def _columns(header: Sequence[str], where: str, config_dir: Path | None) -> dict[int, Setting]:
    """The settings that columns are of, by their place."""
    found: dict[int, Setting] = {}
    for place, name in enumerate(header):
        if name in ("", INDEX, *OF_EMA):
            continue
        try:
            one = setting(name.replace(DOT, "."), config_dir)
        except ConfigurationError as error:
            raise ConfigurationError(f"{where}{error}") from None
        if one in found.values():
            raise ConfigurationError(f"{where}two columns are of {one.key}: keep one of them.")
        found[place] = one
    return found


def _read(
    columns: Mapping[int, Setting], rows: Sequence[Sequence[Any]], where: Sequence[str]
) -> list[dict[str, Value]]:
    """Every cell of every row, and what is wrong with it, with the row in which it stands."""
    if not rows:
        raise ConfigurationError("A design has one point at least.")
    if len(rows) > MOST_POINTS:
        raise ConfigurationError(f"A design has at most {MOST_POINTS:,} points, not {len(rows):,}.")
    found = []
    for row, place in zip(rows, where, strict=True):
        try:
            found.append({one.key: one.read(row[number]) for number, one in columns.items()})
        except ConfigurationError as error:
            raise ConfigurationError(f"{place}{error}") from None
    return found


Rows = tuple[list[str], list[Sequence[Any]], list[int]]  # header, rows, and which row each is


def _of_csv(content: bytes, name: str) -> Rows:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(f"{name}, row {line}: it is not UTF-8 text.") from None
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=first.count))
    header: list[str] = []
    rows: list[Sequence[Any]] = []
    numbers: list[int] = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if not header:
                header = [cell.strip() for cell in row]
                header[0] = header[0].removeprefix("#").lstrip()  # as numpy.savetxt begins it
                continue
            if len(row) != len(header):
                raise ConfigurationError(
                    f"{name}, row {reader.line_num}: it has {len(row)} cells, and the header has "
                    f"{len(header)}."
                )
            rows.append(row)
            numbers.append(reader.line_num)
    except csv.Error as error:
        raise ConfigurationError(f"{name}, row {reader.line_num}: {error}.") from None
    return header, rows, numbers


def _of_parquet(content: bytes, name: str) -> Rows:
    import pyarrow as pa
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(pa.BufferReader(content))
        columns = [column.to_pylist() for column in table.columns]
    except (pa.ArrowException, OSError, ValueError) as error:
        why = cited(str(error).strip().splitlines()[0].rstrip(".")) if str(error) else "torn"
        raise ConfigurationError(f"{name} is no whole Parquet file ({why}).") from None
    rows: list[Sequence[Any]] = list(zip(*columns, strict=True))
    return list(table.column_names), rows, [place + 2 for place in range(len(rows))]


__all__ = ["Design", "Setting", "points_of", "read_design", "setting"]
