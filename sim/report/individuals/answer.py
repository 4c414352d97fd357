"""Which customers a strategy moves, and for whom it pays, in sentences."""

from sim.report.audit.answer import policy_sentence
from sim.report.customers import ALL
from sim.report.estimates import estimated
from sim.report.individuals.reading import LOST, UNMOVED, WON, Moved
from sim.report.words import Words, capital, whole


def sentences(moved: Moved, words: Words) -> list[str]:
    """How many are moved, and for whom it pays."""
    said = [_moved(moved, words), _ordered(moved, words), pays(moved, words)]
    if moved.count == 1:
        said.append(words("answer.one_replication"))
    return [each for each in said if each]


def _moved(moved: Moved, words: Words) -> str:
    won, lost, rest = (moved.moved(what)[ALL, ALL] for what in (WON, LOST, UNMOVED))
    return words(
        "moved.answer.moved",
        strategy=words.strategy(moved.strategy),
        reference=words.strategy(moved.reference),
        won=estimated(won, words, signed=False),
        lost=estimated(lost, words, signed=False),
        rest=whole(rest.mean),
    )


def _ordered(moved: Moved, words: Words) -> str:
    more = estimated(moved.ordered()[ALL, ALL], words)
    return words("moved.answer.ordered", more=more)


def pays(moved: Moved, words: Words) -> str:
    """Whom a tree would move to the strategy, and what is taken off; nothing where none grew."""
    if not len(moved.policies):
        return ""
    strategy = capital(words.strategy(moved.strategy))
    cost = words("moved.answer.cost", strategy=strategy, cost=whole(moved.extra_cost))
    return words.joined(policy_sentence(moved.leaves, moved.policies, words), cost)


def done(moved: Moved, words: Words) -> str:
    """Of whom and when it is told."""
    manifest = moved.manifest
    return words(
        "moved.done",
        index=manifest["index_day"],
        end=manifest["end"],
        strategy=words.strategy(moved.strategy),
        reference=words.strategy(moved.reference),
        worlds=words("one_world" if moved.count == 1 else "worlds", count=moved.count),
    )


__all__ = ["done", "pays", "sentences"]
