"""Repurchase prediction: coupons for those whom a model, trained on the operator's records, picks.

Every so many days boosted trees learn, from what the records said of each customer at the last
study, who has ordered since, and give every customer a chance to order until the next one
(`sim.operator.predicting`). Some days before what a customer bought should run out, those picked
are told so and get a coupon: those who would hardly come by themselves, since whoever comes anyway
takes the cut along. A risk to stay away is not yet one that a coupon changes (Ascarza 2018): set a
pick by lot beside it, of which it is counted who came, with a coupon and without. The model knows
orders, money, visits, what was bought and the child's age as it was told, and nothing of what a
parent feels.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.contacts import may_personalise, wake_in, write_letter
from sim.operator.contract import COUNT, DAY, FEN, FLAG, MOST_KEPT, State
from sim.operator.deals import gets_coupon, put_coupon, spends_coupon
from sim.operator.predicting import learn
from sim.operator.steps import ORDERED, REACHED
from sim.parameters.quantity import Choice, choice, quantity, switch
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.household import NEVER
from sim.world.protocols import Counters, EventRecord, Inbox, Parent
from sim.world.state import World

PICKS = ("unlikely", "likely", "by_lot")
UNLIKELY, LIKELY, BY_LOT = range(len(PICKS))
GOLDEN = (5.0**0.5 - 1.0) / 2.0  # multiples of it spread evenly over 0 to 1

SENTENCE = """
Every {{ refresh_days | count("day") }} boosted trees learn from the records who has ordered since
the last time, and predict who will
({{ yuan_per_month | number }} yuan a month per 10,000 customers). Of those whose stock should run
out before the next time
{%- if least_score %} and who will order with a chance of {{ least_score | percent }} and more
{%- endif %}, the {{ share | percent }}
{{ {"unlikely": "least likely to order", "likely": "likeliest to order", "by_lot": "drawn by lot"}
   [pick] }}
are sent a coupon of {{ coupon_percent }} percent, valid for {{ coupon_days | count("day") }},
and told of it {{ lead_days | count("day") }} before what they bought should run out
({{ yuan_per_message | number }} yuan a message, kept at hand for
{{ at_hand_days | count("day") }}),
{{ "if they consented to personal use of their data" if needs_consent
   else "whether they consented or not" }}.
"""
NAMES = {"en": "predicted coupons", "zh": "复购预测定向券"}
IN_CHINESE = {
    "refresh_days": "模型重训间隔天数",
    "share": "发券客户占比",
    "least_score": "低于该复购概率的客户不发券",
    "pick": "挑选方式",
    "lead_days": "预计用完前几天发券",
    "coupon_percent": "定向券的优惠幅度（%）",
    "coupon_days": "定向券有效天数",
    "at_hand_days": "消息可供查看的天数",
    "needs_consent": "仅限同意个性化使用数据的客户",
    "yuan_per_message": "每条消息的成本",
    "yuan_per_month": "每万名客户每月的模型与数据费用",
}
REACH = {
    "eligible": "a customer whom the model has scored",
    "reached": "was picked and sent a coupon",
    "ordered": "ordered with it",
}
REACH_IN_CHINESE = {
    "eligible": "已有模型评分的客户",
    "reached": "被选中并收到定向券",
    "ordered": "用定向券下单",
}
IDLE_WITHOUT = ("share",)
STUDIES_EVERY = "refresh_days"

# What the records say of a customer, today and as it was at the last study; of days that never
# change while somebody is known they say the same.
LASTING = (
    State("first_day", "day", "of the first order", DAY, -NEVER),
    State("birth_day", "day", "the child's", DAY, NEVER),
)
CHANGING = (
    State("orders", "orders", "that the records know, 0: nothing is known", COUNT),
    State("spent_fen", "fen", "paid with them", FEN),
    State("previous_day", "day", "of the last order but one", DAY, -NEVER),
    State("last_day", "day", "of the last order", DAY, -NEVER),
    State("visit_day", "day", "of the last visit", DAY, -NEVER),
    State("stock_end_day", "day", "the first of what was bought should run out", DAY, -NEVER),
)
OF_HOUSEHOLDS = (
    *LASTING,
    *CHANGING,
    *(
        each._replace(name=f"then_{each.name}", about=f"at the last study: {each.about}")
        for each in CHANGING
    ),
    State("scored", "0 or 1", "1: it has a chance to order until the next study", FLAG),
    State("reachable", "0 or 1", "1: it can be written to", FLAG),
    State("picked", "0 or 1", "1: is to get a coupon", FLAG),
    State("asked_day", "day", "a coupon falls due if it is picked, else never", DAY, -NEVER),
    State("coupon_day", "day", "a coupon was last sent", DAY, -NEVER),
)
OF_OPERATOR = (
    State("studied_day", "day", "of the last study", int, -NEVER),
    State("customers", "customers", "whom that study has learnt from", int),
    State("auc", "chance", "that trees rank whoever ordered before whoever did not"),
    State("auc_rfm", "chance", "the same of marks in recency, frequency and money"),
    State("auc_recency", "chance", "the same of the last order's day alone"),
    State("brier", "squared chance", "mean squared error of predicted chances"),
    State("accuracy", "share", "told rightly, of as many unseen who order as who do not"),
    State(
        "picks", "customers", "who were picked, and had not ordered before their day, so far", int
    ),
    State("picks_came", "customers", "of these, who ordered while a coupon was valid", int),
    State("others", "customers", "of whom the same holds, and who were not picked, so far", int),
    State("others_came", "customers", "of these, who ordered in as many days", int),
)


@dataclass
class Parameters(LeverParameters):
    """Predicted coupons; at part of its strength a part of those picked, by lot, is sent one."""

    refresh_days: int = quantity("days", "from one study to the next", 7, 365)
    pick: Choice = choice("who of the customers predicted gets a coupon", PICKS)
    share: float = quantity("share", "of customers picked", 0, 1)
    least_score: float = quantity("chance", "to order, below which nobody is picked", 0, 1)
    lead_days: int = quantity("days", "a coupon is sent before stock should run out", 0, 60)
    coupon_percent: int = quantity("percent", "price cut of a coupon", 1, 90)
    coupon_days: int = quantity("days", "a coupon is valid", 1, 365)
    at_hand_days: int = quantity("days", "its message stays at hand, as a reminder does", 1, 60)
    needs_consent: bool = switch("only with consent to personal use of data")
    yuan_per_message: float = quantity("yuan", "for sending one", 0, 10)
    yuan_per_month: float = quantity("yuan a month", "model and data, per 10,000 customers", 0, 1e6)


@compiled
def may_predict(parent: Parent, place: int, world: World) -> bool:
    """Whether the household's data may be used for a prediction."""
    return world.levers.prediction.needs_consent == 0 or may_personalise(parent, place, world)


