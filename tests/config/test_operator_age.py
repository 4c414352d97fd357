"""How long the operator has been in business is a choice, which any setting of one's own wins."""

from sim.config.loading import load

AGES = ("young", "average", "mature")


def test_an_older_operator_has_traded_longer_and_is_liked_better() -> None:
    chosen = [load("baseline", [f"operator_age={age}"]) for age in AGES]
    traded = [config.run.warmup_days for config in chosen]
    assert traded == sorted(set(traded)), "young, average, mature"
    standing = [config.population.operator_standing for config in chosen]
    assert standing[0] < standing[1] == 0.0 < standing[2], "to that of an average one"


def test_an_average_operator_is_what_is_meant_unless_another_is_chosen() -> None:
    assert load("baseline") == load("baseline", ["operator_age=average"])


def test_age_and_standing_change_nothing_else() -> None:
    young, mature = (load("baseline", [f"operator_age={age}"]) for age in ("young", "mature"))
    young.run.warmup_days = mature.run.warmup_days
    young.population.operator_standing = mature.population.operator_standing
    assert young == mature


def test_a_setting_of_one_s_own_wins() -> None:
    own = ["operator_age=mature", "run.warmup_days=60", "population.operator_standing=0.1"]
    config = load("integrated", own)
    assert (config.run.warmup_days, config.population.operator_standing) == (60, 0.1)
