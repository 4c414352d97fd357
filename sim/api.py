"""The laboratory from Python: simulate, compare, sweep, validate, load results, look into a model.

Scenarios and settings are those of the command line. Rules of behaviour can be replaced by one's
own functions. A Python process lives by one set of rules, so runs by other rules than its own are
done in processes of their own; in a script, what starts them belongs under
``if __name__ == "__main__":``.
"""

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pandas as pd

import sim.agents.model
from sim.config.loading import Simulation, check_limits, experiment, load
from sim.config.overrides import setting
from sim.console.progress import bar
from sim.engine.warm_up import begin_strategy
from sim.evidence.distances import distances
from sim.experiments.compare import compare as compare_strategies
from sim.experiments.designs import read_design
from sim.experiments.executors import ExecutionSettings, simulate_planned
from sim.experiments.plan import PlannedRun, planned
from sim.experiments.simulator import Simulator
from sim.experiments.space import Choice, Range, Value
from sim.experiments.sweep import sweep as sweep_settings
from sim.experiments.validate import validate as validate_facts
from sim.experiments.varied import constraint, parsed
from sim.operator.budget import check_affordable
from sim.responses.checking import check_rules
from sim.rules.replacing import can_live_by, live_by
from sim.rules.trusting import trust_as, trusted
from sim.rules.writing import as_file
from sim.store import runs as store
from sim.store.folders import readable, steadily
from sim.store.result import Result
from sim.text.incoming import same_letters
from sim.text.outgoing import cited

Rules = Mapping[str, "str | Path | Callable[..., Any]"]
ExecutorName = Literal["serial", "threads", "processes", "dask", "slurm"]


def simulate(
    scenario: str = "baseline",
    overrides: Sequence[str] = (),
    *,
    seed: int = 1,
    rules: Rules | None = None,
    keep_orders: bool = False,
    orders_of_warmup: bool = False,
    config_dir: str | Path | None = None,
    trust_rules: bool = False,
) -> Result:
    """Let one population live through one strategy.

    Parameters
    ----------
    scenario
        A name that `repurchase scenarios` lists.
    overrides
        Settings, such as ``population.households=2000`` or ``operator.coupons.strength=0.5``.
    seed
        The same seed is the same households with the same luck under every strategy.
    rules
        Functions that replace rules, by name of the rule, such as ``believe.trust_after``: a
        function, or where one stands, as ``my_rules.py`` or ``my_rules.py:function``.
    keep_orders
        Whether the order log is part of the result.
    orders_of_warmup
        Whether it is, with the orders of the warm-up, on days below 0.
    config_dir
        A folder of your own, laid out like `conf/`.
    trust_rules
        Whether code may run that the scenario or `config_dir` puts in place of rules: read it
        first. What `rules` and `overrides` name may run.

    Returns
    -------
    Result
        Tables of the run: ``indicators, daily, monthly, households, groups, orders``.

    Raises
    ------
    ConfigurationError
        In one sentence.
    """
    config = _composed(scenario, overrides, rules, config_dir, trust_rules)
    run = planned(config, seed, f"{scenario}, seed {seed}", keep_orders, orders_of_warmup)
    _stay_as_it_is()
    if can_live_by(config.rules):
        return _done(run)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, trust_as, (trusted(),)) as other:
        return other.submit(_done, run).result()


def _done(run: PlannedRun) -> Result:
    return simulate_planned(run, lambda day: None)


