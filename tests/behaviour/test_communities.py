"""Group chats: what keeps them alive, and what does not."""

from typing import Any

import numpy as np
import pytest

from sim.config.loading import load
from sim.world.communities import empty_groups, found, live_groups
from sim.world.household import NEVER
from sim.world.state import TODAY

P = load("baseline").community
LIVELY_POSTS, QUIET_DAYS, FILLING_DAYS = P.lively_posts, P.quiet_days, P.filling_days


def lived(
    stories: int, days: int = 60, promotion: float = 0.0, expert: float = 0.0, members: int = 50
) -> Any:
    """A chat after so many nights in which its members wrote so many stories a day."""
    groups, today = empty_groups(2), np.zeros(1, TODAY).view(np.recarray)
    today.group_promotion_per_day, today.group_expert_per_day = promotion, expert
    found(groups[0], -1, -1, 0)
    groups[0].members = members
    for day in range(1, days + 1):
        groups[0].new_story = stories
        live_groups(groups, 1, P, today, day)
    return groups[0]


@pytest.mark.parametrize("promotion", [0.0, 3.0, 20.0])
def test_promotion_keeps_no_chat_alive(promotion: float) -> None:
    assert lived(0, promotion=promotion).silent_day < NEVER
    assert lived(LIVELY_POSTS - 1, promotion=promotion).silent_day < NEVER
    assert lived(LIVELY_POSTS, promotion=promotion).silent_day == NEVER


def test_an_average_operators_chat_lives_as_its_source_counts() -> None:
    # L17: from founding until daily messages stay under five; three of them promotions.
    alive, silent = lived(LIVELY_POSTS, promotion=3.0), lived(LIVELY_POSTS - 1, promotion=3.0)
    assert alive.posts_today == 5
    assert silent.posts_today == 4


def test_experts_posts_keep_a_chat_alive() -> None:
    assert lived(0, expert=float(LIVELY_POSTS)).silent_day == NEVER
    assert lived(1, expert=1.0).silent_day == NEVER


def test_silence_begins_with_the_first_quiet_day_and_not_while_a_chat_fills() -> None:
    assert lived(0, days=FILLING_DAYS - 1).silent_day == NEVER
    assert lived(0).silent_day == FILLING_DAYS - QUIET_DAYS + 1


def test_a_silent_chat_stays_silent() -> None:
    groups, today = empty_groups(1), np.zeros(1, TODAY).view(np.recarray)
    found(groups[0], -1, -1, 0)
    groups[0].members = 9
    for day in range(1, 80):
        groups[0].new_story = 0 if day < 40 else 9
        live_groups(groups, 1, P, today, day)
    assert groups[0].silent_day < 40
