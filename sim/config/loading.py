"""From a few words on the command line to one checked configuration.

Hydra composes what lies in `conf/`, `scenarios/` and a folder of the user's own; the result is
laid over the schema, a tree of dataclasses in which every rule and every lever stands under its
own name, and every number is held to its range. An unknown key or an impossible value is
refused in one sentence.

Rules, levers and shocks are found, not listed: a file in `sim/behaviour/`, `sim/operator/levers/`
or `sim/shocks/` with a dataclass `Parameters` is a part of the configuration, with its values in
`conf/`.
"""

import copy
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from sim.config.composing import (
    Composition,
    changed_all,
    composed_of,
    composed_with,
    group_files,
    key_of,
    no_such_setting,
    read_scenario,
    rules_given,
    scenarios,
    understood_all,
    unknown,
)
from sim.parameters.quantity import ConfigurationError, check_ranges
from sim.parameters.schema import (
    Run,
    Simulation,
    Strategy,
    UnknownKeyError,
    built,
    keys_of,
    like,
    parameters_of,
    resolved,
    schema_of,
    with_single,
)
from sim.text.incoming import same_letters
from sim.text.outgoing import cited

BEFORE = "baseline"  # how the operator worked until the first day of any strategy
LIMITS = {  # of what an experiment may be asked for
    "seed": (0, 2**62 - 1),
    "replications": (1, 100_000),
    "most_replications": (1, 100_000),
    "permutations": (2, 10_000),
    "exact_players": (1, 12),
}


@cache
def schema() -> type[Simulation]:
    """The dataclass of the whole configuration, rules, levers and shocks as they are found."""
    from sim.operator.operations import Parameters as Operations
    from sim.world.communities import Parameters as Community
    from sim.world.market import Parameters as Market
    from sim.world.synthesis import Population

    rules = parameters_of("sim.behaviour")
    levers = parameters_of("sim.operator.levers")
    shocks = parameters_of("sim.shocks")
    return schema_of(
        Population, rules, Community, {"operations": Operations, **levers}, shocks, Market
    )


def load(
    scenario: str,
    overrides: Sequence[str] = (),
    config_dir: Path | None = None,
    *,
    trust_rules: bool = False,
) -> Simulation:
    """The configuration of one strategy, to be lived by: whatever code it names may run.

    Parameters
    ----------
    scenario, overrides, config_dir
        As for `read`.
    trust_rules
        Whether code may run that a scenario or `config_dir` names; what `overrides` name may.

    Raises
    ------
    ConfigurationError
        As for `read`; and where code is named that nobody has vouched for.
    """
    return Varied(scenario, overrides, config_dir, trust_rules=trust_rules).at({})


def rules_asked_for(
    config: Simulation,
    overrides: Sequence[str],
    trust_rules: bool = False,
    changes: Mapping[str, Any] = MappingProxyType({}),
) -> list[str]:
    """The replaced rules whose code may run: those that are given here, or all."""
    given = rules_given(overrides, changes)
    return [name for name in config.rules if trust_rules or name in given]


def _files_of(scenario: str, config_dir: Path | None) -> list[Path]:
    """Files that may have named a rule's code: the scenario, then what else it may build on."""
    known = scenarios(config_dir)
    home = config_dir or known[scenario].parent
    return list(dict.fromkeys([known[scenario], *known.values(), *sorted(home.rglob("*.yaml"))]))


def read(
    scenario: str, overrides: Sequence[str] = (), config_dir: Path | None = None
) -> Simulation:
    """Compose, convert and check the configuration of one strategy; no code that it names runs.

    Parameters
    ----------
    scenario
        Name of a file in `scenarios/`, here or in `config_dir`.
    overrides
        Changes in Hydra's syntax, such as ``population=city`` or
        ``operator.coupons.strength=0.5``. They apply from day 0 on; for the time before, those
        of ``operator`` do not.
    config_dir
        A folder of the user's own, laid out like `conf/`, with its own `scenarios/` if any. What
        it names comes before what the package names.

    Raises
    ------
    ConfigurationError
        In one sentence: an unknown scenario or key, an impossible value, a value not given.
    """
    return Varied(scenario, overrides, config_dir).read({})


