"""What records show of a lever and what it caused: a table, sentences, figures."""

import textwrap
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from rich.table import Table

from sim.report import style
from sim.report.levers import change
from sim.report.palette import COLOURS, REFERENCE_COLOUR
from sim.report.terminal import WORDS
from sim.store.folders import alone, plain_errors
from sim.store.runs import read_manifest, read_table
from sim.text.outgoing import visible

METHODS = {
    "naive": "naive: treated against others",
    "before_after": "before and after",
    "diff_in_diff": "difference in differences",
    "matching": "matching on the propensity",
    "regression": "regression adjustment",
    "double_ml": "double machine learning",
    "ab_test": "A/B test, by household offered",
    "ab_test_treated": "A/B test, by household treated",
}
TITLES = {
    "orders": "Orders per 1,000 customers",
    "repurchased": "Customers in 1,000 who order again",
    "margin_yuan": "Yuan a customer, less cost of goods",
}
TOLD = {
    "orders": "orders per 1,000 customers",
    "repurchased": "customers in 1,000 who order again",
    "margin_yuan": "yuan a customer, less cost of goods",
}
SHOWN_PER = {"orders": 1000.0, "repurchased": 1000.0}  # customers; tables are of one
IN_THE_UNIT = (
    "mean", "low", "high", "caused", "caused_low", "caused_high", "gap_mean", "gap_low", "gap_high",
    "detectable",
)  # fmt: skip
SEGMENTS = {
    "past_orders": "orders before",
    "stage": "stage of the child",
    "won_by": "won by",
    "region": "region",
}
NOTE = (
    "{outcome} from day {landmark} to {end}, means over {worlds} with 95% intervals. Treated: "
    "customers of day {index} who {who} before day {landmark}. Caused: what the same households "
    "order more than in a second life in which {lever} {withheld} from day {index} on. Holds: in "
    "how many worlds the method's own 95% interval holds what was caused."
)
# Gordon, Moakler & Zettelmeyer 2023: median lifts of upper, middle and lower funnel, 663 tests.
YARDSTICK = (
    "The yardstick (663 advertising tests, Gordon, Moakler & Zettelmeyer 2023) has matching above "
    "double machine learning above the test: lifts of 173, 83 and 29% (upper funnel). Here they "
    "are {lifts}: the order {holds}{why}."
)
ALIKE = "; both read the same records, and what these do not hold leaves both with their error"
TOO_FAR = "; adjusting takes off more than who takes part"


class Told(NamedTuple):
    """What a folder tells of the outcome that comes first."""

    manifest: dict[str, Any]
    methods: dict[str, dict[str, Any]]
    gaps: pd.DataFrame
    effects: pd.DataFrame
    months: pd.DataFrame
    test: dict[str, Any]
    changed: dict[str, float]
    leaves: list[dict[str, Any]]
    policies: dict[str, dict[str, Any]]

    @property
    def outcome(self) -> str:
        """The outcome."""
        return str(self.manifest["outcome"])

    def parts(self, method: str) -> dict[str, float]:
        """What an estimate consists of."""
        own = self.gaps[self.gaps["method"] == method]
        return dict(zip(own["part"].astype(str), own["mean"].astype(float), strict=True))


