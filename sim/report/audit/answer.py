"""What records show of a lever and what it caused, in sentences."""

import pandas as pd

from sim.report.audit.reading import (
    ADJUSTING,
    ALL,
    BY_LOT,
    CAUSED,
    LOST,
    OVER,
    RIGHT,
    UNDER,
    UNKNOWN,
    WON,
    WRONG_SIGN,
    Audit,
    Finding,
)
from sim.report.estimates import estimate, estimated, rows_of
from sim.report.words import Words, minus

# Gordon, Moakler & Zettelmeyer 2023: median lifts of upper, middle and lower funnel, 663 tests.
YARDSTICK = ("naive", "matching", "double_ml", "ab_test_treated")
TOLD_LEAST = 0.1  # of what was caused: what the others got of the lever is told from here on


def sentences(audit: Audit, words: Words) -> list[str]:
    """All that is said: the answer, then what stands above the tables of the page."""
    if audit.nobody:
        return answer(audit, words)
    said = [*answer(audit, words), why(audit, words, "before_after"), moved(audit, words)]
    said += [pays(audit, words), yardstick(audit, words)]
    return [each for each in said if each]


def answer(audit: Audit, words: Words) -> list[str]:
    """What the analyst would print and what is caused, who errs, why, how to know."""
    if audit.nobody:
        return [words("audit.answer.nobody", who=words.prose(str(audit.manifest["who"])))]
    said = [printed(audit, words), misled(audit, words), words("audit.answer.rule")]
    said += [why(audit, words, "naive"), test_needed(audit, words)]
    if audit.count == 1:
        said.append(words("answer.one_replication"))
    return said


def who(audit: Audit, words: Words) -> str:
    """Who is treated, of many: "were sent a reminder"."""
    told = words.prose(str(audit.manifest["who"]))
    if told.startswith("was "):
        return f"were {told.removeprefix('was ')}"
    return f"were {told}" if told.startswith("on ") else told


def method_name(words: Words, method: str) -> str:
    """What a method is called within a sentence."""
    return words(f"audit.methods.{method}").partition(":")[0].partition("：")[0]


def printed(audit: Audit, words: Words) -> str:
    """What an analyst of the operator's records would print, and what was caused."""
    own = audit.naive
    return words(
        "audit.answer.printed",
        who=who(audit, words),
        naive=estimated(own.says, words),
        lift=_that_is(own.lift, words),
        unit=words(f"audit.units.{audit.outcome}"),
        caused=estimated(own.caused, words),
        caused_lift=_that_is(own.caused_lift, words),
    )


def lifted(share: float) -> str:
    """A difference over the level without it; nothing where there is none."""
    return minus(f"{100 * share:+,.0f}%") if share == share else ""


def _that_is(share: float, words: Words) -> str:
    told = lifted(share)
    return words("audit.that_is", told=told) if told else ""


def misled(audit: Audit, words: Words) -> str:
    """Which methods would have misled whom."""
    by: dict[str, list[str]] = {}
    for name, found in audit.findings.items():
        by.setdefault(found.judged, []).append(_erring(name, found, words))
    said = [
        words(f"audit.answer.{judged}", methods=words("semicolon").join(by[judged]))
        for judged in (OVER, UNDER, WRONG_SIGN, RIGHT, UNKNOWN)
        if judged in by
    ]
    return words.joined(*said)


def _erring(name: str, found: Finding, words: Words) -> str:
    told = method_name(words, name)
    if found.judged in (RIGHT, UNKNOWN):
        return told
    return told + words("audit.in_brackets", told=words.number(found.gap.mean, signed=True))


def why(audit: Audit, words: Words, method: str) -> str:
    """Why a method's estimate differs from what was caused, or why it does not."""
    if method == CAUSED:
        return words("audit.why.caused")
    found = audit.findings[method]
    if found.judged == UNKNOWN:
        return words("audit.why.unknown")
    if method in BY_LOT:
        return words(f"audit.why.by_lot_{'right' if found.judged == RIGHT else 'wrong'}")
    if method in ADJUSTING:
        return _adjusting(audit, words, found)
    parts = {name: words.number(value, signed=True) for name, value in audit.parts(method).items()}
    told = words.number(found.says.mean, signed=True)
    reason = words.prose(str(audit.manifest["why"]))
    spill = _spill(audit, words, method)
    return words(f"audit.why.{method}", told=told, why=reason, spill=spill, **parts)


