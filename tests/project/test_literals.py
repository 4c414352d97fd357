"""Numbers in rules: what is assumed of behaviour has a line in `conf/`, and none is in the source.

In what parents, chats, levers and shocks do, every number but 0 and 1 is either a setting or
stands in `ALLOWED` with the reason why it is none. Places in a list, shapes of records and the
bounds of settings are no numbers of behaviour.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from sim import __file__ as package

PACKAGE = Path(package).parent
RULES = ("behaviour", "operator/levers", "shocks", "world")
# Modules that are arithmetic, not behaviour: random words, exponentials, shuffles.
MACHINERY = {"world/draws.py", "world/portable_math.py", "world/shuffle.py"}
PLAIN = {0, 1, -1}
DECLARING = {"quantity", "choice", "choices", "dtype", "Field", "range"}
# As a factor or a divisor these turn one unit into another: days in a week and in a month of
# accounts, hours in a day, fen in a yuan or percent, days in a year, customers that a price is for.
UNITS = {7, 24, 30, 100, 365, 1000, 10000}

MIDDLE = "the middle of a scale from 0 to 1, where an effect is zero"
ROUNDING = "rounds to the nearest whole number"
CODES = "places among words, or purposes of draws, or bits"
LIMIT = "a limit of arithmetic, or of what a field holds"
LOGNORMAL = "the mean of a lognormal variable, and the like"
STAGES = "a definition: stages of childcare, and when a household leaves the market"
YEAR = "the calendar"
PROGRAMME = "points last a year and tiers are earned in one: what a year of the programme is"
ALLOWED = {
    "behaviour/beginning.py:begin_without_history": (2, 3, "rivals begin alike; two are its own"),
    "behaviour/believe.py:SPEAKS_NEITHER_WAY": (0.5, MIDDLE),
    "behaviour/choose.py:GUMBEL_STEPS": (4096, LIMIT),
    "behaviour/choose.py:GUMBEL_QUANTILES": (1e-9, LIMIT),
    "behaviour/choose.py:gumbel": (0.02, 0.98, "a table stands in for logarithms between them"),
    "behaviour/consent.py:NONE, SERVICE, PERSONALISED": (2, CODES),
    "behaviour/consent.py:consent_given": (0.5, MIDDLE),
    "behaviour/day.py:count_points": (365, PROGRAMME),
    "behaviour/day.py:consider_joining": (365, PROGRAMME),
    "behaviour/day.py:receive_order": (2, CODES),
    "behaviour/rewards.py:fee_chance": (0.5, MIDDLE),
    "behaviour/basket.py:DEAREST_LINE": (
        3.0,
        "a bound, so that the money of an order fits its field",
    ),
    "behaviour/need.py:usual_cover": (0.5, LOGNORMAL),
    "behaviour/need.py:packs_wanted": (0.5, ROUNDING),
    "behaviour/ordering.py:book_order": (0.5, ROUNDING),
    "behaviour/talk.py:tell_chance": (0.5, 2, MIDDLE),
    "behaviour/talk.py:review_chance": (2.0, MIDDLE),
    "behaviour/talk.py:invite_chance": (0.5, MIDDLE),
    "behaviour/talk.py:sell_chance": (0.5, MIDDLE),
    "behaviour/talk.py:land_chance": (0.5, MIDDLE),
    "behaviour/talk.py:make_chance": (0.5, MIDDLE),
    "behaviour/weighing.py:DEEPEST_CUT": (0.9, "the bound of every price cut among the settings"),
    "behaviour/weighing.py:operator_utility": (0.5, MIDDLE),
    "operator/levers/coupons.py:ACTIVE_DAYS": (90, "a definition: that of churn"),
    "operator/levers/community.py:CLOSING_DAYS": (7, "how often an operator looks: each week"),
    "operator/levers/care.py:HALVINGS": (53, "bits of the fraction of a float64"),
    "operator/levers/care.py:_bound_of_lots": (2.0, "halving"),
    "operator/levers/distribution.py:MONTH_DAYS": (30, "a definition: earnings are capped by it"),
    "operator/levers/referral.py:YEAR_DAYS": (365, "a definition: rewards are capped by the year"),
    "operator/levers/honours.py:CHOOSING_DAYS": (30, "how often badges are given: each month"),
    "operator/levers/koc.py:RECRUITING_DAYS": (30, "how often KOCs are chosen: each month"),
    "operator/levers/koc.py:least_followers": (2, "halves: a search"),
    "operator/levers/milestones.py:YEAR_DAYS": (365, "a definition"),
    "operator/levers/points.py:YEAR_DAYS": (365, "a definition"),
    "operator/levers/paid_membership.py:YEAR_DAYS": (365, "what a yearly fee is for"),
    "operator/levers/welcome.py:WHICH_PACK": (3, CODES),
    "operator/levers/welcome.py:WEEK_DAYS": (7, "a definition"),
    "operator/levers/prediction.py:GOLDEN": (0.5, 2.0, 5.0, "the golden ratio"),
    "operator/levers/prediction.py:study": (2, "halves of the customers"),
    "operator/levers/prediction.py:odd": (2, "the second study is the first that learns"),
    "operator/levers/tiers.py:tier_reached": (2, 3, CODES),
    "operator/levers/tiers.py:offer": (2, CODES),
    "world/births.py:MONTH_DAYS": (28, 30, 31, YEAR),
    "world/births.py:BIRTH, PREGNANCY": (17, 18, CODES),
    "world/births.py:births_by_day": (6, 12, "months and years that are given"),
    "world/births.py:first_births": (5, "the last of the years that are given"),
    "world/births.py:_step_of": (2, "halves: a search"),
    "world/catalogue.py:MONTH_DAYS": (30, "a definition: a month of age"),
    "world/catalogue.py:AGE_MONTHS": (84, STAGES),
    "world/catalogue.py:EXPECTING_DAYS": (280, STAGES),
    "world/catalogue.py:LONGEST_COVER_DAYS": (365, LIMIT),
    "world/catalogue.py:use_table": (15, "the middle of a month"),
    "world/communities.py:live_groups": (2, CODES),
    "world/communities.py:professionalism_of": (2.0, "both sides of a middle"),
    "world/communities.py:no_groups_yet": (2, LIMIT),
    "world/demography.py:demography": (2, 3, 730, "kinds of feeding; a spread; 24 months"),
    "world/demography.py:_new_if_first": (1e-9, 3, LIMIT),
    "world/demography.py:_set_money": (2, LOGNORMAL),
    "world/followers.py:MOST_FOLLOWED": (3, "places; population.ties says how many are taken"),
    "world/followers.py:_FOLLOW, _KOC": (0x30000, 0x40000, CODES),
    "world/followers.py:_SHUFFLE": (2048, CODES),
    "world/followers.py:followed": (32, CODES),
    "world/followers.py:_ranked": (1e-9, LIMIT),
    "world/household.py:NEVER": (30000, LIMIT),
    "world/household.py:FURTHEST_NEED_DAYS": (20000, LIMIT),
    "world/household.py:MOST_COUNTED": (65535, LIMIT),
    "world/household.py:MOST_HELD": (2, 31, LIMIT),
    "world/household.py:GREATEST": (2, 62, 100, LIMIT),
    "world/household.py:CUSTOMER, SUBSCRIBED, PRIVATE, COMMUNITY, HELD_OUT": (2, 4, 8, 16, CODES),
    "world/household.py:FIRST_SLOT": (32, CODES),
    "world/household.py:AUDIENCE_SLOTS": (2, CODES),
    "world/household.py:GRADUATION_DAYS": (2190, STAGES),
    "world/household.py:EARLY_STAGES": (2, STAGES),
    "world/household.py:WEANING_DAYS, TODDLER_DAYS, PRESCHOOL_DAYS": (182, 365, 1095, STAGES),
    "world/household.py:stage_of": (2, 3, 4, CODES),
    "world/market.py:DAYS_OF_YEAR": (365, YEAR),
    "world/market.py:MONTH_ENDS": (28, 30, 31, YEAR),
    "world/market.py:_check": (12, YEAR),
    "world/market.py:market_days": (2, "halfway between two lengths"),
    "world/market_path.py:DAYS_OF_YEAR": (365, YEAR),
    "world/market_path.py:FOLLOWS": (19, CODES),
    "world/market_path.py:MIDDLE_OF_YEAR": (0.5, YEAR),
    "world/population.py:CITY_TIERS": (5, CODES),
    "world/population.py:MOST_REGIONS": (16, LIMIT),
    "world/population.py:cumulative_shares": (1e-6, LIMIT),
    "world/state.py:LEDGER_LINES": (48, LIMIT),
    "world/synthesis.py:_four": (32, CODES),
    "world/synthesis.py:found_family": (0.5, LOGNORMAL),
    "world/synthesis.py:_cohort": (3, 5, 1985, "a definition: cohorts of five years"),
    "world/ties.py:MOST_FRIENDS": (16, LIMIT),
    "world/ties.py:MOST_REACH": (5, LIMIT),
    "world/ties.py:_LAYERS": (4, LIMIT),
    "world/ties.py:_RING, _SHUFFLE": (16, CODES),
    "world/ties.py:friendships": (1e-9, 2, LIMIT),
    "world/ties.py:friends_of": (2, "to either side of a ring"),
}


def numbers(node: ast.AST) -> Iterator[float]:
    """Numbers in a piece of source that are no index, shape, bound or range of a declaration."""
    if isinstance(node, ast.Constant):
        if type(node.value) in (int, float) and node.value not in PLAIN:
            yield node.value
        return
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        called = node.func.id if isinstance(node.func, ast.Name) else called
        if called in DECLARING:
            return
    turning = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div | ast.Mod)
    for name, child in ast.iter_fields(node):
        if isinstance(node, ast.Subscript) and name == "slice":
            continue
        if turning and isinstance(child, ast.Constant) and child.value in UNITS:
            continue
        for each in child if isinstance(child, list) else [child]:
            if isinstance(each, ast.AST):
                yield from numbers(each)


def found() -> dict[str, set[float]]:
    """Numbers by file and function, or the names that a line of a module sets."""
    places: dict[str, set[float]] = {}
    for room in RULES:
        for path in sorted((PACKAGE / room).glob("*.py")):
            file = path.relative_to(PACKAGE).as_posix()
            if file in MACHINERY:
                continue
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.Assign):
                    name = ast.unparse(node.targets[0]).strip("()")
                else:
                    name = getattr(node, "name", type(node).__name__)
                if here := set(numbers(node)):
                    places[f"{file}:{name}"] = here
    return places


def test_no_number_of_behaviour_is_left_in_the_source() -> None:
    allowed = {place: set(these) for place, (*these, _) in ALLOWED.items()}
    assert found() == allowed


def test_a_number_in_a_rule_is_seen() -> None:
    rule = "def rule(p):\n    cut = min(p.shares[3], 0.9)\n    return cut + 1.0 - 2 * p.effect"
    assert set(numbers(ast.parse(rule))) == {0.9, 2}
    assert set(numbers(ast.parse("day - 30 < seen"))) == {30}
    assert not set(numbers(ast.parse("own.per_week / 7.0")))
    assert not set(numbers(ast.parse('x: float = quantity("share", "of all", 0.5, 90)')))
