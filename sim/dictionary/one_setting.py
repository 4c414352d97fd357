"""The columns of the tables of levers one at a time, of dose curves, and of standing still."""

from sim.dictionary.column import Declared, declared
from sim.dictionary.experiments import MEAN, UNIT

AGAINST = (
    *declared("outcome | word | | what is measured; an indicator or a figure of the daily table"),
    *UNIT,
    *declared(
        """
        level | number | of the row | mean over worlds; missing for households won and lost
        reference | number | of the row | the same of the strategy as it is
        """
    ),
    *MEAN,
)
RUN = declared(
    """
    seed | whole | | seed of the run
    key | word | | name of the run's folder in results/runs
    """
)
LEVER = declared(
    """
    lever | word | | name of the lever
    strength | number | share | its strength: 0 off, 1 full
    """
)
LEVERS: Declared = {
    "effects": (
        *LEVER,
        *declared("as_it_is | switch | | whether that is the strategy's own strength"),
        *AGAINST,
    ),
    "levers": (
        *LEVER,
        *declared("meant_for | word | | outcome that the lever is for; empty where none is named"),
    ),
    "runs": (*LEVER, *RUN),
}
CURVE = declared("curve | word | | name of the curve in conf/dose.yaml, or the setting")
AT_DOSE = declared("dose | number | of the curve | value of the setting, or multiple of the usual")
DOSE: Declared = {
    "curves": (
        *CURVE,
        *AT_DOSE,
        *declared("as_it_is | switch | | whether that is the strategy's own dose"),
        *AGAINST,
    ),
    "optima": (
        *CURVE,
        *declared(
            """
            outcome | word | | what the best is the best by
            usual | number | of the curve | dose of the strategy as it is
            best | number | of the curve | dose with the best mean
            low | number | of the curve | least dose that may be the best
            high | number | of the curve | largest dose that may be the best
            probability | number | share | probability that the best one is the best of all
            verdict | word | | where all that may be the best lie
            least | number | of the curve | smallest dose there is
            most | number | of the curve | largest dose there is
            """,
            outcome=("repurchasing_households", "contribution_yuan"),
            verdict=("inside", "at the lower edge", "at the upper edge", "cannot be told"),
        ),
    ),
    "doses": (
        *CURVE,
        *declared(
            """
            title | text | | what a reader calls it
            settings | text | | settings that move together, with commas between
            unit | text | | unit of the dose
            what | text | | what the first setting means
            also | text | | what is set at every dose, with commas between
            usual | number | of the curve | dose of the strategy as it is
            """
        ),
    ),
    "runs": (*CURVE, *AT_DOSE, *RUN),
}
LEVEL = declared("level | word | | what should not move; over the year to the month's end")
STANDSTILL: Declared = {
    "levels": (
        *LEVEL,
        *UNIT,
        *declared("month | whole | month of 30 days | at whose end the year ends, from 1"),
        *MEAN,
    ),
    "drift": (
        *LEVEL,
        *UNIT,
        *declared(
            """
            first_month | whole | month of 30 days | at whose end the first year ends
            last_month | whole | month of 30 days | at whose end the last year ends
            first | number | of the row | level of the first year, mean over worlds
            last | number | of the row | level of the last year, likewise
            drift | number | see bound_unit | last less first, mean over worlds
            low | number | see bound_unit | lower end of its 95% interval; missing in one world
            high | number | see bound_unit | upper end of its 95% interval; missing in one world
            farthest | number | see bound_unit | farthest from the first in any month
            bound | number | see bound_unit | how far it may be
            bound_unit | word | | points of a share, per cent of the first year's level otherwise
            verdict | word | | whether it is never farther than its bound
            """,
            bound_unit=("points", "per cent"),
            verdict=("stands still", "moves"),
        ),
    ),
}
__all__ = ["DOSE", "LEVERS", "STANDSTILL"]
