"""Indicators of runs small enough to be worked out on paper."""

import numpy as np
import pandas as pd
import pytest

from sim.config.loading import load
from sim.experiments.simulate import observe
from sim.indicators import (
    REGISTRY,
    Book,
    daily_table,
    household_table,
    indicators_of,
    monthly_table,
    of_day_0,
    order_log,
    retention_table,
    summarise,
)
from sim.indicators.community import chat_months, private_months
from sim.indicators.observed import Observed
from sim.world.communities import GROUP_RECORD
from sim.world.events import CHAT_TO_SHOP, READ_CHAT, REASONS
from sim.world.household import CATEGORIES, NEVER
from tests.small_worlds import event, order, population, run

DIAPERS = CATEGORIES.index("diapers")


def value(observed: Observed, indicator: str, by: str = "all", segment: str = "all") -> float:
    table = summarise(observed)
    row = table[
        (table["indicator"] == indicator) & (table["by"] == by) & (table["segment"] == segment)
    ]
    assert len(row) == 1, f"{indicator} of {segment}: {len(row)} rows"
    return float(row["value"].iloc[0])


# Five customers on paper: 0 orders thrice, 1 twice, 2 and 3 once, 4 never.
FIVE = [
    order(0, 10, 100),
    order(0, 35, 100),
    order(0, 300, 100),
    order(1, 10, 50),
    order(1, 45, 150),
    order(2, 100, 200),
    order(3, 364, 100),
]


def test_repurchase_rate_of_the_year() -> None:
    assert value(run(FIVE), "repurchase_rate_365d") == 2 / 4


def test_orders_of_rivals_and_cancelled_ones_do_not_count() -> None:
    others = [event(2, 120, store=2), order(2, 130, unfilled=1)]
    assert value(run(FIVE + others), "repurchase_rate_365d") == 2 / 4
    assert value(run(FIVE + others), "orders") == 7


def test_a_short_run_has_no_annual_rate_and_says_why() -> None:
    short = run(FIVE[:2], days=364)
    assert np.isnan(value(short, "repurchase_rate_365d"))
    why = REGISTRY["repurchase_rate_365d"].why_not(364)
    assert why is not None
    assert "365 days" in why
    assert REGISTRY["repurchase_rate_365d"].why_not(365) is None


def test_windows_of_thirty_days_are_followed_for_thirty() -> None:
    # Windows with full follow-up start at 0, 30, ..., 300. Customer 0: day 10 (again on 35,
    # within 30 days), 35 (no), 300 (no); customer 1: day 10 (45 is 35 days later), 45; 2: 100.
    assert value(run(FIVE), "repurchase_rate_30d") == 1 / 6
    # 7 days: 0 on 10, 35, 300; 1 on 10, 45; 2 on 100: nobody again within a week.
    assert value(run(FIVE), "repurchase_rate_7d") == 0
    # 90 days, windows 0 and 90 and 180: 0 and 1 came back, 2 did not.
    assert value(run(FIVE), "repurchase_rate_90d") == 2 / 3


def test_a_later_order_in_the_same_window_is_a_repurchase_not_a_customer() -> None:
    assert value(run([order(0, 0), order(0, 5)]), "repurchase_rate_30d") == 1


