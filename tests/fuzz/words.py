"""Command lines: settings, commands, options, in any order, right and odd."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_type_hints

import typer
from hypothesis import strategies as st

from sim.commands.program import app
from sim.config.loading import schema
from sim.parameters.schema import keys_of
from tests import toy
from tests.fuzz.case import Case

NAMES = (*toy.STRATEGIES, "koc_lead", "mine", "")
GIVEN_ELSEWHERE = (  # keys that some command knows beside the schema's
    "experiment.seed", "experiment.replications", "experiment.keep_orders", "experiment.scenario",
    "experiment.samples", "experiment.reference", "experiment.budget", "experiment.strategies",
    "executor", "executor.workers", "executor.name", "executor.threads_per_run", "report",
    "report.language", "population", "behaviour", "market", "community",
    "operations@operator.operations",
    "lever@operator.coupons", "scenarios", "rules", "rules.believe.trust_after", "rules.look",
    "hydra.run.dir", "hydra.searchpath", "hydra/launcher", "defaults", "before.coupons.strength",
    "population.regions.0.share", "population.regions.1.name", "population.regions.99.share",
    "population.regions.-1.share", "population.regions.x", "strategy.facts.0", "_self_",
)  # fmt: skip
ODD = (
    "", " ", "null", "true", "~", "???", "nan", "inf", "-inf", "-0", "0x10", "010", "1_000", "1:30",
    "+1", "1.", ".5", "1e309", "1e-400", "9" * 400, "9" * 20, "½", "٣", "1,2", "[1,2]", "[]", "{}",
    "[[[[", "{a:1}", "{a:{b:1}}", "choice(1,2)", "range(1,3)", "interval(0,1)", "interval(1,inf)",
    "interval(1)", "glob(*)", "sort(3,2)", "shuffle(1,2)", "tag(a,1)", "str(1)", "int(1.5)",
    "int(x)", "float(1)", "bool(1)", "json_str({a:1})", "extend_list(1)", "cast(1)", "int([1,x])",
    "${run.days}", "${oc.env:HOME}", "${oc.env:SECRET}", "${", "\\${x}", "${x", "${.days}",
    "${oc.create:1}", "${run.days}x", "'", '"', "'a'", '"a', "\\", "\\\\", "a b", "a\tb", "a\nb",
    "\x1b[31mred\x1b[0m", "\x07", "\x7f", "\u202e", "\udc80", "\ufeff", "𝟙", "=1", "a=b", "--", "-",
    "-n", "..", "../..", "/", "/etc/passwd", "/dev/zero", "x" * 300, "x" * 5000, "@", "a@b", "#",
    "a:b", "%s", "{0}", "$(id)", "`id`", ";", "|", "*", "?", "!x", "&x", "2024-01-01", "yes", "on",
)  # fmt: skip


def _characters() -> st.SearchStrategy[str]:
    """What a command line can hold: no NUL, and bytes that are no text as lone surrogates."""
    usual = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
    return st.one_of(usual, st.sampled_from("=,.[]{}()'\"\\$:@~+-/ \udc80\udcff"))


def texts(most: int = 30) -> st.SearchStrategy[str]:
    """Any word."""
    return st.one_of(st.sampled_from(ODD), st.text(_characters(), max_size=most))


ANY = object()  # a value of which nobody says beforehand what it means
NUMBERS: st.SearchStrategy[tuple[str, Any]] = st.one_of(
    st.integers(-3, 400),
    st.integers(),
    st.floats(0, 1),
    st.floats(allow_nan=False, allow_infinity=False),
).map(lambda number: (repr(number), number))
VALUES = st.one_of(NUMBERS, texts().map(lambda text: (text, ANY)))


def _schema(laboratory: str) -> type:
    return toy.schema() if laboratory == "toy" else schema()


def settings_there(laboratory: str) -> list[str]:
    """Keys of a laboratory's schema."""
    return sorted(key for key in keys_of(_schema(laboratory)) if not key.endswith("[]"))


def numbers_there(laboratory: str) -> dict[str, st.SearchStrategy[Any]]:
    """Every number and choice by its key, and what makes up values that it may have."""
    found = dict(_within_ranges(_schema(laboratory)))
    return {key: made for key, made in found.items() if not key.startswith("before")}


def _within_ranges(kind: Any, path: str = "") -> Iterator[tuple[str, st.SearchStrategy[Any]]]:
    hints = get_type_hints(kind)
    for item in fields(kind):
        key, hint = f"{path}.{item.name}".lstrip("."), hints[item.name]
        if is_dataclass(hint):
            yield from _within_ranges(hint, key)
        elif words := item.metadata.get("words"):
            yield key, st.sampled_from(words)
        elif "low" in item.metadata and hint in (int, float):
            low, high = (max(min(item.metadata[end], 1e12), -1e12) for end in ("low", "high"))
            yield key, st.integers(int(low), int(high)) if hint is int else st.floats(low, high)


@st.composite
def misspelt(draw: Any, words: st.SearchStrategy[str]) -> str:
    """A word with a letter missing, doubled, swapped or odd."""
    word = draw(words) or "x"
    place = draw(st.integers(0, len(word) - 1))
    what = draw(st.sampled_from(["drop", "double", "swap", "odd", "upper"]))
    head, letter, tail = word[:place], word[place], word[place + 1 :]
    if what == "swap":
        return head + tail[:1] + letter + tail[1:]
    changed = {"drop": "", "double": 2 * letter, "upper": letter.upper(), "odd": draw(texts(2))}
    return head + changed[what] + tail


