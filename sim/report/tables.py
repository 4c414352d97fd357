"""The report's tables, as text in the reader's language."""

import re
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, NamedTuple

from sim.report.figure import ALL, SEGMENTATIONS
from sim.report.reading import Comparison, Strategies
from sim.report.words import Words, minus, whole

ITEMS = (
    "budget_yuan_per_customer_month",
    "spend_yuan_per_customer_month",
    "lever_cost_yuan_per_customer_month",
    "price_cuts_yuan_per_customer_month",
    "points_redeemed_yuan_per_customer_month",
    "extra_spend_yuan",
    "extra_contribution_yuan",
    "extra_return_on_spend",
)
OVER_CUSTOMERS = ("repurchase_rate_365d", "repurchase_rate_30d", "orders_per_customer")
SPEND = "spend_yuan"
SHOCKS = ("shock_orders_lost_share", "shock_recovery_days")
BESIDE_LEVERS = 5  # how many of the items come before the levers
OF_EVERYBODY = {  # facts that an indicator of all customers under the reference tells too
    "L01": "repurchase_rate_365d",
    "L11": "churn_rate_365d",
    "L12": "community_active_share",
}
KINDS = ("evidence", "fitted", "published", "assumed", "definition")
TOLD = ("evidence", "fitted", "published")  # settings told one by one
LONGEST = 70  # characters of a list of values that are shown


class Shown(NamedTuple):
    """A table as the page shows it: cells of text, the first column a heading."""

    name: str
    title: str
    note: str
    head: list[str]
    rows: list[list[str]]
    prose: bool = False  # cells of sentences rather than numbers


def levels(comparison: Comparison, words: Words) -> Shown:
    """The main indicators of every strategy."""
    shown = comparison.present(list(comparison.ranking["indicator"].unique()))
    aimed = comparison.aimed(comparison.goal)
    rows = []
    for name in comparison.names:
        cells = [words.strategy(name), words.probability(aimed[name].probability_best)]
        for indicator in shown:
            value = comparison.level(indicator)[name]
            mean, within = words.level(*value, comparison.unit(indicator))
            cells.append(f"{mean}\n{within or words(comparison.unknown_interval)}")
        rows.append(cells)
    head = [words("tables.strategy"), words("tables.levels.best")]
    head += [words.indicator(name) for name in shown]
    return shown_table(words, "levels", head, rows)


def differences(comparison: Comparison, words: Words) -> Shown:
    """Differences of the main indicators to the reference.

    Marked where the number of customers, over whom a rate is taken, has changed.
    """
    customers = comparison.difference("customers")
    other_base = {name for name, change in customers.items() if change.differs}
    shown = comparison.present(list(comparison.ranking["indicator"].unique()))
    rows = []
    for name in comparison.names:
        if name == comparison.reference:
            continue
        cells = [words.strategy(name)]
        for indicator in shown:
            value, unit = comparison.difference(indicator)[name], comparison.unit(indicator)
            mean = words.number(value.mean, unit, signed=True)
            mean += " †" if name in other_base and indicator in OVER_CUSTOMERS else ""
            within = words.interval(value.low, value.high, unit, signed=True)
            cells.append(
                f"{mean}\n{within if value.bounded else words(comparison.unknown_interval)}"
            )
        rows.append(cells)
    head = [words("tables.strategy"), *(words.indicator(name) for name in shown)]
    methods = _methods(comparison, shown, words)
    note = words("tables.differences.note" if methods else "tables.differences.note_plain",
                 methods=methods)  # fmt: skip
    if other_base:
        reference = words.strategy(comparison.reference)
        note = words.joined(note, words("tables.changed_base", reference=reference))
    if any(words("unknown_interval") in cell for row in rows for cell in row):
        note = words.joined(note, words("unknown_note"))
    return shown_table(words, "differences", head, rows, note, words.strategy(comparison.reference))


