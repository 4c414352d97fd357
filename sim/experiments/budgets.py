"""Equal money: strategies at the strength at which each spends the same, and levers their funds.

All that is paid for levers or given up in price counts, as `outcomes.money` has it. What is to be
spent is reached by one factor on all levers that a strategy names as scalable, and by one of its
own for each lever that has a fund; `sim.experiments.approach` looks for them. It looks in a few of
the comparison's own worlds first; all of them have the last word.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import fsum
from typing import Any

import pandas as pd

from sim.config.loading import Simulation
from sim.console.progress import OnProgress, Standing
from sim.experiments.approach import TOLERANCE, Asked, Told, Wanted, meet, meets
from sim.experiments.asked_budget import EQUAL, OWN, RATE, YUAN, Budget
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.outcomes import book_of
from sim.experiments.plan import planned_in
from sim.operator.budget import check_affordable
from sim.operator.scaling import largest_factor, levers_used, scalable, scaled
from sim.parameters.quantity import ConfigurationError
from sim.store.runs import Store
from sim.text.outgoing import cited

FEW = 3  # worlds in which factors are looked for before all have the last word: assumed
HALVINGS = 30  # of a bracket around the largest factor that can be afforded
OF_FUNDS = 0.01  # of a fund, within which it is spent
COMMON = ""  # the name of the factor that levers share
ITEMS = {YUAN: "spend_yuan", RATE: "spend_yuan_per_customer_month"}  # of the books
COLUMNS = ["strategy", "lever", "step", "factor", "worlds", "spend", "target", "unit", "state"]


def spending(
    configs: Mapping[str, Simulation],
    seeds: Sequence[int],
    reference: str,
    budget: Budget,
    settings: ExecutionSettings,
    on_progress: OnProgress | None = None,
) -> tuple[dict[str, Simulation], pd.DataFrame]:
    """The strategies such that they spend what they are to, and how that was found.

    Parameters
    ----------
    configs
        By strategy, the reference among them; each may have funds.
    seeds
        Of the comparison's worlds.
    reference
        Whose total is the others' where budgets are equal.
    budget
        What all are to spend.
    settings
        Where results go and how runs are done.
    on_progress
        Told now and then how far each step has come.

    Returns
    -------
    configs
        With other strengths and doses, and without funds, which are what these spend.
    table
        ``strategy, lever, step, factor, worlds, spend, target, unit, state``: a row per factor
        that was tried, in so many worlds; `lever` is empty for the factor that levers share. The
        row that it came to has a `state`: ``met`` as it is, ``binding`` where the strategy would
        have spent more, ``unbinding`` where less, ``unspendable`` where it cannot spend so much,
        ``unavoidable`` where it cannot spend so little, ``not_found`` where no factor does it.
        Empty if nothing was asked for.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    if budget == OWN and not any(config.strategy.fund for config in configs.values()):
        return dict(configs), pd.DataFrame(columns=COLUMNS)
    search = Search(configs, seeds, budget, settings, on_progress)
    if budget == EQUAL:
        search.settle([reference])
        search.take_for_all(reference)
    search.settle(configs)
    search.conclude()
    found = {name: search.at(name, search.found[name]) for name in configs}
    return found, pd.DataFrame(search.rows.values(), columns=COLUMNS)


