"""Settings with other values in some regions or tiers: which may differ, what they do, words."""

import inspect
from collections.abc import Callable
from dataclasses import fields, replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import sim.engine.model
from sim.agents.model import RepurchaseModel
from sim.config.loading import Simulation, load
from sim.engine.blocks import BLOCK
from sim.experiments.assumptions import phases as told_phases
from sim.experiments.assumptions import regional as told_regional
from sim.experiments.auditing.records import Dates
from sim.experiments.individuals import lives_of
from sim.experiments.plan import planned
from sim.operator.audiences import CITY_TIERS, city_of
from sim.operator.discovery import LEVERS
from sim.operator.hooks import book_charges, local_records
from sim.operator.regional import (
    FOR_ALL,
    WHOM,
    Local,
    _reads,
    at_home,
    entries,
    may_differ,
    read_for_all,
    where_in_words,
)
from sim.operator.scaling import scaled
from sim.operator.schedule import local_values, phases
from sim.parameters.quantity import ConfigurationError
from sim.strategy.changes import phases_in_words, places_in_words, told
from sim.strategy.lint import doubts
from tests.scene import Scene
from tests.whole_worlds import (
    begun,
    differences,
    eventful,
    lived_in_every_way,
    same_rows,
    started,
)

COUNTIES = "city_tiers: [fourth, fifth]"
DEEPER = f"schedule=[{{{COUNTIES}, operator: {{coupons: {{coupon_percent: 20}}}}}}]"
REGIONS = ["East", "South", "North", "Central-West", "Chengdu-Chongqing", "County and rural"]
EVERY_CITY = tuple(range(len(REGIONS) * len(CITY_TIERS)))


def world(*entries_: str, households: int = 300) -> Simulation:
    """A lively world with these entries of the schedule."""
    config = eventful(households, "run.warmup_days=20", "run.days=60")
    return replace(
        config, schedule=load("baseline", [f"schedule=[{', '.join(entries_)}]"]).schedule
    )


def coupons_alone(*entries_: str, households: int = 2000) -> Simulation:
    """A lively world in which no other lever gives coupons, and no budget holds any back."""
    others = ("after_sales", "distribution", "milestones", "prediction", "referral", "welcome")
    off = [f"operator.{lever}.strength=0" for lever in others]
    rich = "strategy.budget_yuan_per_customer_month=100000"
    config = eventful(households, "run.warmup_days=20", "run.days=60", rich, *off)
    return replace(config, schedule=world(*entries_).schedule)


def coupons(percent: int, where: str = COUNTIES) -> str:
    return f"{{{where}, operator: {{coupons: {{coupon_percent: {percent}}}}}}}"


# -- which settings may differ --------------------------------------------------------------


def test_what_is_read_in_a_households_day_alone_may_differ() -> None:
    assert may_differ("coupons") == {
        "coupon_percent", "coupon_days", "days_between", "to_active", "to_silent", "yuan_per_coupon"
    }  # fmt: skip
    assert read_for_all("coupons")["promotion_cut"] == "plan"
    assert "days_before" in may_differ("reminders")
    assert "fee_yuan" in may_differ("paid_membership")
    assert may_differ("group_buying") == may_differ("content") == frozenset()
    assert read_for_all("group_buying")["least_members"] == "spread"
    assert read_for_all("prediction")["refresh_days"] == "study"  # which the engine asks for


@pytest.mark.parametrize("lever", LEVERS)
def test_every_setting_may_differ_or_is_read_for_everybody(lever: str) -> None:
    names = {item.name for item in fields(LEVERS[lever].Parameters)} - {*WHOM}
    for_all = read_for_all(lever)
    assert names == {name for name in names if (name in may_differ(lever)) != (name in for_all)}
    assert set(for_all.values()) <= {*FOR_ALL}


def test_what_a_helper_or_any_name_reads_is_seen(tmp_path: Any) -> None:
    source = """
from sim.operator import deals

def _share(own, name):
    return getattr(own, name) * own.cut

def settle(world, day, counters):
    own, other = world.levers.coupons, world.levers.points
    counters += _share(own, "x") + other.transparency + world.levers.tiers.gold_cut
    return deals
"""
    path = tmp_path / "flash.py"
    path.write_text(source)
    module = ModuleType("sim.operator.levers.flash")
    module.__file__ = str(path)
    exec(compile(source, path, "exec"), vars(module))
    function: Any = module.settle
    found = {*_reads(function, "flash", set())}
    assert {("points", "transparency"), ("tiers", "gold_cut")} <= found
    assert {("flash", "*"), ("flash", "cut")} <= found
    assert inspect.getsource(function)


