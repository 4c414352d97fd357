"""Who draws which luck: every decision its own, and none that has to do with another.

The statistical tests have fixed seeds, so that they pass or fail for good; the error rate that each
states is what it would be with others.
"""

import sys
from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pytest

from sim.operator.audiences import OF_LOT
from sim.operator.discovery import SHOCKS
from sim.operator.hooks import LEVERS, NAMES, lever_records, shock_records
from sim.operator.schedule import befalling
from sim.world import draws
from sim.world.draws import (
    BUNDLE,
    CONSENT,
    FAMILY_COVER,
    HOUSEHOLD,
    IMPRESSION,
    LOST_POINTS,
    MESSAGE_OFFER,
    NEXT_NEED,
    OWN_DEAL,
    PASSING_TASTE,
    PAY_FEE,
    POST_OFFER,
    SELL,
    TRIP_COVER,
    UNASKED,
    named_purpose,
    uniform,
)
from sim.world.household import CATEGORIES
from sim.world.synthesis import synthesise
from tests.machine import as_machine
from tests.plain_worlds import configuration, lived
from tests.worlds import FIRST_DAY, START_DAY_OF_YEAR, population

NO_PURPOSES = ("WORD", "OF_WORD", "HOUSEHOLD", "GROUP", "SYNTHESIS", "NEIGHBOURS", "CITY")
OF_HOUSEHOLDS = {
    name: value
    for name, value in vars(draws).items()
    if name.isupper() and name not in (*NO_PURPOSES, "NEXT_NEED", "BUNDLE", "OWN_DEAL")
}
OF_NEEDS = {f"NEXT_NEED + {name}": NEXT_NEED + c for c, name in enumerate(CATEGORIES)}
OF_NEEDS |= {f"BUNDLE + {name}": BUNDLE + c for c, name in enumerate(CATEGORIES)}
OF_LEVERS = {name: named_purpose(name) for name in NAMES}
OF_SHOCKS = {name: named_purpose(name) for name in SHOCKS}
LOTS = {f"lot of {name}": purpose + OF_LOT for name, purpose in OF_LEVERS.items()}
OF_NAMES = OF_LEVERS | OF_SHOCKS | {"own deal": OWN_DEAL}
OF_WHAT = {f"what of {deal}": deal + 1 for deal in (OWN_DEAL, MESSAGE_OFFER, POST_OFFER)}
OF_WHAT |= {"friend of referral": OF_LEVERS["referral"] + 1}
OF_WHAT |= {"product of honours": OF_LEVERS["honours"] + 1}
OF_WHAT |= {"pack of welcome": OF_LEVERS["welcome"] + 1}
OF_WHAT |= {"first of distribution": OF_LEVERS["distribution"] + 1}
OF_WHAT |= {"which pack of welcome": OF_LEVERS["welcome"] + 3}
OF_WHAT |= {"turn of care": OF_LEVERS["care"] + 1}
PURPOSES = OF_HOUSEHOLDS | OF_NEEDS | OF_NAMES | LOTS | OF_WHAT
# Drawn once for a family, or for a period, and asked for again on many days: the same each time.
# What a trip and what an answer about data are is asked for more than once on a day.
LASTING = {PASSING_TASTE, IMPRESSION, FAMILY_COVER, TRIP_COVER, CONSENT, LOST_POINTS}
LASTING |= {OF_LEVERS[name] for name in ("community", "broadcast", "coupons", "referral")}
LASTING |= {OF_WHAT["product of honours"], OF_WHAT["pack of welcome"]}
LASTING |= {OF_WHAT["which pack of welcome"]}
LASTING |= {OF_LEVERS["delivery"], OF_LEVERS["stores"]}
LASTING |= {SELL, OF_LEVERS["distribution"]}
LASTING |= {OF_LEVERS["after_sales"]}
LASTING |= {PAY_FEE, *(OF_LEVERS[name] for name in ("milestones", "paid_membership", "welcome"))}
LASTING |= {OF_LEVERS["care"], OF_LEVERS["recommendation"]}
# Lots of who asked on a day, and of whoever is honoured, are drawn again and not kept.
LASTING |= {OF_LEVERS["care"] + 1, OF_LEVERS["honours"]}
LASTING |= {UNASKED, OF_LEVERS["consent_design"], OF_LEVERS["transparency"]}


# -- purposes ------------------------------------------------------------------------------


def test_every_purpose_is_another() -> None:
    assert len(OF_HOUSEHOLDS) > 25
    shared = [purpose for purpose, count in Counter(PURPOSES.values()).items() if count > 1]
    assert shared == [], [name for name, purpose in PURPOSES.items() if purpose in shared]


