"""Nothing is lost and nothing comes from nowhere, on any day, with everything on.

Each sum is reckoned twice: from the population before and after the day, and from what the
operator's books say. A graduated family takes its orders, spending and points with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from sim.agents.model import RepurchaseModel
from sim.world.catalogue import age_month
from sim.world.household import NEVER
from tests.whole_worlds import begun, eventful

DAYS = 120
NEED, DEAL, REMINDER, FESTIVAL = 0, 1, 3, 4  # causes of orders


@dataclass
class Day:
    """One day, from both sides."""

    before: np.ndarray  # households in the morning
    operations_before: Any
    model: RepurchaseModel

    @property
    def after(self) -> np.ndarray:
        return np.asarray(self.model.households)

    @property
    def operations(self) -> Any:
        return self.model.operations_state[0]

    @property
    def events(self) -> np.ndarray:
        return self.model.events[-1]

    @property
    def orders(self) -> np.ndarray:
        return self.events[self.events["list_fen"] > 0]

    @property
    def row(self) -> Any:
        return self.model.daily[-1]

    @property
    def graduated(self) -> np.ndarray:
        return self.events["household"][self.events["graduated"] > 0]

    def gained(self, field: str) -> int:
        """What the population gained; what graduates had does not count as lost."""
        now, then = self.after[field].astype(np.int64), self.before[field].astype(np.int64)
        return int(now.sum() - then.sum() + then[self.graduated].sum())

    def gained_house(self, field: str) -> int:
        return int(np.sum(self.operations[field]) - np.sum(self.operations_before[field]))


def goods(day: Day) -> None:
    operations = day.operations
    assert (
        operations.first_stock + operations.received - operations.sold == operations.on_hand
    ).all()
    assert (operations.arriving >= 0).all()
    assert day.gained_house("sold") == day.orders["packs"].sum(dtype=np.int64)


def tickets(day: Day) -> None:
    assert day.operations.tickets == day.operations.served + day.operations.queue
    assert day.operations.queue >= 0
    raised = int((day.events["ticket"] > 0).sum())
    again = int((day.events["ticket"] == 2).sum())
    assert day.gained_house("tickets") == raised + again
    assert (day.row["tickets"], day.row["unsolved_tickets"]) == (raised, again)
    assert raised <= day.row["defects"] == day.events["defect"].sum(dtype=np.int64)


def orders(day: Day) -> None:
    count = len(day.orders)
    assert np.isin(day.orders["store"], (0, 1)).all()
    assert (day.orders["packs"].sum(axis=1) > 0).all(), "an order of nothing"
    assert count == day.row["orders"] == day.gained("orders")
    assert count == day.model.buffers.all_counters["orders_at"].sum(axis=0)[:2].sum()
    assert day.row["new_customers"] == day.orders["first_order"].sum(dtype=np.int64)
    assert day.operations.customers == (day.after["orders"] > 0).sum()


def money(day: Day) -> None:
    paid = int(day.orders["paid_fen"].sum(dtype=np.int64))
    assert paid == day.row["revenue_fen"] == day.gained("spending_fen")
    assert (day.orders["paid_fen"] >= 0).all()
    assert (day.orders["paid_fen"] <= day.orders["list_fen"]).all()
    booked = sum(int(day.row[name]) for name in day.row.dtype.names if name.startswith("discount_"))
    given = int(day.row["list_fen"]) - paid
    assert given == booked, "price given up that no lever answers for, or more than one"


def fees(day: Day) -> None:
    """Whoever pays a fee is a member for a year, and the operator has the money."""
    own = day.model.config.operator.paid_membership
    paid = day.events[day.events["paid_fee"] > 0]
    assert day.row["fees_fen"] == len(paid) * int(own.fee_yuan * 100)
    assert (paid["list_fen"] > 0).all(), "it is paid at an order"
    until = np.asarray(day.model.world.states.paid_membership["until_day"])
    stayed = paid["household"][paid["graduated"] == 0]
    assert (until[stayed] > day.model.day - 1 + 365).all()
    assert day.row["paid_membership_members"] == (until > day.model.day - 1).sum()


def points(day: Day) -> None:
    held = day.after["points_new"].astype(np.int64) + day.after["points_old"]
    then = day.before["points_new"].astype(np.int64) + day.before["points_old"]
    assert (held >= 0).all()
    issued, redeemed, expired = (
        int(day.events[f"points_{what}"].sum(dtype=np.int64))
        for what in ("issued", "redeemed", "expired")
    )
    row = day.row
    assert (row["points_issued"], row["points_redeemed"], row["points_expired"]) == (
        issued,
        redeemed,
        expired,
    )
    assert held.sum() - then.sum() == issued - redeemed - expired


def _coupon_days(model: RepurchaseModel) -> list[np.ndarray]:
    """When other levers last sent each household a coupon."""
    kept = model.world.states
    return [
        np.asarray(own["coupon_day"])
        for name in kept._fields
        if "coupon_day" in ((own := getattr(kept, name)).dtype.names or ())
    ]


def coupons(day: Day) -> None:
    """A coupon is spent where it is what lowers the price, and kept elsewhere."""
    today = day.model.day - 1
    held = (day.before["coupon_until"] >= today) & (day.before["coupon_percent"] > 0)
    paid_with = day.orders[day.orders["coupon_fen"] > 0]
    spent = paid_with["household"]
    yuan_each = day.model.config.operator.coupons.yuan_per_coupon
    sent = round(float(day.row["cost_coupons"]) / (100 * yuan_each))
    sent += sum(int((own == today).sum()) for own in _coupon_days(day.model))
    sent += int(day.row["referral_rewarded"])  # and earned by whoever invited a friend
    assert (~held[spent]).sum() <= sent, "in hand since yesterday or this morning"
    assert (day.after["coupon_percent"][spent] == 0).all()
    assert (day.after["coupon_until"][spent] == today).all(), "the wait for the next one"
    assert (paid_with["list_fen"] - paid_with["paid_fen"] >= paid_with["coupon_fen"]).all()
    today_cuts = day.model.world.today[0]
    sale = np.array([today_cuts.cut_private, today_cuts.cut_public])[paid_with["store"]]
    assert (paid_with["coupon_fen"] >= (paid_with["list_fen"] * sale).astype(np.int64)).all()
    for_deal = paid_with[np.isin(paid_with["cause"], (DEAL, FESTIVAL))]
    by_points = for_deal["points_redeemed"] * day.model.config.operator.points.yuan_per_point * 100
    given = for_deal["list_fen"] - for_deal["paid_fen"] - by_points
    assert (given > for_deal["list_fen"] * today_cuts.deal_cut + 1).all(), "the deal gave as much"
    kept = held.copy()
    kept[spent] = kept[day.graduated] = False
    deeper = day.after["coupon_percent"][kept] > day.before["coupon_percent"][kept]
    assert (deeper | (day.after["coupon_until"][kept] >= day.before["coupon_until"][kept])).all()
    newer = (day.after["coupon_until"][kept] != day.before["coupon_until"][kept]).sum()
    assert newer + (~held[spent]).sum() <= sent


def reminders(day: Day) -> None:
    """A reminder is set for those only who let the operator use their orders for it."""
    planned = day.after["reminder_day"] != day.before["reminder_day"]
    planned[day.graduated] = False
    assert (day.after["consent"][planned] > 0).all()


def members(day: Day) -> None:
    row, after = day.row, day.after
    founded = int(day.model.newest_groups[0, -1])
    in_chat = np.bincount(after["group"][after["group"] >= 0], minlength=founded)
    groups = day.model.world.groups[:founded]
    assert (groups["members"] == in_chat).all()
    assert (groups["joined"] <= int(day.model.world.levers.community.size_cap)).all()
    assert row["members"] == in_chat.sum()
    was_in = int((day.before["group"] >= 0).sum())
    assert in_chat.sum() - was_in == row["joined_groups"] - row["left_groups"]
    assert (after["in_private_domain"][after["group"] >= 0] == 1).all()


def private_domain(day: Day) -> None:
    row = day.row
    entered = row["entered_private_domain"] - row["left_private_domain"]
    assert day.gained("in_private_domain") == entered
    left = day.events[day.events["left_private"] > 0]
    assert row["left_private_domain"] == len(left)
    assert (day.after["in_private_domain"][left["household"]] == 0).all()
    was_in = left["in_private_domain"] + left["entered_private_domain"]
    assert (was_in > 0).all(), "left what it was not in"
    assert row["private_domain"] == day.after["in_private_domain"].sum()
    assert day.gained("loyalty_member") == row["enrolled"]
    assert row["loyalty_members"] == day.after["loyalty_member"].sum()


def subscriptions(day: Day) -> None:
    """Messages begin with the first order or on entering, and end where they are stopped."""
    events, before = day.events, day.before["subscribed"]
    assert (events["subscribed"] == before[events["household"]]).all()
    stopped = events["unsubscribed"] > 0
    assert day.row["unsubscribed"] == stopped.sum()
    assert (day.after["subscribed"][events["household"][stopped]] == 0).all()
    begun = ((events["first_order"] > 0) & (events["list_fen"] > 0)) | (
        events["entered_private_domain"] > 0
    )
    begun &= (events["subscribed"] == 0) & (events["graduated"] == 0)
    assert day.gained("subscribed") == begun.sum() - stopped.sum()


def exits(day: Day) -> None:
    """Whoever turns away was failed, ends its ties, and buys nothing until it may come back."""
    events, today = day.events, day.model.day - 1
    gone = events[events["exited"] > 0]
    assert day.row["exits"] == len(gone)
    assert (gone["defect"] > 0).all()
    assert (gone["ticket"] != 1).all(), "what was solved is no reason to go"
    for tie in ("in_private_domain", "subscribed"):
        assert (day.after[tie][gone["household"]] == 0).all()
    until = today + day.model.config.behaviour.judge.avoid_days
    # Whom a call about an earlier complaint reaches on that very day may forgive this one too.
    unforgiving = gone["household"][gone["after_sales_forgave"] == 0]
    assert (day.after["avoids_until"][unforgiving] == until).all()
    assert (day.after["avoids_until"][day.orders["household"]] <= today).all()


def reviews(day: Day) -> None:
    """Every review counts once, fades, and says what whoever wrote it thinks."""
    events, operations = day.events, day.operations
    told = events[events["reviewed"] > 0]
    assert day.row["reviews"] == len(told)
    said = told["opinion"].astype(np.int64) - 1
    assert ((said >= 0) & (said <= 100)).all()
    assert day.row["rating_points"] == said.sum()
    kept = 0.5 ** (1 / day.model.config.operator.operations.review_half_life_days)
    before = day.operations_before
    assert operations.reviews == pytest.approx(kept * before.reviews + len(told))
    assert operations.ratings == pytest.approx(kept * before.ratings + said.sum() / 100)
    assert 0 <= operations.ratings <= operations.reviews + 1e-9
    assert (day.before["arrival_day"][told["household"]] <= day.model.day - 1).all()


def opinions(day: Day) -> None:
    """What friends can hear is the newest that was said, of an order that was judged."""
    heard = day.model.world.opinions
    said = day.events[(day.events["opinion"] > 0) & (day.events["graduated"] == 0)]
    assert (heard[said["household"]] == said["opinion"]).all()
    assert (heard[day.graduated] == 0).all()
    assert (day.after["orders"][heard > 0] > 0).all()
    assert heard.max() <= 101


def stock(day: Day) -> None:
    """Stock moves by days bought alone, except where the child has outgrown a category."""
    model, today = day.model, day.model.day - 1
    by_stock = np.asarray(model.world.category["by_stock"]) > 0
    bought = day.events[day.events["store"] >= 0]
    lasts = (bought["packs"] > 0) & by_stock
    assert ((bought["days_bought"] > 0) == lasts).all(), "goods that last no day"
    then = day.before["covered_until"].astype(np.int64)
    now = day.after["covered_until"].astype(np.int64)
    moved = (now != then) & by_stock
    moved[day.graduated] = False
    here = np.zeros_like(moved)  # bought from the operator, perhaps for a deal's sake
    here[day.orders["household"]] = day.orders["days_bought"] > 0
    lasting = np.zeros(len(by_stock), np.int64)
    for place, category in np.argwhere(moved):
        parent, old, new = day.before[place], then[place, category], now[place, category]
        age = max(old, today) - parent["birth_day"]
        used = model.world.use_per_day[category, parent["feeding"], age_month(int(age))] > 0
        trained = category == 2 and age >= parent["toilet_training_days"]
        if here[place, category] or (used and not trained):
            assert new > old
            assert new == NEVER or new - max(old, today) <= 365
            lasting[category] += new - max(old, today)
        else:
            assert new > today
    bought = model.buffers.all_counters["days_bought"].sum(axis=0)
    assert lasting.tolist() == bought.tolist()


def meetings(day: Day) -> None:
    """Whoever visited, came, followed a deal or ordered has met the operator; others have not."""
    events, today = day.events, day.model.day - 1
    met = day.after["last_met_day"] == today
    stayed = events["graduated"] == 0
    dealt = events["looked"] + events["clicked"] > 0
    dealt |= (events["list_fen"] > 0) | (events["unfilled"] > 0)
    assert met[events["household"][dealt & stayed]].all()
    counters = day.row
    callers = ("distribution", "group_buying", "referral")
    by_friends = sum(counters[f"{lever}_looked_in"] for lever in callers)
    due = day.model.world.states.group_buying["due_day"] == today  # granted last night
    ways = counters["visits"] + counters["deal_visits"] + counters["recalled"]
    in_person = counters["stores_came"] + counters["care_had"]
    assert met.sum() <= ways + by_friends + due.sum() + in_person
    assert 0 < met.sum() < counters["awake"]


LAWS: tuple[Callable[[Day], None], ...] = (
    goods,
    tickets,
    orders,
    money,
    fees,
    points,
    coupons,
    reminders,
    meetings,
    members,
    private_domain,
    subscriptions,
    exits,
    reviews,
    opinions,
    stock,
)
NAMES = [law.__name__ for law in LAWS]


@pytest.fixture(scope="module")
def broken() -> dict[str, list[str]]:
    """By law, the days on which it did not hold."""
    as_deals = "operator.coupons.coupon_percent=20"  # so deep are advertised deals
    config = eventful(2000, "run.warmup_days=0", f"run.days={DAYS}", as_deals)
    model = begun(config)
    found: dict[str, list[str]] = {name: [] for name in NAMES}
    for number in range(DAYS):
        if number == 60:  # from here on money binds, so that levers are throttled
            model.operate(config.operator, 150.0)
        before, operations = np.array(model.households), model.operations_state[0].copy()
        model.step()
        for law in LAWS:
            try:
                law(Day(before, operations, model))
            except AssertionError as error:
                found[law.__name__].append(f"day {number}: {error}")
    happened = np.array(model.daily)
    for name in ("exits", "reviews", "left_private_domain", "unsubscribed", "left_groups"):
        assert happened[name].sum() > 20, f"{name}: too few to tell"
    return found


@pytest.mark.parametrize("law", NAMES)
def test_conserved_on_every_day(law: str, broken: dict[str, list[str]]) -> None:
    assert broken[law][:3] == []