@compiled
def due_day(kept: Any, own: Parameters) -> int:
    """Day on which a coupon falls due, if the household was picked."""
    return int(kept.stock_end_day - own.lead_days)


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Send whoever was picked a coupon before stock should run out, once for each time it does.

    The message says what runs out, and stays at hand for a while, as a reminder does.
    """
    own, kept = world.levers.prediction, world.states.prediction[place]
    if own.power <= 0.0 or not may_predict(parent, place, world):
        return
    if 0 <= day - kept.coupon_day < own.at_hand_days:
        inbox.reminder = 1.0
    if kept.picked == 0:
        return
    due = due_day(kept, own)
    reachable = parent.in_private_domain + parent.subscribed > 0
    if not reachable or kept.coupon_day >= due or not due <= day <= kept.stock_end_day:
        return
    if uniform(world.seed, HOUSEHOLD, place, due, own.purpose) < own.power:
        write_letter(inbox)
        put_coupon(inbox, own, own.coupon_percent, own.coupon_days)
        inbox.reminder = 1.0
        kept.coupon_day = day


@compiled
def charge(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """Pay for the message, answer for the coupon's cut; write the day into the records."""
    own, kept = world.levers.prediction, world.states.prediction[place]
    if kept.coupon_day == day:
        counters.cost_fen[own.line] += int(own.yuan_per_message * 100.0)
    if spends_coupon(parent, event, own):
        counters.discount_fen[own.line] += event.coupon_fen
    if parent.orders == 0 or not may_predict(parent, place, world):
        forget(kept)
        return
    remember(parent, event, day, kept)
    if own.power > 0.0 and kept.picked > 0:
        wake_in(inbox, due_day(kept, own) - day)


@compiled
def remember(parent: Parent, event: EventRecord, day: int, kept: Any) -> None:
    """What an operator's records say of a customer when the day is over."""
    kept.orders = min(parent.orders, MOST_KEPT)
    kept.spent_fen = min(parent.spending_fen, FEN.most)
    kept.first_day = parent.first_order_day
    kept.previous_day = parent.previous_order_day
    kept.last_day = parent.last_order_day
    kept.visit_day = parent.last_look_day
    kept.birth_day = parent.birth_day
    kept.reachable = 1 if parent.in_private_domain + parent.subscribed > 0 else 0
    if event.list_fen > 0 and event.unfilled == 0:
        first_end = NEVER
        for category in range(len(event.days_bought)):
            if event.days_bought[category] > 0:
                first_end = min(first_end, event.days_bought[category])
        kept.stock_end_day = day + first_end if first_end < NEVER else -NEVER


@compiled
def forget(kept: Any) -> None:
    """Who may not be predicted is not known either, nor was before."""
    kept.orders = kept.then_orders = kept.scored = kept.picked = 0
    kept.asked_day = -NEVER
    kept.stock_end_day = -NEVER


