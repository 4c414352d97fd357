"""Whether the parts of a configuration make a world, before one is lived through."""

from typing import TYPE_CHECKING

from sim.parameters.quantity import ConfigurationError

if TYPE_CHECKING:
    from sim.config.loading import Simulation


def check_world(config: "Simulation") -> None:
    """Refuse shares that do not add up, lists of another length, and what contradicts itself.

    Every table that a model makes of its configuration is made here once, of the very same parts.

    Raises
    ------
    ConfigurationError
        In one sentence.
    """
    from sim.world.births import first_births
    from sim.world.catalogue import category_records, use_table
    from sim.world.demography import demography, region_records
    from sim.world.market import market_days
    from sim.world.population import region_starts

    population, run = config.population, config.run
    if not population.regions:
        raise ConfigurationError("population.regions = []: name one region at least.")
    category_records(population.categories)
    use_table(population.categories)
    region_starts(population)
    region_records(population)
    people = demography(population)
    first_births(population, -run.warmup_days, run.start_day_of_year)
    days = run.warmup_days + run.days + 1
    market_days(config.market, people, -run.warmup_days, days, run.start_day_of_year)


__all__ = ["check_world"]
