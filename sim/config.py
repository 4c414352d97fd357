"""From a few words on the command line to one checked configuration.

Hydra composes what lies in `conf/`, `scenarios/` and a folder of the user's own; the result is
laid over the schema, a tree of dataclasses in which every rule and every lever stands under its
own name, and every number is held to its range. An unknown key or an impossible value is
refused in one sentence.

Rules and levers are found, not listed: a file in `sim/behaviour/` or `sim/operator/levers/` with
a dataclass `Parameters` is a part of the configuration, with its values in `conf/`.
"""

import copy
import dataclasses
import difflib
import hashlib
import importlib
import json
import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass, make_dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args, get_origin, get_type_hints

from omegaconf import MISSING, DictConfig, OmegaConf
from omegaconf.errors import ConfigKeyError, OmegaConfBaseException

from sim.quantity import ConfigurationError, check_ranges, quantity

BEFORE = "baseline"  # how the operator worked until the first day of any strategy


def _place(name: str) -> Path:
    """`conf/` or `scenarios/`: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    return package / name if (package / name).is_dir() else package.parent / name


CONF = _place("conf")
SCENARIOS = _place("scenarios")


@dataclass
class Strategy:
    """What a strategist should know of a strategy before looking at any number."""

    name: str = MISSING
    title: str = MISSING
    what: str = MISSING
    why: str = MISSING
    cost: str = MISSING
    facts: list[str] = field(default_factory=list)
    budget_yuan_per_customer_month: float = quantity(
        "yuan per customer and month", "most that the levers may spend", 0, 1e6
    )


@dataclass
class Run:
    """How long a run lasts and when it starts."""

    days: int = quantity("days", "length of the strategy", 1, 36_500)
    warmup_days: int = quantity("days", "baseline lived through before the strategy", 0, 3_650)
    start_day_of_year: int = quantity("day of the year", "date of the strategy's day 0", 0, 364)
    threads: int = quantity("threads", "threads of one run, 0: one per core", 0, 1024)


@dataclass
class Simulation:
    """One run's configuration. `schema()` gives the parts that are `Any` here their real types."""

    strategy: Strategy
    population: Any
    behaviour: Any
    community: Any
    operator: Any
    market: Any
    run: Run
    before: Any  # the operator during the warm-up: that of the scenario named by BEFORE


def parameters_of(package: str) -> dict[str, type]:
    """Every module of a package that declares `Parameters`, by its name."""
    home = importlib.import_module(package)
    found = {}
    for item in pkgutil.iter_modules(home.__path__):
        module = importlib.import_module(f"{package}.{item.name}")
        if is_dataclass(getattr(module, "Parameters", None)):
            found[item.name] = module.Parameters
    return dict(sorted(found.items()))


def lever_names() -> list[str]:
    """The operator's levers, found in `sim/operator/levers/`."""
    return list(parameters_of("sim.operator.levers"))


@cache
def schema() -> type[Simulation]:
    """The dataclass of the whole configuration, rules and levers as they are found."""
    from sim.operator.house import Parameters as House
    from sim.world.communities import Parameters as Community
    from sim.world.market import Parameters as Market
    from sim.world.synthesis import Population

    rules = parameters_of("sim.behaviour")
    levers = parameters_of("sim.operator.levers")
    return schema_of(Population, rules, Community, {"house": House, **levers}, Market)


def schema_of(
    population: type,
    rules: Mapping[str, type],
    community: type,
    operator: Mapping[str, type],
    market: type,
) -> type[Simulation]:
    """A `Simulation` with these parts."""
    behaviour = make_dataclass("Behaviour", list(rules.items()))
    operators = make_dataclass("Operator", list(operator.items()))
    parts: list[tuple[str, type]] = [
        ("population", population),
        ("behaviour", behaviour),
        ("community", community),
        ("operator", operators),
        ("market", market),
        ("before", operators),
    ]
    return make_dataclass("Simulation", parts, bases=(Simulation,))