def told(folder: Path) -> Told:
    """What `repurchase audit` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    manifest = read_manifest(folder)
    outcome = manifest["outcome"]
    own = {
        name: _shown(_only(read_table(folder, name), "outcome", outcome), outcome)
        for name in ("methods", "gaps", "effects", "tests")
    }
    methods = {str(row["method"]): row for row in _rows(own["methods"])}
    months = _shown(read_table(folder, "months"), "orders")
    changed = _only(read_table(folder, "changed"), "by", "all")
    moved = dict(zip(changed["what"].astype(str), changed["mean"], strict=True))
    leaves = _rows(read_table(folder, "leaves"))
    policies = {str(row["policy"]): row for row in _rows(read_table(folder, "policies"))}
    return Told(
        manifest,
        methods,
        own["gaps"],
        own["effects"],
        months,
        _rows(own["tests"])[0],
        moved,
        leaves,
        policies,
    )


def _only(table: pd.DataFrame, column: str, word: str) -> pd.DataFrame:
    return table[table[column].astype(str) == word]


def _shown(table: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """The table in the unit in which its numbers are shown."""
    columns = [name for name in IN_THE_UNIT if name in table]
    return table.assign(**{n: table[n] * SHOWN_PER.get(outcome, 1.0) for n in columns})


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def audit_table(folder: Path) -> Table:
    """A row per method beside the effect caused.

    Parameters
    ----------
    folder
        What `repurchase audit` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    found = told(folder)
    table = Table(
        title=f"Observed and caused: {found.manifest['subject'].replace('_', ' ')}",
        caption=_note(found),
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("method", overflow="fold")
    for heading in ("says", "lift", "caused", "gap", "holds"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for name, row in found.methods.items():
        caused, gap = _part(row, "caused"), _part(row, "gap_mean")
        table.add_row(
            METHODS[name],
            change(pd.Series(row)),
            _percent(row["lift"]),
            change(caused),
            change(gap),
            "" if row["covered"] != row["covered"] else f"{100 * row['covered']:.0f}%",
            str(row["verdict"]),
        )
    return table


def _part(row: dict[str, Any], name: str) -> "pd.Series[Any]":
    """Mean and interval of the effect caused, or of the gap."""
    stem = name.removesuffix("_mean")
    return pd.Series({"mean": row[name], "low": row[f"{stem}_low"], "high": row[f"{stem}_high"]})


def _percent(share: float) -> str:
    return "" if share != share else f"{100 * share:+.0f}%".replace("-", "−")


def _in_brackets(share: float) -> str:
    return f" ({_percent(share)})" if _percent(share) else ""


def _note(found: Told) -> str:
    manifest = found.manifest
    count = manifest["replications"]
    return NOTE.format(
        outcome=TITLES[found.outcome],
        landmark=manifest["landmark"],
        end=manifest["end"],
        worlds="one world" if count == 1 else f"{count} worlds",
        index=manifest["index_day"],
        who=_who(found),
        lever=manifest["lever"],
        withheld=manifest["withheld"],
    )


def _who(found: Told) -> str:
    who = str(found.manifest["who"])
    if who.startswith("was "):
        return f"were {who.removeprefix('was ')}"
    return f"were {who}" if who.startswith("on ") else who


def sentences(folder: Path) -> list[str]:
    """What the analyst would print, what is caused, why they differ, who errs, how to know."""
    found = told(folder)
    if found.methods["naive"]["mean"] != found.methods["naive"]["mean"]:
        return [f"Nobody {found.manifest['who']}: there is nothing to tell apart."]
    said = [_printed(found), _why(found), _over_time(found), _who_errs(found)]
    said += [_test_needed(found), _moved(found), *_policy(found)]
    lifts = [found.methods[name]["lift"] for name in ("naive", "matching", "double_ml")]
    return [*said, _yardstick(found)] if not any(lift != lift for lift in lifts) else said


def _printed(found: Told) -> str:
    own, unit = found.methods["naive"], TOLD[found.outcome]
    return (
        f"An analyst would print: customers who {_who(found)} differ from the others by "
        f"{level(own, 'mean')} {unit}{_in_brackets(own['lift'])}. Caused: "
        f"{level(own, 'caused')}{_in_brackets(own['caused_lift'])}."
    )


def level(row: dict[str, Any], name: str) -> str:
    """A mean (or the effect caused, or another of the row) and in brackets its interval, if any."""
    mean = WORDS.number(row[name], signed=True)
    low, high = ("low", "high") if name == "mean" else (f"{name}_low", f"{name}_high")
    if row[low] != row[low]:
        return mean
    return f"{mean} ({WORDS.interval(row[low], row[high], signed=True)})"


def _why(found: Told) -> str:
    parts = found.parts("naive")
    others = parts["effect_on_others"]
    spill = f", and {WORDS.number(others, signed=True)} what the others got of the lever"
    anyway = WORDS.number(parts["who_takes_part"], signed=True)
    told = WORDS.number(found.methods["naive"]["mean"], signed=True)
    return (
        f"Of the naive {told}, {anyway} is who takes part: {found.manifest['why']}"
        f"{spill if abs(others) > abs(parts['caused']) / 10 else ''}."
    )


def _over_time(found: Told) -> str:
    parts = found.parts("before_after")
    anyway = parts["changed_anyway"]
    return (
        f"Without the lever the treated would have changed by {WORDS.number(anyway, signed=True)} "
        "from before to after anyway (needs come and go, and whoever stood out goes back to what "
        "is usual); before and after takes that for the lever's doing."
    )


def _who_errs(found: Told) -> str:
    by: dict[str, list[str]] = {}
    for name, row in found.methods.items():
        by.setdefault(str(row["verdict"]), []).append(METHODS[name].partition(":")[0])
    said = [
        f"{WORDS.listed(by[verdict])} would have {what}"
        for verdict, what in (
            ("more than double", "misled whoever pays for the lever: more than double the truth"),
            ("wrong sign", "misled with the wrong sign"),
            ("less than half", "told less than half"),
            ("too high", "been too high"),
            ("too low", "been too low"),
        )
        if verdict in by
    ]
    agreeing = by.get("agrees", [])
    said += [f"{WORDS.listed(agreeing)} cannot be told from what is caused"] if agreeing else []
    return "; ".join(said)[:1].upper() + "; ".join(said)[1:] + "."


def _test_needed(found: Told) -> str:
    own = found.test
    seen = WORDS.number(own["detectable"])
    known = (
        f"a test of all {own['customers']:,.0f} customers of a world of this size would see one "
        f"of {seen}"
    )
    if why := found.manifest["no_test"]:
        return f"No A/B test by household can be run: {why}."
    if not (own["low"] > 0.0 or own["high"] < 0.0):
        return (
            f"Over all who are offered it the effect is {level(own, 'mean')}: it cannot be told "
            f"from nothing, and {known}."
        )
    return (
        f"Over all who are offered it the effect is {level(own, 'mean')}: a test by household "
        f"would need {own['per_arm']:,.0f} customers in each arm to see it (5%, four times in "
        f"five); {known}."
    )


def _moved(found: Told) -> str:
    won, lost = (found.changed[name] for name in ("won", "lost"))
    return (
        f"Of 10,000 customers {won:,.1f} order again only because of it and {lost:,.1f} only "
        "without it; all others do, or do not, in both lives."
    )


def _policy(found: Told) -> list[str]:
    """Whom a tree of two questions would offer the lever to, and whether that paid elsewhere."""
    return [policy_sentence(found.leaves, found.policies)] if found.policies else []


def policy_sentence(leaves: list[dict[str, Any]], policies: dict[str, dict[str, Any]]) -> str:
    """Whom a tree would address, and what that brought where it had not learnt.

    Parameters
    ----------
    leaves, policies
        Rows of `sim.experiments.auditing.policy.policies`, the latter by their name.
    """
    chosen = [str(leaf["rule"]) for leaf in leaves if leaf["addressed"]]
    rule = " or ".join(f"({each})" for each in chosen) or "nobody"
    tree = policies["tree"]
    over = {"over": tree["over_mean"], "over_low": tree["over_low"], "over_high": tree["over_high"]}
    shown = "" if tree["over_low"] > 0.0 else ": no gain over everybody is shown"
    return (
        f"For whom it pays, learnt from half of the worlds: {rule}. In the others that brings "
        f"{level(tree, 'mean')} yuan a customer, less cost of goods, {level(over, 'over')} more "
        f"than everybody{shown}."
    )


def _yardstick(found: Told) -> str:
    names = ["naive", "matching", "double_ml"]
    if not found.manifest["no_test"]:
        names.append("ab_test_treated")
    lifts = [found.methods[name]["lift"] for name in names] + [
        found.methods["naive"]["caused_lift"]
    ]
    said = [METHODS[name].partition(":")[0].partition(",")[0] for name in names] + ["caused"]
    told = ", ".join(f"{_percent(v) or '?'} ({n})" for n, v in zip(said, lifts, strict=True))
    truth = found.methods["naive"]["caused"]
    order = [found.methods[n]["mean"] for n in ("naive", "matching", "double_ml")]
    holds = order[0] >= order[2] and order[1] >= order[2] >= truth
    why = "" if holds else ALIKE if order[2] >= truth else TOO_FAR
    return YARDSTICK.format(lifts=told, holds="holds" if holds else "does not hold", why=why)


def write_figures(folder: Path) -> Path:
    """Draw estimates against the effect caused, and that by segment and month.

    PNG and SVG in the subfolder `figures`, which is returned.
    """
    found, home = told(folder), folder / "figures"
    with alone(folder), plain_errors(home), style.applied():
        home.mkdir(exist_ok=True)
        figure = Figure(figsize=(11.5, 4.6))
        left, middle, right = figure.subplots(1, 3, width_ratios=(1.5, 1.3, 1.0))
        _draw_methods(left, found)
        _draw_segments(middle, found)
        _draw_months(right, found)
        text = "\n".join(textwrap.wrap(visible(sentences(folder)[0]), 130))
        figure.suptitle(text, x=0.01, ha="left", fontsize=9)
        style.save(figure, home, "observed_and_caused")
    return home


def _draw_methods(axes: Axes, found: Told) -> None:
    """Every estimate of the effect on the treated, and the effect caused as a band."""
    shown = {name: row for name, row in found.methods.items() if row["of"] == "treated"}
    truth = next(iter(shown.values()))
    axes.axvspan(truth["caused_low"], truth["caused_high"], color=COLOURS[5], alpha=0.35, lw=0)
    axes.axvline(truth["caused"], color=REFERENCE_COLOUR, linewidth=1.2)
    axes.axvline(0, color="#333333", linewidth=0.9)
    for place, row in enumerate(shown.values()):
        axes.plot([row["low"], row["high"]], [place, place], color=COLOURS[0], linewidth=2.2)
        axes.plot(row["mean"], place, "o", color=COLOURS[0], markersize=5)
    axes.set_yticks(range(len(shown)), [METHODS[name].partition(":")[0] for name in shown])
    axes.invert_yaxis()
    axes.set_title("What each method says")
    axes.set_xlabel(f"{TITLES[found.outcome]}; line and band: caused")


def _draw_segments(axes: Axes, found: Told) -> None:
    """The effect on the treated, by segment."""
    own = _only(found.effects, "who", "treated")
    labels: list[str] = []
    axes.axvline(0, color="#333333", linewidth=0.9)
    for number, (by, title) in enumerate(SEGMENTS.items()):
        for row in _rows(_only(own, "by", by)):
            place = len(labels)
            labels.append(f"{title}: {str(row['segment']).replace('_', ' ')}")
            colour = COLOURS[number % len(COLOURS)]
            axes.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=1.6)
            axes.plot(row["mean"], place, "o", color=colour, markersize=3.5)
    axes.set_yticks(range(len(labels)), [visible(label) for label in labels], fontsize=7)
    axes.invert_yaxis()
    axes.set_title("Caused, of whom")
    axes.set_xlabel(TITLES[found.outcome])


def _draw_months(axes: Axes, found: Told) -> None:
    """The effect by month, on the treated and on the others."""
    axes.axhline(0, color="#333333", linewidth=0.9)
    for number, who in enumerate(("treated", "others")):
        own = _only(found.months, "who", who)[["month", "mean", "low", "high"]].astype(float)
        axes.plot(
            own["month"] + 1,
            own["mean"],
            color=COLOURS[number],
            marker="o",
            markersize=3,
            label=who,
        )
        axes.fill_between(
            own["month"] + 1, own["low"], own["high"], color=COLOURS[number], alpha=0.14, lw=0
        )
    days = found.manifest["landmark"] - found.manifest["index_day"]
    axes.axvline(days / 30 + 0.5, color=REFERENCE_COLOUR, linestyle=(0, (5, 4)), linewidth=1.0)
    axes.legend(fontsize=8)
    axes.set_title("Caused, when")
    axes.set_xlabel("Month\n(dashed: the landmark)")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel("Orders per 1,000 customers and month")


__all__ = [
    "METHODS",
    "SEGMENTS",
    "TOLD",
    "Told",
    "audit_table",
    "level",
    "policy_sentence",
    "sentences",
    "told",
    "write_figures",
]
