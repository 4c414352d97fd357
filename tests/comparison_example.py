"""Made-up runs of the shape that `simulate` gives, with known differences between strategies."""

import numpy as np
import pandas as pd

from sim.store.result import Result

STRATEGIES = ("baseline", "expert_community", "integrated", "membership", "promotion_blast")
EFFECT = {
    "expert_community": 0.03,
    "integrated": 0.06,
    "membership": 0.02,
    "promotion_blast": -0.02,
}
COST = {"expert_community": 3.0, "integrated": 6.0, "membership": 1.5, "promotion_blast": 4.0}
SEGMENTS = {
    "stage": ("pregnancy", "newborn", "weaning", "toddler", "preschool"),
    "region": ("east", "south", "north"),
    "persona": ("new", "experienced", "shopping"),
    "cohort": ("1980s", "early_1990s", "late_1990s", "2000s"),
    "tier": ("none", "basic", "silver"),
    "channel": ("none", "public_only", "private_domain"),
    "membership": ("none", "community", "loyalty", "both"),
}


WAYS = ("advertisement", "koc", "deal", "own")


def lives(people: pd.DataFrame) -> pd.DataFrame:
    """Customers won before the strategy began, or on its first day, until they fall silent."""
    days = 40 + 10 * (people["household"] % 50)
    table = pd.DataFrame({"entry_days": 30, "days": days, "ended": people["churned"]})
    table.loc[people["first_order_day"] >= 0, "entry_days"] = 0
    counted = table[people["customer"]].groupby(list(table)).size().rename("customers")
    return counted.reset_index()


def neighbours(people: pd.DataFrame) -> pd.DataFrame:
    """Twenty households in a row who follow the one behind them."""
    table = people.head(21)[["household", "first_order_day"]].assign(role="neighbour")
    table.loc[20, "role"] = "koc"
    table["way"] = people["way"].astype(object).fillna("")
    table["friends_before"] = 1
    table["friends"] = [str(place + 1) if place < 19 else "" for place in table["household"]]
    table["follows"] = ["20" if place < 20 and place % 2 else "" for place in table["household"]]
    return table


def groups(strategy: str, seed: int) -> pd.DataFrame:
    """A dozen group chats; experts keep them alive for longer."""
    luck = np.random.default_rng(seed)
    life = luck.integers(20, 90, 12) * (2 if "expert" in strategy else 1)
    return pd.DataFrame(
        {
            "group": np.arange(12),
            "life_days": life.astype(float),
            "watched_from_days": 0.0,
            "watched_to_days": life.astype(float),
            "fell_silent": life < 100,
        }
    )


def households(strategy: str, seed: int, size: int) -> pd.DataFrame:
    luck = np.random.default_rng(seed)
    frame = pd.DataFrame({"household": np.arange(size, dtype=np.int32), "family": 1})
    for by, names in SEGMENTS.items():
        frame[by] = pd.Categorical.from_codes(luck.integers(len(names), size=size), list(names))
    level = luck.normal(0.42, 0.01)
    draw, noise = luck.random(size), luck.random(size)
    own = np.random.default_rng([seed, STRATEGIES.index(strategy)])
    chance = level + EFFECT.get(strategy, 0.0) * (1 + (frame["stage"] == "newborn"))
    chance += own.normal(0, 0.001)
    frame["customer"] = noise < 0.9
    frame["repurchased"] = frame["customer"] & (draw < chance)
    frame["churn_base"] = draw < 0.5
    frame["churned"] = frame["churn_base"] & (noise < 0.25 - EFFECT.get(strategy, 0.0))
    frame["orders"] = np.where(frame["repurchased"], 3, frame["customer"].astype(int))
    frame["spending_yuan"] = frame["orders"] * 500.0
    first = np.where(noise < 0.5, -30.0, np.where(noise < 0.9, np.floor(draw * 360), np.nan))
    frame["first_order_day"] = first.astype(np.float32)
    way = np.where(first >= 0, np.floor(draw * 4 * (1 - 1e-9)), -1).astype(int)
    frame["way"] = pd.Categorical.from_codes(way, list(WAYS))
    frame["entered_day"] = frame["left_day"] = np.nan
    frame["established"] = frame["churn_base"]
    frame["active"] = ~frame["churned"]
    frame["orders_since_start"] = frame["orders"]
    frame["margin_since_start_yuan"] = 150.0 * frame["orders"]
    frame["group"] = np.where(noise < 0.5, (draw * size / 20).astype(int), -1)
    return frame