def test_category_rate_needs_a_child_that_used_it_all_along() -> None:
    start = population(3, birth_day=[-100, -100, -800], toilet_training_days=900)
    use = np.ones((8, 3, 84))
    packs = np.zeros(8)
    packs[DIAPERS] = 1
    events = [order(0, 1, packs=packs), order(0, 9, packs=packs), order(1, 1, packs=packs)]
    events += [order(2, 1, packs=packs)]  # out of diapers in the year: not in the base
    observed = run(events, start=start, use_per_day=use)
    assert value(observed, "category_repurchase_rate_365d_diapers") == 1 / 2
    use[DIAPERS, 0, (280 + 100) // 30 + 3] = 0
    assert np.isnan(
        value(run(events, start=start, use_per_day=use), "category_repurchase_rate_365d_diapers")
    )


def test_gaps_and_their_median() -> None:
    # Gaps 10, 20, 30 closed; the last, from day 60, is censored after 304 days.
    observed = run([order(0, d) for d in (0, 10, 30, 60)])
    assert value(observed, "interpurchase_time_p25") == 10
    assert value(observed, "interpurchase_time_median") == 20
    assert value(observed, "interpurchase_time_p75") == 30
    # A one-time buyer lengthens the gaps of all customers, not of repurchasers.
    more = run([order(0, d) for d in (0, 10, 30, 60)] + [order(1, 0)])
    assert value(more, "interpurchase_time_median") == 30
    assert value(more, "repurchase_cycle_median") == 20


def established(count: int, last: int = -10, orders: int = 2) -> np.ndarray:
    return population(
        count,
        orders=orders,
        last_order_day=last,
        previous_order_day=last - 30,
        first_order_day=last - 30,
    )


def test_churn_of_established_customers() -> None:
    start = established(5)
    start["orders"][2] = 1  # not established: lapses, does not churn
    start["last_order_day"][3] = -91  # not active
    events = [order(0, 280), order(1, 274), event(4, 200, graduated=1)]
    observed = run(events, start=start)
    # At risk: 0 and 1 (2 had one order, 3 was silent, 4 graduates). 1 ordered before the last 90.
    assert value(observed, "churn_rate_365d") == 1 / 2
    assert value(observed, "lapse_rate_365d") == 2 / 3
    table = household_table(observed)
    assert table["churn_base"].tolist() == [True, True, False, False, False]
    assert table["churned"].tolist() == [False, True, False, False, False]


def test_an_order_on_the_first_of_the_last_ninety_days_keeps_a_customer() -> None:
    assert value(run([order(0, 275)], start=established(1)), "churn_rate_365d") == 0


def test_churn_over_a_longer_run_looks_at_its_last_year() -> None:
    events = [order(0, 300), order(0, 340), order(1, 340)]
    observed = run(events, start=population(2), days=730)
    assert value(observed, "churn_rate_365d") == 1
    assert value(observed, "lapse_rate_365d") == 1


def test_silent_customers_who_come_back() -> None:
    start = established(3, last=-60)  # all silent since day 30
    observed = run([order(0, 200), order(1, 211)], start=start)
    assert value(observed, "comeback_share_180d") == 1 / 3


def test_survival_counts_a_lasting_silence_as_the_end() -> None:
    # 0 falls silent on day 90, 1 stays to the end, 2 is censored by graduation on day 50.
    events = [order(0, 0), *[order(1, d) for d in range(0, 365, 60)], order(2, 0)]
    events += [event(2, 50, graduated=1)]
    end = population(3)
    end["family"][2] = 1
    assert value(run(events, start=population(3), end=end), "customer_survival_180d") == 1 / 2


def test_graduated_households_count_until_they_leave() -> None:
    end = population(2)
    end["family"][0] = 1
    events = [order(0, 10), order(0, 20), event(0, 30, graduated=1), order(0, 40, family=1)]
    observed = run(events, start=population(2), end=end)
    # Two customers in one place: the family that left had two orders, its successor one.
    assert value(observed, "customers") == 2
    assert value(observed, "repurchase_rate_365d") == 1 / 2
    assert household_table(observed)["orders"].tolist() == [2, 0, 1]


def test_every_order_joins_to_one_family_of_the_table() -> None:
    start, end = population(3, family=[0, 255, 7]), population(3, family=[2, 0, 7])
    end["persona"], end["cohort"] = 2, 1
    events = [
        order(0, 10),
        event(0, 30, graduated=1),
        order(0, 40, family=1),
        order(0, 50, family=1),
    ]
    events += [event(0, 300, family=1, graduated=1), order(0, 340, family=2, by_koc=1)]
    events += [order(1, 1, family=255), event(1, 9, family=255, graduated=1)]
    events += [order(1, 10, 700), order(1, -5, family=255), order(2, 3, family=7)]
    observed = run(events, start=start, end=end)
    table, log = household_table(observed), order_log(observed)
    assert table[["household", "family"]].to_numpy().tolist() == [
        [0, 0], [1, 255], [2, 7], [0, 1], [1, 0], [0, 2],
    ]  # fmt: skip
    joined = log.merge(table, on=["household", "family"], validate="many_to_one")
    assert len(joined) == len(log) == 7
    late = table.set_index(["household", "family"])
    assert late["orders"].tolist() == [1, 1, 1, 2, 1, 1]
    assert late.loc[(1, 0), "spending_yuan"] == 700
    assert late.loc[(0, 2), ["first_order_day", "way"]].tolist() == [340, "koc"]
    # Who came and went has no census; who they were is not made up from the next in the place.
    assert late.loc[(0, 1), ["persona", "cohort"]].isna().all()
    assert late.loc[(0, 2), ["persona", "cohort", "stage"]].tolist() == [
        "shopping", "early_1990s", "pregnancy",
    ]  # fmt: skip
    nobody = float("nan")
    np.testing.assert_array_equal(late["entered_day"], [nobody, nobody, nobody, 31, 10, 301])
    np.testing.assert_array_equal(late["left_day"], [30, 9, nobody, 300, nobody, nobody])
    assert of_day_0(table).index.tolist() == [0, 1, 2]


def test_orders_of_families_gone_before_the_run_do_not_count() -> None:
    start = population(1, family=3)
    observed = run([order(0, -20, family=2), order(0, 5, family=3)], start=start)
    assert value(observed, "orders") == 1
    assert value(observed, "new_customers") == 1


def test_family_numbers_may_wrap_around() -> None:
    start, end = population(1, family=255), population(1, family=0)
    events = [order(0, 1, family=255), event(0, 5, family=255, graduated=1), order(0, 9, family=0)]
    assert value(run(events, start=start, end=end), "customers") == 2


def test_active_members() -> None:
    end = population(4, group=[0, 0, 1, -1], last_reaction_day=[335, 334, -NEVER, 364])
    observed = run([], start=population(4), end=end)
    assert value(observed, "community_active_share") == 1 / 3
    assert value(observed, "community_share") == 3 / 4


def test_posts_and_stickiness_of_the_last_thirty_days() -> None:
    end = population(2, group=[0, 0])
    events = [
        event(0, 340, group=0, reacted=1, story_posts=2),
        event(0, 350, group=0, reacted=1, help_posts=1),
        event(1, 350, group=0, reacted=1),
        event(1, 300, group=0, reacted=1, story_posts=9),
    ]
    observed = run(events, start=population(2), end=end)
    assert value(observed, "posts_per_member_30d") == 3 / 2
    assert value(observed, "community_dau_mau") == pytest.approx(3 / 30 / 2)


def test_group_life_by_kaplan_meier_with_late_entry() -> None:
    groups = np.zeros(4, GROUP_RECORD)
    groups["founded_day"] = [0, 0, 0, -100]
    groups["silent_day"] = [20, 40, NEVER, -50]  # the last was silent before anybody watched
    groups["closed_day"] = NEVER
    observed = run([], groups=groups)
    assert value(observed, "group_life_median") == 40
    assert value(observed, "group_silent_share") == 3 / 4


def test_quiet_chats_are_those_alive_on_the_day_with_few_messages() -> None:
    groups = np.zeros(6, GROUP_RECORD)
    groups["silent_day"] = groups["closed_day"] = NEVER
    groups["members"], groups["posts_today"] = 30, [4, 5, 3, 0, 0, 0]
    groups["silent_day"][2] = 100  # silent, and yet there: promotions go on
    groups["closed_day"][3] = 200  # the rest is not alive: closed, empty, not founded
    groups["members"][4] = 0
    groups["founded_day"][5] = NEVER
    observed = run([], groups=groups)
    assert value(observed, "group_quiet_share") == 2 / 3
    assert value(observed, "group_silent_share") == 1 / 5, "which is another question"
    assert np.isnan(value(run([]), "group_quiet_share"))


def test_conversion_is_of_visits_that_a_chat_led_to() -> None:
    events = [
        order(0, 10, group=1, looked=1, from_chat=CHAT_TO_SHOP),
        event(0, 20, group=1, looked=1, from_chat=CHAT_TO_SHOP),
        event(0, 22, group=1, looked=1, from_chat=READ_CHAT),  # read, and no more
        order(0, 21, group=1),  # ordered without a visit
        order(1, 10, group=1, looked=1),  # nothing was new in the chat
        order(2, 10, group=1, looked=1, from_chat=CHAT_TO_SHOP, unfilled=1),
        event(3, 10, group=1, looked=1, from_chat=CHAT_TO_SHOP),
    ]
    assert value(run(events), "community_visit_conversion") == 1 / 4
    assert np.isnan(value(run([order(0, 1, group=1)]), "community_visit_conversion"))


def test_reasons_of_leaving_add_up() -> None:
    start = population(2, group=0)
    worthless, privacy = REASONS.index("worthless"), REASONS.index("privacy")
    events = [event(0, 5, left_group=worthless), event(1, 9, left_group=privacy)]
    observed = run(events, start=start, end=population(2))
    expected = pytest.approx(1 / ((5 + 9) / 30))  # one leaving each, in fourteen member-days
    assert value(observed, "group_leaving_hazard_worthless") == expected
    assert value(observed, "group_leaving_hazard_privacy") == expected
    assert value(observed, "group_leaving_hazard_silence") == 0


def test_only_who_is_in_the_private_domain_is_at_risk_of_leaving_it() -> None:
    start = population(4, subscribed=1)  # customers get messages wherever they ordered
    start["in_private_domain"][:2] = 1
    end = population(4, subscribed=1)
    why = REASONS.index("privacy")
    inside = {"in_private_domain": 1, "subscribed": 1}
    events = [event(h, 9, left_private=why, **inside) for h in (0, 1)]
    events.append(event(2, 9, unsubscribed=why, subscribed=1))  # never was in it
    observed = run(events, start=start, end=end)
    hazard = value(observed, "private_leaving_hazard_privacy")
    assert hazard == pytest.approx(2 / ((9 + 9) / 30))
    assert value(observed, "unsubscription_hazard_privacy") == 0.0
    # Leavings over time there, as the length of membership is time there over leavings.
    assert value(observed, "private_membership_months") == pytest.approx(1 / hazard)


def test_a_membership_ends_with_the_private_domain_or_with_its_messages() -> None:
    start = population(4, subscribed=[1, 1, 1, 0], in_private_domain=1)
    end = population(4, subscribed=[0, 1, 1, 0], in_private_domain=[1, 0, 1, 1])
    inside = {"in_private_domain": 1, "subscribed": 1}
    both = {"left_private": REASONS.index("privacy"), "unsubscribed": REASONS.index("overload")}
    observed = run(
        [
            event(0, 60, unsubscribed=both["unsubscribed"], **inside),  # mutes, and stays
            event(1, 30, **both, **inside),  # one end, not two
        ],
        start=start,
        end=end,
        days=120,
    )
    # With its messages they were there 60, 30 and 120 days; the fourth had muted them long ago.
    assert value(observed, "private_membership_months") == pytest.approx((2 + 1 + 4) / 2)
    # In it they were 120, 30, 120 and 120 days: one left it, two stopped its messages.
    months = 4 + 1 + 4 + 4
    assert value(observed, "private_leaving_hazard_privacy") == pytest.approx(1 / months)
    assert value(observed, "unsubscription_hazard_overload") == pytest.approx(2 / months)


def test_whoever_comes_and_goes_is_a_member_only_in_between() -> None:
    inside = {"in_private_domain": 1, "subscribed": 1}
    events = [
        event(0, 30, entered_private_domain=1),
        event(0, 90, left_private=REASONS.index("distrust"), **inside),
        event(1, 60, graduated=1, **inside),  # no leaving
    ]
    start = population(2, in_private_domain=[0, 1], subscribed=[0, 1])
    end = population(2, subscribed=[1, 0], family=[0, 1])
    observed = run(events, start=start, end=end, days=120)
    assert value(observed, "private_membership_months") == pytest.approx((2 + 2) / 1)


@pytest.mark.parametrize("days", [100, 400])  # the measurement year is the run, or its end
def test_months_of_membership_are_its_evenings(days: int) -> None:
    busy = ["population.households=2000", "run.warmup_days=60", f"run.days={days}"]
    book = Book(observe(load("integrated", busy), 3, warm_start=False))
    for months, stock in ((chat_months, "members"), (private_months, "private_domain")):
        evenings = 30 * months(book)
        assert evenings.min() > -1e-6
        assert evenings.max() <= book.days - book.first
        assert evenings.sum() == pytest.approx(book.observed.daily[stock][book.first :].sum())


def ledger(**columns: int) -> np.ndarray:
    daily = np.zeros(365, [("day", "i8"), *((name, "i8") for name in columns)])
    daily["day"] = np.arange(365)
    for name, amount in columns.items():
        daily[name][100] = amount
    return daily


def test_money() -> None:
    paid = {"cost_acquisition": 3000, "cost_points_fen": 2000, "operations_commission_fen": 1000}
    daily = ledger(**paid, discount_points=700, customers=75)  # 75 customer-days: 2.5 months
    observed = run([order(0, 10, 100), order(1, 20, 100, store=0, paid_fen=8000)], daily=daily)
    assert value(observed, "revenue_yuan") == 180
    assert value(observed, "gross_margin_yuan") == pytest.approx(180 - 140)
    assert value(observed, "average_order_value_yuan") == 90
    assert value(observed, "private_domain_sales_share") == 80 / 180
    assert value(observed, "cost_points_yuan") == 20
    assert value(observed, "lever_cost_yuan") == 50
    assert value(observed, "contribution_yuan") == pytest.approx(40 - 50 - 10)
    assert value(observed, "spend_yuan") == 57
    assert value(observed, "return_on_spend") == pytest.approx(-20 / 57)
    assert value(observed, "acquisition_cost_yuan") == 15
    assert value(observed, "spend_per_customer_month_yuan") == pytest.approx(57 / 2.5)
    assert value(observed, "spend_per_customer_yuan") == 57 / 2  # of the year, not of all times
    assert value(observed, "lever_cost_per_customer_yuan") == 50 / 2
    assert value(observed, "contribution_per_customer_month_yuan") == pytest.approx(-8)
    assert daily_table(observed)["discount_points_yuan"].sum() == 7


def test_lifetime_value_of_a_customer_without_discount() -> None:
    # Won on day 0, thirty yuan of margin every thirty days: twelve months are worth 360.
    observed = run(
        [order(h, 30 * m, 100) for h in range(40) for m in range(12)],
        households=40,
        discount_rate_per_year=0.0,
    )
    assert value(observed, "lifetime_value_12m_yuan") == pytest.approx(360)
    assert value(observed, "lifetime_value_36m_yuan") > 360


def test_points() -> None:
    events = [order(0, 1, points_issued=100), order(0, 9, points_redeemed=40, points_issued=20)]
    events += [event(0, 50, points_expired=10)]
    observed = run(events)
    assert value(observed, "points_issued") == 120
    assert value(observed, "points_expired") == 10
    assert value(observed, "points_redemption_rate") == pytest.approx(40 / 120)


def test_feelings_are_those_of_customers() -> None:
    end = population(4, orders=[1, 2, 1, 0], trust=[0.2, 0.4, 0.6, 1.0])
    end["satisfaction"] = [0.9, 0.7, 0.5, 0.9]
    events = [order(h, 5) for h in range(3)]
    observed = run(events, start=population(4), end=end)
    assert value(observed, "trust_mean") == pytest.approx(0.4)
    assert value(observed, "trust_sd") == pytest.approx(np.std([0.2, 0.4, 0.6]))
    assert value(observed, "net_promoter_balance") == pytest.approx(0.0)


def test_funnel_steps_follow_one_another() -> None:
    end = population(
        4,
        last_met_day=[300, 300, 300, -NEVER],
        orders=[2, 1, 0, 5],
        in_private_domain=[1, 1, 1, 1],
        loyalty_member=[1, 0, 1, 1],
    )
    observed = run([], start=population(4), end=end)
    steps = ("touch", "first_order", "landing", "tiering", "repurchase")
    shares = [value(observed, f"funnel_{step}_share") for step in steps]
    assert shares == [3 / 4, 2 / 3, 1, 1 / 2, 1]


def test_tiers() -> None:
    end = population(3, loyalty_member=[1, 1, 0], tier=[0, 2, 2], orders=1)
    observed = run([], start=population(3), end=end)
    assert value(observed, "tier_share_gold") == 1 / 2
    assert value(observed, "loyalty_share") == pytest.approx(2 / 3)


def test_segments_are_those_of_day_zero() -> None:
    start = population(3, birth_day=[10, -100, -2000], region=[0, 1, 1], orders=[1, 0, 1])
    start["in_private_domain"] = [1, 0, 0]
    start["group"] = [3, -1, -1]
    start["loyalty_member"], start["tier"] = [1, 0, 0], [2, 0, 0]
    observed = run([order(0, 5), order(0, 9), order(2, 5)], start=start)
    name = "repurchase_rate_365d"
    assert value(observed, name, "stage", "pregnancy") == 1
    assert value(observed, name, "stage", "preschool") == 0
    assert np.isnan(value(observed, name, "stage", "newborn"))
    assert value(observed, name, "region", "East") == 1
    assert value(observed, name, "channel", "private_domain") == 1
    assert value(observed, name, "channel", "public_only") == 0
    assert value(observed, name, "tier", "gold") == 1
    assert value(observed, name, "membership", "both") == 1


def test_tables_by_day_and_month() -> None:
    observed = run(FIVE, daily=ledger(cost_points=500, trust_sum=7))
    daily = daily_table(observed)
    assert len(daily) == 365
    assert daily["orders"].sum() == 7
    assert daily["revenue_yuan"].sum() == 800
    assert daily.loc[100, "cost_points_yuan"] == 5
    assert daily.loc[100, "trust_sum"] == 7
    assert daily["new_customers"].sum() == 4
    monthly = monthly_table(observed)
    assert monthly["month"].tolist() == list(range(12))
    assert monthly.loc[0, "orders"] == 2
    assert monthly.loc[0, "repurchase_rate_30d"] == 1 / 2
    assert np.isnan(monthly.loc[11, "repurchase_rate_30d"])
    assert monthly.loc[1, "average_order_value_yuan"] == 125


def test_order_log_is_readable() -> None:
    packs = np.zeros(8)
    packs[DIAPERS] = 2
    log = order_log(run([order(1, 7, 120, store=0, cause=4, packs=packs, unfilled=1), *FIVE]))
    assert len(log) == 8
    assert log["day"].is_monotonic_increasing
    first = log.iloc[0]
    assert (first["channel"], first["cause"], first["packs_diapers"]) == ("private", "festival", 2)


def test_retention_of_cohorts() -> None:
    table = retention_table(run(FIVE)).set_index(["cohort_month", "months_since"])
    assert table.loc[(0, 0), "customers"] == 2
    assert table.loc[(0, 1), "share"] == 1 / 2  # customer 1 again 35 days after the first order
    assert table.loc[(0, 9), "share"] == 1 / 2  # customer 0, 290 days after


def test_every_indicator_says_its_denominator_and_is_measured_once() -> None:
    observed = run(FIVE, daily=ledger(cost_points=1))
    for item in indicators_of(observed):
        assert item.numerator
        assert item.denominator
        assert item.unit
    table = summarise(observed)
    assert not table.duplicated(["indicator", "by", "segment"]).any()
    assert isinstance(table["indicator"].dtype, pd.CategoricalDtype)


def test_a_run_without_any_event_is_no_error() -> None:
    table = summarise(run([]))
    whole = table[table["by"] == "all"].set_index("indicator")["value"]
    assert whole["orders"] == 0
    assert np.isnan(whole["repurchase_rate_365d"])
    monthly_table(run([]))
    retention_table(run([]))
    order_log(run([]))


def test_the_order_of_events_does_not_matter() -> None:
    one, other = summarise(run(FIVE)), summarise(run(FIVE[::-1]))
    pd.testing.assert_frame_equal(one, other)


def test_a_book_is_read_once_for_all_tables() -> None:
    book = Book(run(FIVE))
    assert book.orders is book.orders
    pd.testing.assert_frame_equal(summarise(book), summarise(run(FIVE)))
