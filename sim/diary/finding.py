"""The diaries somebody asks for: of which household, under which strategies."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config.loading import load
from sim.console.progress import Standing, bar
from sim.diary.entries import Diary
from sim.diary.keeping import keep_diary
from sim.experiments.simulate import simulate
from sim.indicators import of_day_0
from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited

if TYPE_CHECKING:
    from sim.config.loading import Simulation

# Kinds of households by what became of them: under this strategy alone, or under this and another.
KINDS: dict[str, Callable[[Any], Any]] = {
    "customer": lambda here: here["customer"],
    "repurchaser": lambda here: here["repurchased"],
    "churned": lambda here: here["churned"],
}
KINDS_OF_TWO: dict[str, Callable[[Any, Any], Any]] = {
    "won": lambda here, there: here["repurchased"] & ~there["repurchased"],
    "lost": lambda here, there: there["repurchased"] & ~here["repurchased"],
}


def diaries_asked_for(
    scenarios: Sequence[str],
    overrides: Sequence[str],
    config_dir: Path | None,
    seed: int,
    household: int | None,
    who: str | None,
    first_day: int = 0,
    days: int | None = None,
    trust_rules: bool = False,
) -> list[Diary]:
    """Diaries of one household under one or two strategies.

    Parameters
    ----------
    scenarios
        One strategy, or two to be compared.
    overrides, config_dir, trust_rules
        As for `sim.config.loading.load`.
    seed
        Seed of the world.
    household, who
        Which household: its place, or one of KINDS or, of two strategies, KINDS_OF_TWO.
    first_day, days
        As for `keep_diaries`.

    Raises
    ------
    ConfigurationError
        If there is no such household, day or kind.
    """
    _check(household, who, len(scenarios))
    configs = [load(name, overrides, config_dir, trust_rules=trust_rules) for name in scenarios]
    end_day = min(first_day + (days or configs[0].run.days), configs[0].run.days)
    to_live = len(configs) * (end_day + (configs[0].run.days if who else 0))
    with bar("diary") as show:
        lived = 0

        def on_day(_: int) -> None:
            nonlocal lived
            lived += 1
            if show is not None:
                show(Standing(0, len(configs), lived, to_live))

        if household is None:
            household = _first_of_kind(str(who), configs, seed, on_day)
        return [keep_diary(each, seed, household, first_day, days, on_day) for each in configs]


def _check(household: int | None, who: str | None, strategies: int) -> None:
    if (household is None) == (who is None):
        kinds = ", ".join([*KINDS, *KINDS_OF_TWO])
        raise ConfigurationError(f"Whose diary? Say --household NUMBER or --who KIND ({kinds}).")
    if who in KINDS_OF_TWO and strategies < 2:
        raise ConfigurationError(f"--who {who} needs another strategy: add --against STRATEGY.")
    if who is not None and who not in {**KINDS, **KINDS_OF_TWO}:
        kinds = ", ".join([*KINDS, *KINDS_OF_TWO])
        raise ConfigurationError(f"There is no --who {cited(who)}; there are {kinds}.")


def _first_of_kind(
    who: str, configs: Sequence["Simulation"], seed: int, on_day: Callable[[int], None]
) -> int:
    lived = (simulate(config, seed, on_day=on_day).households for config in configs)
    tables = [of_day_0(households) for households in lived]
    chosen = KINDS_OF_TWO[who](*tables) if who in KINDS_OF_TWO else KINDS[who](tables[0])
    found = tables[0]["household"][chosen]
    if found.empty:
        raise ConfigurationError(
            f"No household of this world is {who}: try another seed, or more households."
        )
    return int(found.iloc[0])


__all__ = ["KINDS", "KINDS_OF_TWO", "diaries_asked_for"]
