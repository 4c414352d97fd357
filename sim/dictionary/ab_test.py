"""The columns of the tables of an A/B test inside runs."""

from sim.dictionary.column import Declared, declared
from sim.dictionary.experiments import UNIT

LIVES = ("with", "without", "household", "chat", "friends", "city")
OUTCOMES = ("orders", "repurchased", "margin_yuan", "visited")
DRAWN = declared("draw_by | word | | who is drawn together", draw_by=LIVES[2:])
OUTCOME = declared(
    "outcome | word | | counted from the index day to the end, per customer of that day",
    outcome=OUTCOMES,
)


def _parts() -> str:
    """Rows of what is told with an interval over worlds."""
    parts = {
        "value": "what the test says: the offered less the others",
        "caused": "effect where all have the lever, on the same customers",
        "on_offered": "effect on those offered it in the test's life",
        "on_others": "effect on the others there: what spilled over",
        "missed": "`on_others`, and what the offered lack because not all have it",
    }
    return "\n".join(
        f"{name}{end} | number | of the row | {words}"
        for name, what in parts.items()
        for end, words in (
            ("", f"{what}, mean over worlds"),
            ("_low", "lower end of its 95% interval; missing where there is none"),
            ("_high", "upper end"),
        )
    )


AB_TEST: Declared = {
    "tests": (
        *DRAWN,
        *OUTCOME,
        *UNIT,
        *declared(
            f"""
            customers | number | customers | whose outcomes are compared, mean over worlds
            units | number | units | of those drawn together, mean over worlds
            without | number | of the row | mean outcome in the life without the lever
            {_parts().replace(chr(10), chr(10) + " " * 12)}
            error | number | of the row | standard error that an operator states, mean over worlds
            covered | number | share | of worlds whose own 95% interval holds the effect caused
            n | whole | worlds | in which it was tested
            """
        ),
    ),
    "worlds": (
        *declared("seed | whole | | seed of the world"),
        *DRAWN,
        *OUTCOME,
        *declared(
            """
            customers | number | customers | whose outcomes are compared
            units | number | units | of those drawn together
            offered_share | number | share | of the customers who are offered the lever
            without | number | of the outcome | mean in the life without the lever
            value | number | of the outcome | what the test says: the offered less the others
            error | number | of the outcome | its standard error, knowing who was drawn together
            caused | number | of the outcome | effect where all have the lever
            on_offered | number | of the outcome | effect on those offered it in the test's life
            on_others | number | of the outcome | effect on the others there
            lacking | number | of the outcome | what the offered lack because not all have it
            """
        ),
    ),
    "runs": declared(
        """
        life | word | | with the lever, without it, or with a test drawn so in its midst
        seed | whole | | seed of the world
        key | word | | name of the run's folder in results/runs
        """,
        life=LIVES,
    ),
}

__all__ = ["AB_TEST"]
