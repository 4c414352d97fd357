"""The columns of the tables of levers, one at a time and together, of doses, of standing still."""

from sim.dictionary.column import Declared, declared
from sim.dictionary.experiments import AT_ONCE, GOALS, MEAN, STRATEGY, UNIT

OUTCOMES = (*GOALS, "orders", "contribution_yuan", "churn_rate_365d")

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
PLAYER = declared(
    "player | word | | a lever that differs from the reference; `rest`: what differs and is none"
)
DECOMPOSE: Declared = {
    "shares": (
        *PLAYER,
        *declared(
            """
            measure | word | | added to the reference, left out of the strategy, or after Shapley
            outcome | word | | what is measured
            """,
            measure=("add_one_in", "leave_one_out", "shapley"),
            outcome=OUTCOMES,
        ),
        *UNIT,
        *MEAN,
        *declared("error | number | of the row | standard error from the orders drawn alone"),
    ),
    "interactions": (
        *declared(
            """
            first | word | | one of the pair
            second | word | | the other one; `all others`: all players but the first
            outcome | word | | what is measured
            """,
            outcome=OUTCOMES,
        ),
        *UNIT,
        *declared(
            """
            first_alone | number | of the row | what the first adds to the reference alone
            second_alone | number | of the row | what the second adds to it alone
            together | number | of the row | what both add to it
            mean | number | of the row | together less the sum of both alone, mean over worlds
            low | number | of the row | lower end of its 95% interval, of all such rows at once
            high | number | of the row | upper end of it
            n | whole | worlds | in which there is a value
            """
        ),
        *AT_ONCE,
    ),
    "purposes": (
        *PLAYER,
        *declared(
            """
            meant_for | word | | what the lever is for, as conf/levers.yaml names it
            beside | word | | another player
            """
        ),
        *UNIT,
        *declared(
            """
            alone | number | of the row | how far the lever moves that when it is there alone
            together | number | of the row | how far it does when the other one is there too
            mean | number | of the row | together less alone, mean over worlds
            low | number | of the row | lower end of its 95% interval; missing where there is none
            high | number | of the row | upper end of its 95% interval; missing where there is none
            n | whole | worlds | in which there is a value
            """
        ),
    ),
    "total": AGAINST,
    "players": (*PLAYER, *declared("what | text | | the settings it brings, from → to")),
    "runs": (
        *declared("coalition | text | | players that are there, with + between; empty: none"),
        *RUN,
    ),
}
POINT = declared(
    """
    assumption | word | | key of the setting that is moved, all others as they are
    point | word | | which end of its range, or neither
    """,
    point=("low", "as it is", "high"),
)
CHANGE = declared(
    """
    change | number | of the row | by how much `mean` differs from that as it is, in the same worlds
    change_low | number | of the row | lower end of its 95% interval; missing where there is none
    change_high | number | of the row | upper end of its 95% interval; missing where there is none
    """
)
ASSUMPTIONS: Declared = {
    "tornado": (
        *STRATEGY,
        *POINT[:1],
        *declared(
            """
            rests_on | word | | where its number comes from
            moved | word | | whether its odds are halved and doubled, or it is, or shifted by ln 2
            """,
            rests_on=("assumed", "fitted", "evidence", "published"),
            moved=("odds", "shifted", "multiplied"),
        ),
        *POINT[1:],
        *declared(
            """
            value | number | see value_unit | of the setting at this point
            value_unit | word | | unit of `value`
            outcome | word | | the goal: what the strategy's difference to the reference is told of
            """,
            outcome=GOALS,
        ),
        *UNIT,
        *MEAN,
        *CHANGE,
        *declared("width | number | of the row | largest less smallest mean of its three points"),
    ),
    "choice": (
        *POINT,
        *declared(
            """
            value | number | of the setting | at this point
            first | word | | strategy with the best mean at this point, the reference too
            first_as_it_is | word | | strategy with the best mean while nothing is moved
            outcome | word | | the goal; `mean` is by how much the first is better than the other
            """,
            outcome=GOALS,
        ),
        *UNIT,
        *MEAN,
        *CHANGE,
        *declared(
            """
            changes_first | switch | | whether another one comes first, beyond luck
            changes_sign | text | | strategies whose difference to the reference turns, likewise
            """
        ),
    ),
    "runs": (
        *declared(
            """
            assumption | word | | key of the setting that is moved; empty: none
            point | word | | which end of its range, or neither
            """,
            point=("low", "as it is", "high"),
        ),
        *STRATEGY,
        *RUN,
    ),
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
__all__ = ["ASSUMPTIONS", "DECOMPOSE", "DOSE", "LEVERS", "STANDSTILL"]