def load(
    scenario: str, overrides: Sequence[str] = (), config_dir: Path | None = None
) -> Simulation:
    """Compose, convert and check the configuration of one strategy.

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
    values = _simulation(scenario, tuple(overrides), config_dir)
    before = _simulation(BEFORE, (), config_dir)["operator"]
    named = {**values["strategy"], "name": scenario}
    return _converted({**values, "strategy": named, "before": before})


def from_resolved(values: Mapping[str, Any]) -> Simulation:
    """The configuration that `resolved` wrote down."""
    return _converted(values)


def resolved(config: Simulation) -> dict[str, Any]:
    """The whole configuration as plain dictionaries, lists, numbers and words."""
    return asdict(config)


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
        The nodes `experiment` and `executor`, and the overrides that concern the simulation.
    """
    own = [text for text in overrides if _key(text).split(".")[0] in ("experiment", "executor")]
    composed = _compose(command, tuple(own), config_dir)
    rest = [text for text in overrides if text not in own]
    node = cast(dict[str, Any], OmegaConf.to_container(composed, resolve=True))
    return node["experiment"], node["executor"], rest


def scenarios(config_dir: Path | None = None) -> dict[str, Path]:
    """Every scenario's file by its name; the user's own come before the package's."""
    homes = [SCENARIOS, *([config_dir / "scenarios"] if config_dir else [])]
    found = {path.stem: path for home in homes for path in sorted(home.glob("*.yaml"))}
    return dict(sorted(found.items()))


def strategy_titles(config_dir: Path | None = None) -> dict[str, str]:
    """Title of every scenario, by its name."""
    titles = {}
    for name, path in scenarios(config_dir).items():
        try:
            block: Any = OmegaConf.load(path)
            titles[name] = str(block["strategy"]["title"])
        except Exception as error:
            raise ConfigurationError(
                f"{path} is not a scenario: it needs a block `strategy:` with a `title`."
            ) from error
    return titles


def _simulation(
    scenario: str, overrides: tuple[str, ...], config_dir: Path | None
) -> dict[str, Any]:
    """Everything of a strategy but its name and what was before it, not yet checked."""
    known = scenarios(config_dir)
    if scenario not in known:
        raise ConfigurationError(f"There is no scenario {scenario}{_instead(scenario, known)}")
    if any(_key(text) == "scenarios" for text in overrides):
        raise ConfigurationError("Name the scenario by itself, without `scenarios=`.")
    values, choices = [], []
    for text, override in _understood(overrides, _keys(schema())):
        plain = not (override.is_delete() or _is_group(override.key_or_group))
        (values if plain else choices).append((text, override))
    composed = copy.deepcopy(_composed(scenario, tuple(text for text, _ in choices), config_dir))
    for _, override in values:  # applied here: Hydra would compose everything anew for each
        OmegaConf.update(composed, override.key_or_group, override.value())
    return cast(dict[str, Any], OmegaConf.to_container(composed, resolve=True))


@cache
def _composed(scenario: str, choices: tuple[str, ...], config_dir: Path | None) -> DictConfig:
    """Groups as chosen and the scenario over them. One with defaults of its own is Hydra's."""
    own: Any = OmegaConf.load(scenarios(config_dir)[scenario])
    if "defaults" in own:
        return _compose("simulation", (f"+scenarios={scenario}", *choices), config_dir)
    return cast(DictConfig, OmegaConf.merge(_compose("simulation", choices, config_dir), own))


@cache
def _compose(primary: str, overrides: tuple[str, ...], config_dir: Path | None) -> DictConfig:
    from hydra import compose, initialize_config_dir
    from hydra.core.config_store import ConfigStore
    from hydra.errors import HydraException, MissingConfigException

    if config_dir is not None and not config_dir.is_dir():
        raise ConfigurationError(f"--config-dir {config_dir} is not a folder.")
    places = [*([config_dir.resolve()] if config_dir else []), CONF, SCENARIOS.parent]
    ConfigStore.instance().store("begin", _begin(primary, places))
    quoted = ",".join("'file://" + str(path).replace("'", "\\'") + "'" for path in places[1:])
    try:
        with initialize_config_dir(config_dir=str(places[0]), version_base="1.3"):
            composed = compose("begin", [*overrides, f"hydra.searchpath=[{quoted}]"])
        OmegaConf.set_struct(composed, False)  # the schema refuses unknown keys, in better words
        return composed
    except MissingConfigException as error:
        missing = str(error.missing_cfg_file)
        group, _, name = missing.rpartition("/")
        what = f"{group}={name}" if group else f"{name}.yaml"
        raise ConfigurationError(
            f"There is no {what}{_instead(name, error.options or ())}"
        ) from error
    except (HydraException, OmegaConfBaseException) as error:
        raise ConfigurationError(_first_line(error)) from error


