"""The columns of the tables of an operator fitted to its order log."""

from sim.dictionary.column import Declared, declared

WAYS = ("log", "simulator", "bg_nbd", "pareto_nbd", "same_pace")
WAY = declared(
    "way | word | | the log itself, or what forecast its second part",
    way=WAYS,
)
OWN = declared("setting | word | | dotted key of what was looked for")
FIT: Declared = {
    "told": (
        *WAY,
        *declared(
            """
            days | whole | days | from the cut to the end of the week
            purchases | number | purchases | of all customers won before the cut, from it on
            """
        ),
    ),
    "counts": (
        *WAY,
        *declared(
            """
            purchases | whole | purchases | after the cut; the last stands for so many and more
            customers | number | customers | who made so many
            """
        ),
    ),
    "scores": (
        *WAY,
        *declared(
            """
            purchases | number | purchases | after the cut, as told
            purchases_log | number | purchases | as they were
            curve_error | number | share | mean over weeks of the error of purchases so far
            active | number | customers | with a purchase after the cut, as told
            active_log | number | customers | as they were
            counts_error | number | share | of customers to be counted elsewhere
            each_error | number | purchases | root mean square error of a customer's
            amount | number | yuan | paid after the cut, as told; missing where not known
            amount_log | number | yuan | as it was
            """
        ),
    ),
    "parameters": declared(
        """
        model | word | | classical model of repeat buying
        parameter | word | | as the model's authors call it
        value | number | of the row | estimated from the first part
        unit | word | | unit of the value; empty where it has none
        """,
        model=("bg_nbd", "pareto_nbd", "gamma_gamma"),
    ),
    "settings": (
        *OWN,
        *declared(
            """
            what | text | | what it means
            unit | word | | its unit
            usual | number | of the setting | as it is without a log
            value | number | of the setting | at the point that was least far off
            low | number | of the setting | smallest among points that were hardly farther off
            high | number | of the setting | largest among them
            lowest | number | of the setting | where the search began
            highest | number | of the setting | where it ended
            open | number | share | of the range searched, on its scale, that lies from low to high
            points | whole | | points that were hardly farther off
            """
        ),
    ),
    "pattern": declared(
        """
        figure | word | | next_K, gap_D, month_M or recent: see docs/order_log.md
        log | number | share or purchases | of the log's first part
        log_error | number | of log | standard error
        world | number | of log | of the point that was least far off
        spread | number | of log | how far off chance and the model may leave it
        """
    ),
    "points": (
        *declared("point | whole | | number of the point, in the order of living"),
        *OWN,
        *declared(
            """
            value | number | of the setting | its value there
            distance | number | spreads | root mean square of how far the figures were off
            """
        ),
    ),
    "log": declared(
        """
        what | word | | what is told
        of | text | | of which category, channel or quantile
        value | number | of the row | of rows of orders
        unit | word | | unit of the value
        """,
        what=(
            "category",
            "channel",
            "child_known",
            "age_of_child",
            "members",
            "orders_of_members",
            "pieces",
            "refunds",
        ),
    ),
}

__all__ = ["FIT", "WAYS"]