class Varied:
    """A strategy whose settings are varied: read once, composed and checked once per point.

    Parameters
    ----------
    scenario, overrides, config_dir
        As for `read`; `overrides` say what is the same at every point.
    trust_rules
        As for `load`.

    Raises
    ------
    ConfigurationError
        In one sentence.
    """

    def __init__(
        self,
        scenario: str,
        overrides: Sequence[str] = (),
        config_dir: Path | None = None,
        *,
        trust_rules: bool = False,
    ) -> None:
        self._keys, self.scenario = keys_of(schema()), same_letters(scenario)
        self._said, self._config_dir, self._trust_rules = overrides, config_dir, trust_rules
        _check_name(map(key_of, overrides))
        self._composition = Composition(self.scenario, config_dir, self._keys)
        self._same = understood_all(overrides)
        before = Composition(BEFORE, config_dir, self._keys)
        self._before = before.composed(()).get("operator")

    def at(self, point: Mapping[str, Any]) -> Simulation:
        """The configuration at a point, to be lived by.

        Parameters
        ----------
        point
            Values by dotted key: numbers, switches and words as they are, nothing to be read.

        Raises
        ------
        ConfigurationError
            In one sentence; and where code is named that nobody has vouched for.
        """
        config = self.read(point)
        if config.rules:
            from sim.rules.trusting import check_trusted, trust

            asked = rules_asked_for(config, self._said, self._trust_rules, point)
            unasked = {name: own for name, own in config.rules.items() if name not in asked}
            if unasked:
                files = _files_of(self.scenario, self._config_dir)
                check_trusted(unasked, files, _folders(self._config_dir))
            trust(config.rules.values())
        return config

    def read(self, point: Mapping[str, Any]) -> Simulation:
        """The configuration at a point; no code that it names runs."""
        _check_name(point)
        values = self._composition.composed([*self._same, *changed_all(point)])
        if "before" in values:
            raise ConfigurationError(
                f"{self.scenario} sets `before`, which nobody can: until day 0 the operator is "
                f"that of {BEFORE}. Set `operator`, which holds from then on."
            )
        if not isinstance(values["strategy"], Mapping):
            raise ConfigurationError(
                f"strategy = {cited(values['strategy'])} is not possible: it must be a group of "
                "settings."
            )
        named = {**values["strategy"], "name": self.scenario}
        rules = _replaced(values["rules"], self._config_dir)
        whole = {**values, "strategy": named, "before": self._before, "rules": rules}
        try:
            return _converted(whole)
        except UnknownKeyError as error:
            key = str(error)
            here = _stands_in(read_scenario(self.scenario, self._config_dir), key)
            where = f"{scenarios(self._config_dir)[self.scenario]}: " if here else ""
            said = no_such_setting(key, self._keys, self._config_dir)
            raise ConfigurationError(where + said) from None


def with_values(config: Simulation, point: Mapping[str, Any]) -> Simulation:
    """A checked configuration with other values of single settings, checked as all are.

    Parameters
    ----------
    config
        Not changed; what stays as it is is shared with it.
    point
        Values by dotted key, each of one number, word or switch (`single_of`).

    Raises
    ------
    ConfigurationError
        In one sentence.
    """
    for key, value in point.items():
        config = with_single(config, key, value)
    _check_together(config)
    return config


def _check_name(keys: Iterable[str]) -> None:
    if "strategy.name" in keys:
        raise ConfigurationError(
            "strategy.name cannot be set: a strategy has the name of its file in scenarios/."
        )


def _stands_in(values: Any, key: str) -> bool:
    """Whether a tree has a value of its own under a key."""
    for part in key.split("."):
        if not (isinstance(values, Mapping) and part in values):
            return False
        values = values[part]
    return True


def _replaced(named: Mapping[str, str], config_dir: Path | None) -> dict[str, dict[str, str]]:
    """What is noted of the functions that replace rules."""
    if not named:
        return {}
    from sim.rules.reading import read_rule

    folders = _folders(config_dir)
    return {name: read_rule(name, where, folders) for name, where in sorted(named.items())}


def _folders(config_dir: Path | None) -> list[Path]:
    """Where files of rules are looked for."""
    return [Path(), *([config_dir] if config_dir else [])]


