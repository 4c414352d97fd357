"""An order log is read whatever a shop's system wrote, or refused in one sentence."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.config.yaml_files import read_settings
from sim.order_log.columns import Columns, columns_from, columns_said
from sim.order_log.history import OrderLog, Period, described, history_of, read_log
from sim.order_log.reading import OrderLogError
from sim.parameters.quantity import ConfigurationError

ALL = Columns(amount="amount", category="category", channel="channel", quantity="quantity",
              child_born="child_born", member="member", refund="refund")  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(content: str | bytes, name: str = "orders.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


def told(log: OrderLog) -> list[tuple[int, int]]:
    return list(log.bought(log.days)[["who", "day"]].itertuples(index=False, name=None))


def paid(log: OrderLog, until: int | None = None) -> list[float]:
    return [float(each) for each in log.bought(until or log.days)["amount"]]


def refusal(path: Path, columns: Columns = Columns(), **how: str) -> str:  # noqa: B008
    with pytest.raises(OrderLogError) as caught:
        read_log(path, columns, **how)
    said = str(caught.value)
    assert "\n" not in said
    assert said.endswith(".")
    return said


def test_purchases_are_days_of_customers_counted_from_the_first(file: Any) -> None:
    log = read_log(
        file("customer,time\nb,2024-01-03\na,2024-01-01\nb,2024-01-03\nb,2024-02-01\n"), Columns()
    )
    assert told(log) == [(0, 0), (1, 2), (1, 31)]
    assert log.days == 32
    assert str(log.first_date.date()) == "2024-01-01"
    assert log.notes["on_a_day_that_counts_already"] == 1


SAME = [
    "customer,time\na,2024-01-01\na,2024-01-15\n",
    "customer;time\r\na;2024-01-01\r\na;2024-01-15\r\n",
    "customer\ttime\na\t2024-01-01 08:00\na\t2024-01-15 23:59\n",
    "\ufeffcustomer,time\na,2024/1/1\na,2024/1/15\n",
    "customer,time\na,20240101\na,20240115\n",
    "customer,time\na,2024年1月1日\na,2024年1月15日\n",
    "customer,time\na,01.01.2024\na,15.01.2024\n",
    "customer,time\na,2024-01-01 09:00:00+08\na,2024-01-15 01:00:00+08\n",
    "customer,time\na,2024/1/1 10:00:00+08:00\na,2024/1/15 10:00:00+08:00\n",
    "customer, time ,,\na,2024-01-01,,\na,2024-01-15,,\n",
    '"x, y","x, z",customer,time\n1,2,a,2024-01-01\n1,2,a,2024-01-15\n',
    '"a;b,c";customer;time\n1;a;2024-01-01\n1;a;2024-01-15\n',
    "customer,time\na,2024-01-01T09:00:00+08:00\na,2024-01-15T01:00:00+08:00\n",
    'time,customer,note\n2024-01-01," a ","one, two"\n2024-01-15,a,"of\ntwo lines"\n',
]


@pytest.mark.parametrize("content", SAME)
def test_the_ways_in_which_shops_write_come_to_the_same(file: Any, content: str) -> None:
    assert told(read_log(file(content), Columns())) == [(0, 0), (0, 14)]


def test_chinese_exports_and_names_of_columns_are_read(file: Any) -> None:
    content = "顾客,下单时间,实付\n张,2024-01-01,¥1,234.50\n".replace("¥1,234.50", '"¥1,234.50"')
    columns = columns_from({"customer": "顾客", "time": "下单时间", "amount": "实付"})
    log = read_log(file(content.encode("gb18030")), columns)
    assert paid(log) == [1234.5]


def test_parquet_says_the_same_as_csv(file: Any, tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "customer": [7, 7, 8],
            "time": pd.to_datetime(["2024-01-01 10:00", "2024-01-05 00:00", "2024-01-02 00:00"]),
            "amount": [1.5, 2.0, 3.0],
        }
    )
    table.to_parquet(tmp_path / "orders.parquet")
    table.to_csv(tmp_path / "same.csv", index=False)
    one, other = (
        read_log(tmp_path / name, Columns(amount="amount"))
        for name in ("orders.parquet", "same.csv")
    )
    assert told(one) == told(other) == [(0, 0), (0, 4), (1, 1)]
    assert paid(one) == paid(other)


def test_days_are_those_of_the_zone_that_is_asked_for(file: Any) -> None:
    content = "customer,time\na,2024-01-01T20:00:00Z\na,2024-01-02T05:00:00+08:00\n"
    said = refusal(file(content))
    assert "row 3, column time" in said
    assert "Asia/Shanghai" in said
    log = read_log(file(content), Columns(), time_zone="Asia/Shanghai")
    assert told(log) == [(0, 0)]  # both on the second of January there
    assert str(log.first_date.date()) == "2024-01-02"
    for stamp in ("1704139200", "1704139200000"):  # the same moment
        log = read_log(file(f"customer,time\na,{stamp}\n"), Columns(), time_zone="Asia/Shanghai")
        assert str(log.first_date.date()) == "2024-01-02"
    either = "customer,time\na,2024-07-01 10:00:00+01\na,2024-12-01 10:00:00+02\n"
    log = read_log(file(either), Columns(), time_zone="Asia/Shanghai")
    assert told(log) == [(0, 0), (0, 153)]


BAD = {
    "": "is empty",
    "customer,time\n": "no orders below it",
    "who,time\na,2024-01-01\n": "no column customer",
    "customer,customer,time\na,b,2024-01-01\n": "two columns customer",
    "customer,time\na,2024-01-01\nb,yesterday\n": "row 3, column time: yesterday is no day like",
    "customer,time\na,2024-13-45\n": "row 2, column time",
    "customer,time\na,03/04/2024\n": "may be day or month first",
    "customer,time\na,\n": "row 2, column time: it is empty",
    "customer,time\n,2024-01-01\n": "row 2, column customer: it is empty",
    "customer,time\na,2024-01-01\nb,2024-01-02,5,6\n": "row 3: it has 4 cells",
    "customer,time\na,1804-01-01\n": "before 1990",
    "customer,time\na,2024-01-01\nb,2099-01-01\n": "from row 2 to row 3, more than 7,300",
    "customer,time\na,1704067200\n": "counts from 1970 in UTC; say in whose days",
    "customer,time,amount\na,2024-01-01,5\na,2024-01-01\n": "row 3: it has 2 cells",
    "customer,time\na,2024-01-01T00:00:00Z\nb,2024-01-02 00:00\n": "tells no time zone",
    "customer,time\na,2024-01-01T00:00:00Z\nb,2024-01-02T00:00:00+08:00\n": "another time zone",
}


@pytest.mark.parametrize(("content", "said"), BAD.items())
def test_what_is_wrong_is_said_with_its_row_and_column(file: Any, content: str, said: str) -> None:
    assert said in refusal(file(content))


def test_amounts_below_zero_and_odd_ones_are_refused_with_the_mend(file: Any) -> None:
    columns = Columns(amount="amount")
    below = refusal(file("customer,time,amount\na,2024-01-01,5\na,2024-01-02,-5\n"), columns)
    assert "row 3, column amount: -5 is below zero" in below
    assert "columns.refund" in below
    odd = refusal(file("customer,time,amount\na,2024-01-01,much\n"), columns)
    assert "row 2, column amount: much is no number" in odd
    none = refusal(file("customer,time,amount\na,2024-01-01,\n"), columns)
    assert "write 0 for nothing" in none
    switch = refusal(file("customer,time,refund\na,2024-01-01,maybe\n"), Columns(refund="refund"))
    assert "neither yes nor no" in switch


def test_files_that_are_none_are_refused(file: Any, tmp_path: Path) -> None:
    assert "There is no order log" in refusal(tmp_path / "nothing.csv")
    assert "is a workbook" in refusal(file(b"PK", "orders.xlsx"))
    assert "no whole Parquet file" in refusal(file(b"PAR1torn", "orders.parquet"))
    assert "cannot be read" in refusal(tmp_path)  # a folder
    assert "neither UTF-8 nor GB 18030" in refusal(
        file(b"customer,time\n\xff\xff\xff,2024-01-01\n")
    )
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as hole:
        hole.truncate((4 << 30) + 1)  # takes no room
    assert "is larger than" in refusal(huge)


def test_a_zone_without_effect_is_refused(file: Any) -> None:
    said = refusal(file("customer,time\na,2024-01-01\n"), time_zone="Asia/Shanghai")
    assert "has no effect" in said
    said = refusal(file("customer,time\na,2024-01-01T00:00:00Z\n"), time_zone="Middle/Earth")
    assert "no time zone Middle/Earth" in said


def test_refunds_take_back_orders_and_their_money(file: Any) -> None:
    content = (
        "customer,time,amount,refund\n"
        "a,2024-01-01,100,0\n"  # taken back by the fourth row
        "a,2024-01-05,60,0\n"
        "b,2024-01-06,30,1\n"  # marked itself
        "a,2024-01-09,-160,1\n"
        "a,2024-01-20,50,0\n"
        "c,2024-01-21,80,0\n"
        "c,2024-01-22,-20,1\n"  # a part of it
    )
    log = read_log(file(content), Columns(amount="amount", refund="refund"))
    assert told(log) == [(0, 19), (2, 20)]
    assert paid(log) == [50.0, 60.0]
    assert log.notes["refunds"] == 3
    assert log.notes["taken_back"] == 2


def test_a_refund_is_not_known_before_it_comes(file: Any) -> None:
    content = (
        "customer,time,amount,refund\n"
        "a,2024-01-01,100,0\na,2024-01-05,60,0\na,2024-01-20,-60,1\nb,2024-01-30,10,0\n"
    )
    log = read_log(file(content), Columns(amount="amount", refund="refund"))
    assert history_of(log, Period(10, 20)).repeats.tolist() == [1]
    assert history_of(log, Period(25, 5)).repeats.tolist() == [0]


def test_below_zero_is_a_refund_even_where_it_is_not_marked(file: Any) -> None:
    content = (
        "customer,time,amount,refund\na,2024-01-01,100,0\na,2024-01-09,-100,0\nb,2024-01-02,5,0\n"
    )
    log = read_log(file(content), Columns(amount="amount", refund="refund"))
    assert told(log) == [(1, 1)]


def test_a_refund_takes_an_order_that_stands_there_twice(file: Any) -> None:
    content = (
        "customer,time,amount,refund\n"
        "a,2024-01-01 09:00,100,0\na,2024-01-01 09:00,100,0\na,2024-01-03 09:00,-100,1\n"
        "b,2024-01-02 08:00,5,0\n"
    )
    log = read_log(file(content), Columns(amount="amount", refund="refund"))
    assert told(log) == [(1, 1)]


def test_whoever_bought_at_the_beginning_may_be_left_out(file: Any) -> None:
    content = "customer,time\na,2024-01-01\na,2024-02-01\nb,2024-01-20\nb,2024-02-20\n"
    log = read_log(file(content), Columns())
    assert history_of(log, Period(30, 21)).customers == 2
    left = history_of(log, Period(30, 21, left_out_days=10))
    assert left.customers == 1
    assert left.later.sum() == 1


def test_columns_that_are_not_used_are_noticed(file: Any) -> None:
    log = read_log(file("customer,time,Refund,note\na,2024-01-01,1,x\n"), Columns())
    assert log.unused == ["refund"]


def test_parquet_of_any_kind_is_read(tmp_path: Path) -> None:
    days = pd.to_datetime(["2024-01-01", "2024-01-05"])
    table = pd.DataFrame(
        {
            "customer": pd.Categorical(["a", "b"]),
            "time": days.tz_localize("Asia/Shanghai"),
            "member": pd.array([True, None], dtype="boolean"),
            "child_born": days.tz_localize("UTC"),
        }
    )
    table.set_index("time").to_parquet(tmp_path / "odd.parquet")
    columns = Columns(member="member", child_born="child_born")
    log = read_log(tmp_path / "odd.parquet", columns)
    assert told(log) == [(0, 0), (1, 4)]
    assert log.rows["member"].tolist() == [True, False]
    assert "has no effect" in refusal(tmp_path / "odd.parquet", columns, time_format="%Y")


def test_a_row_that_stands_there_twice_counts_once_where_time_tells(file: Any) -> None:
    timed = "customer,time,amount\na,2024-01-01 09:00,5\na,2024-01-01 09:00,5\n"
    log = read_log(file(timed), Columns(amount="amount"))
    assert paid(log) == [5.0]
    by_day = timed.replace(" 09:00", "")
    log = read_log(file(by_day), Columns(amount="amount"))
    assert paid(log) == [10.0]


def test_a_part_that_is_missing_is_noticed(file: Any) -> None:
    days = [*range(1, 60), *range(200, 260)]
    rows = "".join(
        f"c{n % 7},{pd.Timestamp('2024-01-01') + pd.Timedelta(days=n):%Y-%m-%d}\n" for n in days
    )
    assert read_log(file(f"customer,time\n{rows}"), Columns()).notes["days_without_orders"] == 140
    whole = "".join(
        f"c{n % 7},{pd.Timestamp('2024-01-01') + pd.Timedelta(days=n):%Y-%m-%d}\n"
        for n in range(120)
    )
    assert read_log(file(f"customer,time\n{whole}"), Columns()).notes["days_without_orders"] == 0


def test_what_else_a_log_says_is_told(file: Any) -> None:
    content = (
        "customer,time,amount,category,channel,quantity,child_born,member,refund\n"
        "a,2024-03-01,5,diapers,app,2,2024-01,是,0\n"
        "a,2024-04-01,5,diapers,app,2,2024-01,1,0\n"
        "b,2024-03-01,5,formula,shop,1,,0,0\n"
        "b,2024-03-02,5,formula,shop,1,,0,1\n"
    )
    log = read_log(file(content), ALL)
    said = described(log).set_index(["what", "of"])["value"]
    assert said["category", "diapers"] == pytest.approx(2 / 3)
    assert said["channel", "app"] == pytest.approx(2 / 3)
    assert said["child_known", ""] == pytest.approx(2 / 3)
    assert said["age_of_child", "0.5"] == pytest.approx(75.5 / 30, abs=0.1)
    assert said["members", ""] == 0.5
    assert said["orders_of_members", ""] == 2.0
    assert said["refunds", ""] == 0.25


def test_history_and_what_followed_add_up(file: Any) -> None:
    rows = [("a", 0), ("a", 5), ("a", 20), ("b", 3), ("b", 30), ("c", 25), ("d", 12)]
    first = pd.Timestamp("2024-01-01")
    content = "customer,time,amount\n" + "".join(
        f"{who},{first + pd.Timedelta(days=day):%Y-%m-%d},{day}\n" for who, day in rows
    )
    log = read_log(file(content), Columns(amount="amount"))
    history = history_of(log, Period(20, 11))
    assert history.repeats.tolist() == [1, 0, 0]  # c was won after the cut
    assert history.recency.tolist() == [5, 0, 0]
    assert history.age.tolist() == [19, 16, 7]
    assert history.later.sum(axis=1).tolist() == [1, 1, 0]
    assert history.later.sum(axis=0).tolist() == [1, 1]
    assert history.mean_amount is not None
    assert history.mean_amount[0] == 5.0
    assert history.later_amount is not None
    assert history.later_amount.tolist() == [20.0, 30.0, 0.0]


def test_columns_that_cannot_be_are_refused(tmp_path: Path) -> None:
    for values, said in (
        ({"buyer": "x"}, "no setting columns.buyer"),
        ({"customer": ""}, "columns.customer is empty"),
        ({"customer": "x", "time": "x"}, "cannot be both"),
        ({"customer": ["x"]}, "must be the name of a column"),
    ):
        with pytest.raises(ConfigurationError, match=said):
            columns_from(values)
    path = tmp_path / "columns.yaml"
    path.write_text("customer: 买家\ntime: 时间\n", encoding="utf-8")
    assert columns_from(columns_said(read_settings(path), path)).named == {
        "customer": "买家",
        "time": "时间",
    }
    path.write_text("- customer\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="a line for each column"):
        columns_said(read_settings(path), path)


CELLS = st.sampled_from(["a", "b", "", "2024-01-01", "2024-01-02 10:00", "-5", "7", "½", '"', ","])


@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=6), st.booleans())
def test_any_text_is_read_or_refused_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], header: bool
) -> None:
    path = tmp_path_factory.mktemp("log") / "orders.csv"
    lines = (["customer,time,amount"] if header else []) + [",".join(row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    try:
        log = read_log(path, Columns(amount="amount"))
    except OrderLogError as error:
        said = str(error)
    else:
        said = ""
        assert len(told(log)) >= 1
        assert told(log) == sorted(set(told(log)))
    assert "\n" not in said
