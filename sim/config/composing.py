"""From files to plain values: `conf/`, `scenarios/` and a folder of the user's own.

Hydra composes the groups of `conf/`; scenarios and single settings are laid over them here. No
scenario is ever given to Hydra. Nothing is checked here but that what is named exists: the schema
and its ranges are for `sim.config.loading`.
"""

import copy
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.config.hydra_groups import composed_by_hydra
from sim.config.overrides import FILE, Override, changed, is_group, key_of, put, understood
from sim.config.yaml_files import read_settings
from sim.parameters.quantity import ConfigurationError
from sim.parameters.schema import laid_over, parameters_of
from sim.store.sources import OWN_CODE, modules
from sim.text.incoming import FULL_WIDTH_COLON, same_letters
from sim.text.outgoing import cited, in_one_line
from sim.text.suggestions import instead, unknown

_CHOICE = re.compile(r"override /?([\w/]+(?:@[\w.]+)?)")  # of a group, in a scenario's `defaults`


def _place(name: str) -> Path:
    """`conf/` or `scenarios/`: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parents[1]
    return package / name if (package / name).is_dir() else package.parent / name


CONF = _place("conf")
SCENARIOS = _place("scenarios")


def lever_names() -> list[str]:
    """The operator's levers, found in `sim/operator/levers/` and where the user's own stand."""
    return list(parameters_of("sim.operator.levers"))


def shock_names() -> list[str]:
    """The shocks that may befall the operator, found in the same way, in `sim/shocks/`."""
    return list(parameters_of("sim.shocks"))


def scenarios(config_dir: Path | None = None) -> dict[str, Path]:
    """Every scenario's file by its name; the user's own come before the package's."""
    _check_folder(config_dir)
    homes = [SCENARIOS, own_scenarios(config_dir)]
    files = [path for home in homes for path in sorted(home.glob("*.yaml"))]
    seen = [path for path in files if not path.name.startswith(".")]
    return dict(sorted({same_letters(path.stem): path for path in seen}.items()))


def own_scenarios(config_dir: Path | None = None) -> Path:
    """The user's own scenarios: `scenarios/` in their folder, else where they work."""
    return (config_dir or Path.cwd()) / "scenarios"


def _check_folder(config_dir: Path | None) -> None:
    if config_dir is not None and not os.path.isdir(config_dir):
        raise ConfigurationError(f"--config-dir {cited(str(config_dir))} is not a folder.")


def understood_all(texts: Sequence[str]) -> tuple[Override, ...]:
    """Overrides as they were said behind a command, read."""
    if any(key_of(text) == "scenarios" for text in texts):
        raise ConfigurationError("Name the scenario by itself, without `scenarios=`.")
    groups = _groups()
    return tuple(understood(text, groups) for text in texts)


def changed_all(values: Mapping[str, Any]) -> tuple[Override, ...]:
    """Overrides that give settings these values."""
    groups = _groups()
    return tuple(changed(key, value, groups) for key, value in values.items())


class Composition:
    """A scenario over the groups of `conf/`: files are read once, for any number of overrides.

    Parameters
    ----------
    scenario, config_dir
        As for `sim.config.loading.load`.
    keys
        Every setting there is.
    """

    def __init__(self, scenario: str, config_dir: Path | None, keys: set[str]) -> None:
        self._scenario, self._config_dir = scenario, config_dir
        self._groups = _groups()
        self._known = {key.removesuffix("[]") for key in keys if not key.startswith("before")}
        self._inside = tuple(key.removesuffix("[]") + "." for key in keys if key.endswith("[]"))
        self._chosen = _chosen_by(scenario, config_dir)
        self._files: dict[tuple[tuple[str, str], ...], dict[str, Any]] = {}

    def composed(self, overrides: Sequence[Override]) -> dict[str, Any]:
        """Everything of a strategy but its name and what was before it, not yet checked."""
        single: list[Override] = []
        choices = dict(self._chosen)
        for override in overrides:
            if is_group(override.key, self._groups):
                choices[override.key] = override.value
            elif override.key in self._known or override.key.startswith(("rules.", *self._inside)):
                single.append(override)
            else:
                known = self._known | self._groups
                raise ConfigurationError(no_such_setting(override.key, known, self._config_dir))
        values = copy.deepcopy(self._of_files(choices))
        for override in single:
            if _is_rule(override.key):
                values["rules"] |= replacements(override.key, override.value)
            else:
                put(values, override)
        return values

    def _of_files(self, choices: dict[str, str]) -> dict[str, Any]:
        """What the files say; not to be changed."""
        chosen = tuple(choices.items())
        if chosen not in self._files:
            values = composed_of("simulation", choices, self._config_dir)
            for own in _layers(self._scenario, self._config_dir):
                values = laid_over(values, own)
            rules = replacements("rules", values.get("rules"))
            self._files[chosen] = {**values, "rules": rules}
        return self._files[chosen]


