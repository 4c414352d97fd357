"""The columns of the tables of comparisons, sweeps, validations and responses of rules."""

from sim.dictionary.column import Column, Declared, declared
from sim.dictionary.runs import BY, NEIGHBOURS
from sim.indicators.ladder import LINES
from sim.indicators.people import WAYS
from sim.indicators.reach import OF_REACH

FACT_KINDS = ("input", "level", "contrast", "causal", "pattern")
FACT_ROLES = ("input", "fit", "check")

STRATEGY = declared("strategy | word | | name of the strategy")
REFERENCE = declared("reference | word | | strategy that it is compared with")
INDICATOR = declared("indicator | word | | name of the indicator; reference.md defines each")
UNIT = declared("unit | word | | unit of the numbers in the row")
SEGMENT = declared(
    """
    by | word | | division of the population
    segment | word | | part of that division; `all`: everybody
    """,
    by=BY,
)
MEAN = declared(
    """
    mean | number | of the row | mean over worlds
    low | number | of the row | lower end of its 95% interval; missing where there is none
    high | number | of the row | upper end of its 95% interval; missing where there is none
    n | whole | worlds | in which there is a value
    """
)
YUAN, RATE = "yuan", "yuan per customer and month"
STATES = ("met", "binding", "unbinding", "unspendable", "unavoidable", "not_found", "")
GOALS = (
    "repurchasing_households",
    "contribution",
    "day0_repurchase",
    "churn",
    "repurchase_rate",
    "own",
)
WHY_STEPS = (
    "customers",
    "orders_per_customer",
    "basket",
    "price_cut",
    "goods",
    "commission",
    "serving",
    "fees",
    "fine",
    "lever_cost",
    "contribution",
)
EXTRA = declared(
    """
    extra | number | of the row | mean difference to the reference, in the same worlds
    extra_low | number | of the row | lower end of its 95% interval, for all strategies at once
    extra_high | number | of the row | upper end of that interval
    """
)
HORIZON = declared(
    """
    day | whole | days | of the run, from day 0, at whose end it is read
    months | number | months | of the calendar, in so many days
    """
)
OUTCOME = declared(
    "outcome | word | | of people, in words in reference.md, or a step of the ladder with its lever"
)
VERDICT = declared(
    "verdict | word | | of the difference; open: its interval has zero; empty: none",
    verdict=("better", "worse", "open", ""),
)
AT_ONCE = declared(
    """
    critical | number | standard errors | half-width of intervals that hold at once
    method | text | | how that was found
    """
)
POINT = declared("point | whole | point | number of the point in the space of settings, from 0")
KEY = declared("key | word | | the setting, as it is written on the command line")
STRATEGIES = (
    *STRATEGY,
    *declared(
        """
        title | text | | what a reader calls it
        what | text | | what it is
        why | text | | why it should work
        cost | text | | what it costs
        facts | text | | ids of the facts it rests on, with spaces between
        budget_yuan_per_customer_month | number | yuan per customer and month | most it may spend
        """
    ),
)
FACT = declared(
    """
    id | word | | name of the fact in conf/evidence/facts.csv
    kind | word | | what kind of figure it is
    role | word | | whether it sets a parameter, was looked at in fitting, or checks the model
    kpi | text | | what was measured
    who | text | | of whom
    condition | text | | under which circumstances
    unit | word | | unit of the numbers in the row
    """,
    kind=FACT_KINDS,
    role=FACT_ROLES,
)


def _turn(goal: str, unit: str) -> tuple[Column, ...]:
    """What is told by a goal of a place where an assumption is moved."""
    return declared(
        f"""
        {goal} | number | {unit} | difference to the reference, mean over worlds
        {goal}_low | number | {unit} | lower end of its 95% interval; missing in one world
        {goal}_high | number | {unit} | upper end of its 95% interval; missing in one world
        {goal}_change | number | {unit} | by how much it differs from the difference as it is
        {goal}_first | word | | strategy with the best mean there
        {goal}_turns | switch | | whether that is another one than as it is, beyond luck
        """
    )