def _methods(comparison: Comparison, indicators: Sequence[str], words: Words) -> str:
    """How the simultaneous intervals were found, each way once."""
    table = comparison.differences
    methods = table.loc[(table["by"] == ALL) & table["indicator"].isin(indicators), "method"]
    told = {"max-|t|": "correlated", "Šidák": "sidak"}
    found = [key for start, key in told.items() if methods.str.startswith(start).any()]
    return words.listed([words(f"tables.methods.{key}") for key in found])


def money(comparison: Comparison, words: Words) -> Shown:
    """What every strategy gives up and pays."""
    reference = words.strategy(comparison.reference)
    known = comparison.money["item"].unique()
    levers = sorted(i for i in known if i.startswith("spend_") and i not in (*ITEMS, SPEND))
    titles = {item: words(f"tables.money.{item}", reference=reference) for item in ITEMS}
    for item in levers:
        lever = words.name("levers", item.removeprefix("spend_").removesuffix("_yuan"))
        titles[item] = words("tables.money.lever", lever=lever)
    rows = []
    for item in [*ITEMS[:BESIDE_LEVERS], *levers, *ITEMS[BESIDE_LEVERS:]]:
        values = comparison.spent(item)
        found = [values.get(name) for name in comparison.names]
        rows.append(
            [titles[item], *(words.number(value.mean) if value else "–" for value in found)]
        )
    head = [words("tables.money.head"), *map(words.strategy, comparison.names)]
    return shown_table(words, "money", head, rows, reference=reference)


def segments(comparison: Comparison, words: Words) -> Shown:
    """Households won and lost in every segment."""
    table = comparison.won_lost
    names = [name for name in comparison.names if name != comparison.reference]
    rows = []
    for by in (ALL, *SEGMENTATIONS):
        for segment in words.ordered(by, table.loc[table["by"] == by, "segment"]):
            changed = comparison.changed(by, segment)
            cells = [words.segment(by, segment)]
            for name in names:
                won, lost = whole(changed[name].won), whole(changed[name].lost)
                net = words.number(changed[name].net_share, "share", signed=True)
                cells.append(f"{net}\n{words('tables.segments.people', won=won, lost=lost)}")
            rows.append(cells)
    reference = words.strategy(comparison.reference)
    head = [words("tables.segments.head"), *map(words.strategy, names)]
    return shown_table(words, "segments", head, rows, reference=reference)


def strategies(compared: Strategies, words: Words) -> Shown:
    """What the strategies are, in their own words."""
    about = compared.strategies.set_index("strategy")
    parts = ("title", "what", "why", "cost")
    rows = [
        [
            words.strategy(name),
            *(words.prose(str(about.loc[name, part])) for part in parts),
            " ".join(_marked(each, compared) for each in str(about.loc[name, "facts"]).split()),
        ]
        for name in compared.names
    ]
    head = [words("tables.strategy")]
    head += [words(f"tables.strategies.{part}") for part in ("head", *parts[1:], "facts")]
    return shown_table(words, "strategies", head, rows, prose=True)


def _marked(fact: str, compared: Strategies) -> str:
    """A fact's id, with a sign behind it where the model contradicts it."""
    return f"{fact}\N{NO-BREAK SPACE}⚠" if fact in compared.contradicted else fact


def changes(comparison: Comparison, words: Words) -> Shown:
    """Settings in which strategies differ from the reference."""
    table = comparison.changes
    names = [name for name in comparison.names if name != comparison.reference]
    units = comparison.assumptions.set_index("key")["unit"]
    rows = []
    for key, part in table.groupby("key", sort=True):
        values = dict(zip(part["strategy"], part["value"], strict=True))
        told = _setting(str(key), str(units.get(key, "")), words)
        rows.append([told, str(part["reference"].iloc[0]), *(values.get(n, "–") for n in names)])
    reference = words.strategy(comparison.reference)
    head = [words("tables.changes.head"), reference, *map(words.strategy, names)]
    return shown_table(words, "changes", head, rows, reference=reference)