def compare(
    strategies: Sequence[str] | None = None,
    *,
    replications: int | None = None,
    seed: int | None = None,
    reference: str | None = None,
    overrides: Sequence[str] = (),
    rules: Rules | None = None,
    budget: str | None = None,
    results: str | Path = "results",
    executor: ExecutorName | None = None,
    workers: int | None = None,
    config_dir: str | Path | None = None,
    trust_rules: bool = False,
) -> "Results":
    """Compare strategies on the same households with the same luck.

    What is left out is as `repurchase compare` has it. Runs that are stored already are not done
    again.

    Parameters
    ----------
    strategies
        Names that `repurchase scenarios` lists.
    replications
        Worlds each strategy lives in.
    seed
        Comparisons with different seeds share no world.
    reference
        The strategy the others are compared with.
    overrides
        Settings, the same for every strategy.
    rules
        Functions that replace rules, for every strategy; see `simulate`.
    budget
        What each spends over the run: ``own``: whatever it does; ``equal``: as much as the
        reference; ``3000000``: so many yuan in each world; ``17.5/customer-month``.
    results
        Where results are kept.
    executor, workers
        How runs are done, and how many side by side; results are the same.
    config_dir
        A folder of your own, laid out like `conf/`.
    trust_rules
        Whether code of scenarios may run; see `simulate`.

    Returns
    -------
    Results
        Its tables are attributes: ``levels, differences, people, ladder, horizon, goals, money,
        won_lost, monthly, strategies`` and others.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    options = {"replications": replications, "seed": seed, "reference": reference, "budget": budget}
    where = _Where(results, executor, workers, _folder(config_dir), trust_rules)
    values, settings, rest = _asked("compare", options, [*overrides, *_as_settings(rules)], where)
    names = _names(strategies or values["strategies"])
    with bar(f"{len(names)} strategies") as on_progress:
        found = compare_strategies(
            strategies=names,
            replications=values["replications"],
            seed=values["seed"],
            reference=values["reference"],
            overrides=rest,
            settings=settings,
            budget=values["budget"],
            goal=values["goal"],
            on_progress=on_progress,
        )
    return load_results(found)


def sweep(
    varied: Mapping[str, Sequence[Value] | str],
    strategies: Sequence[str] | None = None,
    *,
    samples: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
    reference: str | None = None,
    where: Sequence[str] = (),
    overrides: Sequence[str] = (),
    rules: Rules | None = None,
    results: str | Path = "results",
    executor: ExecutorName | None = None,
    workers: int | None = None,
    config_dir: str | Path | None = None,
    trust_rules: bool = False,
) -> "Results":
    """Run strategies at many points of their settings, all in the same worlds.

    What is left out is as `repurchase sweep` has it. Runs that are stored already are not done
    again.

    Parameters
    ----------
    varied
        What varies, by dotted key: its values, as in ``[5, 10, 20]``, or as they are written behind
        the command, ``"interval(1,3)"`` for a Latin hypercube.
    strategies
        Names that `repurchase scenarios` lists, all varied alike.
    samples
        Points of a Latin hypercube; 0: all combinations.
    replications
        Worlds of each point and strategy.
    seed
        Of the worlds and the hypercube.
    reference
        The strategy the others are compared with at each point; ``first``: the first one.
    where
        What must hold, such as ``"operator.tiers.silver_yuan<=operator.tiers.gold_yuan"``; other
        points are left out.
    overrides
        What is the same at every point.
    rules
        Functions that replace rules, at every point; see `simulate`.
    results, executor, workers, config_dir, trust_rules
        As for `compare`.

    Returns
    -------
    Results
        Its tables are attributes: ``points, runs, outcomes, differences, steps, settings,
        strategies``.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    options = {
        "samples": samples,
        "replications": replications,
        "seed": seed,
        "reference": reference,
    }
    place = _Where(results, executor, workers, _folder(config_dir), trust_rules)
    values, settings, rest = _asked("sweep", options, [*overrides, *_as_settings(rules)], place)
    with bar("sweep") as on_progress:
        found = sweep_settings(
            _varied(varied),
            _names(strategies or values["strategies"]),
            settings,
            method="lhs" if values["samples"] else "grid",
            samples=values["samples"],
            replications=values["replications"],
            seed=values["seed"],
            reference=values["reference"],
            overrides=rest,
            constraints=[constraint(text) for text in where],
            on_progress=on_progress,
        )
    return load_results(found)


def _varied(given: Mapping[str, Sequence[Value] | str]) -> dict[str, Range | Choice]:
    """What varies: values as they are, text as it is written behind a command."""
    found: dict[str, Range | Choice] = {}
    for key, values in given.items():
        if isinstance(values, str):
            settings, _ = parsed([f"{key}={values}"])
            found |= settings or {key: Choice((values,))}
        else:
            found[key] = Choice(tuple(values))
    return found


def validate(
    scenario: str | None = None,
    *,
    replications: int | None = None,
    most: int | None = None,
    seed: int | None = None,
    overrides: Sequence[str] = (),
    rules: Rules | None = None,
    results: str | Path = "results",
    executor: ExecutorName | None = None,
    workers: int | None = None,
    config_dir: str | Path | None = None,
    trust_rules: bool = False,
) -> "Results":
    """Measure in the simulation what the literature reports, and say where it lies.

    What is left out is as `repurchase validate` has it. Runs that are stored already are not done
    again.

    Parameters
    ----------
    scenario
        The average operator, whom the levels are about.
    replications
        Worlds of the first look.
    most
        Worlds at most, added until rows are decided.
    seed
        Of the worlds.
    overrides
        What holds in every world.
    rules
        Functions that replace rules, in every world; see `simulate`.
    results, executor, workers, config_dir, trust_rules
        As for `compare`.

    Returns
    -------
    Results
        Its tables are attributes: ``facts, summary, looks, regularities, beside, history``.
        `distances` says how far each fact is off.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    options = {
        "scenario": scenario,
        "replications": replications,
        "most_replications": most,
        "seed": seed,
    }
    where = _Where(results, executor, workers, _folder(config_dir), trust_rules)
    values, settings, rest = _asked("validate", options, [*overrides, *_as_settings(rules)], where)
    with bar("facts") as on_progress:
        found = validate_facts(
            scenario=same_letters(values["scenario"]),
            replications=values["replications"],
            seed=values["seed"],
            overrides=rest,
            settings=settings,
            on_progress=on_progress,
            most=max(values["replications"], values["most_replications"]),
        )
    return load_results(found)


class _Where(NamedTuple):
    """Where results go, and how runs are done."""

    results: str | Path
    executor: str | None
    workers: int | None
    config_dir: Path | None
    trust_rules: bool


def _asked(
    command: str, options: Mapping[str, Any], overrides: Sequence[str], where: _Where
) -> tuple[dict[str, Any], ExecutionSettings, list[str]]:
    """What options and overrides come to, as behind a command: what of them is the simulation's."""
    given: dict[str, Any] = {f"experiment.{key}": value for key, value in options.items()}
    given |= {"executor": where.executor, "executor.workers": where.workers}
    said = [setting(key, value) for key, value in given.items() if value is not None]
    values, how, rest = experiment(command, [*overrides, *said], where.config_dir)
    check_limits(values)
    settings = ExecutionSettings.told(Path(where.results), how, where.config_dir, where.trust_rules)
    _stay_as_it_is()
    return values, settings, rest


