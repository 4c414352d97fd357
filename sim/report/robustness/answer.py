"""Which conclusions hold under every assumption and which hang on one, in sentences."""

from collections.abc import Sequence

from sim.report.robustness.reading import (
    AS_IT_IS,
    BEST,
    HANGS,
    IN_ALL,
    OPEN,
    ORDER,
    UNDECIDED,
    UNSURE,
    Conclusion,
    Robustness,
    assumption,
)
from sim.report.words import Words, capital


def sentences(found: Robustness, words: Words) -> list[str]:
    """What holds, what hangs on an assumption and on which, what other goals say, what fits."""
    own = found.concluded(found.goal)
    told = [
        _asked(found, words),
        _held(own, words),
        *_others(own, words, HANGS),
        *_others(own, words, UNSURE),
        *_open(own, words),
        *_first(found, words),
        *(_goal(found, words, goal) for goal in found.goals if goal != found.goal),
        _fitting(found, words),
    ]
    if found.worlds == 1:
        told.append(words("answer.one_replication"))
    return [each for each in told if each]


def goal_name(words: Words, goal: str) -> str:
    """What a goal is called; of a set of one's own without its parts."""
    return words(f"goals.{goal}") if goal != "own" else words("robustness.own_goal")


def statement(each: Conclusion, words: Words) -> str:
    """What is concluded, as it stands within a sentence."""
    about = {"strategy": words.strategy(each.strategy), "against": words.strategy(each.against)}
    kind = BEST if each.kind == BEST else "pair"
    return words(f"robustness.says.{kind}_{each.as_it_is}", **about)


def named(names: Sequence[str], words: Words) -> str:
    """Assumptions, one after the other."""
    return words.listed([assumption(words, name) for name in names])


def _asked(found: Robustness, words: Words) -> str:
    others = [each.name for each in found.assumed if each.name != AS_IT_IS]
    return words(
        "robustness.answer.asked",
        goal=goal_name(words, found.goal),
        strategies=words.listed([*map(words.strategy, found.others)]),
        reference=words.strategy(found.reference),
        worlds=words("one_world" if found.worlds == 1 else "worlds", count=found.worlds),
        count=len(found.assumed),
        others=named(others, words),
    )


def _held(own: Sequence[Conclusion], words: Words) -> str:
    """What holds under every assumption; of two others only how many orders do."""
    held = [each for each in own if each.verdict == IN_ALL]
    told = [statement(each, words) for each in held if each.kind != ORDER]
    orders = [each for each in own if each.kind == ORDER]
    if orders:
        kept = sum(each.kind == ORDER for each in held)
        told.append(words("robustness.answer.orders", held=kept, count=len(orders)))
    if not held:
        return words("robustness.answer.none_holds")
    return words("robustness.answer.holds", told=words("semicolon").join(told))


def _others(own: Sequence[Conclusion], words: Words, verdict: str) -> list[str]:
    """What is reversed under some assumption, or only undecided there."""
    key = "hangs" if verdict == HANGS else "unsure"
    told = []
    for each in own:
        if each.verdict == verdict:
            where = each.reversed if verdict == HANGS else each.undecided
            what = statement(each, words)
            told.append(words("robustness.answer.where", what=what, where=named(where, words)))
    return [words(f"robustness.answer.{key}", told=words("semicolon").join(told))] if told else []


def _open(own: Sequence[Conclusion], words: Words) -> list[str]:
    told = [statement(each, words) for each in own if each.verdict == OPEN]
    return [words("robustness.answer.open", told=words("semicolon").join(told))] if told else []


def _first(found: Robustness, words: Words) -> list[str]:
    """Where another strategy comes first than as it is."""
    by_name = {each.assumption: each for each in found.first(found.goal)}
    usual = by_name[AS_IT_IS].strategy
    told = [
        words(
            f"robustness.answer.{'first' if each.sure else 'first_perhaps'}",
            assumption=assumption(words, each.assumption),
            strategy=words.strategy(each.strategy),
        )
        for each in by_name.values()
        if each.strategy != usual
    ]
    if not told:
        return [words("robustness.answer.same_first", strategy=capital(words.strategy(usual)))]
    return [
        words(
            "robustness.answer.other_first",
            strategy=capital(words.strategy(usual)),
            told=words("semicolon").join(told),
        )
    ]


def _goal(found: Robustness, words: Words, goal: str) -> str:
    """Of another goal how many conclusions hold, and what is reversed of those told one by one."""
    own = [each for each in found.concluded(goal) if each.as_it_is != UNDECIDED]
    held = sum(each.verdict == IN_ALL for each in own)
    about = {"goal": goal_name(words, goal), "held": held, "count": len(own)}
    told = [
        words(
            "robustness.answer.where",
            what=statement(each, words),
            where=named(each.reversed, words),
        )
        for each in own
        if each.verdict == HANGS and each.kind != ORDER
    ]
    key = "by_goal_but" if told else "by_goal" if own else "by_goal_open"
    return words(f"robustness.answer.{key}", told=words("semicolon").join(told), **about)


def _fitting(found: Robustness, words: Words) -> str:
    """Which alternatives lie farther off the facts than the behaviour as it is."""
    usual = next(each.off for each in found.assumed if each.name == AS_IT_IS)
    far = [
        words(
            "robustness.answer.far",
            assumption=assumption(words, each.name),
            off=words.number(each.farther),
        )
        for each in found.assumed
        if not each.fits
    ]
    key = "misfits" if far else "all_fit"
    return words(
        f"robustness.answer.{key}",
        usual=words.number(usual),
        near=words.number(float(found.manifest["near"])),
        told=words("semicolon").join(far),
    )


__all__ = ["goal_name", "named", "sentences", "statement"]