def _setting(key: str, unit: str, words: Words) -> str:
    """A setting by its name; its key, where that is another, and its unit below."""
    name, unit = words.setting(key), words.own("units", unit)
    below = words("comma").join(filter(None, ["" if name == key else key, unit]))
    return f"{name}\n{below}" if below else name


def shocks(comparison: Comparison, words: Words) -> Shown:
    """What shocks do to orders, of the strategies that one befalls."""
    shown = comparison.present(SHOCKS)
    rows = []
    for name in comparison.names:
        found = [comparison.level(indicator).get(name) for indicator in shown]
        if not any(value and isfinite(value.mean) for value in found):
            continue
        cells = [words.strategy(name)]
        for indicator, value in zip(shown, found, strict=True):
            told = words.level(*value, comparison.unit(indicator)) if value else ("–", "")
            cells.append("\n".join(filter(None, told)))
        rows.append(cells)
    head = [words("tables.strategy"), *map(words.indicator, shown)]
    return shown_table(words, "shocks", head, rows)


def phases(comparison: Comparison, words: Words) -> Shown:
    """What strategies change in the course of their run."""
    table = comparison.phases
    units = comparison.assumptions.set_index("key")["unit"]
    rows = []
    for name in comparison.names:
        for row in table[table["strategy"] == name].sort_values("from_day").to_dict("records"):
            key = str(row["key"])
            told = _setting(key, str(units.get(key, "")), words)
            day = words("tables.phases.day", day=whole(row["from_day"]))
            rows.append([words.strategy(name), day, told, str(row["before"]), str(row["value"])])
    head = [words("tables.strategy")]
    head += [words(f"tables.phases.{part}") for part in ("head", "setting", "before", "now")]
    return shown_table(words, "phases", head, rows)


def regional(comparison: Comparison, words: Words) -> Shown:
    """What strategies have otherwise in some regions or tiers."""
    table, units = comparison.regional, comparison.assumptions.set_index("key")["unit"]
    rows = []
    for name in comparison.names:
        for row in table[table["strategy"] == name].to_dict("records"):
            key = str(row["key"])
            told = _setting(key, str(units.get(key, "")), words)
            values = (str(row["elsewhere"]), str(row["value"]))
            rows.append(
                [words.strategy(name), _where(row, words), _when(row, words), told, *values]
            )
    head = [words("tables.strategy")]
    parts = ("head", "days", "setting", "elsewhere", "there")
    head += [words(f"tables.regional.{part}") for part in parts]
    return shown_table(words, "regional", head, rows)


def _where(row: Mapping[Any, Any], words: Words) -> str:
    """Regions, and below them the tiers of their cities."""
    told = []
    for kind, part in (("region", "regions"), ("city_tiers", "city_tiers")):
        if (given := str(row[part])) != ALL:
            named = [words.own(kind, each) for each in given.split("; ")]
            told.append(words(f"tables.regional.{part}", names=words.listed(named)))
    return "\n".join(told)


def _when(row: Mapping[Any, Any], words: Words) -> str:
    days = {"first": whole(row["from_day"]), "last": whole(row["until_day"] - 1)}
    return words("tables.regional.when", **days)


def rests(comparison: Comparison, words: Words) -> Shown:
    """How many settings rest on what."""
    table = comparison.assumptions
    counts = table["rests_on"].value_counts()
    rows = [
        [
            words(f"tables.rests_on.{kind}"),
            str(int(counts.get(kind, 0))),
            f"{100 * counts.get(kind, 0) / max(len(table), 1):.0f}%",
        ]
        for kind in KINDS
    ]
    head = [words(f"tables.rests.{name}") for name in ("head", "count", "share")]
    return shown_table(words, "rests", head, rows)


