"""Key opinion consumers: what they post, and whether they are still believed.

Credibility grows with useful posts and falls with the commercial share of what is posted, so
reach that is bought too hard buys nothing. A post persuades only where it names the operator:
advertisements always do, useful posts now and then.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.compilation.compiled import compiled
from sim.parameters.quantity import quantity
from sim.world.draws import HOUSEHOLD, KOC_POSTS, uniform
from sim.world.followers import MOST_FOLLOWED
from sim.world.portable_math import decay_factor
from sim.world.protocols import Koc, Parent, Records, Today

KOC_RECORD = np.dtype(
    [
        ("credibility", "f8"),  # 0 to 1
        ("recent_posts", "f8"),  # posts that name the operator, in recent days
        ("household", "i4"),  # place of the parent
        ("followers", "i4"),
        ("recruited", "i4"),  # 1 if in the operator's programme
        ("posts", "i4"),  # ever
    ],
    align=True,
)


@dataclass
class Parameters:
    """Posting and credibility."""

    organic_posts_per_week: float = quantity("posts a week", "of a satisfied customer", 0, 50)
    organic_satisfaction: float = quantity("0 to 1", "from which a customer posts unpaid", 0, 1)
    first_credibility: float = quantity("0 to 1", "to begin with", 0, 1)
    credibility_gain: float = quantity("share", "of the gap that a useful post closes", 0, 1)
    credibility_loss: float = quantity("share", "of credibility an advertisement costs", 0, 1)
    recovery_half_life_days: float = quantity("days", "of the way back to the first", 1, 3650)
    naming_share: float = quantity("share", "of useful posts that name the operator", 0, 1)
    recent_days: float = quantity("days", "a post is remembered", 1, 60)


@compiled
def live_kocs(
    kocs: Records[Koc],
    seed: int,
    p: Parameters,
    todays: Records[Today],
    households: Records[Parent],
    day: int,
) -> int:
    """One night of every KOC: posts, and what they do to credibility; returns posts made."""
    today = todays[0]
    made = 0
    busiest = 0.0
    recovered = 1.0 - decay_factor(1.0, p.recovery_half_life_days)  # of the gap, in a day
    for k in range(len(kocs)):
        koc = kocs[k]
        parent = households[koc.household]
        rate = 0.0
        if parent.orders > 0 and parent.satisfaction >= p.organic_satisfaction:
            rate = p.organic_posts_per_week / 7.0
        asked = today.koc_posts_per_day if koc.recruited > 0 else 0.0
        rate += asked
        u = uniform(seed, HOUSEHOLD, koc.household, day, KOC_POSTS)
        posts = int(rate) + (1 if u < rate - int(rate) else 0)
        koc.posts += posts
        made += posts
        plain = asked / rate * today.koc_commercial_share if rate > 0.0 else 0.0
        naming = posts * (plain + (1.0 - plain) * p.naming_share)  # advertisements always do
        koc.recent_posts += naming - koc.recent_posts / p.recent_days
        koc.credibility += p.credibility_gain * posts * (1.0 - plain) * (1.0 - koc.credibility)
        koc.credibility -= p.credibility_loss * posts * plain * koc.credibility
        koc.credibility += (p.first_credibility - koc.credibility) * recovered
        busiest = max(busiest, koc.recent_posts * koc.credibility)
    today.most_koc_posts = MOST_FOLLOWED * busiest
    return made


@compiled
def recruited_kocs(kocs: Records[Koc]) -> int:
    """How many are in the operator's programme."""
    count = 0
    for k in range(len(kocs)):
        count += kocs[k].recruited
    return count


def empty_kocs(
    places: NDArray[np.int32], followers: NDArray[np.int32], credibility: float
) -> Records[Koc]:
    """Records of all candidates, none recruited."""
    kocs = np.zeros(len(places), KOC_RECORD)
    kocs["household"] = places
    kocs["followers"] = followers
    kocs["credibility"] = credibility
    return kocs.view(np.recarray)