def from_resolved(values: Mapping[str, Any]) -> Simulation:
    """The configuration that `resolved` wrote down."""
    try:
        return _converted(values)
    except UnknownKeyError as error:
        raise ConfigurationError(unknown(str(error), keys_of(schema()))) from None


def fingerprint(values: Simulation | Mapping[str, Any]) -> str:
    """Sha256 of a configuration, the same on every machine."""
    plain = values if isinstance(values, Mapping) else resolved(values)
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def experiment(
    command: str, overrides: Sequence[str] = (), config_dir: Path | None = None
) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """What `conf/<command>.yaml` and the overrides say of the experiment itself.

    Returns
    -------
    experiment, executor, rest
        The nodes `experiment` (with `report` and `goal`, if the command has them) and `executor`,
        and the overrides that concern the simulation.

    Raises
    ------
    ConfigurationError
        In one sentence: an unknown key, a value of another kind than `conf/` has there.
    """
    nodes = ("experiment", "executor", "report", "goal")
    own = [text for text in overrides if key_of(text).split(".")[0] in nodes]
    node = _of_usual_kinds(command, own, config_dir)
    rest = [text for text in overrides if text not in own]
    beside = {name: node[name] for name in ("report", "goal") if name in node}
    return {**node["experiment"], **beside}, node["executor"], rest


def check_limits(values: Mapping[str, Any]) -> None:
    """Refuse numbers of an experiment that cannot be meant.

    Raises
    ------
    ConfigurationError
        In one sentence.
    """
    for name, (low, high) in LIMITS.items():
        value = values.get(name, low)
        if not (isinstance(value, int) and low <= value <= high):
            raise ConfigurationError(
                f"{name} = {cited(value)} is impossible: it must be a whole number from {low} to "
                f"{high:,}."
            )


def report_settings(
    overrides: Sequence[str] = (), config_dir: Path | None = None
) -> dict[str, Any]:
    """What `conf/report/` and the overrides say of how a page is written."""
    return dict(_of_usual_kinds("report", overrides, config_dir)["report"])


def _of_usual_kinds(
    primary: str, overrides: Sequence[str], config_dir: Path | None
) -> dict[str, Any]:
    """A primary file with overrides; no dataclass says its kinds, but the package's own values."""
    node = composed_with(primary, overrides, config_dir)
    usual = composed_of(primary, _executor_of(node), None)
    try:
        return cast(dict[str, Any], like(usual, node))
    except UnknownKeyError as error:
        known = [f"{part}.{name}" for part, own in usual.items() for name in own]
        raise ConfigurationError(unknown(str(error), known)) from None


def _executor_of(node: Mapping[str, Any]) -> dict[str, str]:
    """The package's file of the executor that was chosen: each kind has settings of its own."""
    name = str(node.get("executor", {}).get("name"))
    return {"executor": name} if name in group_files("executor") else {}


def without_scenario(config_dir: Path | None = None) -> dict[str, Any]:
    """What `conf/` says where no scenario says otherwise, not checked."""
    return copy.deepcopy(composed_of("simulation", {}, config_dir))


def strategy_titles(config_dir: Path | None = None) -> dict[str, str]:
    """Title of every scenario, by its name."""
    names = scenarios(config_dir)
    return {n: str(read_scenario(n, config_dir)["strategy"].get("title", "")) for n in names}


def _converted(values: Mapping[str, Any]) -> Simulation:
    """Lay values over the schema: keys, types, missing values, ranges and dates are checked."""
    config = cast(Simulation, built(schema(), values))
    check_ranges(config)
    _check_together(config)
    return config


def _check_together(config: Simulation) -> None:
    """Refuse dates, audiences and funds that contradict one another."""
    from sim.operator.scaling import check_asked
    from sim.operator.schedule import phases

    phases(config)
    check_asked(config)


__all__ = [
    "Run",
    "Simulation",
    "Strategy",
    "Varied",
    "check_limits",
    "experiment",
    "fingerprint",
    "from_resolved",
    "load",
    "read",
    "report_settings",
    "resolved",
    "rules_asked_for",
    "schema",
    "strategy_titles",
    "with_values",
    "without_scenario",
]
