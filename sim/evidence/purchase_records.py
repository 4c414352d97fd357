"""Aggregates of real purchase records: the figures that `conf/` and the tests take from them.

The records are third-party data under their own terms and stay outside the repository; only
these aggregates are written down. Run `python -m sim.evidence.purchase_records FOLDER` to
derive them again.
"""

import io
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sim.store.tables import write_csv
from sim.text.incoming import UnreadableError, read_text

# Root categories of the Taobao records. The file gives numbers without names; these readings
# fit the children's ages and the public root categories (whose numbers are smaller by 3).
TAOBAO_ROOTS = {
    38: "formula and food",
    50014815: "diapers, care, furniture",
    50022520: "maternity",
    50008168: "clothing",
    122650008: "shoes",
    28: "toys and education",
}
FESTIVALS = {"03-08": "Women's Day", "06-18": "618", "11-10": "eve of Double Eleven",
             "11-11": "Double Eleven", "12-12": "Double Twelve"}  # fmt: skip
EXPECTING_DAYS, GRADUATION_DAYS = 300, 2190
SILENCE_DAYS, RETURN_DAYS = 90, 180
AT_MOST_BYTES = 1 << 28  # of one file; those that are published have 1.5 million
EXAMPLES = {"%Y%m%d": "20141231", "%Y-%m-%d": "2014-12-31"}
NUMBER = ""  # in place of how a column of dates is written
HISTORY = {"user_id": NUMBER, "category_1": NUMBER, "day": "%Y%m%d"}
CHILDREN = {"user_id": NUMBER, "birthday": "%Y%m%d"}
ORDERS = {"cust": NUMBER, "date": "%Y-%m-%d"}


class PurchaseRecordsError(ValueError):
    """The folder does not hold the purchase records."""


def aggregates(folder: Path) -> pd.DataFrame:
    """Derive every aggregate.

    Parameters
    ----------
    folder
        Holds `tianchi_mum_baby_trade_history.csv`, `tianchi_mum_baby.csv` and
        `grocery_orders.csv`.

    Returns
    -------
    pandas.DataFrame
        Columns measure, of, value, unit.

    Raises
    ------
    PurchaseRecordsError
        If a file is missing, is none of the records, or if they are too few.
    """
    history = _read(folder / "tianchi_mum_baby_trade_history.csv", HISTORY)
    children = _read(folder / "tianchi_mum_baby.csv", CHILDREN)
    orders = _read(folder / "grocery_orders.csv", ORDERS)
    too_few = PurchaseRecordsError(
        f"The records in {folder} are too few, or not of the years 2013 and 2014, to derive every "
        "figure from them."
    )
    try:
        with np.errstate(all="ignore"):  # what comes to no number is refused below
            rows = [
                *category_mix(history),
                *ages_at_purchase(history, children),
                *festivals(history),
                *season(history),
                *repeat_buying(orders),
            ]
    except (ArithmeticError, IndexError, ValueError) as error:  # means and lines through nothing
        raise too_few from error
    if not all(np.isfinite(value) for _, _, value, _ in rows):
        raise too_few
    return pd.DataFrame(rows, columns=["measure", "of", "value", "unit"])


def _read(path: Path, columns: Mapping[str, str]) -> pd.DataFrame:
    """A file's columns: numbers, or dates written in a certain way."""
    try:
        table = pd.read_csv(io.StringIO(read_text(path, AT_MOST_BYTES)))
    except FileNotFoundError as error:
        raise PurchaseRecordsError(
            f"{path} is missing: give the folder that holds the purchase records."
        ) from error
    except (OSError, UnreadableError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error).strip().splitlines()[0]
        raise PurchaseRecordsError(f"{path} cannot be read: {why}.") from error
    for name, written in columns.items():
        try:
            found = table[name]
            if written == NUMBER:
                pd.to_numeric(found).astype("int64")
            else:
                pd.to_datetime(found, format=written)
        except KeyError as error:
            raise PurchaseRecordsError(f"{path} has no column {name}.") from error
        except (ArithmeticError, TypeError, ValueError) as error:
            kind = "whole numbers" if written == NUMBER else f"dates like {EXAMPLES[written]}"
            raise PurchaseRecordsError(f"{path}: {name} must hold {kind} only.") from error
    return table


Row = tuple[str, str, float, str]


def category_mix(history: pd.DataFrame) -> list[Row]:
    """Share of Taobao purchases by category."""
    shares = history["category_1"].map(TAOBAO_ROOTS).value_counts(normalize=True)
    return [("share of purchases", str(name), float(v), "share") for name, v in shares.items()]