def keys(laboratory: str) -> st.SearchStrategy[str]:
    """Keys that are there, that are not, and that are none."""
    there = st.sampled_from([*settings_there(laboratory), *GIVEN_ELSEWHERE])
    deeper = st.tuples(there, texts(6)).map(".".join)
    return st.one_of(there, there, there, misspelt(there), deeper, texts())


def overrides(laboratory: str) -> st.SearchStrategy[str]:
    """One word that may change a setting."""
    prefix = st.sampled_from(["", "", "", "", "+", "++", "~", "-", "--"])
    sign = st.sampled_from(["=", "=", "=", "=", "=", "", "==", " = ", ":"])
    return st.builds(
        lambda before, key, between, value: before + key + between + value[0],
        prefix,
        keys(laboratory),
        sign,
        VALUES,
    )


@st.composite
def plain_settings(draw: Any, laboratory: str, command: str = "check") -> Case:
    """Settings that are there, with values: what is accepted must be what was meant."""
    possible = numbers_there(laboratory)
    keys_there = st.sampled_from([*settings_there(laboratory), *3 * list(possible)])
    given = []
    for key in draw(st.lists(keys_there, min_size=1, max_size=3)):
        sensible = possible.get(key, st.integers()).map(lambda number: (repr(number), number))
        given.append((key, draw(sensible if draw(st.integers(0, 3)) else VALUES)))
    words = [f"{key}={text}" for key, (text, _) in given]
    last = {key: value for key, (_, value) in given}
    meant = {key: value for key, value in last.items() if value is not ANY}
    name = draw(st.sampled_from(sorted(toy.STRATEGIES)))
    return Case(f"settings, {laboratory}", (command, name, *words), meant=meant)


@st.composite
def changed_settings(draw: Any, laboratory: str) -> Case:
    """Words behind a command that may change settings."""
    command = draw(st.sampled_from(["run", "sweep", "check", "explain", "check", "report"]))
    words = draw(st.lists(overrides(laboratory), min_size=1, max_size=4))
    if laboratory == "toy" and command in ("run", "sweep"):
        words.append("run.days=3")
    return Case(f"overrides, {laboratory}", (command, *words))


# A few days are enough for these.
LIVED = ("run", "sweep", "levers", "dose", "decompose", "assumptions", "compare", "validate")
REAL = (
    "abtest",
    "audit",
    "backtest",
    "compare",
    "diary",
    "fit",
    "individuals",
    "relevel",
    "robustness",
    "rule",
    "standstill",
    "validate",
)
SHORT = ["index_day=1", "exposure_days=1", "outcome_days=1", "households=500", "replications=1"]


def _commands() -> dict[str, Any]:
    return dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


@st.composite
def command_lines(draw: Any, laboratory: str) -> Case:
    """A command, its options with values right and odd, and words, in any order."""
    commands = _commands()
    if laboratory == "toy":  # which has neither the package's rules nor its lives
        commands = {name: each for name, each in commands.items() if name not in REAL}
    name = draw(st.one_of(st.sampled_from(sorted(commands)), misspelt(st.just("scenarios"))))
    known = commands.get(name) or draw(st.sampled_from(list(commands.values())))
    others = {option for each in commands.values() for option in _options(each)}
    options = st.sampled_from([*_options(known), *_options(known), *sorted(others)])
    said = st.one_of(
        st.tuples(options, _option_values()),
        st.tuples(options.map(lambda option: f"{option}="), _option_values()).map("".join).map(one),
        st.tuples(options),
        st.tuples(overrides(laboratory)),
        st.tuples(st.sampled_from(NAMES)),
        st.tuples(texts()),
        st.tuples(misspelt(options)),
    )
    groups = draw(st.lists(said, max_size=5))
    words = [word for group in groups for word in group]
    where = draw(st.sampled_from([0, 0, 0, 0, 0, len(words)]))
    small = ["run.days=3"] if name in LIVED else []
    small += ["baseline", "reminders", "-n", "2"] if name == "compare" else []
    small += ["reminders"] if name in ("decompose", "assumptions") else []  # few runs
    small += (
        [f"experiment.{each}" for each in SHORT]
        if name in ("abtest", "audit", "individuals")
        else []
    )
    small += ["--only", "behaviour.look.visits_per_day"] if name == "assumptions" else []
    return Case(f"command lines, {laboratory}", (*words[:where], name, *words[where:], *small))


def one(word: str) -> tuple[str]:
    """A group of one word."""
    return (word,)


def _options(command: Any) -> list[str]:
    return [name for each in command.params for name in (*each.opts, *each.secondary_opts)
            if name.startswith("-")]  # fmt: skip


def _option_values() -> st.SearchStrategy[str]:
    likely = ("1", "0", "2", "-1", "serial", "threads", "own", "equal", "results", ".", "mine",
              "run.days", "customer", "won", "baseline", "en", "operator.coupons")  # fmt: skip
    return st.one_of(st.sampled_from(likely), NUMBERS.map(lambda pair: pair[0]), texts())
