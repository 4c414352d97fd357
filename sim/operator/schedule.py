"""When and where the operator works how: dates of levers, and what a strategy changes.

Every lever has dates, and a strategy's `schedule` changes any setting of the operator for some
days. Both come to the same: a run falls into phases, and each phase has an operator of its own, in
which a lever outside its dates has strength zero. So a lever that has not begun is one that is
off, and no rule, cost or budget need know of dates. An entry of the schedule may hold in some
regions and tiers of cities alone (`sim.operator.regional`); of entries that meet the later in the
list holds. Shocks have dates in the same way; outside them
their size is zero.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, NamedTuple

from sim.operator.audiences import AUDIENCE_SLOTS, CITY_TIERS, check_audience
from sim.operator.discovery import LEVERS, with_slots
from sim.operator.regional import Local, check_local, cities_of, everywhere, own_values
from sim.parameters.quantity import ConfigurationError, check_ranges, listed
from sim.parameters.schema import (
    Change,
    Simulation,
    UnknownKeyError,
    built,
    keys_of,
    laid_over,
    resolved,
)
from sim.text.suggestions import unknown
from sim.world.protocols import Operator


@dataclass(frozen=True)
class Phase:
    """Days on which the operator works in one way; it ends where the next begins.

    Attributes
    ----------
    first_day
        First of these days; 0 for the strategy's first phase.
    operator
        The operations, and every lever's settings; a lever outside its dates has strength 0.
    budget_yuan_per_customer_month
        Most that the levers may spend.
    shocks
        What befalls the operator; a shock outside its dates has size 0.
    local
        Cities where some settings have other values; none in most strategies.
    """

    first_day: int
    operator: Operator
    budget_yuan_per_customer_month: float
    shocks: Any
    local: tuple[Local, ...] = ()


class LocalValue(NamedTuple):
    """A setting that has another value in some cities, on some days.

    Attributes
    ----------
    from_day, until_day
        First of these days, and the first day after them.
    cities
        Numbers of the cities, see `sim.operator.audiences.city_of`.
    key
        The setting, such as ``operator.coupons.coupon_percent``.
    value, elsewhere
        What it is there, and where no other value is given.
    """

    from_day: int
    until_day: int
    cities: tuple[int, ...]
    key: str
    value: Any
    elsewhere: Any


def phases(config: Simulation) -> list[Phase]:
    """The phases of a run, in their order; one if nothing has a date.

    Raises
    ------
    ConfigurationError
        If the schedule changes what there is not, to what cannot be, or ends before it begins.
    """
    changed = [_changed(config, number) for number in range(len(config.schedule))]
    days = {0}
    for change, operator in zip(config.schedule, changed, strict=True):
        days |= {change.from_day, change.until_day, *_dates(operator)}
    days |= _dates(config.operator) | _dates(config.shocks)
    regions = [region.name for region in config.population.regions]
    _check_audiences(config.operator, regions, "operator")
    for number, operator in enumerate(changed):
        _check_audiences(operator, regions, f"schedule[{number}].operator")
    found: list[Phase] = []
    for day in sorted(day for day in days if day < config.run.days):
        phase = _on(day, config)
        if not found or replace(phase, first_day=found[-1].first_day) != found[-1]:
            found.append(phase)
    return found


def local_values(config: Simulation) -> list[LocalValue]:
    """Every setting that differs by region or tier, in the order of days and settings."""
    found = phases(config)
    ends = [*(phase.first_day for phase in found[1:]), config.run.days]
    spans: dict[tuple[int, str], tuple[int, int, Any, Any]] = {}
    over: list[tuple[int, str, tuple[int, int, Any, Any]]] = []
    for phase, end in zip(found, ends, strict=True):
        for city, key, value, elsewhere in _differing(phase):
            first, until, *known = spans.get((city, key), (phase.first_day, phase.first_day))
            if until < phase.first_day or known not in ([], [value, elsewhere]):
                over.append((city, key, spans[city, key]))
                first = phase.first_day
            spans[city, key] = (first, end, value, elsewhere)
    alike: dict[tuple[Any, ...], list[int]] = {}
    for city, key, span in [*over, *((*where, span) for where, span in spans.items())]:
        alike.setdefault((*span[:2], key, str(span[2:]), *span[2:]), []).append(city)
    values = [
        LocalValue(first, until, tuple(sorted(cities)), key, value, elsewhere)
        for (first, until, key, _, value, elsewhere), cities in alike.items()
    ]
    return sorted(values, key=lambda own: (own.from_day, own.key, own.cities))


def _differing(phase: Phase) -> Iterator[tuple[int, str, Any, Any]]:
    """What differs in a phase: city, setting, its value there and elsewhere."""
    for local in phase.local:
        for lever, own in own_values(local, phase.operator).items():
            usual = getattr(phase.operator, lever)
            for name, value in own.items():
                for city in local.cities:
                    yield city, f"operator.{lever}.{name}", value, getattr(usual, name)


def configured(config: Simulation, phase: Phase) -> Simulation:
    """The configuration of a phase's days, as if there were no other days."""
    budget = phase.budget_yuan_per_customer_month
    strategy = replace(config.strategy, budget_yuan_per_customer_month=budget)
    own = {"operator": phase.operator, "shocks": phase.shocks}
    return replace(config, **own, strategy=strategy, schedule=[])


