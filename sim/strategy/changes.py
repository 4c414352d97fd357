"""What a scenario changes against another one, setting by setting and in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from sim.config.loading import BEFORE, Simulation, read, resolved
from sim.operator.regional import where_in_words
from sim.operator.schedule import configured, local_values, phases
from sim.parameters.quantity import ConfigurationError
from sim.reference.parameters import parameters, plain
from sim.store.runs import PROSE
from sim.strategy.meaning import levers_on


@dataclass(frozen=True)
class Change:
    """A setting that two scenarios do not share.

    Attributes
    ----------
    key
        The setting, such as ``operator.coupons.coupon_percent``.
    before, now
        Its value in the other scenario and in this one.
    """

    key: str
    before: Any
    now: Any

    @property
    def lever(self) -> str:
        """The lever it belongs to; empty for a setting of something else."""
        pieces = self.key.split(".")
        return pieces[1] if pieces[0] == "operator" else ""

    @property
    def name(self) -> str:
        """The setting's own name."""
        return self.key.rpartition(".")[2]


def changes(config: Simulation, reference: Simulation) -> list[Change]:
    """Every setting in which a configuration differs from another, in the order of the schema."""
    before, now = dict(_settings(resolved(reference))), dict(_settings(resolved(config)))
    return [
        Change(key, before.get(key), value)
        for key, value in now.items()
        if before.get(key) != value
    ]


def told(scenario: str, config_dir: Path | None = None) -> tuple[str, str]:
    """A scenario's title, and in a line what it changes or why it cannot be read."""
    try:
        config = read(scenario, (), config_dir)
        found = in_words(changes(config, read(BEFORE, (), config_dir)))
        if later := phases_in_words(config):
            found.append(f"changes on day {', '.join(f'{day:,}' for day, _ in later)}")
        if local := places_in_words(config):
            found.append(f"has other values in {' and in '.join(dict(local))}")
    except ConfigurationError as error:
        return "", str(error)
    if scenario == BEFORE:
        found = [f"{', '.join(levers_on(config))} on; the others are told against this one"]
    found += ["the code of its rules is not run to list it"] if config.rules else []
    return config.strategy.title, "; ".join(found) or "changes nothing"


def phases_in_words(config: Simulation) -> list[tuple[int, list[str]]]:
    """Days on which the operator begins to work otherwise, each with what changes on it.

    Returns
    -------
    list of (day, phrases)
        Empty where it works in one way throughout.
    """
    found = phases(config)
    lived = [configured(config, phase) for phase in found]
    told = [
        (phase.first_day, in_words(changes(now, before)))
        for phase, now, before in zip(found[1:], lived[1:], lived, strict=False)
    ]
    return [(day, phrases) for day, phrases in told if phrases]  # others begin in some places


def places_in_words(config: Simulation) -> list[tuple[str, list[str]]]:
    """Places where settings have other values, each with what they are elsewhere, and there.

    Returns
    -------
    list of (places, phrases)
        Empty where the operator works alike everywhere.
    """
    regions = [region.name for region in config.population.regions]
    told: dict[tuple[str, str], list[Change]] = {}
    for own in local_values(config):
        begins = f" from day {own.from_day:,} on" if own.from_day > 0 else ""
        ends = f" until day {own.until_day:,}" if own.until_day < config.run.days else ""
        days = f"{begins.removesuffix(' on')}{ends}" if ends else begins
        where = where_in_words(own.cities, regions)
        told.setdefault((where, days), []).append(Change(own.key, own.elsewhere, own.value))
    found: dict[str, list[str]] = {}
    for (where, days), changed in told.items():
        found.setdefault(where, []).extend(phrase + days for phrase in in_words(changed))
    return list(found.items())


def _settings(values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Settings by dotted key, of all but a strategy's words, what was before, and its schedule."""
    for name, value in values.items():
        key = f"{path}.{name}" if path else name
        if key in ("before", "schedule") or (path == "strategy" and name in PROSE):
            continue
        if path == "rules":  # replaced by a function of one's own
            value = f"{value['file']}:{value['function']}"
        if isinstance(value, Mapping):
            yield from _settings(value, key)
        else:
            yield key, value


def in_words(found: Iterable[Change]) -> list[str]:
    """A phrase for each lever and each part that differs: what was, and what is."""
    return [
        _phrase(part, list(each))
        for part, each in groupby(found, lambda c: c.lever or c.key.rpartition(".")[0])
    ]


def _phrase(part: str, found: list[Change]) -> str:
    lever = found[0].lever
    if part.startswith("shocks."):
        return _shock(part.removeprefix("shocks."), found)
    if not lever:
        return "; ".join(f"{change.key} {_arrow(change)}" for change in found)
    strength = [change for change in found if change.name == "strength"]
    others = ", ".join(f"{c.name} {_arrow(c)}" for c in found if c.name != "strength")
    verb = _strength(lever, strength[0]) if strength else f"{lever}:"
    if not others:
        return verb
    return f"{verb} ({others})" if strength else f"{verb} {others}"


def _shock(name: str, found: list[Change]) -> str:
    """What becomes of a shock: it happens, is over, or is of another size or kind."""
    size = [change for change in found if change.name == "size"]
    others = ", ".join(f"{c.name} {_arrow(c)}" for c in found if c.name != "size")
    verb = f"{name}:"
    if size and size[0].now == 0.0:
        verb = f"{name} over"
    elif size:
        verb = f"{name} happens" + ("" if size[0].now == 1.0 else f" at size {plain(size[0].now)}")
    if not others:
        return verb
    return f"{verb} ({others})" if size else f"{verb} {others}"


def _strength(lever: str, change: Change) -> str:
    if change.before == 0.0:
        return f"{lever} on" + ("" if change.now == 1.0 else f" at strength {plain(change.now)}")
    if change.now == 0.0:
        return f"{lever} off"
    return f"{lever} at strength {plain(change.now)}, was {plain(change.before)}"


def _arrow(change: Change) -> str:
    """Before and now with the unit, such as `2 → 5 messages a week`."""
    if isinstance(change.now, list):
        if any(not isinstance(each, str) for each in [*change.before, *change.now]):
            return "changed"
        return " → ".join(", ".join(each) or "none" for each in (change.before, change.now))
    unit = units().get(change.key, "")
    before, now = (value_in_words(value) for value in (change.before, change.now))
    told = "" if unit.startswith("0 ") or now.endswith(unit) else f" {unit}"
    return f"{before} → {now}{told}"


def value_in_words(value: Any) -> str:
    """A value; of a switch `yes` or `no`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else plain(value)


def units() -> dict[str, str]:
    """Unit of every setting that is a number, by dotted key."""
    return {each.key: each.unit for each in parameters() if each.is_number}


__all__ = [
    "Change",
    "changes",
    "in_words",
    "phases_in_words",
    "places_in_words",
    "told",
    "units",
    "value_in_words",
]
