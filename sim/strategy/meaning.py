"""What a strategy means: each lever in a sentence with its numbers and units."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2.meta import find_undeclared_variables

from sim.config.loading import Simulation
from sim.evidence.facts import Fact, load_facts
from sim.operator.discovery import MODULES, SHOCKS
from sim.operator.schedule import phases
from sim.parameters.quantity import ConfigurationError
from sim.parameters.schema import LONGEST_RUN_DAYS as ALWAYS
from sim.reference.parameters import plain


def levers_on(config: Simulation) -> list[str]:
    """Levers with a strength above zero on some day of the strategy."""
    on = {name for phase in phases(config) for name in _on(phase.operator)}
    return [name for name in vars(config.operator) if name in on]


def _on(operator: Any) -> list[str]:
    return [name for name, own in vars(operator).items() if getattr(own, "strength", 0.0)]


def shocks_of(config: Simulation) -> list[str]:
    """Shocks with a size above zero, whenever they happen."""
    return [name for name, own in vars(config.shocks).items() if own.size > 0.0]


def sentence(config: Simulation, lever: str) -> str:
    """What a lever does in this configuration, at full strength, or a shock at size 1."""
    settings = getattr(config.shocks if lever in SHOCKS else config.operator, lever)
    own = asdict(settings)
    told = _said(lever, own) + _dates(own.get("from_day", 0), own.get("until_day", ALWAYS))
    for_whom = settings.audience.in_words() if hasattr(settings, "audience") else ""
    return f"{told} Only for: {for_whom}." if for_whom else told


def _dates(from_day: int, until_day: int) -> str:
    """The days of a lever that does not run throughout, as a sentence behind another."""
    begins = f"from day {from_day:,} on" if from_day > 0 else ""
    ends = f"until day {until_day:,}" if until_day < ALWAYS else ""
    told = " ".join(filter(None, (begins.removesuffix(" on") if ends else begins, ends)))
    return f" Only {told}." if told else ""


def _said(lever: str, own: Mapping[str, Any]) -> str:
    text = templates()[lever]
    try:
        for name in sorted(find_undeclared_variables(words().parse(text)) - own.keys()):
            raise jinja2.UndefinedError(f"{name} is no setting of {lever}")
        return " ".join(words().from_string(text).render(own).split())
    except jinja2.TemplateError as error:
        file = MODULES[lever].__file__
        raise ConfigurationError(f"{file}: its SENTENCE cannot be told: {error}.") from None


def facts_of(config: Simulation, config_dir: Path | None = None) -> tuple[list[Fact], list[str]]:
    """The facts a strategy rests on, and names of facts that do not exist."""
    known = {fact.id: fact for fact in load_facts(config_dir=config_dir)}
    named = config.strategy.facts
    return [known[name] for name in named if name in known], [n for n in named if n not in known]


@cache
def templates() -> dict[str, str]:
    """A sentence's template by lever or shock, as its own file has it."""
    return {name: own.SENTENCE for name, own in MODULES.items()}


@cache
def words() -> jinja2.Environment:
    """How numbers are told in sentences; a name the lever does not have is an error."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    environment.filters["percent"] = lambda share: f"{plain(round(100.0 * share, 1))}%"
    environment.filters["number"] = lambda value: plain(round(value, 3))
    environment.filters["count"] = _count
    return environment


def _count(value: float, one: str, many: str = "") -> str:
    return f"{plain(round(value, 3))} {one if value == 1 else many or one + 's'}"


__all__ = ["facts_of", "levers_on", "sentence", "shocks_of", "templates", "words"]