@dataclass
class Search:
    """Factors of all strategies at once: what each asks for next is one batch of runs.

    Parameters are those of `spending`.
    """

    configs: Mapping[str, Simulation]
    seeds: Sequence[int]
    budget: Budget
    settings: ExecutionSettings
    on_progress: OnProgress | None = None
    found: dict[str, dict[str, float]] = field(default_factory=dict, init=False)
    rows: dict[Any, dict[str, Any]] = field(default_factory=dict, init=False)
    _totals: dict[bool, float] = field(default_factory=dict, init=False)
    _ends: dict[tuple[str, str], float] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        if self.budget.amount > 0.0:
            self._totals = dict.fromkeys((False, True), self.budget.amount)

    def take_for_all(self, reference: str) -> None:
        """What the reference spends, in the few worlds and in all, is what others are to spend."""
        for everywhere in (False, True):
            asked = Asked(COMMON, self.found[reference], everywhere)
            self._totals[everywhere] = self._live({reference: asked})[reference][COMMON]
        if not (self._totals[True] > 0.0 and levers_used(self.configs[reference])):
            raise ConfigurationError(
                f"{cited(reference)} spends nothing on levers, so there is no total for the others "
                "to spend: choose another --reference, or state a sum, as in --budget 3000000."
            )

    def settle(self, names: Iterable[str]) -> None:
        """Look for the factors of strategies that have none yet."""
        missing = [name for name in names if name not in self.found]
        solvers = {name: self._solver(name) for name in missing}
        told: dict[str, Told] = {}
        while solvers:
            asked: dict[str, Asked] = {}
            for name in list(solvers):
                try:
                    own = solvers[name]
                    asked[name] = own.send(told[name]) if name in told else next(own)
                except StopIteration as end:
                    self.found[name] = end.value
                    del solvers[name]
            told = self._live(asked)
            for name, each in asked.items():
                self._note(name, each, told[name])

    def conclude(self) -> None:
        """Note what all spend in the end, in all worlds."""
        final = {name: Asked(COMMON, factors, True) for name, factors in self.found.items()}
        told = self._live(final)
        for name, asked in final.items():
            for each in self._wanted(name, True):
                row = self._note(name, asked._replace(name=each.name), told[name])
                tried = [
                    other for other in self.rows.values()
                    if (other["strategy"], other["lever"]) == (name, each.name)
                ]  # fmt: skip
                row["state"] = _state(each, row, tried)

    def at(self, name: str, factors: Mapping[str, float]) -> Simulation:
        """A strategy with its levers at these factors, and no fund left to spend."""
        config, own = self.configs[name], dict(factors)
        changed = {**dict.fromkeys(scalable(config), own.pop(COMMON, 1.0)), **own}
        spent = replace(config, strategy=replace(config.strategy, fund={}))
        found = scaled(spent, {lever: each for lever, each in changed.items() if each != 1.0})
        check_affordable(found)
        return found

    def _solver(self, name: str) -> Generator[Asked, Told, dict[str, float]]:
        self._check(name)
        return meet(lambda everywhere: self._wanted(name, everywhere), len(self.seeds) > FEW)

    def _check(self, name: str) -> None:
        """Refuse what contradicts itself before it is looked for."""
        config, total = self.configs[name], self._totals.get(True)
        if total is None:
            return
        if not scalable(config):
            raise ConfigurationError(
                f"{cited(name)} has no lever whose strength could be changed until it spends what "
                "it is to: name some that are on, and have no fund, in strategy.scalable."
            )
        if self.budget.unit == YUAN and (funds := fsum(config.strategy.fund.values())) > total:
            raise ConfigurationError(
                f"{cited(name)} has funds of {funds:,.0f} yuan, more than the {total:,.0f} that "
                "all its levers are to spend: lower strategy.fund, or raise the budget."
            )
        ceiling = config.strategy.budget_yuan_per_customer_month
        if self.budget.unit == RATE and ceiling < total:
            raise ConfigurationError(
                f"{cited(name)} may spend {ceiling:g} yuan per customer and month at most, and is "
                f"to spend {total:g}: raise strategy.budget_yuan_per_customer_month."
            )

    def _wanted(self, name: str, everywhere: bool) -> list[Wanted]:
        """What is to be spent by a strategy's levers that have a fund, and by all together."""
        config = self.configs[name]
        funds = config.strategy.fund.items()
        found = [Wanted(lever, yuan, self._largest(name, lever)) for lever, yuan in funds]
        if self._totals:
            found.append(Wanted(COMMON, self._totals[everywhere], self._largest(name, COMMON)))
        return found

    def _largest(self, name: str, of: str) -> float:
        """The factor from which on there is no more, or from which on it cannot be afforded."""
        if (name, of) not in self._ends:
            config = self.configs[name]
            low, high = 0.0, largest_factor(config, [of] if of else scalable(config))
            for _ in range(0 if self._affordable(name, {of: high}) else HALVINGS):
                middle = (low + high) / 2
                low, high = (
                    (middle, high) if self._affordable(name, {of: middle}) else (low, middle)
                )
            self._ends[name, of] = low or high
        return self._ends[name, of]

    def _affordable(self, name: str, factors: Mapping[str, float]) -> bool:
        try:
            self.at(name, factors)
        except ConfigurationError:
            return False
        return True

    def _live(self, asked: Mapping[str, Asked]) -> dict[str, Told]:
        """Live through what is not stored yet; tell what is spent, the mean of the worlds."""
        plans = {
            name: planned_in(self.at(name, each.factors), self._worlds(each), name)
            for name, each in asked.items()
        }
        runs = [run for planned in plans.values() for run in planned]
        run_missing(runs, self.settings, self.on_progress and self._tell)
        store = Store(self.settings.results)
        found: dict[str, Told] = {}
        for name, planned in plans.items():
            books = [book_of(store.table(run.key, "daily")) for run in planned]
            items = {COMMON: ITEMS[self.budget.unit]}
            items |= {lever: f"spend_{lever}_yuan" for lever in self.configs[name].strategy.fund}
            found[name] = {
                of: fsum(each.get(item, 0.0) for each in books) / len(books)
                for of, item in items.items()
            }
        return found

    def _worlds(self, asked: Asked) -> Sequence[int]:
        return self.seeds if asked.everywhere else self.seeds[:FEW]

    def _tell(self, standing: Standing) -> None:
        """Report progress, and that it is of looking for strengths."""
        if self.on_progress:
            step = 1 + max((int(row["step"]) for row in self.rows.values()), default=0)
            self.on_progress(replace(standing, stage=f"budgets, step {step}: "))

    def _note(self, name: str, asked: Asked, told: Told) -> dict[str, Any]:
        """Write down a factor and what it spends, once."""
        (wanted,) = (w for w in self._wanted(name, asked.everywhere) if w.name == asked.name)
        worlds = len(self._worlds(asked))
        row = {
            "strategy": name,
            "lever": asked.name,
            "step": 1 + sum(row["strategy"] == name for row in self.rows.values()),
            "factor": asked.factors.get(asked.name, 1.0),
            "worlds": worlds,
            "spend": told[asked.name],
            "target": wanted.target,
            "unit": self.budget.unit if asked.name == COMMON else YUAN,
            "state": "",
        }
        key = name, asked.name, worlds, *sorted(asked.factors.items())
        return self.rows.setdefault(key, row)


def _state(wanted: Wanted, end: Mapping[str, Any], tried: Sequence[Mapping[str, Any]]) -> str:
    """How it came out, of all that was tried; see `spending`."""
    if meets(end["spend"], wanted.target, TOLERANCE if wanted.name == COMMON else OF_FUNDS):
        return "met" if end["factor"] == 1.0 else "binding" if end["factor"] < 1.0 else "unbinding"
    factors, spends = ([row[of] for row in tried] for of in ("factor", "spend"))
    if max(spends) < wanted.target and max(factors) >= wanted.largest:
        return "unspendable"
    return "unavoidable" if min(spends) > wanted.target and min(factors) == 0.0 else "not_found"


__all__ = ["COMMON", "FEW", "Search", "spending"]
