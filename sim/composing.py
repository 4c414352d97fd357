"""From files to plain values: `conf/`, `scenarios/` and a folder of the user's own.

Hydra composes groups and overrides; a scenario is laid over what it builds on. Nothing is checked
here but that what is named exists: the schema and its ranges are for `sim.config`.
"""

import copy
import difflib
import io
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.quantity import ConfigurationError
from sim.schema import parameters_of


def _place(name: str) -> Path:
    """`conf/` or `scenarios/`: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    return package / name if (package / name).is_dir() else package.parent / name


CONF = _place("conf")
SCENARIOS = _place("scenarios")


def lever_names() -> list[str]:
    """The operator's levers, found in `sim/operator/levers/`."""
    return list(parameters_of("sim.operator.levers"))


def scenarios(config_dir: Path | None = None) -> dict[str, Path]:
    """Every scenario's file by its name; the user's own come before the package's."""
    _check_folder(config_dir)
    homes = [SCENARIOS, own_scenarios(config_dir)]
    found = {path.stem: path for home in homes for path in sorted(home.glob("*.yaml"))}
    return dict(sorted(found.items()))


def own_scenarios(config_dir: Path | None = None) -> Path:
    """The user's own scenarios: `scenarios/` in their folder, else where they work."""
    return (config_dir or Path.cwd()) / "scenarios"


def _check_folder(config_dir: Path | None) -> None:
    if config_dir is not None and not config_dir.is_dir():
        raise ConfigurationError(f"--config-dir {config_dir} is not a folder.")


def composed(
    scenario: str, overrides: tuple[str, ...], config_dir: Path | None, keys: set[str]
) -> dict[str, Any]:
    """Everything of a strategy but its name and what was before it, not yet checked.

    Parameters
    ----------
    scenario, overrides, config_dir
        As for `sim.config.load`.
    keys
        Every setting there is.
    """
    if any(key_of(text) == "scenarios" for text in overrides):
        raise ConfigurationError("Name the scenario by itself, without `scenarios=`.")
    single: list[tuple[str, Any]] = []
    choices: list[tuple[str, Any]] = []
    for text, override in _understood(overrides, keys):
        plain = not (override.is_delete() or _is_group(override.key_or_group))
        (single if plain else choices).append((text, override))
    values = copy.deepcopy(_composed(scenario, tuple(text for text, _ in choices), config_dir))
    values["rules"] = replacements("rules", values.get("rules"))
    for _, override in single:  # applied here: Hydra would compose everything anew for each
        if _is_rule(override.key_or_group):
            values["rules"] |= replacements(override.key_or_group, override.value())
        else:
            _put(values, override.key_or_group, override.value())
    return values


def rules_given(overrides: Sequence[str]) -> set[str]:
    """Names of the rules that overrides replace."""
    read = [_override(text) for text in overrides if _is_rule(key_of(text))]
    given = (replacements(each.key_or_group, each.value()) for each in read if not each.is_delete())
    return {name for each in given for name in each}


def replacements(key: str, value: Any) -> dict[str, str]:
    """Where the functions stand that replace rules, by name of the rule.

    A name may be written in one or as a group, as ``believe.trust_after: my_rules.py`` or
    ``believe: {trust_after: my_rules.py}``.
    """
    if isinstance(value, dict):
        below = (replacements(f"{key}.{name}", where) for name, where in value.items())
        return {name: where for each in below for name, where in each.items()}
    name = key.removeprefix("rules").removeprefix(".")
    if not name and value is not None:
        raise ConfigurationError(
            "rules needs the name of a rule: write rules.believe.trust_after=my_rules.py."
        )
    return {name: str(value)} if name else {}


def _is_rule(key: str) -> bool:
    return key.partition(".")[0] == "rules"


def _composed(scenario: str, choices: tuple[str, ...], config_dir: Path | None) -> dict[str, Any]:
    """Groups as chosen, and the scenario over them.

    A scenario that builds on another one by its name is laid over it here, since composing takes
    a second; one that chooses groups is left to Hydra. Not kept: whoever edits a scenario between
    two calls wants the edited one.
    """
    own = read_scenario(scenario, config_dir)
    bases = _bases(scenario, config_dir)
    own.pop("defaults", None)
    if not all(isinstance(base, str) and base in scenarios(config_dir) for base in bases):
        home = scenarios(config_dir)[scenario].parent
        place = config_dir if home == SCENARIOS else home.parent
        return composed_by_hydra("simulation", (f"+scenarios={scenario}", *choices), place)
    under = composed_by_hydra("simulation", choices, config_dir)
    for base in bases:
        under = _laid_over(under, _composed(base, choices, config_dir))
    return cast(dict[str, Any], _laid_over(under, own))


def _bases(scenario: str, config_dir: Path | None, above: tuple[str, ...] = ()) -> list[Any]:
    """What a scenario builds on; refuses what is no list or not there, and going in a circle."""
    known = scenarios(config_dir)
    defaults = read_scenario(scenario, config_dir).get("defaults", [])
    path = known[scenario]
    if not isinstance(defaults, list) or None in defaults:
        raise ConfigurationError(f"{path}: `defaults` must be a list, as in [baseline, _self_].")
    if scenario in above:
        raise ConfigurationError(f"{path} builds on itself, by way of {' and '.join(above)}.")
    bases = [each for each in defaults if each != "_self_"]
    for base in (each for each in bases if isinstance(each, str) and "/" not in each):
        if base not in known:
            raise ConfigurationError(f"{path}: there is no scenario {base}{instead(base, known)}")
        _bases(base, config_dir, (*above, scenario))
    return bases