def _begin(primary: str, places: Sequence[Path]) -> Any:
    """The primary file, with a default for every lever there is if it is the simulation's."""
    path = next(place for place in places if (place / f"{primary}.yaml").exists())
    node: Any = OmegaConf.load(path / f"{primary}.yaml")
    if primary == "simulation":
        levers = [{f"lever@operator.{name}": name} for name in lever_names()]
        node.defaults = [*levers, *node.defaults]
    return node


def _converted(values: Mapping[str, Any]) -> Simulation:
    """Lay values over the schema: types, missing values and ranges are checked."""
    try:
        merged = OmegaConf.merge(OmegaConf.structured(schema()), dict(values))
        missing = sorted(
            OmegaConf.missing_keys(merged), key=lambda key: (key.startswith("before."), key)
        )
        if missing:
            raise ConfigurationError(f"{missing[0]} has no value: give it one in conf/.")
        config = OmegaConf.to_object(merged)
    except ConfigKeyError as error:
        raise ConfigurationError(_unknown(str(error.full_key), _keys(schema()))) from error
    except OmegaConfBaseException as error:
        key = f"{error.full_key}: " if error.full_key else ""
        raise ConfigurationError(f"{key}{_first_line(error)}") from error
    assert isinstance(config, Simulation)
    check_ranges(config)
    return config


def _understood(overrides: Sequence[str], keys: set[str]) -> list[tuple[str, Any]]:
    """Overrides with what Hydra reads in them; refuses one of what does not exist."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    names = {key.removesuffix("[]") for key in keys if not key.startswith("before")}
    lists = tuple(key.removesuffix("[]") + "." for key in keys if key.endswith("[]"))
    read = []
    for text in overrides:
        try:
            override = OverridesParser.create().parse_override(text)
        except HydraException as error:
            raise ConfigurationError(
                f"{text} cannot be read: write key=value, as in population.households=2000."
            ) from error
        if override.is_sweep_override():
            raise ConfigurationError(
                f"{text} gives several values: that is what `repurchase sweep` is for."
            )
        key = override.key_or_group
        if not (_is_group(key) or key in names or key.startswith(lists)):
            raise ConfigurationError(_unknown(key, names | _groups()))
        read.append((text, override))
    return read


def _groups() -> set[str]:
    """What is chosen by the name of a file."""
    return {path.name for path in CONF.iterdir() if path.is_dir()} | {"scenarios"}


def _is_group(key: str) -> bool:
    return "@" in key or key in _groups()


def _keys(kind: Any, path: str = "") -> set[str]:
    """Every key of a schema; a list's is there a second time with `[]`."""
    found = set()
    for name, hint in get_type_hints(kind).items():
        if name not in {item.name for item in dataclasses.fields(kind)}:
            continue
        key = f"{path}.{name}" if path else name
        found.add(key)
        if is_dataclass(hint):
            found |= _keys(hint, key)
        elif get_origin(hint) in (list, dict) and any(map(is_dataclass, get_args(hint))):
            found.add(f"{key}[]")
    return found


def _key(override: str) -> str:
    return override.split("=", 1)[0].lstrip("+~")


def _unknown(key: str, known: Iterable[str]) -> str:
    return f"There is no setting {key}{_instead(key, known)}"


def _instead(word: str, known: Iterable[str]) -> str:
    """End of a sentence: near misses, or all there is when nothing is near and there is little."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=2, cutoff=0.7)
    if len(near) == 2 and _likeness(word, near[0]) > _likeness(word, near[1]) + 0.05:
        near = near[:1]
    if not near:  # the last word of a key may be right and its place wrong
        last = word.rpartition(".")[2]
        near = [name for name in names if name.rpartition(".")[2] == last][:3]
    if near:
        return f"; did you mean {' or '.join(near)}?"
    return f"; there are {', '.join(names)}." if 0 < len(names) <= 20 else "."


def _likeness(word: str, other: str) -> float:
    return difflib.SequenceMatcher(None, word, other).ratio()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") + "."