def in_force(operator: Operator, day: int) -> Operator:
    """The operator of a day: levers outside their dates, or for nobody, are off.

    Days before the strategy's first count as its first, so that what always ran runs then too.
    """
    for_nobody = {
        name: replace(own, strength=0.0)
        for name, own in vars(operator).items()
        if hasattr(own, "audience") and own.audience.nobody
    }
    today: Operator = _with_off(replace(operator, **for_nobody), max(day, 0), strength=0.0)
    return today


def at_work(operator: Operator, shocks: Any) -> set[str]:
    """Names of the levers that have a strength, and of the shocks that have a size."""
    levers = {name for name, own in vars(operator).items() if getattr(own, "strength", 0.0)}
    return levers | {name for name, own in vars(shocks).items() if own.size > 0.0}


def befalling(shocks: Any, day: int) -> Any:
    """The shocks of a day: one outside its dates has no size; none is older than the strategy."""
    return _with_off(shocks, day, size=0.0)


def _with_off(parts: Any, day: int, **off: float) -> Any:
    """The same parts, those outside their dates as they are when they are off."""
    changed = {
        name: replace(own, **off)
        for name, own in vars(parts).items()
        if hasattr(own, "from_day") and not own.from_day <= day < own.until_day
    }
    return replace(parts, **changed)


def _check_audiences(operator: Operator, regions: list[str], where: str) -> None:
    """Refuse audiences that cannot be kept to: of no region there is, of what everybody meets."""
    own = {name: lever for name, lever in vars(operator).items() if hasattr(lever, "audience")}
    for name, lever in own.items():
        check_audience(lever.audience, regions, f"{where}.{name}.audience")
        why = getattr(LEVERS.get(name), "FOR_EVERYBODY", "")
        if why and not lever.audience.everybody and not lever.audience.nobody:
            raise ConfigurationError(
                f"{where}.{name}.audience cannot be kept to some: {why}. Leave it at all, or "
                f"turn {name} off."
            )
    slots = [n for n in with_slots(operator) if not own[n].audience.nobody] if own else []
    if len(slots) > AUDIENCE_SLOTS:
        raise ConfigurationError(
            f"{where}: {listed(slots).replace(' or ', ' and ')} each have an audience of their "
            f"own, and only {AUDIENCE_SLOTS} of those that reach sleeping households may at a time."
        )


def _dates(parts: Any) -> set[int]:
    dated = [own for own in vars(parts).values() if hasattr(own, "from_day")]
    return {day for own in dated for day in (own.from_day, own.until_day)}


def _on(day: int, config: Simulation) -> Phase:
    """The phase that a day belongs to."""
    budget = config.strategy.budget_yuan_per_customer_month
    changes = [each for each in config.schedule if each.from_day <= day < each.until_day]
    for change in changes:
        if change.budget_yuan_per_customer_month is not None:
            budget = change.budget_yuan_per_customer_month
    operator = _with(config.operator, filter(everywhere, changes), day)
    local = _locally(config, changes, operator, day)
    return Phase(day, operator, budget, befalling(config.shocks, day), local)


def _with(operator: Operator, changes: Iterable[Change], day: int) -> Operator:
    """The operator of a day, with these changes one upon the other."""
    laid = [change.operator for change in changes if change.operator]
    if laid:  # to build an operator anew takes a while, with all that its levers can be set to
        operator = built(type(operator), reduce(laid_over, laid, resolved(operator)))
    return in_force(operator, day)


def _locally(
    config: Simulation, changes: Sequence[Change], operator: Operator, day: int
) -> tuple[Local, ...]:
    """Where some settings differ: the cities in which the same changes hold, group by group."""
    if all(map(everywhere, changes)):
        return ()
    regions = [region.name for region in config.population.regions]
    where = [cities_of(change, regions) for change in changes]
    alike: dict[tuple[int, ...], list[int]] = {}
    for city in range(len(regions) * len(CITY_TIERS)):
        holding = tuple(number for number, cities in enumerate(where) if city in cities)
        alike.setdefault(holding, []).append(city)
    found = [
        Local(tuple(cities), _with(config.operator, (changes[i] for i in holding), day))
        for holding, cities in alike.items()
    ]
    return tuple(local for local in found if local.operator != operator)


def _changed(config: Simulation, number: int) -> Operator:
    """The operator as one entry of the schedule alone would have it; refuses what cannot be."""
    change, where = config.schedule[number], f"schedule[{number}]"
    if change.until_day <= change.from_day:
        raise ConfigurationError(
            f"{where} begins on day {change.from_day} and ends on day {change.until_day}: its "
            "until_day is the first day on which it no longer holds."
        )
    if not change.operator and change.budget_yuan_per_customer_month is None:
        raise ConfigurationError(
            f"{where} changes nothing: give it settings under `operator`, or a budget."
        )
    kind, key = type(config.operator), f"{where}.operator"
    try:
        operator: Operator = built(kind, laid_over(resolved(config.operator), change.operator), key)
    except UnknownKeyError as error:
        wrong = str(error).removeprefix(f"{where}.")
        known = {f"operator.{name}" for name in keys_of(kind)}
        raise ConfigurationError(f"{where}: {unknown(wrong, known)}") from None
    check_ranges(operator, key)
    check_local(change, [region.name for region in config.population.regions], where)
    return operator


__all__ = [
    "LocalValue",
    "Phase",
    "at_work",
    "befalling",
    "configured",
    "in_force",
    "local_values",
    "phases",
]
