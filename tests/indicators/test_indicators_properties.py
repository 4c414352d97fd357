"""What holds of indicators in any run."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.indicators import Book, summarise
from sim.indicators.families import Segments
from sim.indicators.survival import Durations, kaplan_meier, quantile, survival_at
from tests.small_worlds import random_run

ALONE = Segments({})
SPELLS = st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=60)


def curve_of(days: list[int], ended: list[bool], entry: list[int] | None = None) -> np.ndarray:
    late = None if entry is None else np.array(entry)
    spells = Durations(np.zeros(len(days), int), np.array(days), np.array(ended), late)
    segments = Segments({"only": (("one",), np.zeros(1, int))})
    return kaplan_meier(segments, spells)[0][0]


@given(SPELLS)
def test_kaplan_meier_agrees_with_scipy(spells: list[tuple[int, bool]]) -> None:
    days, ended = [d for d, _ in spells], [e for _, e in spells]
    curve = curve_of(days, ended)
    data = stats.CensoredData(
        uncensored=[d for d, e in spells if e], right=[d for d, e in spells if not e]
    )
    reference = stats.ecdf(data).sf
    for day in range(max(days) + 1):
        assert curve[day] == pytest.approx(float(reference.evaluate(day)), abs=1e-12)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=80))
def test_kaplan_meier_without_censoring_is_the_plain_share(days: list[int]) -> None:
    curve = curve_of(days, [True] * len(days))
    for day in range(max(days) + 1):
        assert curve[day] == pytest.approx(np.mean(np.array(days) > day))
    assert quantile(curve[None, :], 0.5)[0] == np.sort(days)[(len(days) - 1) // 2]


def test_late_entry_keeps_early_days_to_those_who_were_watched() -> None:
    # One ends on day 5; one, watched from day 10 on, ends on day 20: after day 5 nobody is left
    # of the first, and the second says nothing about it.
    curve = curve_of([5, 6, 20], [True, False, True], [0, 0, 10])
    assert curve[4] == 1
    assert curve[5] == 0.5
    assert curve[20] == 0


def test_survival_beyond_what_was_seen_is_unknown() -> None:
    curve = curve_of([5, 9], [True, False])
    assert np.isnan(survival_at(curve[None, :], 100)[0])
    assert survival_at(curve_of([5], [True])[None, :], 100)[0] == 0
    assert np.isnan(quantile(curve[None, :], 0.75)[0])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 60), st.integers(0, 400), st.integers(30, 800))
def test_any_run(seed: int, households: int, events: int, days: int) -> None:
    table = summarise(Book(random_run(households, events, seed, days)))
    share = table[(table["unit"] == "share") & table["value"].notna()]
    inside = share["value"].between(-1e-12, 1 + 1e-12)
    assert (inside | (share["indicator"] == "net_promoter_balance")).all()
    quotient = table.dropna()
    assert np.allclose(quotient["value"], quotient["numerator"] / quotient["denominator"])


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_segments_add_up_to_the_whole(seed: int) -> None:
    table = summarise(random_run(80, 900, seed)).dropna(subset=["numerator"])
    parts = table[table["by"] != "all"]
    sums = parts.groupby(["indicator", "by"], observed=True)[["numerator", "denominator"]].sum()
    whole = table[table["by"] == "all"].set_index("indicator")[["numerator", "denominator"]]
    for (indicator, by), row in sums.iterrows():
        expected = whole.loc[indicator]
        assert np.isclose(row["numerator"], expected["numerator"]), (indicator, by)
        total = (parts["indicator"] == indicator) & (parts["by"] == by)
        if not (parts.loc[total, "denominator"] == 1).all():
            assert np.isclose(row["denominator"], expected["denominator"]), (indicator, by)
