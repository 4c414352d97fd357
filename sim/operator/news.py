"""How levers and shocks put news of the operator before a household; the rules make of it what
they do.
"""

from typing import Any

from sim.compilation.compiled import compiled
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.market_path import nobody_lives_with
from sim.world.protocols import Inbox

UNHEARD = -30_000  # first value of `heard_day` of whoever keeps one


@compiled
def put_news(inbox: Inbox, evidence: float, weight: float) -> None:
    """Let a household be told today: how well it speaks of the operator, and how much it weighs.

    Of several pieces of news a household hears their weighted mean, whoever told them first.

    Parameters
    ----------
    inbox
        The household's.
    evidence
        From 0, all against the operator, to 1, all for it.
    weight
        In orders' worth of evidence.
    """
    inbox.news_weight += weight
    inbox.news_good += weight * evidence


@compiled
def let_media_tell(
    seed: int,
    states: Any,
    households: Any,
    wake_schedules: Any,
    day: int,
    chance: float,
    purpose: int,
) -> int:
    """Overnight some of those who have not heard do, from the media, and wake tomorrow.

    Parameters
    ----------
    seed
        Of the run.
    states
        What is kept of households, among it `heard_day`, `UNHEARD` at first.
    households, wake_schedules
        Theirs.
    day
        Which is over.
    chance
        To hear tonight.
    purpose
        Of whose luck decides.

    Returns
    -------
    int
        Households that know.
    """
    knowing = 0
    for place in range(len(states)):
        state = states[place]
        can_hear = state.heard_day == UNHEARD and not nobody_lives_with(households[place])
        if can_hear and uniform(seed, HOUSEHOLD, place, day, purpose) < chance:
            state.heard_day = day + 1
            wake_schedules[place].wake_day = min(wake_schedules[place].wake_day, day + 1)
        knowing += 1 if state.heard_day > UNHEARD else 0
    return knowing


__all__ = ["UNHEARD", "let_media_tell", "put_news"]
