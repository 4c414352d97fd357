"""What each kind of folder must hold and its manifest must tell for a reader to rely on."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from sim.text.outgoing import cited

# A type or some; a list of one shape; a mapping of names to shapes, or of ANY name to one shape.
Shape = Any
ANY = "any"
NUMBER = (int, float)
WORDS = {str: "text", int: "a whole number", float: "a number", list: "a list", dict: "a group"}

EVERY: Mapping[str, Shape] = {
    "created": str,
    "versions": {ANY: str},
    "code": str,
    "revision": (str, type(None)),
    "machine": {"platform": str, "processors": int, "memory_bytes": int},
    "seconds": NUMBER,
    "files": {ANY: str},
}


INDICATORS = ("indicator", "by", "segment", "numerator", "denominator", "value", "unit")


class Kind(NamedTuple):
    """Tables that a folder must hold as Parquet, and what its manifest must tell beside `EVERY`.

    `columns` tells by table those that readers rely on where no other place looks at them;
    `at_times` are tables that are there where something was asked for.
    """

    tables: tuple[str, ...]
    tells: Mapping[str, Shape]
    columns: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    at_times: tuple[str, ...] = ()


# What is told of a configuration, and of that of every strategy.
CONFIGURATION: dict[str, Shape] = {
    "population": {"households": int},
    "run": {"days": int, "warmup_days": int},
}
CONFIGURATIONS: Shape = {ANY: CONFIGURATION}
AGAIN: Mapping[str, Shape] = {  # what it takes to do it again, where there is one configuration
    "seed": int,
    "seeds": [int],
    "overrides": [str],
    "configuration": {**CONFIGURATION, "strategy": {"title": str}},
}
STORED_RUN = Kind(
    ("indicators", "daily", "monthly", "households", "groups"),
    {"key": str, "info": {ANY: (*NUMBER, str)}},
    {"indicators": INDICATORS},
)
EXPERIMENTS = {
    "run": Kind(
        ("indicators", "daily", "monthly", "groups", "households"),
        {"seeds": [int], "runs": [str], "configuration": {ANY: object}, "run_seconds": NUMBER},
        {"indicators": INDICATORS},
    ),
    "compare": Kind(
        (
            "strategies",
            "levels",
            "differences",
            "ranking",
            "precision",
            "money",
            "won_lost",
            "monthly",
            "survival",
            "news",
            "sample",
            "assumptions",
            "changes",
            "phases",
            "facts",
            "people",
            "ladder",
            "horizon",
            "why",
            "reach",
            "payback",
            "pilot",
            "goals",
            "worlds",
        ),
        {
            "reference": str,
            "strategies": [str],
            "replications": int,
            "seed": int,
            "budget": str,
            "goal": str,
            "goals": {ANY: NUMBER},
            "precision": NUMBER,
            "overrides": [str],
            "run_seconds": NUMBER,
            "configurations": CONFIGURATIONS,
        },
        at_times=("budgets", "regional", "turning", "plausible", "worth_knowing", "worth_trying"),
    ),
    "sweep": Kind(
        ("points", "runs", "outcomes", "differences", "steps", "settings", "strategies"),
        {
            "method": str,
            "reference": str,
            "strategies": [str],
            "replications": int,
            "seed": int,
            "seeds": [int],
            "runs": [str],
            "parameters": [{ANY: object}],
            "overrides": [str],
            "run_seconds": NUMBER,
            "configurations": CONFIGURATIONS,
        },
    ),
    "levers": Kind(
        ("effects", "levers", "runs"),
        {"scenario": str, "replications": int, "configuration": {"run": {"days": int}}},
        {
            "effects": ("lever", "strength", "as_it_is", "outcome", "unit", "mean", "low", "high"),
            "levers": ("lever", "meant_for"),
        },
    ),
    "dose": Kind(
        ("curves", "optima", "doses", "runs"),
        {"scenario": str, "replications": int, "configuration": {"run": {"days": int}}},
        {
            "curves": ("curve", "dose", "as_it_is", "outcome", "mean", "low", "high"),
            "optima": ("curve", "outcome", "usual", "best", "low", "high", "verdict"),
            "doses": ("curve", "title", "unit"),
        },
    ),
    "decompose": Kind(
        ("shares", "interactions", "purposes", "total", "players", "runs"),
        {
            "scenario": str,
            "reference": str,
            "goal": str,
            "replications": int,
            "permutations": int,
            "configuration": {"run": {"days": int}},
        },
        {
            "shares": ("player", "measure", "outcome", "unit", "mean", "low", "high"),
            "interactions": (
                "first",
                "second",
                "outcome",
                "first_alone",
                "second_alone",
                "together",
                "mean",
                "low",
                "high",
            ),
            "purposes": ("player", "meant_for", "beside", "alone", "together", "low", "high"),
            "total": ("outcome", "level", "reference", "mean", "low", "high"),
            "players": ("player", "what"),
        },
    ),
    "assumptions": Kind(
        ("tornado", "choice", "runs"),
        {
            "reference": str,
            "strategies": [str],
            "goal": str,
            "factor": NUMBER,
            "replications": int,
            "assumptions": [{"key": str, "low": NUMBER, "value": NUMBER, "high": NUMBER}],
            "left_out": {ANY: int},
            "configurations": CONFIGURATIONS,
        },
        {
            "tornado": (
                "strategy",
                "assumption",
                "point",
                "value",
                "outcome",
                "mean",
                "low",
                "high",
                "change",
                "change_low",
                "change_high",
                "width",
            ),
            "choice": (
                "assumption",
                "point",
                "value",
                "first",
                "first_as_it_is",
                "outcome",
                "mean",
                "low",
                "high",
                "changes_first",
                "changes_sign",
            ),
        },
    ),
    "stress": Kind(
        ("resilience", "effects", "compared", "courses", "shocks", "strategies", "runs"),
        {
            "reference": str,
            "strategies": [str],
            "shocks": [str],
            "size": NUMBER,
            "band": NUMBER,
            "outcome": str,
            "replications": int,
            "configurations": CONFIGURATIONS,
        },
        {
            "resilience": ("strategy", "shock", "outcome", "measure", "mean", "low", "high", "n"),
            "effects": ("strategy", "shock", "outcome", "unit", "mean", "low", "high"),
            "compared": ("strategy", "reference", "shock", "outcome", "measure", "mean", "low"),
            "courses": ("strategy", "shock", "outcome", "day", "mean", "low", "high"),
            "shocks": ("shock", "from_day", "until_day", "what"),
        },
    ),
    "robustness": Kind(
        ("conclusions", "differences", "firsts", "assumptions", "fit", "strategies", "runs"),
        {
            "reference": str,
            "strategies": [str],
            "goal": str,
            "goals": {ANY: NUMBER},
            "near": NUMBER,
            "yardstick": {"facts": [str], "worlds": int},
            "replications": int,
            "seed": int,
            "overrides": [str],
            "configurations": CONFIGURATIONS,
        },
        {
            "conclusions": ("goal", "kind", "strategy", "against", "as_it_is", "verdict"),
            "differences": ("assumption", "goal", "strategy", "against", "mean", "low", "high"),
            "firsts": ("goal", "assumption", "strategy", "sure"),
            "assumptions": ("assumption", "title", "why", "source", "settings", "off", "fits"),
            "fit": ("assumption", "id", "reported", "mean", "deviations", "inside"),
        },
    ),
    "standstill": Kind(("levels", "drift"), {"scenario": str}),
    "individuals": Kind(
        ("changed", "effects", "households", "orders", "leaves", "policies", "runs"),
        {
            "strategy": str,
            "reference": str,
            "index_day": int,
            "end": int,
            "replications": int,
            **AGAIN,
        },
        {
            "changed": ("by", "segment", "what", "customers", "mean", "low", "high"),
            "effects": ("outcome", "by", "segment", "customers", "mean", "low", "high"),
            "households": ("seed", "household", "changed", "extra_cost_yuan"),
        },
    ),
    "abtest": Kind(
        ("tests", "worlds", "runs"),
        {
            "lever": str,
            "scenario": str,
            "draw_by": [str],
            "of_whom": str,
            "outcome": str,
            "index_day": int,
            "end": int,
            "replications": int,
            "share": NUMBER,
            **AGAIN,
        },
        {
            "tests": (
                "draw_by",
                "outcome",
                "units",
                "value",
                "caused",
                "on_offered",
                "on_others",
                "missed",
                "error",
            ),
        },
    ),
    "audit": Kind(
        (
            "methods",
            "gaps",
            "effects",
            "months",
            "changed",
            "leaves",
            "policies",
            "tests",
            "worlds",
            "runs",
        ),
        {
            "subject": str,
            "lever": str,
            "scenario": str,
            "outcome": str,
            "who": str,
            "why": str,
            "index_day": int,
            "landmark": int,
            "end": int,
            "withheld": str,
            "no_test": str,
            "replications": int,
            **AGAIN,
        },
        {
            "methods": (
                "outcome",
                "unit",
                "method",
                "of",
                "mean",
                "low",
                "high",
                "lift",
                "caused",
                "caused_low",
                "caused_high",
                "caused_lift",
                "gap_mean",
                "gap_low",
                "gap_high",
                "covered",
                "verdict",
            ),
            "gaps": ("outcome", "method", "part", "mean", "low", "high"),
            "effects": ("outcome", "by", "segment", "who", "customers", "mean", "low", "high"),
            "months": ("month", "who", "mean", "low", "high"),
            "changed": ("by", "segment", "what", "mean", "low", "high"),
            "leaves": ("rule", "addressed", "share", "mean", "low", "high"),
            "policies": ("policy", "share", "mean", "low", "high", "over_mean", "over_low"),
            "tests": (
                "outcome",
                "customers",
                "treated_share",
                "mean",
                "low",
                "per_arm",
                "detectable",
            ),
        },
    ),
    "validate": Kind(
        ("facts", "summary", "looks", "regularities", "beside", "history"),
        {
            "stopped": str,
            "scenario": str,
            "replications": int,
            "most_replications": int,
            **AGAIN,
        },
        {
            "facts": ("id", "kind", "role", "value", "low95", "high95", "verdict"),
            "regularities": ("id", "kind", "value", "low95", "high95", "verdict"),
            "beside": ("measure", "item", "expected", "value"),
            "history": ("id", "version", "date", "measured", "verdict"),
        },
    ),
    "backtest": Kind(
        ("experiments", "score", "yardsticks"),
        {"scenario": str, "replications": int, "runs": [str], **AGAIN},
        {
            "experiments": ("id", "effect", "low", "high", "predicted", "direction", "blind"),
            "score": ("who", "experiments", "right", "wrong", "undecided", "accuracy"),
            "yardsticks": ("name", "tests", "accuracy", "correlation"),
        },
    ),
    "fit": Kind(
        ("told", "counts", "scores", "parameters", "settings", "pattern", "points", "log"),
        {
            "log": str,
            "columns": {ANY: str},
            "lacks": [str],
            "unused": [str],
            "time_format": str,
            "time_zone": str,
            "left_out_days": int,
            "first_date": str,
            "first_days": int,
            "next_days": int,
            "customers": int,
            "came_back": int,
            "notes": {ANY: int},
            "replications": int,
            "seed": int,
            "search": {
                "settings": [str],
                **dict.fromkeys(("won_days", "first_points", "rounds", "points_per_round"), int),
            },
            "overrides": [str],
            "configuration": CONFIGURATION,
        },
        {
            "told": ("way", "days", "purchases"),
            "counts": ("way", "purchases", "customers"),
            "scores": ("way", "purchases", "curve_error", "active", "counts_error", "each_error"),
            "settings": ("setting", "usual", "value", "low", "high", "open", "points"),
            "pattern": ("figure", "log", "world", "spread"),
        },
    ),
    "calibrate": Kind(
        (
            "targets",
            "settings",
            "correlations",
            "waves",
            "draws",
            "ranks",
            "points",
        ),
        {
            "scenario": str,
            "seed": int,
            "search": {"settings": [str], "facts": [str], "discrepancy": {ANY: NUMBER}},
            "overrides": [str],
            "facts": {ANY: NUMBER},
            "walkers_agree": NUMBER,
            "emulators_off": NUMBER,
            "points": int,
            "configuration": CONFIGURATION,
        },
        {
            "targets": ("id", "reported", "low", "high", "usual", "best", "inside", "covered"),
            "settings": ("setting", "usual", "best", "low", "high", "pinned", "even"),
            "waves": ("wave", "points", "left", "inside"),
        },
    ),
    "relevel": Kind(
        ("alternatives", "levels", "moved", "points"),
        {
            "scenario": str,
            "replications": int,
            "seed": int,
            "overrides": [str],
            "configuration": CONFIGURATION,
        },
        {
            "alternatives": ("alternative", "shipped", "switched", "relevelled", "near"),
            "levels": ("alternative", "id", "reported", "shipped", "switched", "relevelled"),
            "moved": ("alternative", "setting", "shipped", "value", "at_an_end"),
        },
    ),
    "rule": Kind(("responses",), {"rule": str}),
}


def kind_of(manifest: Mapping[str, Any]) -> Kind:
    """The kind of folder that a manifest says it belongs to; of one not known nothing is asked."""
    if "experiment" not in manifest:
        return STORED_RUN if "key" in manifest else Kind((), {})
    return EXPERIMENTS.get(str(manifest["experiment"]), Kind((), {}))


def misfit(value: object, shape: Shape, name: str = "") -> str | None:
    """What is wrong with a value of a manifest, as the end of a sentence; None if nothing is."""
    if isinstance(shape, Mapping):
        return _misfit_of_group(value, shape, name)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return _other(name, (list,))
        return next(filter(None, (misfit(each, shape[0], name) for each in value)), None)
    types = shape if isinstance(shape, tuple) else (shape,)
    whole = isinstance(value, bool) and object not in types  # a truth value is no number
    return _other(name, types) if whole or not isinstance(value, types) else None


def _misfit_of_group(value: object, shape: Mapping[str, Shape], name: str) -> str | None:
    if not isinstance(value, dict):
        return _other(name, (dict,))
    inner = {f"{name}.{key}".removeprefix("."): key for key in value}
    if ANY in shape:
        return next(filter(None, (misfit(value[k], shape[ANY], n) for n, k in inner.items())), None)
    for key, inside in shape.items():
        place = f"{name}.{key}".removeprefix(".")
        if key not in value:
            return f"its manifest does not tell {cited(place)}"
        if wrong := misfit(value[key], inside, place):
            return wrong
    return None


def _other(name: str, types: tuple[type, ...]) -> str:
    return (
        f"{cited(name)} in its manifest is not {' or '.join(WORDS.get(t, 'null') for t in types)}"
    )


__all__ = ["ANY", "EVERY", "EXPERIMENTS", "STORED_RUN", "kind_of", "misfit"]
