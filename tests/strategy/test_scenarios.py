"""A strategist's scenario: drafted, told in words, reckoned up, doubted."""

import re
from pathlib import Path

import jinja2.meta
import pandas as pd
import pytest

from sim.config.loading import load, resolved
from sim.operator.budget import monthly_cost_yuan
from sim.operator.hooks import LEVERS
from sim.parameters.quantity import ConfigurationError
from sim.reference.parameters import Parameter, find, parameters
from sim.reference.sources import sources_in
from sim.store.runs import PROSE
from sim.strategy.changes import Change, changes, in_words, told
from sim.strategy.draft import draft, text_of
from sim.strategy.lint import doubts
from sim.strategy.meaning import levers_on, sentence, templates, words
from sim.strategy.spending import estimate, fixed_yuan
from tests.shipped import SHIPPED

# -- drafting -------------------------------------------------------------------------------


def settings(name: str, folder: Path) -> dict[str, object]:
    values = resolved(load(name, (), folder))
    values["strategy"] = {k: v for k, v in values["strategy"].items() if k not in PROSE}
    return values


@pytest.mark.parametrize("base", SHIPPED)
def test_a_draft_is_as_its_base_until_it_is_edited(tmp_path: Path, base: str) -> None:
    draft("mine", base, tmp_path)
    assert settings("mine", tmp_path) == settings(base, tmp_path)


def test_a_draft_shows_every_setting_of_every_lever_with_its_meaning(tmp_path: Path) -> None:
    lines = draft("mine", "baseline", tmp_path).read_text().splitlines()
    for each in parameters():
        if each.file and each.part.startswith("operator.") and each.part != "operator.operations":
            shown = [line for line in lines if re.match(rf"[ #]*{each.name}: ", line)]
            assert any(each.about in line and each.unit in line for line in shown), each.key


def test_an_unused_lever_of_a_draft_is_used_by_taking_its_comments_away(tmp_path: Path) -> None:
    path = draft("mine", "baseline", tmp_path)
    text = path.read_text()
    begin, end = text.index("  # advisors:"), text.index("  # after_sales:")
    block = re.sub("^  # ", "  ", text[begin:end], flags=re.M).replace("h: 0.0", "h: 0.5")
    path.write_text(text[:begin] + block + text[end:])
    config = load("mine", (), tmp_path)
    assert config.operator.advisors.strength == 0.5
    assert in_words(changes(config, load("baseline"))) == ["advisors on at strength 0.5"]


def test_a_draft_stays_short_enough_to_be_read() -> None:
    text = text_of("mine", "baseline", load("baseline"))
    assert len(text.splitlines()) < 12 * len(LEVERS)
    assert max(map(len, text.splitlines())) < 120


@pytest.mark.parametrize("name", ["", "a/b", "../up", ".hidden", "a b", "a=b", "x.yaml"])
def test_a_name_must_do_for_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be the name"):
        draft(name, "baseline", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_names_need_not_be_english(tmp_path: Path) -> None:
    draft("温和", "baseline", tmp_path)
    assert told("温和", tmp_path) == ("温和", "changes nothing")


def test_a_name_that_yaml_takes_for_something_else_is_a_title_too(tmp_path: Path) -> None:
    for name, title in (("null", "Null"), ("no", "No"), ("007", "007")):
        draft(name, "baseline", tmp_path)
        assert load(name, (), tmp_path).strategy.title == title


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    path = draft("mine", "baseline", tmp_path)
    path.write_text("mine alone")
    for name in ("mine", "MINE", "koc_led"):
        with pytest.raises(ConfigurationError, match="not overwritten"):
            draft(name, "baseline", tmp_path)
    assert path.read_text() == "mine alone"
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "scenarios").write_text("a file")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        draft("mine", "baseline", tmp_path)


def test_an_edited_scenario_is_read_anew(tmp_path: Path) -> None:
    path = draft("mine", "baseline", tmp_path)
    assert load("mine", (), tmp_path).operator.coupons.coupon_percent == 10
    path.write_text(path.read_text().replace("coupon_percent: 10", "coupon_percent: 7"))
    assert load("mine", (), tmp_path).operator.coupons.coupon_percent == 7


# -- in words -------------------------------------------------------------------------------


