"""When orders were placed: moments as logs write them, on the clock by which days are counted."""

import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
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
ZONE = r"\s*(Z|[+-]\d{2}(?::?\d{2})?)$"  # behind a time of day
MONTH = r"^(\d{4})[-/.年]?(\d{1,2})月?$"
EXACT = float(1 << 53)  # up to which a float holds every whole number
EXAMPLE_ZONE = "experiment.time_zone=Asia/Shanghai"


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
        For the first cell that is no moment, or of another zone than the first; and where
        `time_format` or `time_zone` would have no effect.
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        if time_format:
            raise _needless("time_format", time_format, log, "are moments already")
        if values.dt.tz is None:
            if time_zone:
                raise _needless("time_zone", time_zone, log, "tell no zone")
            return pd.Series(values.array)
        clock = _zone(time_zone) if time_zone else values.dt.tz
        return pd.Series(values.dt.tz_convert(clock).dt.tz_localize(None).array)
    return _of_texts(texts_of(values), meaning, log, time_format, time_zone)


def births(values: "pd.Series[Any]", log: Named) -> "pd.Series[Any]":
    """Days of birth; a month is told by its first day, and an empty cell is not known."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return moments(values, "child_born", log)
    texts = texts_of(values).str.replace(MONTH, r"\1-\2-01", regex=True)
    return _of_texts(texts, "child_born", log, "", "")


def texts_of(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Cells as text without space around them, none where empty; whole numbers as such."""
    if pd.api.types.is_float_dtype(values):
        known = values.dropna()
        if (known % 1 == 0).all() and (known.abs() < EXACT).all():
            values = values.astype("Int64")
    texts = values.astype("string").str.strip()
    return pd.Series(texts.where(texts != "").array)


def _of_texts(
    texts: "pd.Series[Any]", meaning: str, log: Named, time_format: str, time_zone: str
) -> "pd.Series[Any]":
    told = texts.dropna()
    if not len(told):
        return pd.Series(pd.NaT, index=texts.index)
    written = time_format or _format(told, meaning, log)
    zones = told.where(told.str.contains(":")).str.extract(ZONE)[0]
    zoned = bool(zones.notna().any())
    since_1970 = written in SINCE_1970.values()
    if zoned:
        _check_zones(told, zones, meaning, log, time_zone)
        told = told.str.replace(ZONE, "", regex=True)
    elif since_1970 and not time_zone:
        place = int(told.index[0])
        why = f"{cited(str(told.iloc[0]))} counts from 1970 in UTC; say in whose days, as in"
        raise log.wrong(place, meaning, f"{why} {EXAMPLE_ZONE}")
    elif time_zone and not since_1970:
        raise _needless("time_zone", time_zone, log, "tell no zone")
    found = _parsed(told, written)
    if (lost := found.isna().to_numpy()).any():
        raise _no_day(texts, int(told.index[int(lost.argmax())]), int(told.index[0]), meaning, log)
    if time_zone:
        utc = found if since_1970 else found - _offsets(zones)
        found = utc.dt.tz_localize("UTC").dt.tz_convert(_zone(time_zone)).dt.tz_localize(None)
    return found.reindex(texts.index)


def _needless(option: str, value: str, log: Named, why: str) -> OrderLogError:
    return OrderLogError(
        f"experiment.{option}={cited(value)} has no effect: the times of {log.name} {why}. Leave "
        "it out."
    )


def _no_day(
    texts: "pd.Series[Any]", place: int, first: int, meaning: str, log: Named
) -> OrderLogError:
    like = f" like {cited(str(texts[first]))} in row {row_of(first)}" if place != first else ""
    return log.wrong(place, meaning, f"{cited(str(texts[place]))} is no day{like}")


def _check_zones(
    told: "pd.Series[Any]", zones: "pd.Series[Any]", meaning: str, log: Named, time_zone: str
) -> None:
    """Refuse times of which some tell their zone and others do not, or of several zones."""
    if (none := zones.isna().to_numpy()).any():
        place = int(told.index[int(none.argmax())])
        other = row_of(int(told.index[int((~none).argmax())]))
        why = f"{cited(str(told[place]))} tells no time zone, and row {other} does; give all one"
        raise log.wrong(place, meaning, why)
    offsets = _offsets(zones)
    differs = (offsets != offsets.iloc[0]).to_numpy()
    if differs.any() and not time_zone:
        place = int(told.index[int(differs.argmax())])
        one, other_time = cited(str(told[place])), cited(str(told.iloc[0]))
        why = (
            f"{one} is of another time zone than {other_time}; say in whose days orders are "
            f"counted, as in {EXAMPLE_ZONE}"
        )
        raise log.wrong(place, meaning, why)


def _offsets(zones: "pd.Series[Any]") -> "pd.Series[Any]":
    """How far clocks are ahead of UTC."""
    digits = zones.replace("Z", "+0000").str.replace(":", "").str.pad(5, "right", "0")
    hours, minutes = (digits.str[part].astype(float) for part in (slice(1, 3), slice(3, 5)))
    sign = np.where(digits.str[0] == "-", -1.0, 1.0)
    return pd.Series(pd.to_timedelta(sign * (60 * hours + minutes), unit="min"), zones.index)


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
    bare = re.sub(ZONE, "", first) if ":" in first else first
    for pattern, written in FORMATS:
        if re.fullmatch(pattern, bare):
            return written
    if meaning != "time":
        raise log.wrong(place, meaning, f"{cited(first)} is no day; write it like 2024-01-31")
    if EITHER_WAY.fullmatch(first):
        why, like = "may be day or month first; say which", "%d/%m/%Y"
    else:
        why, like = "is no day that we know; say how it is written", "%Y.%m.%d"
    said = f"{cited(first)} {why}, as in 'experiment.time_format=\"{like}\"'"
    raise log.wrong(place, meaning, said)


def _parsed(told: "pd.Series[Any]", written: str) -> "pd.Series[Any]":
    if written in SINCE_1970.values():
        unit: Any = written
        return pd.to_datetime(pd.to_numeric(told, errors="coerce"), unit=unit, errors="coerce")
    try:
        if "%z" in written:
            raise ValueError(written)
        return pd.to_datetime(told, format=written, errors="coerce")
    except ValueError:
        raise OrderLogError(
            f"experiment.time_format={cited(written)} is no format of times: write it as in "
            "'%Y-%m-%d %H:%M'; a zone behind the time is read by itself."
        ) from None


__all__ = ["births", "moments", "texts_of"]