def test_levers_and_shocks_draw_by_their_names_and_leave_room_around() -> None:
    config = configuration("everything")
    levers, shocks = lever_records(config.operator), shock_records(befalling(config.shocks, 0))
    assert {name: levers[name].purpose for name in NAMES} == OF_LEVERS
    assert {name: shocks[name].purpose for name in SHOCKS} == OF_SHOCKS
    blocks = Counter(purpose // 4 for purpose in OF_NAMES.values())
    assert set(blocks.values()) == {1}, "a block of four purposes belongs to one name"
    others = {purpose // 4 for purpose in (OF_HOUSEHOLDS | OF_NEEDS).values()}
    assert not others & set(blocks), "and to nobody else"


# -- who asks ------------------------------------------------------------------------------


class Asked:
    """Every draw of a world that is lived in plain Python: by whom, and how often."""

    def __init__(self) -> None:
        self.callers: dict[tuple[int, int], set[str]] = defaultdict(set)
        self.times: Counter[tuple[int, int, int, int]] = Counter()

    def uniform(self, seed: int, kind: int, who: int, day: int, purpose: int) -> float:
        """What `uniform` says, noted down."""
        code = sys._getframe(1).f_code
        self.callers[int(kind), int(purpose)].add(f"{code.co_filename}: {code.co_name}")
        self.times[int(kind), int(who), int(day), int(purpose)] += 1
        return uniform(seed, kind, who, day, purpose)


@pytest.fixture(scope="module")
def asked() -> Asked:
    found = Asked()
    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            draws_here = vars(module).get("uniform") is uniform if module else False
            if draws_here and name.startswith("sim.") and name != "sim.world.draws":
                patch.setattr(module, "uniform", found.uniform)
        lived(configuration("everything"), 40)
    return found


def test_no_two_decisions_share_a_draw(asked: Asked) -> None:
    known = {(HOUSEHOLD, purpose) for purpose in PURPOSES.values()}
    households = {key for key in asked.callers if key[0] == HOUSEHOLD}
    assert households <= known, "a purpose without a name"
    drawing = {name for name, purpose in PURPOSES.items() if (HOUSEHOLD, purpose) in households}
    assert len(drawing) > 30, "nearly every decision was taken"
    shared = {key: callers for key, callers in asked.callers.items() if len(callers) > 1}
    assert shared == {}


def test_no_draw_is_asked_for_twice_a_day_unless_it_lasts(asked: Asked) -> None:
    again = [key for key, times in asked.times.items() if times > 1 and key[0] == HOUSEHOLD]
    # Whoever buys on the day on which everything begins asks for its next need a second time.
    first_day = set(OF_NEEDS.values())
    assert {
        purpose for _, _, day, purpose in again if day > 0 or purpose not in first_day
    } <= LASTING


# -- independence --------------------------------------------------------------------------

MANY = 20_000
BOUND = 5.3 / np.sqrt(MANY)  # standard deviations: a pair exceeds it once in 8.6 million


@as_machine
def _drawn(seed: int, first_day: int, purposes: Any, out: Any) -> None:
    for row in range(len(purposes)):
        for who in range(out.shape[1]):
            out[row, who] = uniform(seed, HOUSEHOLD, who, first_day, purposes[row])


def drawn(purposes: list[int], day: int = 3, seed: int = 7) -> np.ndarray:
    """Draws of many households on a day, shape (purposes, households)."""
    out = np.zeros((len(purposes), MANY))
    _drawn(seed, day, np.array(purposes), out)
    return out


def most_alike(one: np.ndarray, other: np.ndarray) -> float:
    """Largest correlation of a row of one with a row of the other, themselves left out."""
    found = np.abs(np.corrcoef(one, other)[: len(one), len(one) :])
    return float(np.where(found > 0.999999, 0.0, found).max())


def test_purposes_have_nothing_to_do_with_one_another() -> None:
    """Of about 2,300 pairs, one would seem related in 1 of 3,700 such tests."""
    today = drawn(list(PURPOSES.values()))
    assert most_alike(today, today) < BOUND


@pytest.mark.parametrize("other", [4, 10, -3])
def test_days_have_nothing_to_do_with_one_another(other: int) -> None:
    """Each purpose with each on another day, 4,600 pairs: 1 of 1,800 such tests would fail."""
    purposes = list(PURPOSES.values())
    assert most_alike(drawn(purposes), drawn(purposes, day=other)) < BOUND


@pytest.mark.parametrize("apart", [1, 2, 64, 2048])
def test_households_have_nothing_to_do_with_one_another(apart: int) -> None:
    """Each purpose with each of a neighbour: 1 of 1,800 such tests would fail."""
    today = drawn(list(PURPOSES.values()))
    assert most_alike(today[:, :-apart], today[:, apart:]) < 5.3 / np.sqrt(MANY - apart)


def test_luck_has_nothing_to_do_with_who_one_is() -> None:
    """Eight traits with 68 purposes: 1 of 15,000 such tests would fail."""
    people = synthesise(population(MANY), 7, FIRST_DAY, START_DAY_OF_YEAR)
    names = ("operator_taste", "platform_taste", "sociability", "income", "price_sensitivity")
    names += ("use_pace", "privacy_concern", "birth_day")
    ranks = np.array([np.argsort(np.argsort(people[name])) for name in names], float)
    assert most_alike(ranks, drawn(list(PURPOSES.values()))) < BOUND


def test_every_lever_that_draws_has_a_purpose_of_its_own() -> None:
    assert set(LEVERS) == set(OF_LEVERS)