COMPARE: Declared = {
    "strategies": STRATEGIES,
    "levels": (*STRATEGY, *INDICATOR, *SEGMENT, *UNIT, *MEAN),
    "differences": (*STRATEGY, *REFERENCE, *INDICATOR, *SEGMENT, *UNIT, *MEAN, *AT_ONCE),
    "ranking": (
        *INDICATOR,
        *declared(
            """
            better | word | | which direction is better
            rank | whole | place | 1 is best
            """,
            better=("higher", "lower"),
        ),
        *STRATEGY,
        *MEAN,
        *declared(
            """
            probability_best | number | share | probability that the strategy is the best of all
            method | text | | how that was found
            """
        ),
    ),
    "budgets": (
        *STRATEGY,
        *declared(
            """
            lever | word | | whose fund it is about; empty: what all levers together spend
            step | whole | step | of looking for the strategy's factors, from 1
            factor | number | ratio | by which strength, or dose, is multiplied
            worlds | whole | worlds | that were lived through with it, the first of the comparison
            spend | number | of the row | what was spent, price cuts included, mean of these worlds
            target | number | of the row | what is to be spent
            unit | word | | unit of `spend` and `target`; yuan: of a world, over the run
            state | word | | how it came out, of the factor that is kept; empty: one that was tried
            """,
            unit=(YUAN, RATE),
            state=STATES,
        ),
    ),
    "plausible": (
        *STRATEGY,
        *declared("goal | word | | that was asked for", goal=GOALS),
        *UNIT,
        *declared(
            """
            worlds | whole | worlds | each with plausible settings of its own
            best | number | worlds | in which the strategy is best; ties are shared
            best_share | number | share | of the worlds
            regret | number | of the row | less than the best of each world, mean of all
            regret_high | number | of the row | less than this in 95 of 100 worlds
            """
        ),
    ),
    "worth_knowing": (
        *declared("setting | word | | dotted key of what is not known"),
        *declared("goal | word | | that was asked for", goal=GOALS),
        *UNIT,
        *declared(
            """
            worth | number | of the row | gained on average by knowing it exactly before choosing
            worlds | whole | worlds | from which that is told
            """
        ),
    ),
    "worth_trying": (
        *STRATEGY,
        *declared(
            "outcome | word | | that a pilot looks at",
            outcome=("day0_repurchase", "day0_churn", "day0_margin_yuan"),
        ),
        *declared(
            """
            months | whole | months | that it runs
            per_arm | whole | customers | in each of two arms, the other the reference
            """
        ),
        *declared("goal | word | | that was asked for", goal=GOALS),
        *UNIT,
        *declared(
            """
            worth | number | of the row | gained on average by seeing its outcome before choosing
            changes | number | share | of the worlds: the choice is another for it
            worlds | whole | worlds | from which that is told
            """
        ),
    ),
    "turning": (
        *declared(
            """
            assumption | word | | key of the setting that was moved, alone; empty: none
            point | word | | which end of its range, or neither
            """,
            point=("low", "as it is", "high"),
        ),
        *STRATEGY,
        *declared(
            """
            settings | word | | fingerprint of all that the strategy sets, as it is
            version | word | | of the model that was lived in
            value | number | of the setting | at this point
            usual | number | of the setting | as it is
            days | number | days | lived by each strategy
            households | number | households | of each world
            worlds | number | worlds | that were lived through
            """
        ),
        *_turn("repurchasing_households", "households per 10,000"),
        *_turn("contribution", "yuan per 10,000 households"),
    ),
    "precision": (
        *STRATEGY,
        *REFERENCE,
        *declared(
            "goal | word | | what is aimed at; own: several, by what a unit of each is worth",
            goal=GOALS,
        ),
        *UNIT,
        *declared(
            """
            replications | whole | worlds | in the comparison
            half_width | number | of the row | half of the interval of the difference
            half_width_stated | number | of the row | wanted, as a part of the goal's largest
            replications_needed | whole | worlds | that would reach it
            variance_reduction_ratio | number | ratio | variance without common luck to that with it
            """
        ),
    ),
    "money": (
        *STRATEGY,
        *declared("item | word | | line of the books; its name ends in its unit, counts have none"),
        *MEAN,
    ),
    "won_lost": (
        *STRATEGY,
        *SEGMENT,
        *declared(
            """
            households | number | households | there on day 0; means over worlds, as all counts
            repurchased_reference | number | households | that repurchase under the reference
            won | number | households | that repurchase here and not under the reference
            lost | number | households | the reverse
            net | number | households | won less lost
            won_share | number | share | won, of those that do not repurchase under the reference
            lost_share | number | share | lost, of those that do
            net_share | number | share | net, of all households
            net_share_low | number | share | lower end of its 95% interval
            net_share_high | number | share | upper end of its 95% interval
            n | whole | worlds | in which there is a value
            """
        ),
    ),
    "monthly": (
        *STRATEGY,
        *declared(
            """
            series | word | | column of a run's monthly table
            month | whole | month of 30 days | month of the run, 0 the strategy's first
            """
        ),
        *MEAN,
    ),
    "survival": (
        *declared("of | word | | whose lives", of=("customers", "chats")),
        *STRATEGY,
        *declared(
            """
            day | number | days | since the first order, or the founding
            share | number | share | still customers, or not silent, by Kaplan and Meier
            low | number | share | lower end of its 95% interval
            high | number | share | upper end of its 95% interval
            at_risk | number | customers or chats | under observation then, in all worlds
            """
        ),
    ),
    "news": (
        *STRATEGY,
        *declared("way | word | | what brought first orders in the run about", way=WAYS),
        *MEAN,
    ),
    "sample": (*NEIGHBOURS, *STRATEGY),
    "people": (*STRATEGY, *HORIZON, *OUTCOME, *UNIT, *MEAN, *EXTRA, *AT_ONCE, *VERDICT),
    "ladder": (
        *STRATEGY,
        *declared(
            """
            line | word | | step of the ladder, or a subtotal of all steps above it
            lever | word | | lever that gave or cost it; empty where none did
            """,
            line=tuple(LINES),
        ),
        *UNIT,
        *MEAN,
        *EXTRA,
        *AT_ONCE,
    ),
    "horizon": (
        *STRATEGY,
        *HORIZON,
        *OUTCOME,
        *UNIT,
        *MEAN,
        *EXTRA,
        *AT_ONCE,
        *VERDICT,
        *declared("turns | switch | | whether the verdict is the opposite of an earlier one"),
    ),
    "why": (
        *STRATEGY,
        *HORIZON,
        *declared(
            """
            by | word | | division of the households of day 0; all: everybody; later: who came after
            segment | word | | part of that division
            step | word | | what differs: a factor of what households bring, or what levers cost
            lever | word | | of a step, what one lever gave or cost; empty: the step as a whole
            unit | word | | unit of the two levels
            mean | number | yuan | what the step adds to the contribution, mean over worlds
            low | number | yuan | lower end of its 95% interval; missing where there is none
            high | number | yuan | upper end of its 95% interval; missing where there is none
            n | whole | worlds | in which there is a value
            reference_level | number | see unit | what makes the step, under the reference
            level | number | see unit | the same under the strategy
            """,
            by=(*BY, "later", "nobody"),
            step=WHY_STEPS,
        ),
    ),
    "reach": (
        *STRATEGY,
        *declared(
            """
            lever | word | | lever that is on in the strategy
            step | word | | from being allowed to be reached to an order
            mean | number | families | that took the step at least once, mean over worlds
            low | number | families | lower end of its 95% interval; missing where there is none
            high | number | families | upper end of its 95% interval; missing where there is none
            n | whole | worlds | in which there is a value
            times | number | days | on which a family took it; messages one by one
            share | number | share | of the families eligible
            cost_yuan | number | yuan | of the lever over the run, paid and given up
            yuan_per_household | number | yuan a family | that cost for each that took the step
            hardly | switch | | of reached: fewer than 5% of those eligible, a bound that is assumed
            meaning | text | | what the step means for this lever; empty: it makes no sense
            """,
            step=OF_REACH,
        ),
    ),
    "payback": (
        *STRATEGY,
        *declared(
            """
            month | number | month | from which on it has contributed more, added up from day 0
            low | number | month | earliest of its 95% interval; missing: none, or one world
            high | number | month | latest of its 95% interval; missing: not within the run
            n | whole | worlds | in which there is a value
            """
        ),
    ),
    "pilot": (
        *STRATEGY,
        *OUTCOME,
        *UNIT,
        *declared(
            """
            months | whole | months | that the pilot runs; the outcome is read at that horizon
            reference | number | of the row | level under the reference
            """
        ),
        *EXTRA,
        *VERDICT,
        *declared(
            """
            deviation_reference | number | of the row | between households, under the reference
            deviation | number | of the row | standard deviation between households
            per_arm | number | households | in each arm to see `extra`, two-sided 5%, power 80%
            group_correlation | number | correlation | of two members of a group chat of day 0
            group_size | number | households | of its base in a group chat, mean over chats
            design_effect | number | times | as many households if whole group chats are drawn
            groups_per_arm | number | group chats | in each arm, if whole group chats are drawn
            n | whole | worlds | that it was measured in
            """
        ),
    ),
    "goals": (
        *declared(
            """
            goal | word | | what is aimed at; own: several, by what a unit of each is worth
            asked | switch | | whether it is the one that decides
            """,
            goal=GOALS,
        ),
        *UNIT,
        *declared(
            """
            better | word | | which direction is better
            rank | whole | place | 1 is best
            """,
            better=("higher", "lower"),
        ),
        *STRATEGY,
        *MEAN,
        *EXTRA,
        *declared(
            """
            probability_best | number | share | probability that the strategy is the best of all
            method | text | | how that was found
            """
        ),
    ),
    "worlds": (
        *STRATEGY,
        *declared(
            """
            seed | whole | | seed of the world, the same for every strategy
            day | whole | days | of the run, from day 0, at whose end it is read
            outcome | word | | as in `horizon` or `levels`
            unit | word | | unit of the value
            value | number | of the row | in that world, not rounded; missing: cannot be read
            """
        ),
    ),
    "assumptions": (
        *KEY,
        *declared(
            """
            value | text | see unit | what it is set to under the reference
            unit | word | | unit of the value
            what | text | | what it means
            rests_on | word | | what the value rests on
            facts | text | | ids of the facts it rests on, with spaces between
            source | text | | the comment beside the value
            """,
            rests_on=("evidence", "fitted", "published", "assumed", "definition"),
        ),
    ),
    "changes": (
        *STRATEGY,
        *KEY,
        *declared(
            """
            value | text | of the setting | under the strategy
            reference | text | of the setting | under the reference
            """
        ),
    ),
    "phases": (
        *STRATEGY,
        *declared("from_day | whole | day | from which on it holds"),
        *KEY,
        *declared(
            """
            value | text | of the setting | from that day on
            before | text | of the setting | before
            """
        ),
    ),
    "regional": (
        *STRATEGY,
        *declared(
            """
            from_day | whole | day | from which on it holds
            until_day | whole | day | from which on it no longer holds, at most the run's length
            regions | text | | names of the regions where it holds, with semicolons between, or all
            city_tiers | text | | tiers of their cities where it holds, likewise
            """
        ),
        *KEY,
        *declared(
            """
            value | text | of the setting | there
            elsewhere | text | of the setting | where no other value is given
            """
        ),
    ),
    "facts": (
        *FACT,
        *declared(
            """
            value | number | see unit | the figure that is published
            low | number | see unit | lower bound it holds within
            high | number | see unit | upper bound it holds within
            source | text | | ids of its sources, with commas between
            note | text | | a remark
            measured | number | see unit | by `repurchase validate`, of the average operator
            measured_low | number | see unit | lower end of its interval
            measured_high | number | see unit | upper end of its interval
            verdict | word | | whether that interval lies within the bounds, beyond one, or across
            worlds | number | worlds | in which it was measured
            households | number | households | of each of these worlds
            """,
            verdict=("inside", "outside", "undecided", "not measured"),
        ),
    ),
}
SWEEP: Declared = {
    "points": (
        *POINT,
        *STRATEGY,
        *declared(
            """
            <setting> | number | of the setting | value at the point; of choices a word
            <indicator> | number | of the indicator | mean over worlds, of everybody
            <indicator>_low | number | of the indicator | lower end of its 95% interval
            <indicator>_high | number | of the indicator | upper end of its 95% interval
            replications | whole | worlds | at the point
            """
        ),
    ),
    "runs": (
        *POINT,
        *STRATEGY,
        *declared(
            """
            seed | whole | | seed of the run
            key | word | | name of the run's folder in results/runs
            """
        ),
    ),
    "outcomes": (
        *INDICATOR,
        *UNIT,
        *declared(
            "better | word | | which direction is better; empty where none is",
            better=("higher", "lower", ""),
        ),
    ),
    "differences": (*POINT, *STRATEGY, *REFERENCE, *INDICATOR, *UNIT, *MEAN, *AT_ONCE),
    "steps": (*POINT, *STRATEGY, *INDICATOR, *UNIT, *MEAN, *AT_ONCE),
    "settings": (
        *KEY,
        *declared(
            """
            unit | word | | unit of the setting
            what | text | | what it means
            values | text | see unit | values it had, with commas between; empty for a range
            low | number | see unit | lower end of a range
            high | number | see unit | upper end of a range
            scale | word | | how a range is spread; empty for values
            """
        ),
    ),
    "strategies": STRATEGIES,
}
VALIDATE: Declared = {
    "facts": (
        *FACT,
        *declared(
            """
            reported | number | see unit | the figure that is published
            low | number | see unit | lower bound it holds within
            high | number | see unit | upper bound it holds within
            value | number | see unit | measured in the runs, mean over worlds
            low95 | number | see unit | lower end of its interval; those of all looks hold with 95%
            high95 | number | see unit | upper end of its interval
            worlds | whole | worlds | in which there is a value
            verdict | word | | whether the interval lies within the bounds, beyond one, or across
            worlds_needed | number | worlds | that would about decide it; missing where it is
            waits_for | text | | the lever that it waits for, if no run tells it
            why | text | | what is wrong with it, or why it is not measured
            """,
            verdict=("inside", "outside", "undecided", "not measured"),
        ),
    ),
    "summary": (
        *FACT[1:3],
        *declared(
            """
            inside | whole | facts | whose interval lies within the bounds
            outside | whole | facts | whose interval lies beyond a bound
            undecided | whole | facts | whose interval straddles a bound
            not measured | whole | facts | that no run tells
            """
        ),
    ),
    "regularities": declared(
        """
        id | word | | name of the row in `conf/evidence/regularities.csv`
        kind | word | | a regularity, a known model that comes back, or a year of the past
        role | word | | whether it checks, was fitted to, or was put in
        kpi | text | | what is measured
        who | text | | of whom
        condition | text | | under which circumstances
        unit | word | | unit of the figure
        reported | number | see unit | what theory or records say
        low | number | see unit | lower bound of the tolerance
        high | number | see unit | upper bound of the tolerance
        value | number | see unit | measured in the runs, mean over worlds
        low95 | number | see unit | lower end of its 95% interval
        high95 | number | see unit | upper end of its 95% interval
        worlds | whole | worlds | in which there is a value
        verdict | word | | whether the interval lies within the tolerance, beyond it, or across
        why | text | | what is wrong with it, or why it is not measured
        source | text | | whose regularity it is
        note | text | | a remark, and what of it is assumed
        """,
        kind=("regularity", "known model", "back-cast"),
        verdict=("inside", "outside", "undecided", "not measured"),
    ),
    "beside": declared(
        """
        measure | word | | what is shown one by one
        item | text | | of which shop, month, category or group of customers
        unit | word | | unit of the figure
        expected | number | see unit | by theory, records or a fitted model; missing where unknown
        value | number | see unit | measured in the runs, mean over worlds
        low95 | number | see unit | lower end of its 95% interval
        high95 | number | see unit | upper end of its 95% interval
        worlds | whole | worlds | in which there is a value
        """
    ),
    "history": declared(
        """
        id | word | | name of the fact
        version | word | | the state of the project that measured it
        date | word | | on which day
        measured | number | see unit of the fact | what it found, mean over worlds
        verdict | word | | what it said of it
        """
    ),
    "looks": declared(
        """
        look | whole | look | from 1
        replications | whole | worlds | that rows not decided before are measured in
        runs | whole | runs | added for this look
        undecided | whole | facts | whose interval still straddles a bound
        """
    ),
}
RULE: Declared = {
    "responses": declared(
        """
        input | word | | what is varied: what the rule is given, or a parameter
        unit | word | | unit of the value
        value | number | see unit | value of the input; of a choice its place among the words
        word | word | | the word that is chosen, if it is a choice
        answer | word | | which answer the row tells of; empty where the rule answers a number
        response | number | of the rule | what the rule answers, or how often it gives the answer
        package | number | of the rule | where the rule is replaced: what the package's own says
        """
    )
}


ENDS = {
    "": "mean over worlds of the",
    "_low": "lower end of the 95% interval of the",
    "_high": "upper end of the 95% interval of the",
}


def of_points(settings: dict[str, tuple[str, str]], units: dict[str, str]) -> tuple[Column, ...]:
    """The columns of a sweep's points that its own settings and indicators name.

    Parameters
    ----------
    settings
        Unit and meaning by key.
    units
        By indicator.
    """
    found = [Column(key, "number", *about) for key, about in settings.items()]
    for name, unit in units.items():
        for end, what in ENDS.items():
            found.append(Column(f"{name}{end}", "number", unit, f"{what} indicator {name}"))
    return tuple(found)


__all__ = ["COMPARE", "RULE", "SWEEP", "VALIDATE", "of_points"]