@pytest.mark.parametrize("lever", LEVERS)
def test_every_lever_has_a_sentence_that_tells_every_setting(lever: str) -> None:
    used = jinja2.meta.find_undeclared_variables(words().parse(templates()[lever]))
    own = {each.name for each in find(f"operator.{lever}") if each.part == f"operator.{lever}"}
    assert used == own - {"strength", "from_day", "until_day"}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_lever_in_use_is_told(name: str) -> None:
    config = load(name)
    for lever in levers_on(config):
        assert re.fullmatch(r"[A-Z].*[a-z%)]\.", sentence(config, lever)), sentence(config, lever)


def test_numbers_stand_in_the_sentence() -> None:
    config = load(
        "baseline", ["operator.coupons.coupon_percent=17", "operator.broadcast.per_week=1"]
    )
    assert "a coupon of 17 percent about every 60 days" in sentence(config, "coupons")
    assert "Sends 1 message a week to all subscribers" in sentence(config, "broadcast")
    silent = load("baseline", ["operator.coupons.to_active=false"])
    assert "more than 90 days ago" in sentence(silent, "coupons")


def test_changes_are_what_the_file_sets() -> None:
    found = changes(load("expert_community"), load("baseline"))
    assert Change("operator.community.topic", "unsorted", "stage") in found
    assert Change("operator.advisors.strength", 0.0, 1.0) in found
    assert {each.lever for each in found} == {"advisors", "broadcast", "community", "content"}
    told = in_words(found)
    assert "advisors on" in told
    assert any("topic unsorted → stage" in each for each in told)
    assert any("promotion_per_day 3 → 0.5 posts a day" in each for each in told)


def test_a_lever_turned_off_and_one_turned_down() -> None:
    off = load("baseline", ["operator.points.strength=0", "operator.coupons.strength=0.3"])
    assert in_words(changes(off, load("baseline"))) == [
        "coupons at strength 0.3, was 1",
        "points off",
    ]


# -- spending -------------------------------------------------------------------------------


def test_fixed_costs_are_those_the_budget_is_held_to() -> None:
    config = load("integrated", ["operator.advisors.strength=0.5"])
    assert fixed_yuan(config.operator) == monthly_cost_yuan(config.operator, 1.0)
    wages = 0.4 / 1500 * 9000 * 0.5  # two fifths of customers, an advisor for 1500, half strength
    assert fixed_yuan(config.operator)["advisors"] == pytest.approx(wages)


def test_an_estimate_adds_up_money_paid_and_price_given_up() -> None:
    config = load("baseline")
    levers = levers_on(config)
    days = pd.DataFrame({"customers": [300, 300], "pace": [1.0, 0.5]})
    for name in levers:
        days[f"cost_{name}_yuan"], days[f"discount_{name}_yuan"] = 0.0, 0.0
    days["cost_coupons_yuan"], days["discount_coupons_yuan"] = [4.0, 6.0], [0.0, 30.0]
    found = estimate(days, config)
    assert found.levers.loc["coupons"].tolist() == [
        10 / 20,
        30 / 20,
    ]  # 600 customer-days: 20 months
    assert found.total == 2.0
    assert (found.held_back_days, found.least_pace) == (1, 0.5)


# -- what looks odd -------------------------------------------------------------------------


def test_the_baseline_raises_no_doubt() -> None:
    assert doubts(load("baseline"), load("baseline")) == []


