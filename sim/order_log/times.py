"""When orders were placed: moments as logs write them, on the clock by which days are counted."""

import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from sim.order_log.reading import Named, OrderLogError, row_of
from sim.text.outgoing import cited

# How shops write a day, or a day with its time; the first that fits the first row is the log's.
FORMATS = (
    (r"\d{4}-\d{1,2}-\d{1,2}([T ].*)?", "ISO8601"),
    (r"\d{4}/\d{1,2}/\d{1,2}", "%Y/%m/%d"),
    (r"\d{4}/\d{1,2}/\d{1,2} \d{1,2}:\d{2}", "%Y/%m/%d %H:%M"),
    (r"\d{4}/\d{1,2}/\d{1,2} \d{1,2}:\d{2}:\d{2}", "%Y/%m/%d %H:%M:%S"),
    (r"\d{4}年\d{1,2}月\d{1,2}日", "%Y年%m月%d日"),
    (r"\d{8}", "%Y%m%d"),
    (r"\d{14}", "%Y%m%d%H%M%S"),
    (r"\d{1,2}\.\d{1,2}\.\d{4}", "%d.%m.%Y"),
)
SINCE_1970 = {10: "s", 13: "ms"}  # by how many digits there are
EITHER_WAY = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}.*")
ZONE = r"(Z|[+-]\d{2}:?\d{2})$"
MONTH = r"^(\d{4})[-/.年]?(\d{1,2})月?$"


def moments(
    values: "pd.Series[Any]", meaning: str, log: Named, time_format: str = "", time_zone: str = ""
) -> "pd.Series[Any]":
    """Moments without a zone: the time on the clock where, or in whose zone, days are counted.

    Parameters
    ----------
    values, meaning, log
        The cells, what they mean, and of which log.
    time_format
        How they are written, in the signs of `strptime`; empty: found out.
    time_zone
        In whose days orders are counted, where they tell their zones.

    Raises
    ------
    OrderLogError
        For the first cell that is no moment, or of another zone than the first.
    """
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        clock = _zone(time_zone) if time_zone else values.dt.tz
        return pd.Series(values.dt.tz_convert(clock).dt.tz_localize(None).array)
    if pd.api.types.is_datetime64_any_dtype(values):
        return pd.Series(values.array)
    return _of_texts(texts_of(values), meaning, log, time_format, time_zone)


def births(values: "pd.Series[Any]", log: Named) -> "pd.Series[Any]":
    """Days of birth; a month is told by its first day, and an empty cell is not known."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return pd.Series(values.array)
    texts = texts_of(values).str.replace(MONTH, r"\1-\2-01", regex=True)
    return _of_texts(texts, "child_born", log, "", "")


def texts_of(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Cells as text without space around them, none where empty; whole numbers as such."""
    if pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")
    texts = values.astype("string").str.strip()
    return pd.Series(texts.where(texts != "").array)


def _of_texts(
    texts: "pd.Series[Any]", meaning: str, log: Named, time_format: str, time_zone: str
) -> "pd.Series[Any]":
    told = texts.dropna()
    if not len(told):
        return pd.Series(pd.NaT, index=texts.index)
    zones = told.str.extract(ZONE)[0].where(told.str.contains(":"))
    zoned = bool(zones.notna().any())
    if zoned:
        _check_zones(told, zones, meaning, log, time_zone)
    elif time_zone:
        raise OrderLogError(
            f"time_zone={cited(time_zone)} has no effect: the times of {log.name} tell no zone, so "
            "their days are taken as they are. Leave it out."
        )
    if zoned and not time_zone:  # all of one zone, whose clock it is
        told = told.str.replace(ZONE, "", regex=True).str.strip()
    found = _parsed(told, time_format or _format(told, meaning, log), bool(time_zone))
    if (lost := found.isna().to_numpy()).any():
        place = int(told.index[int(lost.argmax())])
        first = f"{cited(str(told.iloc[0]))} in row {row_of(int(told.index[0]))}"
        raise log.wrong(place, meaning, f"{cited(str(texts[place]))} is no day like {first}")
    if time_zone:
        found = found.dt.tz_convert(_zone(time_zone)).dt.tz_localize(None)
    return found.reindex(texts.index)


def _check_zones(
    told: "pd.Series[Any]", zones: "pd.Series[Any]", meaning: str, log: Named, time_zone: str
) -> None:
    """Refuse times of which some tell their zone and others do not, or of several zones."""
    if (none := zones.isna().to_numpy()).any():
        place = int(told.index[int(none.argmax())])
        other = row_of(int(told.index[int((~none).argmax())]))
        why = f"{cited(str(told[place]))} tells no time zone, and row {other} does; give all one"
        raise log.wrong(place, meaning, why)
    plain = zones.str.replace(":", "").replace("Z", "+0000")
    differs = (plain != plain.iloc[0]).to_numpy()
    if differs.any() and not time_zone:
        place = int(told.index[int(differs.argmax())])
        one, other_time = cited(str(told[place])), cited(str(told.iloc[0]))
        why = (
            f"{one} is of another time zone than {other_time}; say in whose days orders are "
            "counted, as in experiment.time_zone=Asia/Shanghai"
        )
        raise log.wrong(place, meaning, why)


def _zone(time_zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise OrderLogError(
            f"There is no time zone {cited(time_zone)}: zones are called like Asia/Shanghai."
        ) from None


def _format(told: "pd.Series[Any]", meaning: str, log: Named) -> str:
    """How the log writes its times, by its first row."""
    first, place = str(told.iloc[0]), int(told.index[0])
    if first.isdecimal() and len(first) in SINCE_1970:
        return SINCE_1970[len(first)]
    for pattern, written in FORMATS:
        if re.fullmatch(pattern, first):
            return written
    if EITHER_WAY.fullmatch(first):
        why, like = "may be day or month first; say which", "%d/%m/%Y"
    else:
        why, like = "is no day that we know; say how it is written", "%Y.%m.%d"
    said = f"{cited(first)} {why}, as in 'experiment.time_format=\"{like}\"'"
    raise log.wrong(place, meaning, said)


def _parsed(told: "pd.Series[Any]", written: str, zoned: bool) -> "pd.Series[Any]":
    if written in SINCE_1970.values():
        unit: Any = written
        return pd.to_datetime(
            pd.to_numeric(told, errors="coerce"), unit=unit, errors="coerce", utc=zoned
        )
    try:
        return pd.to_datetime(told, format=written, errors="coerce", utc=zoned)
    except ValueError:
        raise OrderLogError(
            f"experiment.time_format={cited(written)} is no format of times: write it as in "
            "'%Y-%m-%d %H:%M'."
        ) from None


__all__ = ["births", "moments", "texts_of"]
