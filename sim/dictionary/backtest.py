"""The columns of the tables of experiments that happened and were predicted."""

from sim.dictionary.column import Declared, declared

DIRECTIONS = ("right", "wrong", "undecided", "none published", "not predicted")

BACKTEST: Declared = {
    "experiments": declared(
        """
        id | word | | in conf/evidence/experiments.csv, or of a causal fact in facts.csv
        what | text | | what was tried
        who | text | | on whom
        treatment | text | | against what
        outcome | text | | what was read
        unit | word | | unit of the effect; a ratio is with over without
        effect | number | see unit | as published; missing of a yardstick
        low | number | see unit | lower bound it holds within
        high | number | see unit | upper bound it holds within
        yardstick | text | | what was published instead of one effect; empty otherwise
        predicted | number | see unit | the effect here, mean over worlds or of all together
        predicted_low | number | see unit | lower end of its 95% interval; missing in one world
        predicted_high | number | see unit | upper end of its 95% interval; missing in one world
        worlds | whole | worlds | in which it was read
        direction | word | | on which side of no effect; undecided: its interval holds no effect
        direction_of_mean | word | | the same of the mean alone
        overlap | word | | whether bounds and interval have something in common
        log_effect | number | logarithm | of with over without, published; missing of a slope
        log_predicted | number | logarithm | the same, predicted
        blind | switch | | nothing was fitted to it or taken from it
        same_as | word | | the fact in facts.csv that is the same experiment; empty if none is
        fitted | text | | what was made use of, where it is not blind
        here | text | | how it was lived and read here, above all where that differs
        note | text | | the source's own remark
        source | text | | ids of its sources, with commas between
        why | text | | why it is not predicted; empty where it is
        """,
        direction=DIRECTIONS,
        direction_of_mean=DIRECTIONS,
        overlap=("yes", "no", "undecided", "not predicted"),
    ),
    "score": declared(
        """
        who | word | | of which experiments
        experiments | whole | experiments | that were predicted
        right | whole | experiments | with the direction found
        wrong | whole | experiments | with the other
        undecided | whole | experiments | whose interval holds no effect
        no_direction | whole | experiments | whose bounds hold no effect, or that are none
        accuracy | number | share | right, of those right or wrong
        accuracy_low | number | share | lower end of its exact 95% interval
        accuracy_high | number | share | upper end of that
        accuracy_of_mean | number | share | right by the mean alone, of all with a direction
        accuracy_of_mean_low | number | share | lower end of its exact 95% interval
        accuracy_of_mean_high | number | share | upper end of that
        correlation | number | r | of logarithms, published and predicted
        correlation_low | number | r | lower end of its 95% interval; missing of few
        correlation_high | number | r | upper end of that
        correlated | whole | experiments | of which both logarithms are known
        overlap | number | share | where bounds and interval overlap, of those compared
        overlapping | whole | experiments | where they do
        compared | whole | experiments | that have an interval
        """,
        who=("blind", "not blind"),
    ),
    "yardsticks": declared(
        """
        name | word | | a published simulator of customers
        tests | number | tests | that it was held against
        what | text | | what kind of tests
        accuracy | number | share | of directions told rightly
        correlation | number | r | of effects; missing where none is told
        source | text | | where it was published
        """
    ),
}

__all__ = ["BACKTEST"]
