"""Key opinion consumers: a post persuades where it names the operator."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.world.kocs import KOC_RECORD, live_kocs
from sim.world.state import TODAY

RULES = {
    "first_credibility": 0.5,
    "organic_posts_per_week": 7.0,
    "organic_satisfaction": 0.6,
    "credibility_gain": 0.0,
    "credibility_loss": 0.0,
    "recovery_half_life_days": 3650.0,
    "naming_share": 0.5,
    "recent_days": 5.0,
}


def posted(nights: int = 1, satisfied: bool = True, **told: float) -> tuple[float, int, float]:
    """Posts that name the operator, of all posts; and what the most influential one has."""
    kocs = np.zeros(1, KOC_RECORD).view(np.recarray)
    kocs.credibility, kocs.recruited = 0.5, 1
    today = np.zeros(1, TODAY).view(np.recarray)
    today.koc_posts_per_day = told.pop("asked", 0.0)
    today.koc_commercial_share = told.pop("commercial", 0.0)
    households = [SimpleNamespace(orders=1, satisfaction=1.0 if satisfied else 0.0)]
    for night in range(nights):
        live_kocs(kocs, 3, SimpleNamespace(**(RULES | told)), today, households, night)
    return float(kocs[0].recent_posts), int(kocs[0].posts), float(today[0].most_koc_posts)


@pytest.mark.parametrize(
    ("told", "naming"),
    [
        ({"naming_share": 0.25}, 0.25),  # one useful post a day
        ({"naming_share": 0.0}, 0.0),
        ({"naming_share": 1.0}, 1.0),
        # Three asked for, two thirds of them bought, beside one of its own: .5 are plain.
        ({"naming_share": 0.25, "asked": 3.0, "commercial": 2 / 3}, 4 * (0.5 + 0.5 * 0.25)),
        ({"naming_share": 0.0, "asked": 3.0, "commercial": 2 / 3}, 2.0),  # advertisements always do
        ({"naming_share": 0.5, "satisfied": False}, 0.0),
    ],
)
def test_which_posts_name_the_operator(told: dict[str, float], naming: float) -> None:
    recent, _, most = posted(**told)  # type: ignore[arg-type]
    assert recent == pytest.approx(naming)
    assert most == pytest.approx(3 * 0.5 * naming), "as many as anybody follows, half believed"


def test_what_is_remembered_is_what_named_it_lately() -> None:
    # Half a post a night, a fifth of what is remembered forgotten: it comes to rest at 2.5.
    assert posted(nights=100)[0] == pytest.approx(2.5, abs=1e-6)
    assert posted(nights=2)[0] == pytest.approx(0.5 + 0.5 - 0.1)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 5), st.floats(0, 1))
@settings(max_examples=40)
def test_no_more_name_the_operator_than_are_written(
    naming: float, more: float, asked: float, commercial: float
) -> None:
    told = {"asked": asked, "commercial": commercial}
    recent, posts, _ = posted(naming_share=naming, **told)
    oftener, same, _ = posted(naming_share=min(naming + more, 1.0), **told)
    assert same == posts, "what is written does not depend on it"
    assert -1e-12 <= recent <= oftener + 1e-12
    assert oftener <= posts + 1e-9
