"""What a board reads first: every question has its answer, in both languages, from the tables."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.report import aims, answer, board, calendar, pilot, tables
from sim.report.answer import POINTS, points
from sim.report.figures import exhibits
from sim.report.page import rendered
from sim.report.reading import read_comparison
from sim.report.words import LANGUAGES, Words
from tests.stored_comparison import write_comparison

EN, ZH = Words("en"), Words("zh")


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    place = tmp_path_factory.mktemp("results") / "compare" / "baseline-0"
    return read_comparison(write_comparison(place))


def said(compared, name, words=EN):
    return " ".join(
        text for point in points(compared, words) if point.name == name for text in point.said
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_is_asked_and_answered(compared, language):
    words = Words(language)
    found = points(compared, words)
    assert [point.name for point in found] == list(POINTS)
    assert all(point.said for point in found)
    page = rendered(compared, exhibits(compared, words), words)
    places = [page.index(f'<h2 id="answer-{name}">{words(f"asked.{name}")}') for name in POINTS]
    assert places == sorted(places)
    assert places[-1] < page.index("<figure")
    assert "nan" not in " ".join(answer.sentences(compared, words)).replace("finance", "")


def test_the_choice_says_what_it_costs_and_what_money_would_choose(compared):
    text = said(compared, "choice")
    lost = compared.extra("contribution_yuan")["integrated"].mean
    assert (
        f"Integrated does not pay for itself: over 12 months it contributes {-lost:,.0f} yuan"
        in text
    )
    assert "If money matters most, stay with baseline." in text
    unclear = compared.horizon.copy()
    own = (unclear["strategy"] == "integrated") & (unclear["outcome"] == "contribution_yuan")
    unclear.loc[own, "extra_high"] = 5_000.0
    told = said(replace(compared, horizon=unclear), "choice")
    assert "Whether integrated pays for itself is open: over 12 months its contribution" in told
    assert "to +5,000)" in told
    paying = compared.horizon.copy()
    mine = (paying["strategy"] == "membership") & (paying["outcome"] == "contribution_yuan")
    paying.loc[mine, "extra"] = 5_000.0
    goals = compared.goals.copy()
    order = np.argsort(
        (goals["goal"] == "contribution") & (goals["strategy"] != "membership"), kind="stable"
    )
    first = replace(compared, horizon=paying, goals=goals.iloc[order])
    assert "If money matters most, choose membership: +5,000 yuan" in said(first, "choice")


@pytest.mark.parametrize("close", [True, False])
def test_an_earlier_choice_tells_whether_it_is_clearly_ahead(compared, close):
    assert next(iter(compared.aimed("contribution"))) == "baseline"
    earlier = compared.horizon.assign(day=180, months=6.0)
    own = (earlier["outcome"] == "contribution_yuan") & (earlier["strategy"] == "integrated")
    numbers = {"mean": 9e9, "extra": 9e5, "extra_low": -1e5 if close else 8e5, "extra_high": 1e6}
    for column, number in numbers.items():
        earlier.loc[own, column] = number
    both = replace(compared, horizon=pd.concat([compared.horizon, earlier], ignore_index=True))
    told = aims.other_horizons(both, EN)
    assert "integrated for contribution" in told
    assert ("the intervals overlap" in told) == close
    assert told.startswith("Looked at earlier, the choice by this goal is the same; another")
    asked = replace(both, manifest={**both.manifest, "goal": "contribution"})
    assert aims.other_horizons(asked, EN).startswith("Looked at earlier, the choice would have")


def test_choices_are_told_at_every_horizon_with_their_spend(compared):
    later = compared.horizon.assign(day=730, months=24.0)
    both = replace(compared, horizon=pd.concat([compared.horizon, later], ignore_index=True))
    shown = board.choices(both, EN)
    mine = [row for row in shown.rows if row[0].startswith("integrated")]
    assert [row[1] for row in mine] == ["after 12 months", "after 24 months"]
    assert mine[0][0].endswith("best by 4 of 5 goals")
    steps = compared.horizon[compared.horizon["strategy"] == "integrated"]
    parts = ("price_cut_coupons_yuan", "points_redeemed_yuan", "lever_cost_community_yuan",
             "lever_cost_coupons_yuan")  # fmt: skip
    spend = -steps.set_index("outcome").loc[list(parts), "extra"].sum()
    assert mine[0][-2] == f"{spend:+,.0f}"
    assert not [row for row in shown.rows if row[0].startswith("baseline")]


def test_facts_that_a_strategy_cites_and_the_model_misses_are_said(compared):
    facts = compared.facts.assign(verdict="inside", measured=1.0, worlds=5.0, households=1e4)
    facts.loc[facts["id"] == "C11", ["verdict", "measured"]] = ["outside", 0.99]
    wrong = replace(compared, facts=facts)
    text = said(wrong, "sure")
    assert "The text of integrated cites what the model does not show: C11, repurchase rate" in text
    assert "validated in the model of an average operator, 0.99" in text
    assert "misses 1; 0 cannot be decided" in text
    row = next(row for row in tables.strategies(wrong, EN).rows if row[0] == "integrated")
    assert "C11\N{NO-BREAK SPACE}⚠" in row[-1]
    told = {row[0]: row for row in tables.facts(wrong, EN).rows}
    assert told["C11"][4].startswith("0.99")
    assert told["C11"][5] == "⚠ misses it"
    level = compared.level("repurchase_rate_365d")["baseline"].mean
    assert f"{level:.3g} in this comparison" in told["L01"][4]
    right = replace(compared, facts=facts.assign(verdict="inside"))
    assert "contradicts" not in said(right, "sure")


def test_where_nothing_was_measured_that_is_said(compared):
    nothing = replace(compared, facts=compared.facts.assign(verdict="not measured"))
    assert "`repurchase validate` does it" in said(nothing, "sure")


def test_a_pilot_tells_how_many_and_how_drawn(compared):
    table = compared.pilot.copy()
    row = table[(table["strategy"] == "integrated") & (table["outcome"] == "day0_repurchase")]
    arm, chats = int(row["per_arm"].iloc[0]), int(row["groups_per_arm"].iloc[0])
    text = said(compared, "pilot")
    assert f"Draw {arm:,} customers by lot into each of two arms, integrated and baseline" in text
    assert f"{chats:,} chats with" in text
    cells = pilot.pilots(compared, EN).rows[0]
    assert cells[0] == "integrated"
    assert cells[1].startswith(f"{arm:,}\n+")
    unclear = replace(compared, pilot=table.assign(verdict="open"))
    assert "no pilot of a sensible size would tell" in said(unclear, "pilot")
    assert EN("tables.pilots.unclear") in pilot.pilots(unclear, EN).rows[0]
    money = replace(compared, manifest={**compared.manifest, "goal": "contribution"})
    if money.names[0] != "baseline":
        assert "gross margin" in said(money, "pilot")
    short = replace(compared, pilot=table.head(0))
    assert said(short, "pilot") == ""
    assert pilot.pilots(short, EN).rows == []


def test_budgets_that_were_not_equal_are_told_with_what_was_spent(compared):
    text = said(compared, "budgets")
    assert text.startswith("No: each strategy spent what it states.")
    assert "`--budget equal`" in text
    asked = replace(compared, manifest={**compared.manifest, "budget": "equal"})
    assert said(asked, "budgets").startswith("A budget was set for all.")


def test_commands_are_set_as_code_and_what_users_wrote_is_escaped(compared):
    page = rendered(compared, exhibits(compared, EN), EN)
    assert (
        "<code>repurchase assumptions integrated &#39;population=&lt;town&gt;&#39; --reference"
        in page
    )
    assert "`" not in page[: page.index("<script")].split("<body>")[1]


def test_months_are_called_as_the_calendar_does(compared):
    names = calendar.month_names(compared, EN, 14)
    assert names[:3] == ["Jan", "Feb", "Mar"]
    assert names[11:] == ["Dec", "Jan, year 2", "Feb, year 2"]
    assert calendar.month_names(compared, ZH, 2) == ["1月", "2月"]
    feasts = calendar.festivals(compared, EN, 730)
    assert list(feasts["told"]) == ["6·18", "11·11", "12·12"] * 2
    assert feasts["x"].iloc[1] == pytest.approx(314 / 30 + 0.5)
    manifest = {**compared.manifest}
    own = manifest["configurations"]["baseline"]
    spring = {**own, "run": {**own["run"], "start_day_of_year": 90}}
    manifest["configurations"] = {**manifest["configurations"], "baseline": spring}
    later = replace(compared, manifest=manifest)
    assert calendar.month_names(later, EN, 2) == ["Apr", "May"]
    assert calendar.festivals(later, EN, 365)["x"].iloc[0] == pytest.approx((168 - 90) / 30 + 0.5)


def test_what_differs_by_place_is_told_in_both_languages(compared):
    name, key = compared.names[0], "operator.coupons.coupon_percent"
    row = {"strategy": name, "regions": "East; South", "city_tiers": "fourth; fifth", "key": key}
    row |= {"value": "20", "elsewhere": "10", "from_day": 30, "until_day": 90}
    local = replace(compared, regional=pd.DataFrame([row]))
    assert tables.regional(compared, EN).rows == []
    ((_, where, days, _, elsewhere, there),) = tables.regional(local, EN).rows
    assert (where, days) == ("East and South\ntiers 4 and 5", "30 to 89")
    assert (elsewhere, there) == ("10", "20")
    ((_, where, days, setting, *_),) = tables.regional(local, ZH).rows
    assert (where, days) == ("华东和华南\n四线和五线城市", "第 30 至 89 天")
    assert setting.startswith("优惠券力度")


def test_settings_have_chinese_names(compared):
    shown = tables.changes(compared, ZH)
    for row in shown.rows:
        assert row[0].split("\n")[0].isascii() is False, row[0]
    english = tables.changes(compared, EN)
    assert all(row[0].split("\n")[0].isascii() for row in english.rows)
