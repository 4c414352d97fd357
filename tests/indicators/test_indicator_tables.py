"""Tables of random runs are the recorded ones; some of their cells by example."""

import numpy as np
import pytest

from sim.indicators import (
    REGISTRY,
    Book,
    group_table,
    household_table,
    lives_table,
    monthly_table,
    neighbour_table,
    summarise,
)
from sim.indicators.families import Segments
from sim.indicators.survival import Durations, kaplan_meier
from sim.world.communities import GROUP_RECORD
from sim.world.followers import MOST_FOLLOWED, followed, follower_counts, koc_household
from sim.world.household import CATEGORIES, NEVER
from sim.world.ties import MOST_FRIENDS, friends_of, friendships
from tests.indicator_tables import recorded, runs, told
from tests.small_worlds import event, order, population, run
from tests.worlds import population as people_of

DIAPERS = CATEGORIES.index("diapers")

RUNS = tuple(recorded())


@pytest.mark.parametrize("name", RUNS)
def test_tables_of_a_random_run_are_as_they_were(name: str) -> None:
    before, now = recorded()[name], told(runs()[name])
    assert [column for column, cells in before.items() if now.get(column) != cells] == []


def test_the_random_runs_tell_every_indicator_somewhere() -> None:
    known: dict[str, int] = {}
    for columns in recorded().values():
        for name, cells in columns.items():
            if isinstance(cells, list):
                known[name] = known.get(name, 0) + (cells[0] is not None and cells[0] != 0)
    silent = [name for name, times in known.items() if times == 0]
    assert len(silent) <= 6, silent
    assert np.isfinite(len(known))


# -- by example ----------------------------------------------------------------------------


def test_cohorts_are_followed_for_a_year_at_most() -> None:
    table = monthly_table(run([order(0, 5), order(0, 40), order(1, 8)], days=730))
    followed = [name for name in table.columns if name.startswith("ordering_after_")]
    assert followed == [f"ordering_after_{since}m" for since in range(1, 13)]
    assert table["ordering_after_1m"][0] == 1 / 2
    assert table["ordering_after_2m"][0] == 0.0
    assert np.isnan(table["ordering_after_1m"][3]), "nobody was won in that month"


@pytest.mark.parametrize(("left", "counted"), [(100, 1), (364, 1), (365, 0)])
def test_a_later_family_is_counted_by_its_own_child(left: int, counted: int) -> None:
    """The first child was long out of diapers; the next one's parents buy them all year."""
    start = population(1, birth_day=-2090)
    end = population(1, birth_day=300, family=1)
    packs = np.zeros(8)
    packs[DIAPERS] = 1
    events = [event(0, left, graduated=1)]
    events += [order(0, day, packs=packs, family=1) for day in (400, 500)]
    observed = run(events, start=start, end=end, days=730, use_per_day=np.ones((8, 3, 84)))
    table = summarise(observed).set_index(["indicator", "by"])
    row = table.loc[("category_repurchase_rate_365d_diapers", "all")].iloc[0]
    assert (row["numerator"], row["denominator"]) == (counted, counted)


@pytest.mark.parametrize("days", [7, 30, 90])
def test_a_rate_needs_a_window_and_as_long_to_follow_it(days: int) -> None:
    rate = REGISTRY[f"repurchase_rate_{days}d"]
    assert rate.why_not(2 * days) is None
    assert rate.why_not(2 * days - 1) is not None


def test_what_brought_a_first_order_about() -> None:
    said = [{"advertised": 1}, {"by_koc": 1}, {"clicked": 1}, {}]
    events = [order(place, 5, **words) for place, words in enumerate(said)]
    events += [order(0, 9, by_koc=1), order(3, 9, clicked=1)]
    table = household_table(run(events))
    assert table["way"].tolist()[:4] == ["advertisement", "koc", "deal", "own"]
    assert table["way"].isna().tolist() == [False] * 4 + [True]
    assert table["orders"].tolist() == [2, 1, 1, 2, 0]


