"""How levers and shocks put news of the operator before a household; the rules make of it what
they do.
"""

from sim.compilation.compiled import compiled
from sim.world.protocols import Inbox


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


__all__ = ["put_news"]