def no_such_setting(key: str, known: Iterable[str], config_dir: Path | None) -> str:
    """The sentence that refuses a key; of code that nobody has vouched for, how to."""
    parts = {"levers": ("operator", lever_names()), "shocks": ("shocks", shock_names())}
    for kind, (part, found) in parts.items():
        for file in modules(config_dir / kind) if config_dir else []:
            if f"{key}.".startswith(f"{part}.{file.stem}.") and file.stem not in found:
                return (
                    f"{part}.{file.stem} is told in {in_one_line(str(file))}, whose code is not "
                    "run unasked: read it, and if you trust it, add --trust-rules (from Python: "
                    f"set {OWN_CODE[kind]} to its folder before anything is imported from sim)."
                )
    return unknown(key, known)


def rules_given(overrides: Sequence[str], changes: Mapping[str, Any]) -> set[str]:
    """Names of the rules that overrides, or changes of a point, replace."""
    read = [understood(text, ()) for text in overrides if _is_rule(key_of(text))]
    given = [(each.key, each.value) for each in read]
    given += [(key, value) for key, value in changes.items() if _is_rule(key)]
    return {name for key, value in given for name in replacements(key, value)}


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


def composed_of(primary: str, choices: dict[str, str], config_dir: Path | None) -> dict[str, Any]:
    """A primary file of `conf/` with its groups, some of them chosen; not to be changed."""
    _check_folder(config_dir)
    own = [] if config_dir is None else [config_dir.resolve()]
    found: tuple[tuple[str, str, str], ...] = ()
    if primary == "simulation":
        found = tuple(("lever", "operator", name) for name in lever_names())
        found += tuple(("shock", "shocks", name) for name in shock_names())
    return composed_by_hydra(primary, tuple(choices.items()), (*own, CONF), found)


def composed_with(
    primary: str, overrides: Sequence[str], config_dir: Path | None
) -> dict[str, Any]:
    """A primary file of `conf/` with what overrides choose and say."""
    groups = _groups()
    read = [understood(text, groups) for text in overrides]
    choices = {each.key: each.value for each in read if is_group(each.key, groups)}
    values = copy.deepcopy(composed_of(primary, choices, config_dir))
    for override in read:
        if override.key not in choices:
            put(values, override)
    return values


def _layers(scenario: str, config_dir: Path | None) -> list[dict[str, Any]]:
    """What is laid over the groups, one after the other: what a scenario builds on, and itself."""
    bases, _ = _built_on(scenario, config_dir)
    own = read_scenario(scenario, config_dir)
    own.pop("defaults", None)
    return [layer for base in bases for layer in _layers(base, config_dir)] + [own]


def _chosen_by(scenario: str, config_dir: Path | None) -> dict[str, str]:
    """Groups that a scenario chooses, over those chosen by what it builds on."""
    bases, choices = _built_on(scenario, config_dir)
    found: dict[str, str] = {}
    for base in bases:
        found |= _chosen_by(base, config_dir)
    return found | choices


