"""The columns of the tables of strategies put through shocks."""

from sim.dictionary.column import Declared, declared
from sim.dictionary.experiments import MEAN, REFERENCE, STRATEGIES, STRATEGY, UNIT
from sim.dictionary.one_setting import AGAINST, OUTCOMES, RUN

SHOCK = declared("shock | word | | name of the shock; in `runs` empty: none, the undisturbed self")
BROUGHT = ("orders", "revenue_yuan")
MEASURE = declared(
    """
    outcome | word | | what is taken from
    measure | word | | what of it is missing, by the undisturbed self; reference.md defines each
    """,
    outcome=BROUGHT,
    measure=("depth", "duration", "permanent", "total"),
)
STRESS: Declared = {
    "resilience": (*STRATEGY, *SHOCK, *MEASURE, *UNIT, *MEAN),
    "effects": (*STRATEGY, *SHOCK, *AGAINST),
    "compared": (
        *STRATEGY,
        *REFERENCE,
        *SHOCK,
        *declared(
            """
            outcome | word | | what is lost
            measure | word | | lost over the whole run; or a measure of resilience
            """,
            outcome=(*OUTCOMES, "revenue_yuan"),
            measure=("lost", "depth", "duration", "permanent", "total"),
        ),
        *UNIT,
        *declared(
            """
            mean | number | of the row | how much more than the reference it loses, mean over worlds
            low | number | of the row | lower end of its 95% interval; missing where there is none
            high | number | of the row | upper end of its 95% interval; missing where there is none
            n | whole | worlds | in which there is a value
            """
        ),
    ),
    "courses": (
        *STRATEGY,
        *SHOCK,
        *declared(
            """
            outcome | word | | what is held against the undisturbed self
            day | whole | day | of the run, first of 30 days running
            mean | number | share | of what they bring the undisturbed self, mean over worlds
            low | number | share | lower end of its 95% interval; missing where there is none
            high | number | share | upper end of its 95% interval; missing where there is none
            n | whole | worlds | in which there is a value
            """,
            outcome=BROUGHT,
        ),
    ),
    "shocks": (
        *SHOCK,
        *declared(
            """
            size | number | times | as large as its file describes it
            from_day | whole | day | of the run, first with it
            until_day | whole | day | first without it again; the run's length: it stays
            what | text | | what it does, in a sentence
            """
        ),
    ),
    "strategies": STRATEGIES,
    "runs": (*STRATEGY, *SHOCK, *RUN),
}

__all__ = ["STRESS"]