ON = "operator.{}.strength=1"


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (["operator.advisors.hours_per_day=3"], "advisors is off"),
        (["operator.broadcast.per_week=0"], "broadcast is on but does nothing"),
        (["operator.coupons.coupon_percent=40"], "formula (30%)"),
        (["operator.broadcast.per_week=21"], "21 messages a week"),
        (["operator.community.promotion_per_day=6"], "6 promotions a day"),
        (["operator.community.strength=0", ON.format("check_in")], "check_in works in group chats"),
        (["operator.community.strength=0", ON.format("advisors")], "advisors works in group chats"),
        (
            ["operator.community.strength=0", "operator.broadcast.recipients=group_members"],
            "broadcast goes to",
        ),
        (["operator.funnel.strength=0"], "funnel is off"),
        (["operator.community.topic=stage"], "silent ones are never closed"),
        (["strategy.budget_yuan_per_customer_month=0.05"], "cannot be run"),
        (["strategy.budget_yuan_per_customer_month=0.11"], "little is left"),
        ([ON.format("koc"), "operator.koc.commercial_share=0.9"], "credibility settles"),
        ([ON.format("tiers"), "operator.tiers.gold_yuan=100"], "Silver should need less"),
        ([ON.format("tiers"), "operator.tiers.gold_cut=0.5"], "smaller price cut"),
        ([ON.format("advisors"), "operator.advisors.parents_per_advisor=100"], "no more than one"),
        (
            [
                ON.format("reminders"),
                "operator.reminders.days_before=60",
                "behaviour.need.cover_days=50",
            ],
            "the day after the order",
        ),
        ([ON.format("reminders"), "operator.reminders.needs_consent=false"], "without consent"),
        (
            [ON.format("service_desk"), "operator.service_desk.first_contact_resolution=0.5"],
            "fewer tickets at first contact",
        ),
        ([ON.format("livestream"), "operator.livestream.cut=0.6"], "livestreams take up to 60%"),
        (["market.rival_brands=3"], "changes more than levers"),
        (["strategy.facts=[C08,Z99]"], "Z99, which is no fact"),
    ],
)
def test_what_is_odd_is_said(overrides: list[str], said: str) -> None:
    config = load("baseline", overrides)
    assert said in " ".join(doubts(config, load("baseline")))


def test_a_draft_nobody_edited_is_doubted(tmp_path: Path) -> None:
    draft("mine", "baseline", tmp_path)
    found = " ".join(doubts(load("mine", (), tmp_path), load("baseline")))
    assert "Nobody has written its what, why, cost yet" in found
    assert "changes nothing against baseline" in found


def test_fewer_advertisements_are_not_a_higher_rate_alone() -> None:
    assert "fewer customers are won once" in " ".join(doubts(load("koc_led"), load("baseline")))


# -- the reference --------------------------------------------------------------------------


@pytest.mark.parametrize("parameter", parameters(), ids=lambda each: each.key)
def test_every_parameter_is_read_by_the_model_and_has_a_source(parameter: Parameter) -> None:
    assert parameter.read_by
    assert parameter.unit
    if not parameter.key.startswith(("strategy.", "schedule[]")):  # every scenario states its own
        assert parameter.default is not None
        assert parameter.source


def test_readers_are_functions_that_name_the_parameter() -> None:
    (bad_news,) = find("behaviour.believe.bad_news_factor")
    assert bad_news.read_by == ("believe.heard",)
    (strength,) = find("operator.coupons.strength")
    assert strength.read_by == ("coupons.offer", "coupons.plan")  # as `power`
    (size_cap,) = find("operator.community.size_cap")
    assert size_cap.read_by == ("community.plan",)
    (gain,) = find("behaviour.talk.efficacy_gain")
    assert gain.read_by == (
        "visiting.help_to_make",
        "visiting.take_advice",
        "visiting.take_up_challenge",
    )
    (budget,) = find("strategy.budget_yuan_per_customer_month")
    assert budget.read_by == ("schedule._on",)


def test_a_source_is_the_comment_on_the_line(tmp_path: Path) -> None:
    (tmp_path / "town.yaml").write_text("households: 7  # counted\npets: {cats: 2}  # heard of\n")
    path = tmp_path / "village.yaml"
    path.write_text(
        "defaults: [town, _self_]\nhouseholds: 9\nroads:\n  - 1.5  # measured\n  - name: a # b\n"
    )
    found = {key: (line.number, line.comment) for key, line in sources_in(path).items()}
    assert found["households"] == (2, "")
    assert found["pets.cats"] == (2, "heard of")
    assert found["roads[0]"] == (4, "measured")
    assert found["roads[1].name"] == (5, "b")


def test_lines_end_as_yaml_has_it(tmp_path: Path) -> None:
    path = tmp_path / "village.yaml"
    path.write_bytes(b"pets: 1  # many\r\r\nroads: 2\xe2\x80\xa8ways: 3  # few\nlast:\n")
    found = {key: (line.number, line.comment) for key, line in sources_in(path).items()}
    assert found["pets"] == (1, "many")
    assert found["ways"] == (4, "few")