def indicators(frame: pd.DataFrame, contribution: float) -> pd.DataFrame:
    rows = []
    divisions = [("all", "all", np.ones(len(frame), bool))]
    divisions += [(by, s, frame[by] == s) for by, names in SEGMENTS.items() for s in names]
    for by, segment, here in divisions:
        part = frame[here]
        customers = part["customer"].sum()
        for name, above, below, unit in (
            ("repurchase_rate_365d", part["repurchased"].sum(), customers, "share"),
            ("churn_rate_365d", part["churned"].sum(), part["churn_base"].sum(), "share"),
            ("repurchase_rate_30d", 0.4 * part["repurchased"].sum(), customers, "share"),
            ("orders_per_customer", part["orders"].sum(), customers, "orders"),
            ("community_active_share", 0.3 * part["repurchased"].sum(), customers, "share"),
            ("trust_mean", 0.5 * customers, customers, "0 to 1"),
            ("engagement_mean", 0.3 * customers, customers, "0 to 1"),
            ("fatigue_mean", 12.0 * customers, customers, "messages"),
            ("funnel_touch_share", customers, len(part), "share"),
            ("funnel_first_order_share", 0.6 * customers, customers, "share"),
            ("funnel_repurchase_share", part["repurchased"].sum(), customers, "share"),
            ("lifetime_value_12m_yuan", 90.0 * customers, customers, "yuan a customer"),
            ("group_leaving_hazard_worthless", 0.06 * customers, customers, "a member-month"),
            ("group_leaving_hazard_silence", 0.03 * customers, customers, "a member-month"),
            ("unsubscription_hazard_overload", 0.02 * customers, customers, "a month"),
            ("average_order_value", part["spending_yuan"].sum(), part["orders"].sum(), "yuan"),
        ):
            rows.append((name, by, segment, above, below, above / below, unit))
    customer_months = frame["customer"].sum() * 12
    whole = contribution * len(frame), customer_months, contribution * len(frame) / customer_months
    customers = frame["customer"].sum()
    for name, share in (("spend", 2.0), ("lever_cost", 1.0)):
        told = (f"{name}_per_customer_yuan", "all", "all", share * customers, customers, share)
        rows.append((*told, "yuan a customer"))
    unit = "yuan a customer-month"
    rows.append(("contribution_per_customer_month_yuan", "all", "all", *whole, unit))
    columns = ["indicator", "by", "segment", "numerator", "denominator", "value", "unit"]
    return pd.DataFrame(rows, columns=columns)


def result(strategy: str, seed: int, size: int = 2_000) -> Result:
    people = households(strategy, seed, size)
    days, orders = 365, people["orders"].sum() / 365
    levers = {"community": 0.5, "coupons": 0.5} if strategy in COST else {}
    cost = COST.get(strategy, 0.0) * size * 0.9 / 30
    daily = pd.DataFrame({"day": np.arange(days)})
    daily["orders"] = orders
    daily["list_yuan"] = orders * 550
    daily["discount_coupons_yuan"] = orders * 40
    daily["discount_points_yuan"] = orders * 10
    daily["revenue_yuan"] = orders * 500
    daily["goods_cost_yuan"] = orders * 350
    daily["gross_margin_yuan"] = orders * 150
    for lever, share in levers.items():
        daily[f"cost_{lever}_yuan"] = cost * share
    daily["operations_commission_yuan"] = orders * 50
    daily["contribution_yuan"] = orders * 100 - cost
    daily["customers"] = people["customer"].sum()
    daily["pace"] = 1.0
    contribution = (orders * 100 - cost) * days / size
    month = np.arange(12)
    bend = EFFECT.get(strategy, 0.0) * (1 - np.exp(-month / 3))
    luck = np.random.default_rng(seed).normal(0, 0.005, (2, 12))
    monthly = pd.DataFrame(
        {
            "month": month,
            "repurchase_rate_30d": 0.2 + bend + luck[0],
            "churn_rate_90d": 0.22 - bend + luck[1],
            "orders": orders * 30,
            "contribution_yuan": contribution * size / 12,
            "members": 80.0 + month,
            "active_members": 24.0 + month,
            "groups_living": 5.0,
            **{f"ordering_after_{k}m": _after(month, k, bend) for k in range(1, 11)},
        }
    )
    return Result(
        indicators=indicators(people, contribution),
        daily=daily,
        monthly=monthly,
        households=people,
        groups=groups(strategy, seed),
        info={"household_days": float(size * days)},
        lives=lives(people),
        neighbours=neighbours(people),
        ladder=ladder(daily),
        accounts=accounts(people),
        reach=reach(strategy, people, daily),
    )


