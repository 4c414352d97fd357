"""The columns of the tables of alternative assumptions: their levels, and what survives them."""

from sim.dictionary.column import Declared, declared
from sim.dictionary.experiments import GOALS, MEAN, STRATEGIES, STRATEGY, UNIT
from sim.dictionary.one_setting import RUN

ALTERNATIVE = declared("alternative | word | | name of its file in conf/alternative/")
ASSUMPTION = declared(
    "assumption | word | | of an alternative; as_it_is: none; plausible: a sample of behaviours"
)
GOAL = declared(
    """
    goal | word | | what is aimed at; own: several, by what a unit of each is worth
    asked | switch | | whether it is the one that decides
    """,
    goal=GOALS,
)
SIDES = ("better", "worse", "undecided")
REPORTED = declared(
    """
    id | word | | of the fact
    kpi | text | | what was measured
    unit | text | | of all figures of the row
    reported | number | of the row | by the literature
    reported_low | number | of the row | bounds of the fact
    reported_high | number | of the row | likewise
    """
)
RELEVEL: Declared = {
    "alternatives": (
        *ALTERNATIVE,
        *declared(
            """
            title | text | | what a reader calls it
            shipped | number | standard deviations | that the shipped behaviour is off the facts
            switched | number | standard deviations | the same of the alternative as its file was
            relevelled | number | standard deviations | the same of the best point
            switched_farther | number | standard deviations | by which facts lay farther off
            relevelled_farther | number | standard deviations | by which they lie farther off now
            near | switch | | whether that is no more than is asked
            points | whole | points | that were lived
            """
        ),
    ),
    "levels": (
        *ALTERNATIVE,
        *REPORTED,
        *declared(
            """
            shipped | number | of the row | under the shipped behaviour, mean over worlds
            switched | number | of the row | under the alternative as its file was
            relevelled | number | of the row | at the best point
            """
        ),
    ),
    "moved": (
        *ALTERNATIVE,
        *declared(
            """
            setting | word | | dotted key of what may be moved
            what | text | | what it means
            unit | word | | its unit
            shipped | number | of the row | the shipped value
            lowest | number | of the row | that it may be
            highest | number | of the row | likewise
            value | number | of the row | at the best point
            at_an_end | switch | | whether that is an end of what it may be
            """
        ),
    ),
    "points": (
        *ALTERNATIVE,
        *declared(
            """
            point | whole | | its number, from 1, the alternative as its file was
            setting | word | | dotted key of what may be moved
            value | number | of the setting | where it was
            off | number | standard deviations | by which it lies farther off the facts
            """
        ),
    ),
}
ROBUSTNESS: Declared = {
    "conclusions": (
        *GOAL,
        *declared(
            "kind | word | | sign: against the reference; order: of two others; best: of all",
            kind=("sign", "order", "best"),
        ),
        *STRATEGY,
        *declared(
            """
            against | word | | strategy that it is held against; empty: all the others
            as_it_is | word | | what the behaviour as it is says of the strategy
            holds | text | | assumptions under which the same is said, with spaces between
            reversed | text | | assumptions under which the opposite is
            undecided | text | | assumptions under which the interval has zero in it
            verdict | word | | of all assumptions together; open: undecided as it is
            """,
            as_it_is=SIDES,
            verdict=("holds in all", "hangs on", "not reversed", "open"),
        ),
    ),
    "differences": (
        *ASSUMPTION,
        *GOAL,
        *UNIT,
        *declared("better | word | | which direction is better", better=("higher", "lower")),
        *STRATEGY,
        *declared("against | word | | strategy that it is held against"),
        *MEAN,
        *declared("side | word | | of nothing, on which the interval lies", side=SIDES),
    ),
    "firsts": (
        *GOAL,
        *ASSUMPTION,
        *STRATEGY,
        *declared("sure | switch | | whether it is clearly ahead of every other"),
    ),
    "assumptions": (
        *ASSUMPTION,
        *declared(
            """
            title | text | | what a reader calls it; empty of what is no alternative
            why | text | | why somebody believes it
            source | text | | who says so, or assumed
            settings | text | | what it sets, with commas between
            moved | text | | what was moved to bring levels back, with commas between
            off | number | standard deviations | that it is off the facts; missing of a sample
            farther | number | standard deviations | by which facts lie farther off than as it is
            fits | switch | | whether that is no more than is asked
            """
        ),
    ),
    "fit": (
        *ASSUMPTION,
        *REPORTED,
        *MEAN,
        *declared(
            """
            deviations | number | standard deviations | that the mean lies from the fact, with sign
            inside | switch | | whether it lies within the bounds
            """
        ),
    ),
    "strategies": STRATEGIES,
    "runs": (*ASSUMPTION, *STRATEGY, *RUN),
}

__all__ = ["RELEVEL", "ROBUSTNESS"]
