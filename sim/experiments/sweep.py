"""Any parameters over many values: a grid of all combinations, or a Latin hypercube."""

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from sim.config import fingerprint, load, read, resolved
from sim.experiments.executors import ExecutionSettings, complete
from sim.experiments.plan import PlannedRun, planned, replication_seeds
from sim.experiments.statistics import mean_intervals
from sim.operator.budget import check_affordable
from sim.progress import OnProgress
from sim.quantity import ConfigurationError
from sim.store import Store, whole_folder, write_tables
from sim.visible import cited

MOST_POINTS = 100_000
_INTERVAL = re.compile(r"interval\(\s*([^,\s]+)\s*,\s*([^,\s]+)\s*\)")
_CALL = re.compile(r"(interval|range|choice|glob)\(.*\)")  # Hydra has such words; here one is known


@dataclass(frozen=True)
class Interval:
    """All numbers from `low` to `high`."""

    low: float
    high: float


Values = Mapping[str, "Sequence[str] | Interval"]


def sweep(
    parameters: Values,
    scenario: str,
    settings: ExecutionSettings,
    *,
    method: Literal["grid", "lhs"] = "grid",
    samples: int = 0,
    replications: int = 5,
    seed: int = 1,
    overrides: Sequence[str] = (),
    on_progress: OnProgress | None = None,
) -> Path:
    """Run a scenario at many points of its parameters.

    Parameters
    ----------
    parameters
        What to vary: a list of values each (grid, Latin hypercube) or an `Interval` (Latin
        hypercube only).
    scenario
        Name of the strategy that is varied.
    settings
        Where results go and how runs are done.
    method
        All combinations, or a Latin hypercube (McKay, Beckman & Conover 1979).
    samples
        Points of the Latin hypercube.
    replications
        Runs at each point; every point meets the same seeds, so points differ by treatment.
    seed
        Where the replications' seeds and the Latin hypercube come from.
    overrides
        What is the same at every point.
    on_progress
        Told now and then how far it has come.

    Returns
    -------
    Path
        The result folder ``<results>/sweep/<scenario>-<hash>``: `points`, a row per point with
        mean and 95% interval of every indicator of the whole population, and `runs`, a row per
        run with its seed and key.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    base = resolved(read(scenario, overrides, settings.config_dir))
    if method == "lhs":
        _check_divisible(parameters, base)
    points = grid(parameters) if method == "grid" else latin_hypercube(parameters, samples, seed)
    seeds = replication_seeds(seed, replications)
    runs: list[tuple[int, PlannedRun]] = []
    for number, point in enumerate(points):
        changes = [*overrides, *(f"{key}={value}" for key, value in point.items())]
        config = load(scenario, changes, settings.config_dir, trust_rules=settings.trust_rules)
        check_affordable(config)
        label = f"point {number} ({', '.join(f'{k}={v}' for k, v in point.items())})"
        runs += [
            (number, planned(config, run_seed, f"{label}, seed {run_seed}")) for run_seed in seeds
        ]
    complete([run for _, run in runs], settings, on_progress)
    asked = {"parameters": [*points], "seeds": seeds, "configuration": base}
    folder = settings.results / "sweep" / f"{scenario}-{fingerprint(asked)[:8]}"
    tables = _tables(points, runs, Store(settings.results))
    about = {"experiment": "sweep", "method": method, **asked, "runs": [run.key for _, run in runs]}
    with whole_folder(folder, about) as home:
        write_tables(home, tables)
    return folder


def _check_divisible(parameters: Values, base: Mapping[str, Any]) -> None:
    """Refuse an interval of what takes whole numbers only, and say what to write instead."""
    for key, values in parameters.items():
        now = _value(base, key)
        if isinstance(values, Interval) and isinstance(now, int):
            switch = isinstance(now, bool)
            low, high = math.ceil(values.low), math.floor(values.high)
            some = range(low, high + 1, max(1, (high - low) // 3))
            listed = "true,false" if switch else ",".join(map(str, some)) or str(low)
            raise ConfigurationError(
                f"{key} takes {'true or false' if switch else 'whole numbers'} only, and an "
                f"interval has every number between: write a list, as in {key}={listed}."
            )


def _value(values: Any, key: str) -> Any:
    """What stands under a dotted key; None where nothing does."""
    for part in key.split("."):
        if isinstance(values, list) and part.isdecimal() and len(part) < 10:
            values = dict(enumerate(values)).get(int(part))
        else:
            values = values.get(part) if isinstance(values, Mapping) else None
    return values


def _tables(
    points: Sequence[Mapping[str, str]], runs: Sequence[tuple[int, PlannedRun]], store: Store
) -> dict[str, pd.DataFrame]:
    """What the stored runs say, point by point."""
    rows = []
    for _, run in runs:
        table = store.table(run.key, "indicators")
        whole = table[(table["by"] == "all") & (table["segment"] == "all")]
        rows.append(dict(zip(whole["indicator"], whole["value"], strict=True)))
    measured = pd.DataFrame(rows)
    of_point = pd.Series([number for number, _ in runs])
    lines = []
    for number, point in enumerate(points):
        values = measured[(of_point == number).to_numpy()]
        got = mean_intervals(values.to_numpy(dtype=float))
        line: dict[str, object] = {"point": number, **{k: _number(v) for k, v in point.items()}}
        for place, name in enumerate(measured.columns):
            line[str(name)] = got.mean[place]
            line[f"{name}_low"] = got.low[place]
            line[f"{name}_high"] = got.high[place]
        lines.append({**line, "replications": len(values)})
    listed = [{"point": number, "seed": run.seed, "key": run.key} for number, run in runs]
    return {"points": pd.DataFrame(lines), "runs": pd.DataFrame(listed)}


def parsed(varied: Sequence[str]) -> tuple[dict[str, "Sequence[str] | Interval"], list[str]]:
    """Tell what is varied from what is the same at every point.

    Parameters
    ----------
    varied
        Overrides such as ``operator.coupons.coupon_percent=5,10,15``,
        ``behaviour.believe.bad_news_factor=interval(1.5,2.5)`` or ``population.households=2000``.

    Returns
    -------
    parameters, overrides
        Those with several values, and the others as they are.
    """
    parameters: dict[str, Sequence[str] | Interval] = {}
    same = []
    for text in varied:
        key, _, value = text.partition("=")
        interval = _INTERVAL.fullmatch(value.strip())
        if interval:
            parameters[key] = _interval(text, *interval.groups())
        elif _CALL.fullmatch(value.strip()):
            raise ConfigurationError(
                f"{cited(text)} cannot be read: write {cited(key)}=1,2,3, or "
                f"'{cited(key)}=interval(1,3)' with --lhs."
            )
        elif "," in value and not value.strip().startswith(("[", "{", "'", '"')):
            parameters[key] = [part.strip() for part in value.split(",")]
        else:
            same.append(text)
    return parameters, same


def _interval(text: str, low: str, high: str) -> Interval:
    try:
        found = Interval(float(low), float(high))
    except ValueError as error:
        raise ConfigurationError(f"{cited(text)}: an interval has two numbers.") from error
    if not math.isfinite(found.high - found.low):
        raise ConfigurationError(f"{cited(text)}: an interval has an end on either side.")
    if not found.low < found.high:
        raise ConfigurationError(f"{cited(text)}: an interval's first number is the smaller one.")
    return found


def grid(parameters: Values) -> list[dict[str, str]]:
    """All combinations; the last parameter varies fastest."""
    lists = []
    for key, values in parameters.items():
        if isinstance(values, Interval):
            raise ConfigurationError(
                f"{cited(key)} is an interval: name its values, or sample it with --lhs."
            )
        lists.append(list(values))
    if not lists:
        raise ConfigurationError("Nothing varies: give a setting several values, as in key=1,2,3.")
    if (number := _product(lists)) > MOST_POINTS:
        raise ConfigurationError(f"{number} points are more than {MOST_POINTS}: use --lhs.")
    return [dict(zip(parameters, values, strict=True)) for values in itertools.product(*lists)]


def _product(lists: Sequence[Sequence[str]]) -> int:
    number = 1
    for values in lists:
        number *= len(values)
    return number


def latin_hypercube(parameters: Values, samples: int, seed: int) -> list[dict[str, str]]:
    """Points spread evenly over every parameter; lists are cut into equal parts."""
    from scipy.stats import qmc

    if not parameters:
        raise ConfigurationError(
            "Nothing varies: give a setting a range, as in 'key=interval(0,1)', or a list."
        )
    if not 1 <= samples <= MOST_POINTS:
        raise ConfigurationError(f"--lhs {samples}: it takes from 1 to {MOST_POINTS} points.")
    unit = qmc.LatinHypercube(len(parameters), rng=seed).random(samples)
    points = []
    for row in unit:
        point = {}
        for place, (key, values) in zip(row, parameters.items(), strict=True):
            if isinstance(values, Interval):
                point[key] = f"{values.low + place * (values.high - values.low):.6g}"
            else:
                point[key] = values[int(place * len(values))]
        points.append(point)
    return points


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


__all__ = ["Interval", "grid", "latin_hypercube", "parsed", "sweep"]