def ladder(daily: pd.DataFrame) -> pd.DataFrame:
    """The books of the whole run, from list price to contribution."""
    sums = {name: round(100 * float(amount)) for name, amount in daily.sum().items()}
    lines = [("list", "", sums["list_yuan"])]
    lines.append(("price_cut", "coupons", -sums["discount_coupons_yuan"]))
    lines.append(("points_redeemed", "", -sums["discount_points_yuan"]))
    lines.append(("revenue", "", sum(fen for _, _, fen in lines)))
    lines.append(("goods", "", -sums["goods_cost_yuan"]))
    lines.append(("gross_margin", "", lines[-2][2] + lines[-1][2]))
    lines.append(("commission", "", -sums["operations_commission_yuan"]))
    costs = sorted(name for name in sums if name.startswith("cost_"))
    levers = [(name.split("_")[1], -sums[name]) for name in costs]
    lines += [("lever_cost", lever, fen) for lever, fen in levers]
    left = lines[5][2] + sum(fen for _, _, fen in lines[6:])
    table = pd.DataFrame([*lines, ("contribution", "", left)], columns=["line", "lever", "fen"])
    return table.assign(days=len(daily))


def accounts(people: pd.DataFrame) -> pd.DataFrame:
    """Money of every group, at the prices of the books."""
    divisions = [("all", "all", np.ones(len(people), bool))]
    divisions += [(by, s, people[by] == s) for by, names in SEGMENTS.items() for s in names]
    divisions.append(("later", "later", np.zeros(len(people), bool)))
    rows = []
    for by, segment, here in divisions:
        orders = int(people.loc[here, "orders"].sum())
        fen = [100 * orders * yuan for yuan in (550, 50, 350, 50, 0)]
        rows.append((365, by, segment, int(people.loc[here, "customer"].sum()), orders, *fen))
    names = ["days", "by", "segment", "customers", "orders"]
    amounts = ("list", "price_cut", "goods", "commission", "serving")
    return pd.DataFrame(rows, columns=[*names, *(f"{amount}_fen" for amount in amounts)])


def reach(strategy: str, people: pd.DataFrame, daily: pd.DataFrame) -> pd.DataFrame:
    """Chats reach some of the customers, coupons hardly any; coupons have nothing to look at."""
    customers = float(people["customer"].sum())
    rows = []
    for lever, part in (("community", 0.4), ("coupons", 0.02)) if strategy in COST else ():
        cost = float(daily[f"cost_{lever}_yuan"].sum())
        for i, step in enumerate(("eligible", "reached", "seen", "acted", "ordered")):
            told = "" if lever == "coupons" and step in ("seen", "acted") else f"{step}, in words"
            count = customers * part ** min(i, 1) / max(i, 1) if told else np.nan
            rows.append((lever, step, count, 2 * count if i else np.nan, cost, told))
    names = ["lever", "step", "households", "times", "cost_yuan", "meaning"]
    return pd.DataFrame(rows, columns=names).astype(dict.fromkeys(names[2:5], float))


def _after(month: np.ndarray, since: int, bend: np.ndarray) -> np.ndarray:
    """Share of a cohort ordering so many months later, missing where that lies ahead."""
    return np.where(month + since <= 10, 0.3 / since + bend, np.nan)
