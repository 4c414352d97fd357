"""What an A/B test inside a run says, what is so, and what spilled over, in sentences."""

from sim.report.abtest.reading import CAUSED, ON_OTHERS, SAYS, ABTest, Drawn
from sim.report.estimates import estimated
from sim.report.words import Words


def sentences(test: ABTest, words: Words) -> list[str]:
    """What a test of each way of drawing says and misses, and how sure it can be."""
    said = [_said(test, words, unit, found) for unit, found in test.drawn.items()]
    said += [_missed(test, words, unit, found) for unit, found in test.drawn.items()]
    said += [
        _less_sure(test, words, unit)
        for unit in test.drawn
        if unit != test.surest and test.drawn[test.surest].error > 0.0
    ]
    if test.count == 1:
        said.append(words("answer.one_replication"))
    return said


def _said(test: ABTest, words: Words, unit: str, found: Drawn) -> str:
    return words(
        "abtest.answer.said",
        drawn=words(f"abtest.drawn.{unit}"),
        says=estimated(found.parts[SAYS], words),
        unit=words(f"abtest.units.{test.outcome}"),
        caused=estimated(found.parts[CAUSED], words),
    )


def _missed(test: ABTest, words: Words, unit: str, found: Drawn) -> str:
    """What spills over, and what the halves of a test therefore do not differ by."""
    return words(
        f"abtest.answer.{'missed' if found.missed.differs else 'nothing'}",
        drawn=words(f"abtest.drawn.{unit}"),
        missed=estimated(found.missed, words),
        caused=words.number(found.parts[CAUSED].mean, signed=True),
        spilled=estimated(found.parts[ON_OTHERS], words),
        unit=words(f"abtest.units.{test.outcome}"),
    )


def _less_sure(test: ABTest, words: Words, unit: str) -> str:
    """How many times the customers a test takes that is as sure as the surest."""
    error, least = test.drawn[unit].error, test.drawn[test.surest].error
    return words(
        "abtest.answer.less_sure",
        drawn=words(f"abtest.drawn.{unit}"),
        error=words.number(error),
        surest=words(f"abtest.drawn.{test.surest}"),
        least=words.number(least),
        times=f"{(error / least) ** 2:,.1f}",
    )


def done(test: ABTest, words: Words) -> str:
    """Of whom and when it is told, and what its parts are."""
    manifest = test.manifest
    return words(
        "abtest.done",
        outcome=words(f"abtest.titles.{test.outcome}"),
        whom=words(f"abtest.of_whom.{manifest['of_whom']}", day=manifest["index_day"]),
        end=manifest["end"],
        worlds=words("one_world" if test.count == 1 else "worlds", count=test.count),
    )


__all__ = ["done", "sentences"]