def test_lives_that_are_alike_are_counted_together() -> None:
    # Won on days 0 and 0 and silent ever since: the end is seen on day 90. Won on 300: it is not.
    lives = lives_table(run([order(0, 0), order(1, 0), order(2, 300)]))
    rows = lives[["entry_days", "days", "ended", "customers"]].values.tolist()
    assert sorted(rows) == [[0, 65, False, 1], [0, 90, True, 2]]


def test_who_was_never_watched_is_not_at_risk() -> None:
    ages = {"days": [5, 0, 3, 7], "entry": [5, 0, 0, 5]}
    days, entry = np.array(ages["days"]), np.array(ages["entry"])
    spells = Durations(np.zeros(4, int), days, np.array([True, True, False, True]), entry)
    curve, ended, seen = kaplan_meier(Segments({"all": (("all",), np.zeros(1, int))}), spells)
    # The first ended when it would have been watched first; of two on day 0, one ended then.
    assert (ended[0], seen[0]) == (2, 3)
    assert curve[0].tolist()[:4] == [0.5] * 4
    assert curve[0, 7] == 0.0


def test_a_group_chat_s_row() -> None:
    groups = np.zeros(3, GROUP_RECORD)
    groups["founded_day"], groups["closed_day"] = [-20, 10, 30], [NEVER, NEVER, 70]
    groups["silent_day"] = [15, NEVER, 80]
    groups["stage"], groups["region"] = [-1, 0, 4], [2, -1, 0]
    table = group_table(run([], groups=groups, days=100))
    assert table["stage"].tolist() == ["any", "pregnancy", "preschool"]
    assert table["region"].tolist() == ["County", "any", "East"]
    assert table["life_days"].fillna(-1).tolist() == [35, -1, 50]
    assert table["watched_from_days"].tolist() == [20, 0, 0]
    assert table["watched_to_days"].tolist() == [35, 90, 40]
    assert table["fell_silent"].tolist() == [True, False, False], "the last was closed before"


def test_neighbours_and_who_of_their_friends_came_first() -> None:
    people = people_of(400)
    people.ties.places_per_koc = 40
    ties = friendships(people, 7)
    won = {place: 3 * place % 101 for place in range(0, 400, 3)}
    observed = run([order(place, day) for place, day in won.items()], start=population(400))
    table = neighbour_table(Book(observed), ties).set_index("household")
    assert (table["role"] == "neighbour").sum() == 120
    inside = set(table.index[table["role"] == "neighbour"])
    assert inside == set(range(min(inside), min(inside) + 120))
    kocs = {koc_household(k, ties): k for k in range(int(ties.kocs))}
    most = max(kocs.values(), key=lambda k: follower_counts(ties)[k])
    assert koc_household(most, ties) in inside
    for place, row in table.iterrows():
        out = np.zeros(MOST_FRIENDS, np.int64)
        friends = out[: friends_of(int(place), ties, out)].tolist()
        day = won.get(int(place))
        assert np.isnan(row["first_order_day"]) if day is None else row["first_order_day"] == day
        before = NEVER if day is None else day
        assert row["friends_before"] == sum(won.get(friend, NEVER) < before for friend in friends)
        assert row["friends"] == " ".join(str(f) for f in friends if f in table.index)
        assert row["way"] == ("" if day is None else "own")
        heard = {followed(int(place), k, ties) for k in range(MOST_FOLLOWED)} - {-1}
        shown = [koc_household(koc, ties) for koc in sorted(heard)]
        outside = [h for h in shown if h in table.index and h not in inside]
        told = "" if row["role"] == "koc" else " ".join(map(str, outside))
        assert row["follows"] == told
    assert 1 <= (table["role"] == "koc").sum() <= 8


def test_fatigue_is_counted_in_messages_and_other_feelings_from_0_to_1() -> None:
    for what in ("mean", "sd"):
        assert REGISTRY[f"fatigue_{what}"].unit == "messages"
        assert REGISTRY[f"trust_{what}"].unit == "0 to 1"
