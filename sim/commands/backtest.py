"""`repurchase backtest`. Experiments that happened, predicted."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.options import (
    ConfigDir,
    ExecutorName,
    Replications,
    Request,
    ResultsDir,
    Seeds,
    TrustRules,
    Words,
    Workers,
    told_plainly,
)
from sim.commands.output import say
from sim.console.importing import loading

if TYPE_CHECKING:
    import pandas as pd

WHAT = ("what", "treatment", "outcome")  # of a fact the first is the last, too


@told_plainly
def backtest(
    words: Words = None,
    replications: Replications = None,
    seed: Seeds = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Predict experiments that really happened, and hold that against what they found.

    Those that numbers were fitted to are not blind, and scored apart. Whatever behaviour is chosen
    (behaviour=NAME) predicts. `repurchase report` makes the page.

    Examples:

        repurchase backtest

        repurchase backtest -n 20 population.households=50000
    """
    with loading():
        from sim.commands.output import show
        from sim.console.progress import bar
        from sim.experiments.backtest import backtest as experiment
        from sim.store.runs import read_table

    options = {"replications": replications, "seed": seed}
    asked = Request(
        "backtest", words, results, config_dir, executor, workers, trust_rules, **options
    )
    with bar("backtest") as on_progress:
        folder = experiment(
            scenario=asked.scenario,
            replications=asked.values["replications"],
            seed=asked.values["seed"],
            overrides=asked.overrides,
            settings=asked.settings,
            on_progress=on_progress,
        )
    found = read_table(folder, "experiments")
    show("Experiments as published and as predicted", shown(found))
    show(
        "How well they were predicted",
        scored(read_table(folder, "score"), read_table(folder, "yardsticks")),
    )
    for sentence in sentences(found):
        say(sentence)
    say(f"Results: {folder}")


def _span(low: float, high: float) -> str:
    from sim.commands.output import word

    return f" ({word(low)} to {word(high)})" if low == low and high == high else ""


def shown(found: "pd.DataFrame") -> "pd.DataFrame":
    """The experiments that were predicted, for a terminal: an effect and its interval a column."""
    import pandas as pd

    from sim.commands.output import word

    def told(row: Any, name: str, low: str, high: str) -> str:
        return f"{word(row[name])}{_span(row[low], row[high])}"

    rows = found[found["yardstick"] == ""].to_dict("records")
    return pd.DataFrame(
        {
            "id": [row["id"] for row in rows],
            "what": ["; ".join(dict.fromkeys(str(row[name]) for name in WHAT)) for row in rows],
            "unit": [row["unit"] for row in rows],
            "published": [told(row, "effect", "low", "high") for row in rows],
            "predicted": [
                told(row, "predicted", "predicted_low", "predicted_high") for row in rows
            ],
            "direction": [row["direction"] for row in rows],
            "overlap": [row["overlap"] for row in rows],
            "blind": ["yes" if row["blind"] else f"no: {row['fitted']}" for row in rows],
        }
    )


def scored(score: "pd.DataFrame", yardsticks: "pd.DataFrame") -> "pd.DataFrame":
    """The score with published yardsticks below, for a terminal."""
    import pandas as pd

    def percent(row: Any, name: str) -> str:
        if row[name] != row[name]:
            return ""
        low, high = (row[f"{name}_{end}"] for end in ("low", "high"))
        return f"{row[name]:.0%}" + (f" ({low:.0%} to {high:.0%})" if low == low else "")

    def r(row: Any) -> str:
        if row["correlation"] != row["correlation"]:
            return f"– (n = {row['correlated']})"
        span = _span(row["correlation_low"], row["correlation_high"])
        return f"{row['correlation']:.2f}{span} (n = {row['correlated']})"

    own = [
        {
            "who": f"here, {row['who']}",
            "experiments": row["experiments"],
            "right, wrong, undecided": f"{row['right']}, {row['wrong']}, {row['undecided']}",
            "direction right": percent(row, "accuracy"),
            "by the mean alone": percent(row, "accuracy_of_mean"),
            "r of log effects": r(row),
            "overlap": f"{row['overlapping']} of {row['compared']}",
        }
        for row in score.to_dict("records")
    ]
    others = [
        {
            "who": f"{row['name']}: {row['what']} ({row['source']})",
            "experiments": int(row["tests"]),
            "right, wrong, undecided": "",
            "direction right": "",
            "by the mean alone": f"{row['accuracy']:.0%}",
            "r of log effects": f"{row['correlation']:.2f}"
            if row["correlation"] == row["correlation"]
            else "",
            "overlap": "",
        }
        for row in yardsticks.to_dict("records")
    ]
    return pd.DataFrame([*own, *others])


def sentences(found: "pd.DataFrame") -> list[str]:
    """What is told apart, and what could not be predicted, with the reason."""
    apart = found[found["why"] != ""].to_dict("records")
    return [
        f"{row['id']}, {row['what']}"
        + (f" ({row['outcome']}: {row['yardstick']})" if row["yardstick"] else "")
        + f": {row['why']}."
        for row in apart
    ]
