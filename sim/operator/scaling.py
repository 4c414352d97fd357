"""How much of each lever: one factor on its strength and, beyond full strength, on its dose.

A lever's strength ends at 1. Where its module names a dose (`DOSE`), such as messages a week, a
factor that would raise the strength above 1 multiplies the dose by the rest, up to the largest
that there may be; and where what a lever spends follows its dose alone (`BY_DOSE`), the dose
instead of the strength. Whatever a strategy's schedule has of these is multiplied alike.
"""

from collections.abc import Collection, Mapping
from dataclasses import fields, replace

from sim.operator.common import LeverParameters
from sim.operator.discovery import LEVERS
from sim.operator.regional import Local, entries, own_values
from sim.operator.schedule import Phase, phases
from sim.parameters.quantity import EVERY_WORD, ConfigurationError
from sim.parameters.schema import (
    LONGEST_RUN_DAYS,
    Change,
    Simulation,
    built,
    laid_over,
    resolved,
)
from sim.text.outgoing import cited
from sim.text.suggestions import instead
from sim.world.protocols import Operator

Factors = Mapping[str, float]  # by lever


def levers_used(config: Simulation) -> list[str]:
    """Levers with a strength above zero on some day of the strategy."""
    works = [phase.operator for phase in phases(config)]
    return [name for name in _levers(config.operator) if any(_own(o, name).strength for o in works)]


def scalable(config: Simulation) -> list[str]:
    """Levers that share the one factor by which a strategy's total is reached."""
    named, funded = config.strategy.scalable, config.strategy.fund
    used = [name for name in levers_used(config) if name not in funded]
    return used if EVERY_WORD in named else [name for name in used if name in named]


def scaled(config: Simulation, factors: Factors) -> Simulation:
    """The configuration with some levers at a multiple of what they are, on every day."""
    dated = {name for change in config.schedule for name in change.operator} & set(factors)
    later = phases(config) if dated else []
    ends = [*(phase.first_day for phase in later[1:]), LONGEST_RUN_DAYS]
    kept = [
        Change(phase.first_day, end, operator={name: _changes(phase.operator, name, factors[name])
                                      for name in sorted(dated)})
        for phase, end in zip(later, ends, strict=False)
    ]  # fmt: skip
    for phase, end in zip(later, ends, strict=False):
        for local in phase.local:
            if doses := _local_doses(phase, local, factors):
                kept += entries(local.cities, _regions(config), (phase.first_day, end), doses)
    own = {name: _changes(config.operator, name, factor) for name, factor in factors.items()}
    operator = built(type(config.operator), laid_over(resolved(config.operator), own))
    found: Simulation = replace(config, operator=operator, schedule=[*config.schedule, *kept])
    return found


def _local_doses(phase: Phase, local: Local, factors: Factors) -> dict[str, dict[str, float]]:
    """Doses that differ in some cities, multiplied as everywhere."""
    own = own_values(local, phase.operator)
    return {
        name: {dose: _changes(local.operator, name, factor)[dose]}
        for name, factor in factors.items()
        if (dose := _dose(name)) and dose in own.get(name, ())
    }


def _regions(config: Simulation) -> list[str]:
    return [region.name for region in config.population.regions]


def largest_factor(config: Simulation, levers: Collection[str]) -> float:
    """The factor from which on more of it changes nothing: all is as large as there may be."""
    works = [work for phase in phases(config)
             for work in (phase.operator, *(local.operator for local in phase.local))]  # fmt: skip
    return max(
        (_most(name, own) for work in works for name in levers
         if (own := _own(work, name)).strength > 0.0),
        default=1.0,
    )  # fmt: skip


def changed(before: Simulation, after: Simulation) -> list[str]:
    """What levers have otherwise, as it is written behind a command."""
    return [
        f"operator.{name}.{item.name}={getattr(own, item.name):.6g}"
        for name, own in vars(after.operator).items()
        if name in _levers(after.operator) and own != _own(before.operator, name)
        for item in fields(own)
        if getattr(own, item.name) != getattr(_own(before.operator, name), item.name)
    ]


def check_asked(config: Simulation) -> None:
    """Refuse funds and scalable levers that cannot be meant.

    Raises
    ------
    ConfigurationError
        Naming the lever, what is wrong and the mend.
    """
    about, levers = config.strategy, _levers(config.operator)
    for key, names in (("scalable", about.scalable), ("fund", about.fund)):
        for name in names:
            if name not in levers and not (key == "scalable" and name == EVERY_WORD):
                raise ConfigurationError(
                    f"strategy.{key} names {cited(name)}, which is no lever{instead(name, levers)}"
                )
    used = levers_used(config) if about.fund else []
    for name, yuan in about.fund.items():
        if not 0.0 < yuan < float("inf"):
            raise ConfigurationError(
                f"strategy.fund.{name} = {cited(yuan)} is impossible: it is what the lever spends "
                "over the run, in yuan, and above zero."
            )
        if name not in used:
            raise ConfigurationError(
                f"strategy.fund.{name} is for a lever that is off in {cited(about.name)}: give "
                f"operator.{name}.strength a number above zero, or the fund to a scenario that has "
                f"{name} on."
            )


def _levers(operator: Operator) -> list[str]:
    return [name for name, own in vars(operator).items() if hasattr(own, "strength")]


def _own(operator: Operator, lever: str) -> LeverParameters:
    own: LeverParameters = getattr(operator, lever)
    return own


def _changes(operator: Operator, lever: str, factor: float) -> dict[str, float]:
    """What a factor makes of a lever's strength and dose."""
    own, dose = _own(operator, lever), _dose(lever)
    by_dose = _by_dose(lever)
    strength = own.strength if by_dose else min(own.strength * factor, 1.0)
    if not dose:
        return {"strength": strength}
    more = factor if by_dose else max(own.strength * factor, 1.0)
    return {"strength": strength, dose: min(getattr(own, dose) * more, _limit(own, dose))}


def _most(lever: str, own: LeverParameters) -> float:
    """The factor from which on there is no more of a lever."""
    dose = _dose(lever)
    value = getattr(own, dose) if dose else 0.0
    times = max(_limit(own, dose) / value, 1.0) if value > 0.0 else 1.0
    return times if _by_dose(lever) else times / own.strength


def _dose(lever: str) -> str:
    """The setting that goes on where a lever's strength ends, if it has one."""
    return str(getattr(LEVERS.get(lever), "DOSE", ""))


def _by_dose(lever: str) -> bool:
    """Whether what a lever spends follows its dose instead of its strength."""
    return bool(getattr(LEVERS.get(lever), "BY_DOSE", False))


def _limit(own: LeverParameters, dose: str) -> float:
    return next(float(item.metadata["high"]) for item in fields(own) if item.name == dose)


__all__ = [
    "Factors",
    "changed",
    "check_asked",
    "largest_factor",
    "levers_used",
    "scalable",
    "scaled",
]