def _built_on(
    scenario: str, config_dir: Path | None, above: tuple[str, ...] = ()
) -> tuple[list[str], dict[str, str]]:
    """The scenarios a scenario builds on, and the groups it chooses.

    Refuses what is no list or not there, and going in a circle.
    """
    known = scenarios(config_dir)
    defaults = read_scenario(scenario, config_dir).get("defaults", [])
    path = known[scenario]
    if scenario in above:
        raise ConfigurationError(f"{path} builds on itself, by way of {' and '.join(above)}.")
    bases: list[str] = []
    choices: dict[str, str] = {}
    for entry in defaults if isinstance(defaults, list) else [defaults]:
        if isinstance(entry, dict) and len(entry) == 1 and isinstance(defaults, list):
            choices |= _choice(*next(iter(entry.items())), path)
        elif isinstance(entry, str) and isinstance(defaults, list):
            bases.append(same_letters(entry))
        else:
            raise ConfigurationError(
                f"{path}: `defaults` must be a list of scenarios, as in [baseline, _self_]."
            )
    bases = [base for base in bases if base != "_self_"]
    for base in bases:
        if base not in known:
            raise ConfigurationError(
                f"{path}: there is no scenario {cited(base)}{instead(base, known)}"
            )
        _built_on(base, config_dir, (*above, scenario))
    return bases, choices


def _choice(said: str, name: Any, path: Path) -> dict[str, str]:
    """The group that a line of a scenario's `defaults` chooses, and the name of its file."""
    group = _CHOICE.fullmatch(said)
    if not (group and isinstance(name, str) and FILE.fullmatch(name)):
        raise ConfigurationError(
            f"{path}: {cited(said)} in `defaults` chooses nothing: write it as in "
            "{override /population: city}."
        )
    return {group[1]: name}


def read_scenario(scenario: str, config_dir: Path | None) -> dict[str, Any]:
    """What a scenario's own file says; refuses one that cannot be read or is none.

    Not kept: whoever edits a scenario between two calls wants the edited one.
    """
    known = scenarios(config_dir)
    if scenario not in known:
        raise ConfigurationError(
            f"There is no scenario {cited(scenario)}{instead(scenario, known)}"
        )
    path = known[scenario]
    values = copy.deepcopy(read_settings(path))
    if not isinstance(values, dict) or not isinstance(values.get("strategy"), dict):
        raise ConfigurationError(f"{path} is no scenario: {_no_strategy(scenario, values)}")
    name = values["strategy"].pop("name", scenario)
    if name != scenario:
        raise ConfigurationError(
            f"{path}: strategy.name is {cited(name)}, and a strategy has the name of its file: "
            "take the line out, or give the file another name."
        )
    return values


def _no_strategy(scenario: str, values: Any) -> str:
    """What a file lacks that says nothing of a strategy, with an example."""
    said = values.get("strategy") if isinstance(values, dict) else values
    if isinstance(said, str) and FULL_WIDTH_COLON in said:
        return f"its colons are at full width ({FULL_WIDTH_COLON}): write `:` and a space."
    title = scenario.replace("_", " ")
    return (
        "it has no block `strategy:`. The shortest there is, in two lines: `defaults: [baseline, "
        f"_self_]` and `strategy: {{title: {cited(title)}}}`; `repurchase new` drafts a longer one."
    )


def group_files(group: str) -> list[str]:
    """Names of the package's own files of a group."""
    return sorted(path.stem for path in (CONF / group).glob("*.yaml"))


def _groups() -> set[str]:
    """What is chosen by the name of a file."""
    return {path.name for path in CONF.iterdir() if path.is_dir()} | {"scenarios"}


__all__ = [
    "CONF",
    "SCENARIOS",
    "Composition",
    "changed_all",
    "composed_of",
    "composed_with",
    "group_files",
    "instead",
    "key_of",
    "lever_names",
    "no_such_setting",
    "own_scenarios",
    "read_scenario",
    "replacements",
    "rules_given",
    "scenarios",
    "shock_names",
    "understood_all",
    "unknown",
]
