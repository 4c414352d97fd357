"""The columns of the tables of an audit: what is observed of a lever, and what it caused."""

from sim.dictionary.column import Declared, declared
from sim.dictionary.experiments import MEAN, UNIT

OUTCOMES = ("orders", "repurchased", "margin_yuan")
METHODS = (
    "naive", "before_after", "diff_in_diff", "matching", "regression", "double_ml", "ab_test",
    "ab_test_treated",
)  # fmt: skip
VERDICTS = (
    "agrees", "more than double", "wrong sign", "less than half", "too high", "too low", "none",
)  # fmt: skip
PARTS = ("caused", "who_takes_part", "effect_on_others", "changed_anyway")

OUTCOME = declared(
    "outcome | word | | counted from the landmark to the end, per customer", outcome=OUTCOMES
)
METHOD = declared("method | word | | how the effect is estimated", method=METHODS)
WHO = declared(
    "who | word | | customers treated between index day and landmark, and the others",
    who=("treated", "others"),
)
BY_SEGMENT = declared(
    """
    by | word | | division of the customers of the index day
    segment | word | | part of that division; all: everybody
    """,
    by=("all", "stage", "region", "won_by", "past_orders"),
)
AUDIT: Declared = {
    "methods": (
        *OUTCOME,
        *UNIT,
        *METHOD,
        *declared(
            "of | word | | whose effect: of the treated, or of all who are offered it by lot",
            of=("treated", "offered"),
        ),
        *MEAN,
        *declared(
            """
            lift | number | share | the estimate over what it implies there would be without
            caused | number | of the row | effect caused on the same customers, from both lives
            caused_low | number | of the row | lower end of its 95% interval over worlds
            caused_high | number | of the row | upper end
            caused_lift | number | share | the effect caused over the level without the lever
            gap_mean | number | of the row | estimate less effect caused, mean over worlds
            gap_low | number | of the row | lower end: over worlds, but no narrower than by `error`
            gap_high | number | of the row | upper end
            error | number | of the row | standard error that the method states, mean over worlds
            covered | number | share | of worlds whose own 95% interval holds the effect caused
            verdict | word | | how the estimate lies to the effect caused
            """,
            verdict=VERDICTS,
        ),
    ),
    "gaps": (
        *OUTCOME,
        *METHOD,
        *declared("part | word | | what is added up; the parts make the estimate", part=PARTS),
        *MEAN,
    ),
    "effects": (
        *OUTCOME,
        *BY_SEGMENT,
        *WHO,
        *declared(
            """
            customers | number | customers | of them, mean over worlds
            without | number | of the outcome | mean outcome in the life without the lever
            """
        ),
        *MEAN,
    ),
    "months": (
        *declared("month | whole | month of 30 days | from the index day on, 0 the first"),
        *WHO,
        *MEAN,
    ),
    "changed": (
        *BY_SEGMENT,
        *declared(
            """
            what | word | | orders again in the life with the lever alone, without it, or alike
            customers | number | customers | of the segment, mean over worlds
            """,
            what=("won", "lost", "unmoved"),
        ),
        *MEAN,
    ),
    "leaves": (
        *declared(
            """
            leaf | whole | | number of the tree's leaf
            rule | text | | which customers are in it, by their history before the index day
            addressed | switch | | whether the tree would offer them the lever
            share | number | share | of customers in it, in worlds that the tree has not seen
            learnt | number | yuan | what the lever brought a customer in it where the tree learnt
            """
        ),
        *MEAN,
    ),
    "policies": (
        *declared(
            """
            policy | word | | who is offered the lever
            share | number | share | of customers who are, in worlds that the tree has not seen
            """,
            policy=("everybody", "tree", "orders in the last month"),
        ),
        *MEAN,
        *declared(
            """
            over_mean | number | yuan | more a customer than if everybody is offered it
            over_low | number | yuan | lower end of its 95% interval over the same worlds
            over_high | number | yuan | upper end
            """
        ),
    ),
    "tests": (
        *OUTCOME,
        *UNIT,
        *declared(
            """
            customers | number | customers | of whom it is asked, mean over worlds
            treated_share | number | share | of them, treated in the life with the lever
            """
        ),
        *MEAN,
        *declared(
            """
            deviation | number | of the outcome | standard deviation between customers
            per_arm | number | customers | in each of two arms, to see the mean effect (5%, 80%)
            detectable | number | of the outcome | least effect that a test of all customers sees
            """
        ),
    ),
    "worlds": (
        *declared("seed | whole | | seed of the world"),
        *OUTCOME,
        *METHOD,
        *declared(
            """
            of | word | | whose effect, as in the table methods
            value | number | of the outcome | the estimate
            error | number | of the outcome | its standard error, as the method states it
            caused | number | of the outcome | effect caused on the same customers
            level | number | of the outcome | mean outcome of those whom the estimate is about
            """
        ),
    ),
    "runs": declared(
        """
        life | word | | with the lever, without it, or with a test in its midst
        seed | whole | | seed of the world
        key | word | | name of the run's folder in results/runs
        """,
        life=("with", "without", "tested"),
    ),
}

LIVES = ("reference", "strategy")
INDIVIDUALS: Declared = {
    "changed": (
        *BY_SEGMENT,
        *declared(
            """
            what | word | | orders again under the strategy alone, the reference alone, or alike
            customers | number | customers | of the segment, mean over worlds
            """,
            what=("won", "lost", "unmoved"),
        ),
        *MEAN,
    ),
    "effects": (
        *OUTCOME,
        *UNIT,
        *BY_SEGMENT,
        *declared(
            """
            customers | number | customers | of the segment, mean over worlds
            reference | number | of the row | mean outcome in the life under the reference
            """
        ),
        *MEAN,
    ),
    "households": declared(
        """
        seed | whole | | seed of the world
        household | whole | | place in the population
        family | whole | | families that lived in the place before
        stage | word | | of the child on the index day
        region | word | | where it lives
        won_by | word | | what its first order came from
        past_orders | word | orders | before the index day
        orders_reference | number | orders | from the index day to the end, under the reference
        orders_strategy | number | orders | the same, under the strategy
        repurchased_reference | number | 0 or 1 | it ordered then, under the reference
        repurchased_strategy | number | 0 or 1 | the same, under the strategy
        margin_yuan_reference | number | yuan | paid less cost of goods, under the reference
        margin_yuan_strategy | number | yuan | the same, under the strategy
        changed | word | | orders again under the strategy alone, the reference alone, or alike
        extra_cost_yuan | number | yuan | what the strategy's levers cost more, over all customers
        """,
        past_orders=("1", "2", "3 to 5", "6 and more"),
        changed=("won", "lost", "unmoved"),
    ),
    "orders": declared(
        """
        seed | whole | | seed of the world
        life | word | | under which strategy
        household | whole | | place in the population
        day | whole | day | of the run
        paid_yuan | number | yuan | paid for the order
        margin_yuan | number | yuan | that less cost of goods
        coupon | switch | | a coupon was spent
        private | switch | | ordered in the private domain
        by_koc | switch | | a KOC's post alone had brought the operator to mind
        """,
        life=LIVES,
    ),
    "leaves": AUDIT["leaves"],
    "policies": AUDIT["policies"],
    "runs": declared(
        """
        life | word | | under which strategy
        seed | whole | | seed of the world
        key | word | | name of the run's folder in results/runs
        """,
        life=LIVES,
    ),
}

__all__ = ["AUDIT", "INDIVIDUALS"]
