"""Populations and markets for the tests, as `conf/` describes them."""

from typing import Any

from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf, open_dict

from sim.world.market import Parameters
from sim.world.market_path import COLUMNS
from sim.world.synthesis import Population
from tests import ROOT

CONF = ROOT / "conf"
FIRST_DAY = -180
START_DAY_OF_YEAR = 150


def _composed(schema: type, group: str, name: str, **told_elsewhere: Any) -> Any:
    with initialize_config_dir(str(CONF), version_base="1.3"):
        found = compose(overrides=[f"+{group}={name}"])[group]
    with open_dict(found):
        found.update(told_elsewhere)
    return OmegaConf.to_object(OmegaConf.merge(OmegaConf.structured(schema), found))


def population(households: int | None = None, name: str = "town", **changes: Any) -> Population:
    """The people of an average operator's market."""
    given: Population = _composed(Population, "population", name, operator_standing=0.0)
    if households is not None:
        given.households = households
    for key, value in changes.items():
        setattr(given, key, value)
    return given


def market() -> Parameters:
    """A market that stands still."""
    still = {name: [] for name in ("years", *COLUMNS)}
    given: Parameters = _composed(Parameters, "market", "default", path=still)
    return given