def ages_at_purchase(history: pd.DataFrame, children: pd.DataFrame) -> list[Row]:
    """Quartiles of the child's age by category, and the share bought before birth."""
    both = history.merge(children, on="user_id")
    bought = pd.to_datetime(both["day"], format="%Y%m%d")
    born = pd.to_datetime(both["birthday"], format="%Y%m%d")
    both["age_days"] = (bought - born).dt.days
    both = both[both["age_days"].between(-EXPECTING_DAYS, GRADUATION_DAYS, inclusive="left")]
    both["category"] = both["category_1"].map(TAOBAO_ROOTS)
    rows: list[Row] = []
    for name, ages in [("all", both["age_days"]), *both.groupby("category")["age_days"]]:
        for q in (0.25, 0.5, 0.75):
            months = float(ages.quantile(q)) / 30
            rows.append((f"age of child at purchase, quantile {q}", str(name), months, "months"))
    before = float((both["age_days"] < 0).mean())
    return [*rows, ("share of purchases before birth", "all", before, "share")]


def _daily(history: pd.DataFrame) -> pd.Series:
    """Purchases on every day of the full years 2013 and 2014, zeros included."""
    days = pd.to_datetime(history["day"], format="%Y%m%d")
    every_day = pd.date_range("2013-01-01", "2014-12-31")
    return days.value_counts().reindex(every_day, fill_value=0).sort_index()


def festivals(history: pd.DataFrame) -> list[Row]:
    """Purchases on festival days against the year's average day, mean of 2013 and 2014."""
    daily = _daily(history)
    days = pd.DatetimeIndex(daily.index)
    ratio = daily / daily.groupby(days.year).transform("mean")
    on_day = ratio.groupby(days.strftime("%m-%d")).mean()
    return [
        ("purchases against an average day", name, float(on_day[day]), "ratio")
        for day, name in FESTIVALS.items()
    ]


def season(history: pd.DataFrame) -> list[Row]:
    """Purchases by month without the November and December festivals, growth removed.

    Growth is the straight line through the logarithm of the months' daily means.
    """
    daily = _daily(history)
    days = pd.DatetimeIndex(daily.index)
    festive = days.strftime("%m-%d").isin(["11-10", "11-11", "11-12", "12-12"])
    usual, days = daily[~festive], days[~festive]
    monthly = usual.groupby([days.year, days.month]).mean()
    log_mean = np.log(monthly.to_numpy(float))
    months = np.arange(len(log_mean))
    slope, level = np.polyfit(months, log_mean, 1)
    ratio = np.exp(log_mean - slope * months - level).reshape(-1, 12).mean(axis=0)
    ratio /= ratio.mean()
    return [("season", f"month {m + 1}", float(v), "ratio") for m, v in enumerate(ratio)]


def repeat_buying(orders: pd.DataFrame) -> list[Row]:
    """Regularities of repeat buying among the grocery customers (two years, one cohort)."""
    days = pd.to_datetime(orders["date"])
    orders = orders.assign(day=(days - days.min()).dt.days)
    orders = orders.drop_duplicates(["cust", "day"]).sort_values(["cust", "day"])
    counts = orders.groupby("cust").size().to_numpy()
    gap = orders.groupby("cust")["day"].diff().dropna().to_numpy()
    rows: list[Row] = [
        ("chance of another purchase", f"after purchase {k}",
         float((counts > k).sum() / (counts >= k).sum()), "share")
        for k in (1, 2, 3, 4)
    ]  # fmt: skip
    rows.append(("Gini coefficient of purchases", "customers", gini(counts), "Gini"))
    spread = float(np.quantile(gap, 0.9) / np.median(gap))
    rows.append(("90th percentile / median of interpurchase time", "gaps", spread, "ratio"))
    rows.append(("return within 180 days", "after 90 silent days", _returns(orders), "share"))
    rows.append(("regularity", "last two gaps", _regularity(orders), "shape"))
    return rows


def gini(values: np.ndarray) -> float:
    """Gini coefficient: 0 all alike, towards 1 all with one."""
    ordered = np.sort(values.astype(float))
    n = len(ordered)
    rank = np.arange(1, n + 1)
    return float(np.sum((2 * rank - n - 1) * ordered) / (n * ordered.sum()))


def _returns(orders: pd.DataFrame) -> float:
    """Of silences of 90 days seen for 270, the share ended within a further 180."""
    end = orders["day"].max()
    following = orders.groupby("cust")["day"].shift(-1)
    gap = (following - orders["day"]).fillna(np.inf)
    seen = orders["day"] + SILENCE_DAYS + RETURN_DAYS <= end
    silent = seen & (gap > SILENCE_DAYS)
    return float((gap[silent] <= SILENCE_DAYS + RETURN_DAYS).mean())


def _regularity(orders: pd.DataFrame) -> float:
    """Shape of gamma interpurchase times from pairs of gaps (Wheat & Morrison 1990)."""
    last = orders.groupby("cust")["day"].apply(lambda day: day.to_numpy()[-3:])
    gaps = np.array([np.diff(days) for days in last if len(days) == 3], float)
    ratio = gaps[:, 0] / gaps.sum(axis=1)
    variance = float(np.var(ratio, ddof=1))
    return (1 - 4 * variance) / (8 * variance)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the aggregates of the folder named on the command line as CSV."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if len(given) != 1:
        sys.stderr.write("Name one folder: python -m sim.evidence.purchase_records FOLDER\n")
        return 2
    try:
        table = aggregates(Path(given[0]))
    except PurchaseRecordsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    write_csv(table, sys.stdout, float_format="%.3f")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