def evidence(comparison: Comparison, words: Words) -> Shown:
    """Every setting that rests on a fact or another published figure."""
    table = comparison.assumptions
    rows = []
    for kind in TOLD:
        for row in table[table["rests_on"] == kind].to_dict("records"):
            key, value = str(row["key"]), minus(str(row["value"]))
            source = row["facts"] or words.own("sources", key, str(row["source"]))
            rows.append(
                [
                    key,
                    words.own("settings", key, str(row["what"])),
                    value if len(value) <= LONGEST else f"{value[:LONGEST]} …",
                    words.own("units", str(row["unit"])),
                    words(f"tables.rests_on.{kind}"),
                    str(source),
                ]
            )
    columns = ("head", "what", "value", "unit", "rests", "facts")
    head = [words(f"tables.evidence.{name}") for name in columns]
    reference = words.strategy(comparison.reference)
    return shown_table(words, "evidence", head, rows, reference=reference, prose=True)


def facts(comparison: Comparison, words: Words) -> Shown:
    """The facts that settings and strategies name."""
    named = " ".join([*comparison.assumptions["facts"], *comparison.strategies["facts"]]).split()
    table = comparison.facts[comparison.facts["id"].isin(named)]
    rows = [
        [
            str(row["id"]),
            words.own("facts", str(row["id"]), fact_in_words(row)),
            minus(f"{row['value']:g}"),
            minus(words("range", low=f"{row['low']:g}", high=f"{row['high']:g}")),
            _measured(comparison, row, words),
            words(f"tables.facts.verdicts.{row['verdict']}"),
            words.own("units", str(row["unit"])),
            words(f"tables.roles.{row['role']}"),
            str(row["source"]),
        ]
        for row in table.to_dict("records")
    ]
    columns = ("id", "what", "value", "bounds", "measured", "verdict", "unit", "role", "source")
    head = [words(f"tables.facts.{name}") for name in columns]
    worlds = comparison.facts["worlds"].max(), comparison.facts["households"].max()
    told = dict(zip(("worlds", "households"), map(whole, worlds), strict=True))
    note = words("tables.facts.note", **told)
    return shown_table(words, "facts", head, rows, note, prose=True)


def _measured(comparison: Comparison, fact: dict[Any, Any], words: Words) -> str:
    """What was measured of a fact, with its interval, and what this comparison has of it."""
    if not isfinite(fact["measured"]):
        return "–"
    told = [f"{fact['measured']:.3g}"]
    if isfinite(fact["measured_low"]):
        low, high = (f"{fact[f'measured_{end}']:.3g}" for end in ("low", "high"))
        told.append(words("range", low=low, high=high))
    here = comparison.level(OF_EVERYBODY.get(fact["id"], "")).get(comparison.reference)
    if here and isfinite(here.mean):
        told.append(words("tables.facts.compared", value=f"{here.mean:.3g}"))
    return minus("\n".join([told[0], words("semicolon").join(told[1:])]))


def fact_in_words(fact: dict[Any, Any]) -> str:
    """What was measured, and of whom, in English."""
    who = f" ({fact['who']})" if fact["who"] else ""
    kpi = re.sub(r"_(\d+)d\b", r", \1 days", fact["kpi"])  # some are named as indicators are
    return f"{kpi.replace('_', ' ')}{who}"


def shown_table(
    words: Words,
    name: str,
    head: list[str],
    rows: list[list[str]],
    note: str = "",
    reference: str = "",
    prose: bool = False,
) -> Shown:
    """A table with its title and note in the reader's language."""
    title = words(f"tables.{name}.title", reference=reference)
    said = note or words(f"tables.{name}.note", reference=reference)
    return Shown(name, title, said, head, rows, prose)


def shown_of(
    words: Words,
    kind: str,
    name: str,
    head: Sequence[str],
    rows: list[list[str]],
    prose: bool = False,
    **about: object,
) -> Shown:
    """A table of the page of another kind of experiment, whose texts lie under that kind."""
    title, note = (words(f"{kind}.tables.of_{name}.{part}", **about) for part in ("title", "note"))
    return Shown(name, title, note, list(head), rows, prose)


__all__ = [
    "Shown",
    "changes",
    "differences",
    "evidence",
    "fact_in_words",
    "facts",
    "levels",
    "money",
    "phases",
    "regional",
    "rests",
    "segments",
    "shocks",
    "shown_of",
    "shown_table",
    "strategies",
]
