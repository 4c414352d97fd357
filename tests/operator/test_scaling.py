"""A factor on levers: strength first, then dose, on every day of the strategy."""

import pytest

from sim.config.loading import load
from sim.operator.discovery import LEVERS
from sim.operator.scaling import changed, largest_factor, scalable, scaled
from sim.operator.schedule import phases
from sim.parameters.quantity import ConfigurationError
from sim.strategy.lint import doubts


def test_below_full_strength_the_factor_is_on_strength() -> None:
    config = load("koc_led")
    half = scaled(config, {"acquisition": 0.5, "broadcast": 0.5})
    assert half.operator.acquisition.strength == 0.25
    assert half.operator.broadcast.strength == 0.5
    assert half.operator.broadcast.per_week == config.operator.broadcast.per_week
    assert changed(config, half) == [
        "operator.acquisition.strength=0.25", "operator.broadcast.strength=0.5",
    ]  # fmt: skip
    assert scaled(config, {}) == config


def test_beyond_full_strength_it_goes_on_with_the_dose_up_to_its_limit() -> None:
    config = load("koc_led")
    more = scaled(config, {"acquisition": 3.0, "livestream": 9.0, "service_desk": 9.0}).operator
    assert (more.acquisition.strength, more.acquisition.media) == (1.0, 1.5)
    assert more.livestream.strength == 0.0  # what is off stays off
    assert scaled(load("integrated"), {"livestream": 9.0}).operator.livestream.per_week == 7.0
    desk = scaled(load("service_first"), {"service_desk": 2.0})
    assert desk.operator == load("service_first").operator  # it has no dose


def test_what_is_paid_by_dose_keeps_its_strength() -> None:
    config = load("koc_led", ["operator.koc.strength=0.8"])
    for factor, share in ((0.5, 0.15), (0.0, 0.0), (2.0, 0.6), (9.0, 1.0)):
        own = scaled(config, {"koc": factor}).operator.koc
        assert own.strength == 0.8
        assert own.recruited_share == pytest.approx(share)


def test_the_largest_factor_is_where_all_are_as_large_as_they_can_be() -> None:
    config = load("koc_led")
    assert largest_factor(config, ["acquisition"]) == pytest.approx(20.0)  # media 10, from .5
    assert largest_factor(config, ["funnel"]) == 1.0  # no dose
    assert largest_factor(config, ["koc"]) == pytest.approx(1 / 0.3)
    assert largest_factor(config, ["funnel", "koc"]) == pytest.approx(1 / 0.3)
    assert largest_factor(config, ["tiers"]) == 1.0  # off


def test_a_schedule_is_multiplied_day_by_day() -> None:
    config = load("phased_rollout")
    factors = dict.fromkeys(scalable(config), 1.5)
    found = phases(scaled(config, factors))
    assert [phase.first_day for phase in found] == [0, 90, 120, 200, 230]
    assert [phase.operator.acquisition.strength for phase in found] == [1, 0.75, 0.75, 0.75, 0.75]
    assert [phase.operator.acquisition.media for phase in found] == [1.5, 1, 1, 1, 1]
    assert [phase.operator.coupons.coupon_percent for phase in found] == [10, 10, 10, 20, 10]
    assert [phase.operator.advisors.strength for phase in found] == [0, 0, 1, 1, 1]


def test_which_levers_share_a_factor() -> None:
    on = ["acquisition", "broadcast", "community", "coupons", "funnel", "points"]
    assert scalable(load("baseline")) == on
    assert scalable(load("baseline", ["strategy.fund.coupons=9"])) == [
        name for name in on if name != "coupons"
    ]
    named = load("baseline", ["strategy.scalable=[coupons,koc]"])
    assert scalable(named) == ["coupons"]
    (doubt,) = doubts(named, load("baseline"))
    assert doubt == "strategy.scalable names koc, which is off: no budget moves it."
    with pytest.raises(ConfigurationError, match="names coupon, which is no lever"):
        load("baseline", ["strategy.scalable=[coupon]"])


def test_doses_are_settings_that_can_grow() -> None:
    for name, module in LEVERS.items():
        if dose := getattr(module, "DOSE", ""):
            own = getattr(load("integrated").operator, name)
            limit = {item.name: item.metadata["high"] for item in vars(type(own))[
                "__dataclass_fields__"].values() if "high" in item.metadata}[dose]  # fmt: skip
            assert 0 < getattr(own, dose) < limit