def _names(strategies: Sequence[str]) -> list[str]:
    return [same_letters(name) for name in strategies]


@dataclass(frozen=True, repr=False)
class Results:
    """A folder of results; each of its tables is an attribute.

    Attributes
    ----------
    folder
        Where it lies.
    manifest
        What it says of itself: configuration, seeds, versions, machine, checksums.
    """

    folder: Path
    manifest: dict[str, Any]

    @property
    def tables(self) -> list[str]:
        """Names of its tables."""
        files = (Path(name) for name in self.manifest["files"])
        return sorted(file.stem for file in files if file.name == f"{file.stem}.parquet")

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in self.tables:
            raise AttributeError(f"{self.folder} has no table {name}: {', '.join(self.tables)}.")
        return store.read_table(self.folder, name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    def __repr__(self) -> str:
        return f"Results({str(self.folder)!r}): {', '.join(self.tables)}"


def load_results(folder: str | Path) -> Results:
    """Results that lie in a folder, as a command or `compare` wrote it.

    Raises
    ------
    ResultsError
        When it is not there, torn, or not this program's; in one sentence.
    """
    place = Path(folder)
    with readable(place):
        _check_there(place)
    return steadily(place, lambda: _verified(place))


def _check_there(place: Path) -> None:
    if not (place / store.MANIFEST).is_file():
        below = [*place.glob(f"*/{store.MANIFEST}"), *place.glob(f"*/*/{store.MANIFEST}")]
        inside = sorted(str(path.parent) for path in below if path.parents[1].name != "runs")
        instead = f"; there are {', '.join(inside[:8])}" if inside else ""
        raise store.ResultsError(f"{cited(str(place), 200)} is no folder of results{instead}.")


def _verified(place: Path) -> Results:
    manifest = store.read_manifest(place)
    store.verify(place, manifest)
    return Results(place, manifest)


class RepurchaseModel(sim.agents.model.RepurchaseModel):
    """The model, an ordinary Mesa model; `of` makes one from the name of a scenario."""

    @classmethod
    def of(
        cls,
        scenario: str = "baseline",
        overrides: Sequence[str] = (),
        *,
        seed: int = 1,
        rules: Rules | None = None,
        config_dir: str | Path | None = None,
        trust_rules: bool = False,
        threads: int = 1,
    ) -> "RepurchaseModel":
        """A strategy's world on the morning of its day 0; `step` lives a day.

        Parameters
        ----------
        scenario, overrides, seed, rules, config_dir, trust_rules
            As for `simulate`. With rules replaced, it must be the first model of this process,
            which from then on lives by them.
        threads
            Threads that share the population; no result depends on it.

        Raises
        ------
        ConfigurationError
            In one sentence.
        """
        config = _composed(scenario, overrides, rules, config_dir, trust_rules)
        model = cls(config, seed, threads=threads)
        begin_strategy(model)
        return model


def _composed(
    scenario: str,
    overrides: Sequence[str],
    rules: Rules | None,
    config_dir: str | Path | None,
    trust_rules: bool,
) -> Simulation:
    given, folder = [*overrides, *_as_settings(rules)], _folder(config_dir)
    config = load(scenario, given, folder, trust_rules=trust_rules)
    check_affordable(config)
    check_rules(config)
    return config


def _as_settings(rules: Rules | None) -> list[str]:
    """Replaced rules as one would write them on the command line."""
    found = []
    for name, own in (rules or {}).items():
        where = as_file(name, own) if callable(own) else str(own)
        found.append(setting(f"rules.{name}", where))
    return found


def _folder(config_dir: str | Path | None) -> Path | None:
    return None if config_dir is None else Path(config_dir)


def _stay_as_it_is() -> None:
    """Keep this process to the package's rules, unless a model in it was made by others."""
    if can_live_by({}):
        live_by({})


__all__ = [
    "RepurchaseModel",
    "Results",
    "Simulator",
    "compare",
    "distances",
    "load_results",
    "read_design",
    "simulate",
    "sweep",
    "validate",
]