def _otherwise(own: Any, names: frozenset[str]) -> Any:
    """The same settings, each of these another one within its range."""
    changed: dict[str, Any] = {}
    for item in (item for item in fields(own) if item.name in names):
        value, told = getattr(own, item.name), item.metadata
        if "words" in told:
            words = told["words"]
            changed[item.name] = words[(words.index(value) + 1) % len(words)]
        elif isinstance(value, bool):
            changed[item.name] = not value
        elif isinstance(value, int):
            changed[item.name] = value + 1 if value + 1 <= told["high"] else value - 1
        else:
            less = max(0.7 * value, told["low"])
            changed[item.name] = less if less != value else min(value + 0.1, told["high"])
    return replace(own, **changed)


def test_a_value_given_in_every_city_is_a_value_given_everywhere() -> None:
    """Nothing that may differ by place is read where one value holds for all."""
    config = eventful(300, "run.warmup_days=20", "run.days=60")
    other = replace(config.operator, **{
        lever: _otherwise(getattr(config.operator, lever), may_differ(lever)) for lever in LEVERS
    })  # fmt: skip
    usual, everywhere, locally = (RepurchaseModel(config, 3) for _ in range(3))
    for model in (usual, everywhere, locally):
        model.populate()
    usual.operate(config.operator, 100.0)
    everywhere.operate(other, 100.0)
    locally.operate(config.operator, 100.0, [Local(EVERY_CITY, other)])
    for model in (usual, everywhere, locally):
        model.live_until(20)
    assert differences(everywhere, locally) == []
    assert np.array(everywhere.daily).tobytes() == np.array(locally.daily).tobytes()
    assert "household.trust" in differences(usual, everywhere)


# -- what they do ---------------------------------------------------------------------------


def test_values_differ_by_place_and_only_there() -> None:
    there = (coupons(40), coupons(25, "regions: [East], city_tiers: [second, third]"))
    model = started(coupons_alone(*there))
    model.live_until(15)
    people = model.households
    mine = people["coupon_line"] == model.world.levers["coupons"]["line"]
    mine &= (people["coupon_percent"] > 0) & (people["coupon_until"] >= model.day)
    tier, region, percent = (people[n][mine] for n in ("city_tier", "region", "coupon_percent"))
    county = tier >= 4
    eastern = (tier > 1) & (region == REGIONS.index("East"))
    assert min(county.sum(), eastern.sum(), (~county & ~eastern).sum()) > 3
    assert (percent[county] == 40).all()
    assert (percent[eastern] == 25).all()
    assert (percent[~county & ~eastern] == 10).all()


def test_a_value_that_is_the_same_is_as_good_as_none() -> None:
    config = world(coupons(world().operator.coupons.coupon_percent))
    assert [phase.local for phase in phases(config)] == [()]
    none, same = begun(world(), 3), begun(world(), 3)
    same.operate(same.config.operator, np.inf, [Local(EVERY_CITY[18:], same.config.operator)])
    for model in (none, same):
        model.live_until(20)
    assert len(same.world.local_levers) == 1
    assert differences(none, same) == []


def test_households_elsewhere_live_the_same_first_day() -> None:
    """Later on they may hear of it from others."""
    more = "coupons: {coupon_percent: 60, days_between: 1}, points: {points_per_yuan: 9}"
    entry = f"{{{COUNTIES}, operator: {{{more}}}}}"
    plain, regional = started(coupons_alone()), started(coupons_alone(entry))
    for model in (plain, regional):
        model.live_until(1)
    county = plain.households["city_tier"] >= 4
    unlike = np.array([a.tobytes() != b.tobytes() for a, b in
                       zip(plain.households, regional.households, strict=True)])  # fmt: skip
    assert not unlike[~county].any()
    assert unlike[county].any()