def read_scenario(scenario: str, config_dir: Path | None) -> dict[str, Any]:
    """What a scenario's own file says; refuses one that cannot be read or is none."""
    known = scenarios(config_dir)
    if scenario not in known:
        raise ConfigurationError(f"There is no scenario {scenario}{instead(scenario, known)}")
    try:
        values = copy.deepcopy(_parsed(known[scenario].read_text(encoding="utf-8")))
    except Exception as error:
        raise ConfigurationError(f"{known[scenario]} cannot be read: {_misread(error)}") from error
    if not isinstance(values, dict) or not isinstance(values.get("strategy"), dict):
        raise ConfigurationError(f"{known[scenario]} is no scenario: it has no block `strategy:`.")
    return cast(dict[str, Any], values)


@cache
def _parsed(text: str) -> Any:
    """What a scenario's text says; parsing it takes a hundred times as long as reading it."""
    return OmegaConf.to_container(OmegaConf.load(io.StringIO(text)))


def _laid_over(under: Any, over: Any) -> Any:
    """Two trees as one; where both have a value, that of the upper one."""
    if not (isinstance(under, dict) and isinstance(over, dict)):
        return over
    return {**under, **{key: _laid_over(under.get(key), value) for key, value in over.items()}}


def _put(values: Any, key: str, value: Any) -> None:
    parts: list[Any] = [int(part) if part.isdigit() else part for part in key.split(".")]
    *path, last = parts
    for part in path:
        values = values[part] if isinstance(values, list) else values.setdefault(part, {})
    values[last] = value


@cache
def composed_by_hydra(
    primary: str, overrides: tuple[str, ...], config_dir: Path | None
) -> dict[str, Any]:
    """A primary file of `conf/` with its groups and overrides; kept, since Hydra takes its time.

    A file whose name begins with _ is for others to build on and never named as a choice.
    """
    from hydra import compose, initialize_config_dir
    from hydra.core.config_store import ConfigStore
    from hydra.errors import HydraException, MissingConfigException

    _check_folder(config_dir)
    for text in overrides:
        _override(text)
    places = [*([config_dir.resolve()] if config_dir else []), CONF, SCENARIOS.parent]
    ConfigStore.instance().store("begin", _begin(primary, places))
    quoted = ",".join("'file://" + str(path).replace("'", "\\'") + "'" for path in places[1:])
    try:
        with initialize_config_dir(config_dir=str(places[0]), version_base="1.3"):
            composed = compose("begin", [*overrides, f"hydra.searchpath=[{quoted}]"])
        return cast(dict[str, Any], OmegaConf.to_container(composed, resolve=True))
    except MissingConfigException as error:
        missing = str(error.missing_cfg_file)
        group, _, name = missing.rpartition("/")
        what = f"{group}={name}" if group else f"{name}.yaml"
        choices = [each for each in error.options or () if not each.startswith("_")]
        raise ConfigurationError(f"There is no {what}{instead(name, choices)}") from error
    except (HydraException, OmegaConfBaseException) as error:
        unset = re.search(r"Could not override '([^']+)'", str(error))
        if unset and overrides:
            known = _leaves(composed_by_hydra(primary, (), config_dir))
            raise ConfigurationError(unknown(unset[1], known)) from None
        raise ConfigurationError(_first_line(error)) from error


def _leaves(values: Any, path: str = "") -> set[str]:
    """Keys of all values in a tree."""
    if not isinstance(values, dict):
        return {path}
    below = (_leaves(value, f"{path}.{key}".lstrip(".")) for key, value in values.items())
    return set().union(*below)


def _begin(primary: str, places: Sequence[Path]) -> Any:
    """The primary file, with a default for every lever there is if it is the simulation's."""
    path = next(place for place in places if (place / f"{primary}.yaml").exists())
    node: Any = OmegaConf.load(path / f"{primary}.yaml")
    if primary == "simulation":
        levers = [{f"lever@operator.{name}": name} for name in lever_names()]
        node.defaults = [*levers, *node.defaults]
    return node


def _understood(overrides: Sequence[str], keys: set[str]) -> list[tuple[str, Any]]:
    """Overrides with what Hydra reads in them; refuses one of what does not exist."""
    names = {key.removesuffix("[]") for key in keys if not key.startswith("before")}
    lists = tuple(key.removesuffix("[]") + "." for key in keys if key.endswith("[]"))
    read = []
    for text in overrides:
        override = _override(text)
        key = override.key_or_group
        if not (_is_group(key) or key in names or key.startswith(("rules.", *lists))):
            raise ConfigurationError(unknown(key, names | _groups()))
        read.append((text, override))
    return read


def _override(text: str) -> Any:
    """What Hydra reads in an override; refuses one that cannot be read or gives several values."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

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
    group = override.key_or_group
    if _is_group(group) and not (override.is_delete() or isinstance(override.value(), str)):
        raise ConfigurationError(
            f"{text} names no file: {group} is chosen by one of conf/{group}/."
        )
    return override


def _groups() -> set[str]:
    """What is chosen by the name of a file."""
    return {path.name for path in CONF.iterdir() if path.is_dir()} | {"scenarios"}


def _is_group(key: str) -> bool:
    return "@" in key or key in _groups()


def key_of(override: str) -> str:
    """What an override changes."""
    return override.split("=", 1)[0].lstrip("+~")


def unknown(key: str, known: Iterable[str]) -> str:
    """The sentence that refuses a setting that does not exist."""
    end = instead(key, known)
    if end == ".":
        end = "; `repurchase reference` lists them."
    return f"There is no setting {key}{end}"


def instead(word: str, known: Iterable[str]) -> str:
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


def _misread(error: Exception) -> str:
    """What a YAML file's fault is and where, in one line."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    where = f"line {mark.line + 1}: " if mark else ""
    return where + (f"{problem}." if problem else _first_line(error))


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") + "."
