"""What every row of an order log must hold, and what to say of the first that does not."""

from typing import Any

import numpy as np
import pandas as pd

from sim.order_log.reading import Named
from sim.order_log.times import births, moments, texts_of
from sim.text.outgoing import cited

YES = (
    "1",
    "1.0",
    "true",
    "yes",
    "y",
    "t",
    "是",
    "有",
    "会员",
    "退款",
    "已退款",
    "退款成功",
    "refunded",
)
NO = ("0", "0.0", "false", "no", "n", "f", "否", "无", "非会员", "未退款", "没有申请退款", "")
EARLIEST, LATEST = pd.Timestamp("1990-01-01"), pd.Timestamp("2100-01-01")


def checked(
    table: pd.DataFrame, log: Named, time_format: str = "", time_zone: str = ""
) -> pd.DataFrame:
    """The rows of a log with every cell as what it means.

    Parameters
    ----------
    table
        As `sim.order_log.reading.read_table` gives it.
    log
        What it is called and which column means what, for sentences.
    time_format, time_zone
        As for `sim.order_log.times.moments`.

    Returns
    -------
    pandas.DataFrame
        ``customer`` (text), ``time`` (a moment without a zone), and as far as there are such
        columns ``amount`` (yuan), ``quantity``, ``category``, ``channel``, ``child_born`` (a day),
        ``member`` and ``refund`` (switches).

    Raises
    ------
    OrderLogError
        For the first row that cannot be, with its number and column.
    """
    rows = pd.DataFrame(index=pd.RangeIndex(len(table)))
    rows["customer"] = texts_of(table["customer"])
    _refuse_empty(rows["customer"], "customer", log, "every order is somebody's")
    rows["time"] = moments(table["time"], "time", log, time_format, time_zone)
    _refuse_empty(rows["time"], "time", log, "every order has its day")
    for meaning in ("amount", "quantity"):
        if meaning in table:
            rows[meaning] = _numbers(table[meaning], meaning, log)
    for meaning in ("category", "channel"):
        if meaning in table:
            rows[meaning] = texts_of(table[meaning]).fillna("")
    if "child_born" in table:
        rows["child_born"] = births(table["child_born"], log)
    for meaning in ("member", "refund"):
        if meaning in table:
            rows[meaning] = _switches(table[meaning], meaning, log)
    _check_ranges(rows, log)
    return rows


def _check_ranges(rows: pd.DataFrame, log: Named) -> None:
    """Refuse times that no log has, and amounts below nothing where nothing is sent back."""
    import pandera.pandas as pa

    must = {"time": pa.Column("datetime64[ns]", pa.Check.in_range(EARLIEST, LATEST), coerce=True)}
    if "refund" not in rows:
        for meaning in ("amount", "quantity"):
            must[meaning] = pa.Column(float, pa.Check.ge(0), required=False)
    try:
        pa.DataFrameSchema(must).validate(rows, lazy=True)
    except pa.errors.SchemaErrors as error:
        first = error.failure_cases.sort_values("index", kind="stable").iloc[0]
        meaning, value = str(first["column"]), first["failure_case"]
        if meaning == "time":
            why = f"{value} lies before 1990 or after 2100; columns.time should tell when"
        else:
            why = (
                f"{value:g} is below zero; name the column that marks what was sent back "
                "(experiment.columns.refund), or leave such rows out"
            )
        raise log.wrong(int(first["index"]), meaning, why) from None


def _refuse_empty(values: "pd.Series[Any]", meaning: str, log: Named, why: str) -> None:
    if (empty := values.isna().to_numpy()).any():
        raise log.wrong(int(empty.argmax()), meaning, f"it is empty, and {why}")


def _numbers(values: "pd.Series[Any]", meaning: str, log: Named) -> "pd.Series[Any]":
    """Numbers, whether or not a sign of money or a comma between thousands stands with them."""
    if pd.api.types.is_numeric_dtype(values):
        numbers = pd.Series(values.to_numpy(float))
    else:
        texts = texts_of(values)
        plain = texts.str.replace(r"^[¥￥]\s*|\s*元$", "", regex=True)
        plain = plain.str.replace(r"(?<=\d),(?=\d{3}(\D|$))", "", regex=True)
        numbers = pd.to_numeric(plain, errors="coerce").astype(float)
        if (odd := (numbers.isna() & texts.notna()).to_numpy()).any():
            place = int(odd.argmax())
            raise log.wrong(place, meaning, f"{cited(str(texts[place]))} is no number")
    if (lacking := ~np.isfinite(numbers.to_numpy(float))).any():
        why = "it is empty or no number; write 0 for nothing"
        raise log.wrong(int(lacking.argmax()), meaning, why)
    return numbers


def _switches(values: "pd.Series[Any]", meaning: str, log: Named) -> "pd.Series[Any]":
    texts = texts_of(values).fillna("").str.lower()
    yes = texts.isin(YES)
    if (odd := (~yes & ~texts.isin(NO)).to_numpy()).any():
        place = int(odd.argmax())
        why = f"{cited(str(texts[place]))} is neither yes nor no; write 1 or 0"
        raise log.wrong(place, meaning, why)
    return pd.Series(yes.to_numpy(bool))


__all__ = ["checked"]
