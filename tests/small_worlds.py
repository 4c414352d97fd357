"""Tiny runs written down by hand, and random ones of any size, for tests of what is measured."""

from typing import Any

import numpy as np

from sim.indicators import Observed
from sim.world.communities import GROUP_RECORD
from sim.world.events import EVENT
from sim.world.household import CATEGORIES, HOUSEHOLD, NEVER

REGIONS = ("East", "Central-West", "County")


def population(count: int, **fields: Any) -> np.ndarray:
    """Households who never bought, with a child born on day 0; `fields` says what differs."""
    households = np.zeros(count, HOUSEHOLD)
    for name in ("first_order_day",):
        households[name] = NEVER
    never = ("last_order_day", "previous_order_day", "last_look_day", "last_met_day")
    for name in (*never, "last_reaction_day"):
        households[name] = -NEVER
    households["group"] = -1
    households["subscribed"] = 1
    households["toilet_training_days"] = 900
    for name, values in fields.items():
        households[name] = values
    return households


def event(household: int, day: int, **fields: Any) -> np.void:
    """One event record, not an order unless `fields` says so."""
    row = np.zeros(1, EVENT)
    row["household"], row["day"], row["store"], row["group"] = household, day, -1, -1
    for name, value in fields.items():
        row[name] = value
    return row[0]


def order(household: int, day: int, yuan: float = 100, **fields: Any) -> np.void:
    """An order with the operator, public channel unless said otherwise, 70% goods cost."""
    fen = round(yuan * 100)
    told = {"list_fen": fen, "paid_fen": fen, "goods_cost_fen": round(fen * 0.7), "store": 1}
    return event(household, day, **(told | fields))


def run(
    events: list[np.void],
    households: int = 5,
    days: int = 365,
    start: np.ndarray | None = None,
    end: np.ndarray | None = None,
    **fields: Any,
) -> Observed:
    """A run of these events; orders are added up into the end's record unless it is given."""
    start = population(households) if start is None else start
    rows = np.array(events, EVENT) if events else np.zeros(0, EVENT)
    if end is None:
        end = start.copy()
        for row in np.sort(rows, order="day"):
            if row["list_fen"] > 0 and row["store"] in (0, 1) and not row["unfilled"]:
                home = end[row["household"]]
                home["orders"] += 1
                home["first_order_day"] = min(home["first_order_day"], row["day"])
                home["last_order_day"] = row["day"]
    told: dict[str, Any] = {
        "daily": np.zeros(days, [("day", "i8")]),
        "groups": np.zeros(0, GROUP_RECORD),
        "regions": REGIONS,
    }
    told["daily"]["day"] = np.arange(days)
    return Observed(events=rows, start=start, end=end, days=days, **(told | fields))


def random_run(households: int, events: int, seed: int = 0, days: int = 365) -> Observed:
    """A run in which everything is drawn at random: for sums and bounds, not for levels."""
    luck = np.random.default_rng(seed)
    start = population(households)
    start["birth_day"] = -luck.integers(-280, 2190, households)
    start["orders"] = luck.integers(0, 4, households)
    bought = start["orders"] > 0
    start["last_order_day"][bought] = -luck.integers(1, 180, int(bought.sum()))
    start["first_order_day"][bought] = start["last_order_day"][bought]
    more = bought & (start["orders"] > 1)
    start["first_order_day"][more] -= luck.integers(1, 100, int(more.sum())).astype("i2")
    for name, kinds in (("region", 3), ("persona", 3), ("cohort", 4), ("feeding", 3)):
        start[name] = luck.integers(0, kinds, households)
    for name in ("in_private_domain", "loyalty_member", "subscribed"):
        start[name] = luck.integers(0, 2, households)
    start["tier"] = luck.integers(0, 4, households)
    start["group"] = luck.integers(-5, 20, households).clip(-1)

    rows = np.zeros(events, EVENT)
    rows["household"] = luck.integers(0, households, events)
    rows["day"] = luck.integers(0, days, events)
    rows = rows[np.unique(rows[["household", "day"]], return_index=True)[1]]
    count = len(rows)
    rows["store"] = luck.integers(-1, 5, count)
    mine = (rows["store"] == 0) | (rows["store"] == 1)
    rows["list_fen"] = np.where(mine, luck.integers(1000, 90000, count), 0)
    rows["paid_fen"] = rows["list_fen"] * 9 // 10
    rows["goods_cost_fen"] = rows["list_fen"] * 6 // 10
    rows["packs"] = luck.integers(0, 2, (count, len(CATEGORIES))) * mine[:, None]
    rows["unfilled"] = mine & (luck.random(count) < 0.02)
    rows["group"] = start["group"][rows["household"]]
    rows["reacted"] = luck.random(count) < 0.3
    rows["story_posts"] = luck.random(count) < 0.1
    rows["from_chat"] = (rows["group"] >= 0) & (rows["day"] % 3 == 0)
    rows["points_issued"] = rows["paid_fen"] // 100
    rows["points_redeemed"] = rows["points_issued"] // 2
    rows["left_group"] = np.where(luck.random(count) < 0.02, luck.integers(1, 8, count), 0)
    rows["unsubscribed"] = np.where(luck.random(count) < 0.02, luck.integers(1, 8, count), 0)
    rows["in_private_domain"] = start["in_private_domain"][rows["household"]]
    rows["subscribed"] = start["subscribed"][rows["household"]]
    own = np.random.default_rng(seed + 1)  # of what came later, so that all else stays as it was
    rows["left_private"] = np.where(own.random(count) < 0.02, own.integers(1, 8, count), 0)
    # Some places change family once: their later event records are those of the next one.
    leaving = luck.random(households) < 0.1
    left_day = np.where(leaving, luck.integers(1, days, households), NEVER)
    rows["family"] = rows["day"] > left_day[rows["household"]]
    gone = np.array([event(h, left_day[h], graduated=1) for h in np.flatnonzero(leaving)], EVENT)
    rows = rows[rows["day"] != left_day[rows["household"]]]

    end = start.copy()
    end["family"] = leaving
    end["orders"][leaving] = 0
    for name in ("trust", "satisfaction", "engagement"):
        end[name] = luck.random(households)
    end["last_reaction_day"] = luck.integers(0, days, households)
    end["last_look_day"] = end["last_met_day"] = luck.integers(0, days, households)
    filled = rows[(rows["list_fen"] > 0) & (rows["unfilled"] == 0)]
    filled = filled[filled["family"] == end["family"][filled["household"]]]
    end["orders"] += np.bincount(filled["household"], minlength=households).astype("u2")
    daily = np.zeros(days, [("day", "i8"), ("cost_points", "i8"), ("member_visits", "i8")])
    daily["day"], daily["cost_points"], daily["member_visits"] = np.arange(days), 1000, 500
    groups = np.zeros(20, GROUP_RECORD)
    groups["founded_day"] = luck.integers(-60, 300, 20)
    groups["silent_day"] = groups["founded_day"] + luck.integers(10, 90, 20)
    groups["closed_day"] = NEVER
    groups["posts_today"] = np.arange(20) % 9
    return Observed(
        events=np.concatenate([rows, gone]),
        start=start,
        end=end,
        daily=daily,
        groups=groups,
        days=days,
        regions=REGIONS,
        use_per_day=np.ones((len(CATEGORIES), 3, 84)),
    )
