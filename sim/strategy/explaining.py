"""What a day of the model consists of, and where each setting of a configuration comes from.

Read off the code: the steps of a day from the model, the steps of a household's day from the
rule that composes them, the questions from the files of rules.
"""

import importlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.config.composing import scenarios
from sim.config.loading import read, resolved
from sim.engine.model import DAY_STEPS
from sim.parameters.schema import parameters_of
from sim.reference.document import shown
from sim.reference.parameters import Parameter, parameters
from sim.reference.sources import Sources, sources_in
from sim.responses.checking import check_rules_asked_for
from sim.rules.finding import all_asked_by, asked_by, first_line, rules

MOST = 4  # sources named of a list whose members have many
A_DAY = "day.live_one_day"


@dataclass(frozen=True)
class Step:
    """A phase of the day, a step of a household's day, or a question that rules answer.

    Attributes
    ----------
    name
        Of the function, or of the file of a question.
    what
        First line of its docstring.
    file
        Where it stands.
    asks
        For a step, the questions it turns on; for a question, the rules that answer it.
    """

    name: str
    what: str
    file: str
    asks: tuple[str, ...] = ()


def day_steps() -> list[Step]:
    """The steps of a day, in their order."""
    return [Step(each.__name__, first_line(each), "sim/engine/model.py") for each in DAY_STEPS]


def steps() -> list[Step]:
    """What a household does on a day it wakes, in the order of the code."""
    found = []
    for name in asked_by(A_DAY):
        files = dict.fromkeys(_file(rule) for rule in (name, *all_asked_by(name)))
        asks = tuple(file for file in files if file in _questions())
        found.append(Step(name, first_line(rules()[name]), f"sim/behaviour/{_file(name)}.py", asks))
    return found


def questions() -> list[Step]:
    """The questions of behaviour and the rules that answer them, as a day comes to them."""
    met = dict.fromkeys(_file(rule) for rule in all_asked_by(A_DAY))
    found = []
    for file in (each for each in met if each in _questions()):
        module = importlib.import_module(f"sim.behaviour.{file}")
        answered = tuple(rule for rule in rules() if _file(rule) == file)
        found.append(Step(file, first_line(module), f"sim/behaviour/{file}.py", answered))
    return found


def _file(rule: str) -> str:
    return rule.partition(".")[0]


def _questions() -> Mapping[str, type]:
    return parameters_of("sim.behaviour")


@dataclass(frozen=True)
class Setting:
    """A setting as it is in force, and where its value comes from."""

    key: str
    value: str
    unit: str
    source: str


def settings(
    scenario: str,
    overrides: Sequence[str] = (),
    config_dir: Path | None = None,
    trust_rules: bool = False,
) -> list[Setting]:
    """Every setting of a scenario, replaced rules among them; those asked for are tried."""
    config = read(scenario, overrides, config_dir)
    tried = check_rules_asked_for(config, overrides, trust_rules)
    values = resolved(config)
    told = sources_in(scenarios(config_dir)[scenario])
    given = {text.partition("=")[0].lstrip("+~") for text in overrides}
    found = [
        Setting(each.key, shown(value), each.unit, _source(each, value, told, given))
        for each, value in _in_force(parameters(config_dir), values)
    ]
    for name, own in config.rules.items():
        said = f"{own.file}:{own.function}"
        known = "" if name in tried else "; not run: read it, and --trust-rules tries it"
        found.append(Setting(f"rules.{name}", said, "function", f"sha256 {own.sha256[:12]}{known}"))
    return found


def _in_force(known: Sequence[Parameter], values: Any) -> Iterator[tuple[Parameter, Any]]:
    for each in known:
        yield each, _at(values, each.key.split("."))


def _at(values: Any, path: list[str]) -> Any:
    if not path:
        return values
    name, rest = path[0], path[1:]
    if name.endswith("[]"):
        return [_at(member, rest) for member in values[name.removesuffix("[]")]]
    return _at(values[name], rest)


def _source(known: Parameter, value: Any, told: Sources, given: set[str]) -> str:
    """Who said so last: the command, the scenario, or `conf/`."""
    if any(known.key == key or known.key.startswith(f"{key}.") for key in given):
        return "set on the command line"
    if known.key in told:
        line = told[known.key]
        comment = f": {line.comment}" if line.comment else ""
        return f"scenarios/{line.file.name}{comment}"
    if value != known.default and known.default is not None:
        return "set for a group of settings"
    parts = known.source.split("; ")
    return "; ".join(parts[:MOST]) + (" …" if len(parts) > MOST else "")


__all__ = ["Setting", "Step", "day_steps", "questions", "settings", "steps"]