def test_what_is_charged_is_the_places_own(scene: Scene) -> None:
    """By hand: a coupon sent costs 50 fen in the county and 5 elsewhere."""
    own = scene.lever("coupons", yuan_per_coupon=0.05, coupon_percent=10)
    operator = load("baseline", ["operator.coupons.yuan_per_coupon=0.5"]).operator
    county = city_of(5, 4)
    records, rows = local_records([Local((county,), operator)], REGIONS)
    records[0]["coupons"].power = 1.0
    scene.world = scene.world._replace(local_levers=records, local_row=rows)
    costs = []
    for region, tier in ((5, 4), (5, 5), (0, 4)):
        scene.parent.region, scene.parent.city_tier = region, tier
        scene.inbox.coupon_percent, scene.inbox.coupon_line = 10.0, float(own.line)
        scene.inbox.coupon_days = 10.0
        before = scene.costs().get("coupons", 0)
        there = at_home(scene.parent, scene.world)
        book_charges(
            scene.parent, scene.place, there, scene.day, scene.inbox, scene.event, scene.counters
        )
        costs.append(scene.costs()["coupons"] - before)
    assert costs == [50, 5, 5]


def test_the_ledger_adds_up_what_every_place_pays() -> None:
    dear = "{%s, operator: {coupons: {yuan_per_coupon: 0.5}}}"
    ways = {
        "nowhere": started(coupons_alone()),
        "everywhere": started(coupons_alone(dear % "from_day: 0")),
        "counties": started(coupons_alone(dear % COUNTIES)),
        "elsewhere": started(coupons_alone(dear % "city_tiers: [first, second, third]")),
    }
    paid = {}
    for name, model in ways.items():
        model.live_until(25)
        paid[name] = sum(int(row["cost_coupons"]) for row in model.daily)
    assert paid["counties"] > paid["nowhere"] < paid["elsewhere"]
    parts = paid["counties"] + paid["elsewhere"]
    assert parts == paid["everywhere"] + paid["nowhere"]  # in fen: nobody pays twice, or not at all


def test_every_way_of_living_has_the_same_values_by_place() -> None:
    config = world(
        coupons(40),
        coupons(20, "regions: [East, South], from_day: 10, until_day: 25"),
        "{from_day: 15, operator: {reminders: {days_before: 7}}}",
        "{city_tiers: [first], from_day: 15, operator: {reminders: {days_before: 2}}}",
    )
    by_steps, *others = lived_in_every_way(config, 12, 30)
    for other in others:
        assert differences(by_steps, other) == []


def test_threads_share_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim.engine.model, "LEAST_BLOCKS", 1)
    config = world(coupons(40), households=3 * BLOCK + 5)
    one, three = started(config), started(config, threads=3)
    for model in (one, three):
        model.live_until(12)
    assert differences(one, three) == []
    assert np.array(one.daily).tobytes() == np.array(three.daily).tobytes()
    assert same_rows(np.concatenate(one.events), np.concatenate(three.events))


def test_a_budget_slows_every_place_alike() -> None:
    model = started(world(coupons(40)))
    model.operate(model.config.operator, 1.0, model.schedule[0].local)
    model.live_until(10)
    powers = [own["coupons"].power for own in (model.world.levers, model.world.local_levers[0])]
    assert powers[0] == powers[1] < 1.0


# -- with dates, one upon the other ---------------------------------------------------------


def _percent(config: Simulation) -> Callable[[int, str, int], int]:
    found = phases(config)

    def at(day: int, region: str, tier: int) -> int:
        phase = [each for each in found if each.first_day <= day][-1]
        city = city_of(REGIONS.index(region), tier)
        there = [own.operator for own in phase.local if city in own.cities] or [phase.operator]
        return int(there[0].coupons.coupon_percent)

    return at