def _spill(audit: Audit, words: Words, method: str) -> str:
    """What the others got of the lever, where that is worth telling."""
    parts = audit.parts(method)
    others = parts.get("effect_on_others", 0.0)
    if abs(others) <= TOLD_LEAST * abs(parts[CAUSED]):
        return ""
    return words("audit.why.spill", others=words.number(others, signed=True))


def _adjusting(audit: Audit, words: Words, found: Finding) -> str:
    """What adjusting for the records takes off the naive error, and what it leaves."""
    error, left = audit.naive.gap.mean, found.gap.mean
    if found.judged == RIGHT:
        return words("audit.why.adjusted")
    if error * left < 0.0:
        return words("audit.why.too_far")
    if abs(left) >= abs(error):
        return words("audit.why.nothing_off")
    return words("audit.why.some_off", share=f"{100 * (1.0 - left / error):.0f}%")


def test_needed(audit: Audit, words: Words) -> str:
    """How large a test would have told."""
    own = audit.needed[audit.outcome]
    reason = str(audit.manifest["no_test"])
    if reason:
        return words("audit.answer.no_test", why=words.prose(reason))
    return words(
        f"audit.answer.{'test' if own.caused.differs else 'no_size'}",
        caused=estimated(own.caused, words),
        arm=f"{own.per_arm:,.0f}",
        customers=f"{own.customers:,.0f}",
        seen=words.number(own.detectable),
    )


def moved(audit: Audit, words: Words) -> str:
    """How many order again in one life alone."""
    won, lost = (audit.moved(what)[ALL, ALL].mean for what in (WON, LOST))
    return words("audit.answer.moved", won=f"{won:,.1f}", lost=f"{lost:,.1f}")


def pays(audit: Audit, words: Words) -> str:
    """Whom a tree of two questions would offer the lever to, and whether that paid elsewhere."""
    return policy_sentence(audit.leaves, audit.policies, words) if len(audit.policies) else ""


def policy_sentence(leaves: pd.DataFrame, policies: pd.DataFrame, words: Words) -> str:
    """Whom a tree would address, and what that brought where it had not learnt.

    Parameters
    ----------
    leaves, policies
        Tables of `sim.experiments.auditing.policy.policies`.
    words
        Of the language.
    """
    chosen = [str(rule) for rule in leaves.loc[leaves["addressed"].astype(bool), "rule"]]
    tree = rows_of(policies, policy="tree")[0]
    over = estimate(tree, 1.0, "over_mean", "over_")
    return words(
        f"audit.answer.{'pays' if over.low > 0.0 else 'pays_no_more'}",
        rule=words("audit.or").join(f"({each})" for each in chosen) or words("audit.no_one"),
        brings=estimated(estimate(tree, 1.0), words),
        more=estimated(over, words),
    )


def yardstick(audit: Audit, words: Words) -> str:
    """The lifts of a published comparison of methods, and those here."""
    shown = [name for name in YARDSTICK if name in audit.findings]
    lifts = {name: audit.findings[name].lift for name in shown}
    if any(lifts[name] != lifts[name] for name in YARDSTICK[:3]):
        return ""
    said = {method_name(words, name): lift for name, lift in lifts.items()}
    said[method_name(words, CAUSED)] = audit.naive.caused_lift
    told = [
        words("audit.lift", lift=lifted(lift) or "?", method=name) for name, lift in said.items()
    ]
    naive, matching, learnt = (audit.findings[name].says.mean for name in YARDSTICK[:3])
    truth = audit.naive.caused.mean
    holds = naive >= learnt and matching >= learnt >= truth
    key = "holds" if holds else "alike" if learnt >= truth else "too_far"
    return words("audit.yardstick", lifts=words.listed(told), order=words(f"audit.order.{key}"))


def judged(found: Finding, words: Words) -> str:
    """What a method's estimate is: right, overstated, understated or of the wrong sign."""
    return words(f"audit.judged.{found.judged}")


def done(audit: Audit, words: Words) -> str:
    """Of whom, when and against what it is told."""
    manifest = audit.manifest
    return words(
        "audit.done",
        outcome=words(f"audit.titles.{audit.outcome}"),
        landmark=manifest["landmark"],
        end=manifest["end"],
        worlds=words("one_world" if audit.count == 1 else "worlds", count=audit.count),
        index=manifest["index_day"],
        who=who(audit, words),
        withheld=words.prose(str(manifest["withheld"])),
    )


__all__ = [
    "answer",
    "done",
    "judged",
    "lifted",
    "method_name",
    "moved",
    "pays",
    "policy_sentence",
    "printed",
    "sentences",
    "test_needed",
    "who",
    "why",
    "yardstick",
]