def known(kept: Any, day: int, when: str = "") -> NDArray[np.float64]:
    """What the records say of every household in the morning of a day, as `learn` takes it.

    Parameters
    ----------
    kept
        `OF_HOUSEHOLDS`, shape (households,).
    day
        The day.
    when
        "then_" for what they said on the day of the last study, if `day` is that.

    Returns
    -------
    ndarray
        Shape (households, 8): days since the last order, orders, yuan paid, days between the last
        two orders, since the first order and since the last visit, until what was bought should
        run out, and of the child's age. NaN is not known, a row of NaN no customer.
    """
    said = {each.name: kept[each.name].astype(np.float64) for each in LASTING}
    said |= {each.name: kept[when + each.name].astype(np.float64) for each in CHANGING}
    born = said["birth_day"] < NEVER
    ever = said["visit_day"] > -NEVER
    again = said["previous_day"] > -NEVER
    bought = said["stock_end_day"] > -NEVER
    table = np.column_stack(
        [
            day - said["last_day"],
            said["orders"],
            said["spent_fen"] / 100.0,
            np.where(again, said["last_day"] - said["previous_day"], np.nan),
            day - said["first_day"],
            np.where(ever, day - said["visit_day"], np.nan),
            np.where(bought, said["stock_end_day"] - day, np.nan),
            np.where(born, day - said["birth_day"], np.nan),
        ]
    )
    table[said["orders"] == 0] = np.nan
    return table


def study(own: Parameters, kept: Any, shared: Any, day: int) -> None:
    """Learn who has ordered since the last study; pick whom to address until the next."""
    now = known(kept, day)
    count_who_came(own, kept, shared)
    if day - shared.studied_day == own.refresh_days:
        then = known(kept, int(shared.studied_day), "then_")
        ordered = kept["last_day"] >= shared.studied_day
        learnt = learn(then, ordered, now, np.arange(len(kept)) % 2 == 0)
        customer = kept["orders"] > 0
        kept["scored"] = customer if learnt else 0
        scores = learnt.scores if learnt else np.zeros(len(kept))
        due = kept["stock_end_day"].astype(int) - own.lead_days
        asked = (kept["scored"] > 0) & (scores >= own.least_score) & (kept["reachable"] > 0)
        asked &= (due >= day) & (due < day + own.refresh_days)
        kept["asked_day"] = np.where(asked, due, -NEVER)
        kept["picked"] = picked(scores, asked, int(own.pick), float(own.share), day)
        shared.customers = int((~np.isnan(then[:, 0])).sum()) if learnt else 0
        for name in ("auc", "auc_rfm", "auc_recency", "brier", "accuracy"):
            shared[name] = getattr(learnt, name) if learnt else 0.0
    for each in CHANGING:
        kept[f"then_{each.name}"] = kept[each.name]
    shared.studied_day = day


def count_who_came(own: Parameters, kept: Any, shared: Any) -> None:
    """Count what became of those whose day has come: of a pick by lot, a test.

    Whoever ordered after the study and before its day is left out, picked or not. Of days that lie
    near the next study it is not seen in full who comes: alike in both.
    """
    day, until = kept["asked_day"], kept["asked_day"].astype(int) + own.coupon_days
    asked, came = day > -NEVER, np.zeros(len(kept), np.bool_)
    for order in (kept["last_day"], kept["previous_day"]):
        asked &= (order < shared.studied_day) | (order >= day)
        came |= (order >= day) & (order < until)
    for name, arm in (("picks", kept["picked"] > 0), ("others", kept["picked"] == 0)):
        shared[name] += int((asked & arm).sum())
        shared[f"{name}_came"] += int((asked & arm & came).sum())
    kept["asked_day"] = -NEVER


def picked(
    scores: NDArray[np.float64], asked: NDArray[np.bool_], pick: int, share: float, day: int
) -> NDArray[np.bool_]:
    """Who is picked: so large a share of those asked for, whatever they are picked by.

    Parameters
    ----------
    scores
        Of every household, shape (households,).
    asked
        Of whom some are picked, shape (households,).
    pick
        Index of `PICKS`.
    share
        Of those asked for.
    day
        By lot, others are picked on other days.
    """
    who = np.flatnonzero(asked)
    lot = np.modf((who + day) * GOLDEN)[0]  # decides between equals too
    by = {UNLIKELY: scores[who], LIKELY: -scores[who], BY_LOT: np.zeros(len(who))}[pick]
    first = who[np.lexsort((lot, by))]
    chosen = np.zeros(len(scores), np.bool_)
    chosen[first[: int(share * len(who) + 0.5)]] = True
    return chosen


@compiled
def monthly_cost_yuan(own: Parameters, customers: float) -> float:
    """Model and data for 30 days."""
    return float(own.yuan_per_month * customers / 10000.0)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """Whom the model has scored."""
    return bool(world.states.prediction[place].scored > 0)


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Coupons sent, and orders with one."""
    own = world.levers.prediction
    sent = gets_coupon(inbox, own)
    return (REACHED if sent else 0) + (ORDERED if spends_coupon(parent, event, own) else 0)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """A run that ends before anything has been learnt."""
    if own.strength > 0.0 and config.run.days < 2 * own.refresh_days:
        yield (
            f"prediction learns for the first time on its second study, {own.refresh_days} days "
            f"after the first, and the run has {config.run.days:,} days."
        )