def test_of_entries_that_meet_the_later_in_the_list_holds() -> None:
    at = _percent(load("baseline", [f"schedule=[{coupons(20)}, {coupons(30, 'regions: [East]')}]"]))
    assert [at(0, "East", 4), at(0, "East", 1), at(0, "South", 4), at(0, "South", 1)] == [
        30, 30, 20, 10
    ]  # fmt: skip
    over = "{from_day: 40, until_day: 50, operator: {coupons: {coupon_percent: 15}}}"
    at = _percent(load("baseline", [f"schedule=[{coupons(20)}, {over}]"]))
    assert [at(day, "South", 4) for day in (39, 40, 50)] == [20, 15, 20]
    at = _percent(load("baseline", [f"schedule=[{over}, {coupons(20)}]"]))
    assert [at(day, "South", 4) for day in (39, 40, 50)] == [20, 20, 20]
    assert [at(day, "South", 1) for day in (39, 40, 50)] == [10, 15, 10]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            f"{{{COUNTIES}, operator: {{group_buying: {{least_members: 5}}}}}}",
            "schedule[0].operator.group_buying.least_members cannot differ by place: it is read "
            "in `spread`, for everybody at once. Give it one value, and say in "
            "operator.group_buying.audience where the lever works (none of group_buying can).",
        ),
        (
            f"{{{COUNTIES}, operator: {{livestream: {{pull: 0.5}}}}}}",
            "(of livestream cut and watch_chance can differ)",
        ),
        (
            f"{{{COUNTIES}, operator: {{coupons: {{strength: 0.5}}}}}}",
            "coupons.strength says whom a lever is for, and when, which is one for all places",
        ),
        (f"{{{COUNTIES}, operator: {{coupons: {{from_day: 5}}}}}}", "operator.coupons.audience"),
        (f"{{{COUNTIES}, operator: {{coupons: {{until_day: 5}}}}}}", "operator.coupons.audience"),
        (f"{{{COUNTIES}, operator: {{coupons: {{audience: {{lot: 0.5}}}}}}}}", "its regions and"),
        (
            f"{{{COUNTIES}, operator: {{operations: {{commission_share: 0.1}}}}}}",
            "operations.commission_share cannot differ by place: stock, desk and terms of sale",
        ),
        (f"{{{COUNTIES}, budget_yuan_per_customer_month: 3}}", "one for the whole operator"),
        (f"{{{COUNTIES}}}", "schedule[0] changes nothing"),
        (coupons(20, "city_tiers: [forth]"), "there is no forth; did you mean fourth?"),
        (coupons(20, "regions: [Est]"), "there is no Est; did you mean East?"),
        (coupons(20, "regions: []"), "schedule[0].regions names none"),
        (coupons(95), "schedule[0].operator.coupons.coupon_percent = 95 is impossible"),
        (f"{{{COUNTIES}, operator: {{coupns: {{x: 1}}}}}}", "did you mean operator.coupons?"),
        (f"{{{COUNTIES}, operator: {{coupons: {{cupon_days: 1}}}}}}", "did you mean operator.co"),
        (f"{{{COUNTIES}, operator: {{coupons: 3}}}}", "schedule[0].operator.coupons = 3"),
    ],
)
def test_what_cannot_differ_gets_a_sentence(entry: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load("baseline", [f"schedule=[{entry}]"])
    assert said in str(caught.value).replace("'", "")
    assert "\n" not in str(caught.value)


def test_doses_that_differ_are_multiplied_alike() -> None:
    entry = f"{{{COUNTIES}, operator: {{points: {{points_per_yuan: 3}}}}}}"
    config = load("baseline", [f"schedule=[{entry}]"])
    (phase,) = phases(scaled(config, {"points": 2.0}))
    usual = config.operator.points.points_per_yuan
    assert phase.operator.points.points_per_yuan == pytest.approx(2.0 * usual)
    assert {own.operator.points.points_per_yuan for own in phase.local} == {6.0}
    assert sum(len(own.cities) for own in phase.local) == 2 * len(REGIONS)


def test_values_by_place_stay_where_a_lever_is_multiplied() -> None:
    config = load("baseline", [DEEPER])
    (usual,), (phase,) = phases(config), phases(scaled(config, {"coupons": 0.5}))
    assert phase.operator.coupons.strength == 0.5 * usual.operator.coupons.strength
    assert [own.operator.coupons.coupon_percent for own in phase.local] == [20]
    assert [own.cities for own in phase.local] == [own.cities for own in usual.local]
    assert {own.operator.coupons.strength for own in phase.local} == {0.5}


def test_customers_followed_from_a_later_day_have_the_places_values_then() -> None:
    base, other = load("baseline", ["run.days=180"]), load("baseline", ["run.days=180", DEEPER])
    before, after = phases(lives_of(base, other, Dates(60, 60, 180))["strategy"])
    assert (before.first_day, before.local) == (0, ())
    assert after.operator == phases(other)[0].operator
    assert [own.operator for own in after.local] == [phases(other)[0].local[0].operator] * len(
        after.local
    )
    before, after = phases(lives_of(other, base, Dates(60, 60, 180))["strategy"])
    assert (len(before.local), after.local) == (1, ())


def test_values_by_place_are_part_of_what_names_a_run() -> None:
    assert planned(load("baseline", [DEEPER]), 1, "").key != planned(load("baseline"), 1, "").key


# -- how they are told ----------------------------------------------------------------------


def test_places_are_told_in_words() -> None:
    assert places_in_words(load("baseline")) == []
    (place,) = places_in_words(load("baseline", [DEEPER]))
    assert place == ("tiers fourth, fifth", ["coupons: coupon_percent 10 → 20 percent"])
    dated = load("baseline", [f"schedule=[{coupons(30, 'regions: [East], from_day: 9')}]"])
    assert places_in_words(dated) == [
        ("East", ["coupons: coupon_percent 10 → 30 percent from day 9 on"])
    ]
    assert phases_in_words(dated) == []
    assert [(own.from_day, own.until_day) for own in local_values(dated)] == [(9, 365)]


def test_some_cities_are_told_by_region_and_tier() -> None:
    assert where_in_words(EVERY_CITY, REGIONS) == "every city"
    assert where_in_words([0, 1, 2, 3, 4], REGIONS) == "East"
    assert where_in_words([0, 5], REGIONS) == "East, South; tiers first"
    assert where_in_words([0, 6], REGIONS) == "East: tiers first; South: tiers second"
    told_again = entries([0, 6], REGIONS, (0, 9), {})
    assert [(e.regions, e.city_tiers) for e in told_again] == [
        (["East"], ["first"]), (["South"], ["second"])
    ]  # fmt: skip


def test_the_list_of_scenarios_tells_of_places(tmp_path: Any) -> None:
    (tmp_path / "scenarios").mkdir()
    text = (
        "# @package _global_\ndefaults: [baseline, _self_]\nstrategy: {title: x, what: x, why: x, "
        "cost: x}\nschedule:\n  - city_tiers: [fourth, fifth]\n    operator:\n"
        "      coupons: {coupon_percent: 20}\n"
    )
    (tmp_path / "scenarios" / "mine.yaml").write_text(text)
    assert "has other values in tiers fourth, fifth" in told("mine", tmp_path)[1]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{operator: {coupons: {coupon_percent: 20}}}", "neither days nor places of its own"),
        (coupons(20, "regions: [East], city_tiers: [fifth]"), "places where nobody lives"),
        (
            f"{{{COUNTIES}, operator: {{reminders: {{days_before: 3}}}}}}",
            "gives reminders other values in some places, and reminders is off",
        ),
        (coupons(10), "coupons.coupon_percent changes nothing: it is the same everywhere"),
        (coupons(45), "In tiers fourth, fifth: coupons and promotion days take up to 45% off"),
    ],
)
def test_what_is_odd_about_a_place_is_told(entry: str, said: str) -> None:
    found = doubts(load("baseline", [f"schedule=[{entry}]"]), load("baseline"))
    assert said in " ".join(found)


def test_values_where_a_lever_is_for_nobody_are_doubted() -> None:
    config = load("regional", [f"schedule=[{coupons(20, 'city_tiers: [first]')}]"])
    assert "its audience leaves these places out" in " ".join(doubts(config, load("baseline")))


def test_a_comparison_keeps_what_differs_by_place() -> None:
    both = (
        f"schedule=[{coupons(20)}, {coupons(30, 'regions: [East], from_day: 40, until_day: 50')}]"
    )
    configs = {"baseline": load("baseline"), "mine": load("baseline", [both])}
    assert len(told_phases(configs)) == 0
    rows = told_regional(configs).astype(str).to_numpy().tolist()
    key = "operator.coupons.coupon_percent"
    others, counties = "; ".join(REGIONS[1:]), "fourth; fifth"
    assert rows == [
        ["mine", "0", "40", "East", counties, key, "20", "10"],
        ["mine", "0", "365", others, counties, key, "20", "10"],
        ["mine", "40", "50", "East", "all", key, "30", "10"],
        ["mine", "50", "365", "East", counties, key, "20", "10"],
    ]
