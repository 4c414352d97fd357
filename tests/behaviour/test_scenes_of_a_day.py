"""Scenes of one household's day by example: what each leaves behind, reckoned by hand."""

import math

import pytest

from sim.behaviour.beginning import begin_without_history
from sim.behaviour.day import (
    ASLEEP,
    CALLED,
    CLICKING,
    VISITING,
    consider_leaving,
    live_one_day,
    lived_with,
    set_wake_schedule,
    waking,
)
from sim.behaviour.drift import drift, parent_audience, rest
from sim.operator.own_records import EVENT
from sim.world.draws import (
    ASK,
    CHECK_IN,
    COMPLAIN,
    CONSENT,
    DEFECT,
    ENROL,
    IMPULSE,
    IMPULSE_WHAT,
    JOIN,
    LAND,
    LEAVE,
    LIVESTREAM,
    NEXT_NEED,
    OWN_DEAL,
    REACT,
    RESOLVED,
    TELL,
)
from sim.world.events import CAUSES, REASONS
from sim.world.household import GRADUATION_DAYS, NEVER, WAKE_SCHEDULE
from sim.world.state import COUNTERS
from tests.scene import DAY, DIAPERS, WASH_CARE, Scene, blank

SURE, NOT_QUITE = 0.0, 1e-9
about = pytest.approx


# -- waking --------------------------------------------------------------------------------


def test_one_draw_decides_between_a_click_a_visit_and_sleep(scene: Scene) -> None:
    wake_schedule = blank(WAKE_SCHEDULE)
    wake_schedule.audience, wake_schedule.looks_per_day, wake_schedule.wake_day = 3, 0.2, DAY + 1
    scene.today.deal_visits_per_day[3] = 0.1
    scene.today.prompt[3] = 1.5  # .2 x 1.5 = .3 visits beyond the .1 clicks
    look = scene.rules.look
    for u, why in ((0.0999, CLICKING), (0.1, VISITING), (0.3999, VISITING), (0.4001, ASLEEP)):
        assert waking(wake_schedule, u, scene.today, DAY, look) == why
    wake_schedule.wake_day = DAY
    assert waking(wake_schedule, 0.5, scene.today, DAY, look) == CALLED
    wake_schedule.wake_day = DAY - 1
    assert waking(wake_schedule, 0.5, scene.today, DAY, look) == CALLED
    wake_schedule.audience = 4  # to whom no deal is shown
    assert waking(wake_schedule, 0.0999, scene.today, DAY, look) == VISITING


def test_nothing_happens_to_whom_nothing_happens(scene: Scene) -> None:
    before = dict(vars(scene.parent))
    scene.live(CALLED)
    assert vars(scene.parent) == before
    assert vars(scene.event) == {**vars(blank(EVENT)), "store": -1, "group": -1}
    assert vars(scene.counters) == vars(blank(COUNTERS))


# -- receiving an order --------------------------------------------------------------------


def awaiting(scene: Scene, late_days: int = 0) -> Scene:
    """An order arrives today; expectations, satisfaction and trust are one half."""
    scene.parent.arrival_day = scene.day
    scene.parent.arrival_expected_day = scene.day - late_days
    judge = scene.rules.judge
    judge.delay_loss_per_day, judge.defect_loss, judge.unsolved_loss = 0.1, 0.5, 0.2
    judge.solved_gain, judge.wait_loss, judge.complaint_chance = 0.8, 0.25, 0.6
    judge.expectation_weight, judge.smoothing = 0.5, 0.5
    scene.rules.believe.own_weight, scene.rules.believe.bad_news_factor = 1.0, 2.0
    scene.today.defect_share, scene.today.first_contact_resolution = 0.3, 0.7
    scene.today.wait_minutes = 1e6  # so long that its whole loss is felt
    return scene


def felt(scene: Scene) -> tuple[float, float, float]:
    """Satisfaction, trust and its weight, after the day."""
    scene.live(CALLED)
    assert scene.parent.arrival_day == NEVER
    return scene.parent.satisfaction, scene.parent.trust, scene.parent.trust_weight


def test_an_order_that_comes_as_promised_delights(scene: Scene) -> None:
    # Lived 1; beyond the .5 expected, felt 1 at most: half way there from .5. Trust (.5*4+1)/5.
    assert felt(awaiting(scene)) == (0.75, about(0.6), 5.0)
    assert (scene.event.defect, scene.event.ticket) == (0, 0)


def test_an_order_not_due_yet_is_waited_for(scene: Scene) -> None:
    awaiting(scene).parent.arrival_day = scene.day + 1
    scene.live(CALLED)
    assert (scene.parent.satisfaction, scene.parent.arrival_day) == (0.5, scene.day + 1)


def test_lateness_costs_by_the_day(scene: Scene) -> None:
    # Lived .8, felt .8 + .5 * .3 = .95.
    assert felt(awaiting(scene, late_days=2)) == (about(0.725), about(0.56), 5.0)


def test_a_defect_nobody_complains_about(scene: Scene) -> None:
    awaiting(scene).luck.of = {DEFECT: 0.2999}
    assert felt(scene) == (0.5, 0.5, 5.0)
    assert (scene.event.defect, scene.event.ticket, scene.event.wait_minutes) == (1, 0, 0)


def test_a_draw_at_the_share_is_no_defect_and_no_complaint(scene: Scene) -> None:
    awaiting(scene).luck.of = {DEFECT: 0.3, COMPLAIN: SURE}
    felt(scene)
    assert (scene.event.defect, scene.event.ticket) == (0, 0)
    awaiting(scene).luck.of = {DEFECT: SURE, COMPLAIN: 0.6}
    felt(scene)
    assert (scene.event.defect, scene.event.ticket) == (1, 0)


def test_a_complaint_solved_at_first_contact(scene: Scene) -> None:
    awaiting(scene).luck.of = {DEFECT: SURE, COMPLAIN: 0.5999, RESOLVED: 0.6999}
    # Loss .5 - .8 * .5 + .25 for the wait: lived .65, felt .725.
    assert felt(scene) == (about(0.6125), about(2.65 / 5), 5.0)
    assert (scene.event.ticket, scene.event.wait_minutes) == (1, 1e6)


def test_a_complaint_that_is_not_solved(scene: Scene) -> None:
    awaiting(scene).luck.of = {DEFECT: SURE, COMPLAIN: SURE, RESOLVED: 0.7}
    # Loss .5 + .2 + .25: lived .05, felt 0; bad news counts twice.
    assert felt(scene) == (0.25, about(2.1 / 6), 6.0)
    assert scene.event.ticket == 2


# -- deals ---------------------------------------------------------------------------------


def tempted(scene: Scene) -> Scene:
    """Whoever sees a deal of a fifth off buys it with a chance of one half."""
    basket = scene.rules.basket
    basket.deal_base, basket.deal_price, basket.deal_engaged = -2.0, 10.0, 4.0
    basket.deal_taste = 1.0
    scene.today.deal_cut = scene.inbox.livestream_cut = 0.2
    scene.rules.choose.habit_smoothing = scene.rules.choose.deal_habit = 0.5
    scene.luck.of = {IMPULSE: 0.4999, IMPULSE_WHAT: SURE}
    return scene


def test_a_deal_that_is_clicked_and_bought(scene: Scene) -> None:
    tempted(scene).live(CLICKING)
    event, parent = scene.event, scene.parent
    assert (event.clicked, event.store, event.cause, event.looked) == (1, 1, 1, 0)  # public, deal
    assert event.packs == [0, 0, 1, 0, 0, 0, 0, 0]
    assert event.days_bought[DIAPERS] == 10
    assert (event.list_fen, event.paid_fen, event.goods_cost_fen) == (10_000, 8_000, 7_000)
    assert parent.covered_until[DIAPERS] == DAY + 70
    assert parent.habit == about([0.0, 0.25, 0.375, 0.1875, 0.1875])  # half of the half
    assert (scene.counters.deal_visits, scene.counters.visits) == (1, 0)
    assert scene.counters.orders_at == [0, 1, 0, 0, 0]
    assert (parent.last_met_day, parent.won_by) == (DAY, 1)


def test_what_a_deal_is_called_on_a_festival(scene: Scene) -> None:
    tempted(scene).today.festival = 0.5
    scene.live(CLICKING)
    assert scene.event.cause == 4


def test_an_unlucky_draw_leaves_the_deal_where_it_is(scene: Scene) -> None:
    tempted(scene).luck.of[IMPULSE] = 0.5001
    scene.live(CLICKING)
    assert (scene.event.clicked, scene.event.store, scene.event.list_fen) == (1, -1, 0)
    assert scene.parent.last_met_day == DAY


@pytest.mark.parametrize(
    ("name", "value", "chance"),
    [
        ("price_sensitivity", 2.0, 1 / (1 + math.exp(-2))),  # -2 + 10 * .2 * 2
        ("operator_taste", 1.0, 1 / (1 + math.exp(-1))),
        ("last_order_day", DAY - 60, 0.25),  # appetite is half back after sixty days
    ],
)
def test_who_is_tempted_more_and_who_less(
    scene: Scene, name: str, value: float, chance: float
) -> None:
    for u, bought in ((chance - NOT_QUITE, 1), (chance + NOT_QUITE, 0)):
        tempted(scene).rules.basket.deal_rest_days = 60.0
        scene.event.store, scene.event.list_fen = -1, 0
        scene.parent.last_order_day = -NEVER
        setattr(scene.parent, name, value)
        scene.luck.of[IMPULSE] = u
        scene.live(CLICKING)
        assert (scene.event.list_fen > 0) == bought


def test_the_draw_spreads_over_what_a_child_can_use(scene: Scene) -> None:
    tempted(scene).luck.of[IMPULSE_WHAT] = 0.5001
    scene.live(CLICKING)
    assert scene.event.packs[WASH_CARE] == 1
    assert scene.event.days_bought[WASH_CARE] == 50


def test_a_livestream_met_on_a_visit(scene: Scene) -> None:
    tempted(scene).inbox.livestream = 0.8  # times the engagement of one half
    engaged = 1 / (1 + math.exp(-2))  # -2 + 2 for the cut + 4 * .5
    scene.luck.of = {LIVESTREAM: 0.3999, IMPULSE: engaged - NOT_QUITE, IMPULSE_WHAT: SURE}
    scene.live(VISITING)
    event = scene.event
    assert (event.livestream, event.store, event.cause, event.paid_fen) == (1, 1, 2, 8_000)


def test_a_livestream_in_the_private_domain_sells_there(scene: Scene) -> None:
    tempted(scene).inbox.livestream = 0.8
    scene.parent.in_private_domain = scene.parent.subscribed = 1
    scene.luck.of |= {LIVESTREAM: SURE}
    scene.live(VISITING)
    assert (scene.event.livestream, scene.event.store) == (1, 0)


def test_a_livestream_that_is_missed_or_is_not_on(scene: Scene) -> None:
    tempted(scene).inbox.livestream = 0.8
    scene.luck.of |= {LIVESTREAM: 0.4001}
    scene.live(VISITING)
    assert (scene.event.livestream, scene.event.store) == (0, -1)
    scene.inbox.livestream, scene.luck.of[LIVESTREAM] = 0.0, SURE
    scene.live(VISITING)
    assert (scene.event.livestream, scene.event.store) == (0, -1)


def test_a_livestream_is_not_met_without_a_visit(scene: Scene) -> None:
    tempted(scene).inbox.livestream = 0.8
    scene.luck.of |= {LIVESTREAM: SURE}
    scene.live(CALLED)
    assert scene.event.livestream == 0


@pytest.mark.parametrize(("inside", "store"), [(0, 1), (1, 0)])
def test_a_deal_of_a_lever_s_own_is_found_on_a_visit(scene: Scene, inside: int, store: int) -> None:
    cause = len(CAUSES)  # the first that is no one else's
    tempted(scene).inbox.own_deal_cut, scene.inbox.own_deal_cause = 0.2, float(cause)
    scene.parent.in_private_domain = scene.parent.subscribed = inside
    for woken_by, u, bought in ((CALLED, 0, 0), (VISITING, 0.5001, 0), (VISITING, 0.4999, 1)):
        scene.luck.of = {OWN_DEAL: u, OWN_DEAL + 1: SURE}
        scene.live(woken_by)
        assert (scene.event.list_fen > 0) == bought
    assert (scene.event.store, scene.event.cause, scene.event.paid_fen) == (store, cause, 8_000)


# -- a visit -------------------------------------------------------------------------------


def reading(scene: Scene) -> Scene:
    """A visitor who was here two days ago, and a channel with all kinds of pieces."""
    scene.parent.last_look_day = DAY - 2
    today, believe, look = scene.today, scene.rules.believe, scene.rules.look
    today.channel_useful_per_day = 1.5
    today.channel_expert_per_day = 0.5
    today.channel_promotion_per_day = 1.0
    believe.expert_weight, believe.expert_evidence = 1.0, 1.0
    believe.message_weight, believe.message_evidence = 0.0, 0.5
    look.worth_effect, look.waste_effect, look.promotion_fatigue = 0.5, 0.5, 0.25
    look.memory_days = 3.0
    scene.rules.talk.react_chance = 1.0
    return scene


def test_what_a_visitor_reads(scene: Scene) -> None:
    # 3 useful pieces that fit .6 are 1.8 of help; 2 promotions: (1.8 - 1) / (2 + 1.8 + 1).
    worth = 0.8 / 4.8
    reading(scene).luck.of = {REACT: 0.2}
    scene.live(VISITING)
    parent, event = scene.parent, scene.event
    assert parent.engagement == about(0.5 + 0.5 * worth * 0.5)
    assert parent.trust == about((0.5 * 4 + 1) / 5)  # one expert piece in two days
    assert parent.fatigue == about(0.5)
    assert (parent.last_look_day, parent.last_met_day) == (DAY, DAY)
    assert (event.looked, event.reacted, parent.last_reaction_day) == (1, 1, DAY)
    assert (scene.counters.visits, scene.counters.member_visits) == (1, 0)


def test_a_visitor_reacts_by_engagement_and_worth(scene: Scene) -> None:
    worth = 0.8 / 4.8
    chance = (0.5 + 0.5 * worth * 0.5) * (0.5 + 0.5 * worth)
    for u, reacted in ((chance - NOT_QUITE, 1), (chance + NOT_QUITE, 0)):
        reading(scene).parent.engagement = 0.5
        scene.event.reacted, scene.parent.last_reaction_day = 0, -NEVER
        scene.luck.of = {REACT: u}
        scene.live(VISITING)
        assert scene.event.reacted == reacted
        assert scene.parent.last_reaction_day == (DAY if reacted else -NEVER)


def test_who_only_reads_takes_in_all_and_says_nothing(scene: Scene) -> None:
    scene.rules.talk.reads_only_below = 0.5
    felt = []
    for sociability, takes_part in ((0.4999, 0), (0.5, 1)):
        reading(scene).in_group()
        scene.parent.engagement = 0.5
        scene.parent.sociability, scene.parent.last_reaction_day = sociability, -NEVER
        scene.inbox.check_in, scene.parent.trust = 1.0, 0.5
        scene.event.reacted = scene.event.help_posts = scene.event.check_in = 0
        scene.luck.of = {REACT: SURE, ASK: SURE, CHECK_IN: SURE}
        scene.live(VISITING)
        event = scene.event
        assert (event.reacted, event.help_posts, event.check_in) == (takes_part,) * 3
        assert scene.parent.last_reaction_day == (DAY if takes_part else -NEVER)
        felt.append(scene.parent.trust)
    assert felt[0] > 0.5, "what experts write is believed by those who only read, too"


@pytest.mark.parametrize(
    ("share", "u", "checks_in"), [(1.0, 0.39, 1), (0.5, 0.19, 1), (0.5, 0.21, 0)]
)
def test_who_only_reads_may_check_in_and_is_no_more_active_for_it(
    scene: Scene, share: float, u: float, checks_in: int
) -> None:
    member(scene).rules.talk.reads_only_below = 0.5
    scene.inbox.check_in, scene.rules.rewards.readers_check_in = 1.0, share
    scene.rules.rewards.check_in_base, scene.rules.rewards.check_in_engaged = (
        math.log(0.4 / 0.6),
        0.0,
    )
    scene.parent.sociability, scene.parent.last_reaction_day = 0.0, -NEVER
    scene.luck.of = {CHECK_IN: u, REACT: SURE, TELL: SURE, ASK: SURE}
    scene.live(VISITING)
    assert scene.event.check_in == checks_in
    assert scene.parent.last_reaction_day == -NEVER
    assert (scene.parent.engagement > 0.5) == bool(checks_in)


@pytest.mark.parametrize(("topics", "extra"), [(0.0, 0.0), (0.5, 0.5 * 2 * 0.6 * 0.25)])
def test_professional_posts_start_talk(scene: Scene, topics: float, extra: float) -> None:
    for u, wrote in ((-NOT_QUITE, 1), (NOT_QUITE, 0)):
        member(scene, expert_rate=0.25, professionalism=0.6)
        scene.rules.talk.expert_topics, scene.rules.talk.ask_chance = topics, 0.0
        scene.rules.talk.norm_effect, scene.parent.sociability = 0.0, 0.0
        scene.parent.last_look_day, scene.parent.engagement = DAY - 2, 0.5
        scene.rules.look.worth_effect = scene.rules.look.waste_effect = 0.0
        scene.event.story_posts = 0
        scene.luck.of = {TELL: 0.6 * 0.5 * math.exp(extra) + u}
        scene.live(VISITING)
        assert scene.event.story_posts == wrote


@pytest.mark.parametrize(("last", "days"), [(DAY, 1), (DAY - 1, 1), (DAY - 3, 3), (DAY - 50, 3)])
def test_how_far_back_a_visitor_reads(scene: Scene, last: int, days: int) -> None:
    reading(scene).parent.last_look_day = last
    scene.live(VISITING)
    assert scene.parent.fatigue == about(0.25 * days)


def test_promotion_alone_is_a_waste(scene: Scene) -> None:
    reading(scene).today.channel_useful_per_day = scene.today.channel_expert_per_day = 0.0
    scene.rules.believe.message_weight, scene.rules.believe.message_evidence = 1.0, 0.9
    scene.live(VISITING)
    # Worth -1 / (2 + 1); two promotions of weight 1 that speak for it by .9.
    assert scene.parent.engagement == about(0.5 * (1 - 0.5 / 3))
    assert scene.parent.trust == about((2 + 1.8) / 6)


def test_nobody_takes_in_more_than_a_few_pieces(scene: Scene) -> None:
    reading(scene).today.channel_expert_per_day = 50.0
    scene.live(VISITING)
    assert scene.parent.trust == about((2 + 3) / 7)
    reading(scene).parent.trust, scene.parent.trust_weight = 0.5, 4.0
    scene.today.channel_expert_per_day, scene.today.channel_promotion_per_day = 0.0, 50.0
    scene.rules.believe.message_weight, scene.rules.believe.message_evidence = 1.0, 1.0
    scene.live(VISITING)
    assert scene.parent.trust == about((2 + 5) / 9)


def test_advice_that_fits_the_stage(scene: Scene) -> None:
    reading(scene).inbox.stage_advice = 0.5
    scene.live(VISITING)
    # 3.5 useful pieces fit .6 + .4 * .5; expert pieces 1.5.
    worth = (2.8 - 1) / (2 + 2.8 + 1)
    assert scene.parent.engagement == about(0.5 + 0.5 * worth * 0.5)
    assert scene.parent.trust == about((2 + 1.5) / 5.5)


@pytest.mark.parametrize(
    ("posts", "led"), [({"help_rate": 0.4}, 0), ({"promotion_rate": 0.5}, 1), ({}, 0)]
)
def test_a_chat_leads_to_a_visit_if_there_is_a_post_since_the_last(
    scene: Scene, posts: dict[str, float], led: int
) -> None:
    silent = dict.fromkeys(
        ("help_rate", "story_rate", "complaint_rate", "expert_rate", "promotion_rate"), 0.0
    )
    reading(scene).in_group(**(silent | posts))  # the last visit was two days ago
    scene.live(VISITING)
    assert (scene.event.looked, scene.event.from_chat) == (1, led)


def test_no_chat_leads_whoever_is_in_none(scene: Scene) -> None:
    reading(scene).live(VISITING)
    assert (scene.event.looked, scene.event.from_chat) == (1, 0)


def test_a_member_reads_the_group_chat_too(scene: Scene) -> None:
    stage = 1  # a hundred days: newborn, whose own stage fits .9
    group = {"stage": stage, "region": -1, "story_rate": 2.0, "expert_rate": 1.0}
    reading(scene).in_group(**group, professionalism=0.5, promotion_rate=1.0, complaint_rate=0.0)
    scene.rules.believe.member_weight = 0.0
    scene.live(VISITING)
    # Useful 2 * (1.5 + .5 * 2 + .5 * 1) = 6, promotion 4, expert 1 + 1.
    worth = (5.4 - 2) / (2 + 5.4 + 2)
    assert scene.parent.engagement == about(0.5 + 0.5 * worth * 0.5)
    assert scene.parent.trust == about((2 + 2) / 6)
    assert scene.parent.fatigue == about(1.0)
    assert (scene.counters.visits, scene.counters.member_visits) == (1, 1)


@pytest.mark.parametrize(
    ("stories", "complaints", "evidence", "weight"),
    [(1.0, 0.0, 0.85, 2.0), (0.5, 0.5, 0.475, 4.0), (0.0, 2.0, 0.1, 8.0), (9.0, 0.0, 0.85, 5.0)],
)
def test_members_stories_speak_for_the_operator_and_complaints_against(
    scene: Scene, stories: float, complaints: float, evidence: float, weight: float
) -> None:
    reading(scene).in_group(story_rate=stories, complaint_rate=complaints)
    scene.today.channel_expert_per_day = scene.today.channel_promotion_per_day = 0.0
    scene.rules.believe.member_weight, scene.rules.believe.bad_news_factor = 1.0, 2.0
    scene.live(VISITING)
    # Two days' posts, at most five; bad news counts twice.
    assert scene.parent.trust == about((2 + evidence * weight) / (4 + weight))


# -- asking, telling, taking part ----------------------------------------------------------


def member(scene: Scene, **group: float) -> Scene:
    scene.in_group(**group)
    scene.parent.last_look_day = DAY - 1
    talk, look, believe = scene.rules.talk, scene.rules.look, scene.rules.believe
    talk.ask_chance, talk.efficacy_gain, talk.react_chance = 0.8, 0.5, 0.0
    talk.tell_chance, talk.norm_effect, talk.norm_scale = 0.6, 2.0, 4.0
    talk.extreme_effect, talk.sociability_effect = 0.0, 1.0
    talk.complaint_satisfaction = 0.4
    look.worth_effect, look.waste_effect = 0.5, 0.0
    believe.member_weight, believe.expert_weight, believe.bad_news_factor = 0.0, 0.5, 2.0
    scene.parent.fatigue = 0.0
    return scene


def test_a_newborns_parent_asks_and_an_expert_answers(scene: Scene) -> None:
    # .8 * (1 - .5); the draw of .1 is a quarter of the way, so half of the askers get an answer.
    member(scene).luck.of = {ASK: 0.1}
    scene.inbox.answer, scene.inbox.answer_quality = 0.26, 0.8
    scene.live(VISITING)
    parent = scene.parent
    assert (scene.event.help_posts, scene.counters.answers, parent.posts) == (1, 1, 1)
    assert parent.self_efficacy == about(0.5 + 0.5 * 0.8 * 0.5)
    assert parent.trust == about((2 + 0.9 * 1.0) / 5)
    assert parent.last_reaction_day == DAY


def test_a_question_without_an_answer(scene: Scene) -> None:
    member(scene).luck.of = {ASK: 0.1}
    scene.inbox.answer, scene.inbox.answer_quality = 0.25, 0.8
    scene.live(VISITING)
    assert (scene.event.help_posts, scene.counters.answers) == (1, 0)
    assert (scene.parent.self_efficacy, scene.parent.trust) == (0.5, 0.5)


@pytest.mark.parametrize(
    ("age_days", "chance"), [(-10, 0.4), (100, 0.4), (300, 0.4), (365, 0.12), (2000, 0.12)]
)
def test_who_asks(scene: Scene, age_days: int, chance: float) -> None:
    for u, asked in ((chance - NOT_QUITE, 1), (chance + NOT_QUITE, 0)):
        member(scene).parent.birth_day = DAY - age_days
        scene.event.help_posts = 0
        scene.luck.of = {ASK: u}
        scene.live(VISITING)
        assert scene.event.help_posts == asked


@pytest.mark.parametrize(
    ("posts", "sociability", "chance"),
    [(4.0, 0.0, 0.3), (0.0, 0.0, 0.3 * math.exp(-1)), (4.0, 1.0, 0.3 * math.e)],
)
def test_who_tells(scene: Scene, posts: float, sociability: float, chance: float) -> None:
    group = {"help_rate": posts / 4, "story_rate": posts / 4, "complaint_rate": posts / 2}
    for u, told in ((chance - NOT_QUITE, 1), (chance + NOT_QUITE, 0)):
        member(scene, **group).parent.sociability = sociability
        scene.rules.look.worth_effect = 0.0
        scene.event.story_posts = scene.event.help_posts = 0
        scene.luck.of = {TELL: u}
        scene.live(VISITING)
        assert (scene.event.story_posts, scene.event.complaint_posts) == (told, 0)
        assert scene.parent.posts == told
        scene.parent.posts = 0


def test_a_dissatisfied_customer_complains(scene: Scene) -> None:
    told = {}
    for orders, satisfaction in ((1, 0.399), (1, 0.4), (0, 0.399)):
        member(scene).luck.of = {TELL: SURE}
        scene.parent.orders, scene.parent.satisfaction = orders, satisfaction
        scene.event.story_posts = scene.event.complaint_posts = 0
        scene.live(VISITING)
        told[orders, satisfaction] = (scene.event.story_posts, scene.event.complaint_posts)
    assert told == {(1, 0.399): (0, 1), (1, 0.4): (1, 0), (0, 0.399): (1, 0)}
    assert scene.parent.last_reaction_day == DAY


def test_questions_and_stories_are_counted_and_never_too_many(scene: Scene) -> None:
    member(scene).luck.of = {TELL: SURE, ASK: SURE}
    scene.parent.posts = 65_533
    for posts in (65_535, 65_535):
        scene.live(VISITING)
        assert scene.parent.posts == posts


def test_nobody_speaks_outside_a_chat(scene: Scene) -> None:
    member(scene).luck.of = {TELL: SURE, ASK: SURE, CHECK_IN: SURE}
    scene.parent.group, scene.inbox.check_in = -1, 1.0
    scene.live(VISITING)
    event = scene.event
    assert event.help_posts + event.story_posts + event.complaint_posts + event.check_in == 0


def test_a_check_in(scene: Scene) -> None:
    member(scene).inbox.check_in = 0.8
    scene.inbox.check_in_reward_yuan, scene.inbox.check_in_difficulty = 2.0, 0.4
    rewards = scene.rules.rewards
    rewards.check_in_base, rewards.check_in_engaged = -1.0, 2.0
    rewards.check_in_reward, rewards.check_in_difficulty = 0.5, 2.5
    chance = 0.8 * 0.5  # logit -1 + 2 * .5 + .5 * 2 - 2.5 * .4 = 0
    scene.luck.of = {CHECK_IN: chance - NOT_QUITE}
    scene.live(VISITING)
    parent = scene.parent
    assert (scene.event.check_in, parent.last_reaction_day) == (1, DAY)
    assert parent.self_efficacy == about(0.5 + 0.5 * 0.4 * 0.5)
    assert parent.engagement == about(0.5 + 0.5 * 0.5 * 0.5)
    scene.event.check_in, parent.engagement = 0, 0.5
    scene.luck.of = {CHECK_IN: chance + NOT_QUITE}
    scene.live(VISITING)
    assert scene.event.check_in == 0


# -- messages, joining ---------------------------------------------------------------------


def test_personal_messages_tire_and_worry(scene: Scene) -> None:
    scene.inbox.personal_messages = 2.0
    scene.rules.look.message_fatigue, scene.rules.consent.intrusion = 1.5, 0.1
    scene.live(CALLED)
    assert scene.parent.fatigue == about(3.0)
    assert scene.parent.privacy_concern == about(0.55)


def ordering(scene: Scene) -> Scene:
    """Whoever lives through today has just ordered in public."""
    scene.event.store = 1
    return scene


@pytest.mark.parametrize(("cohort", "chance"), [(0, 0.25), (1, 0.5 * 0.75), (3, 0.5 * 0.75)])
def test_enrolling(scene: Scene, cohort: int, chance: float) -> None:
    scene.rules.rewards.enrol_base, scene.rules.rewards.enrol_younger = 0.0, math.log(3)
    for u, enrolled in ((chance - NOT_QUITE, 1), (chance + NOT_QUITE, 0)):
        ordering(scene).inbox.enrolment, scene.parent.cohort = 0.5, cohort
        scene.luck.of = {ENROL: u}
        scene.parent.loyalty_member = scene.event.enrolled = 0
        scene.parent.points_expire_day = NEVER
        scene.live(CALLED)
        assert scene.parent.loyalty_member == scene.event.enrolled == enrolled
        assert scene.parent.points_expire_day == (DAY + 365 if enrolled else NEVER)


@pytest.mark.parametrize(
    ("what", "value"), [("store", -1), ("store", 2), ("enrolment", 0.0), ("loyalty_member", 1)]
)
def test_who_does_not_enrol(scene: Scene, what: str, value: int) -> None:
    ordering(scene).inbox.enrolment = 1.0
    scene.luck.of = {ENROL: SURE}
    for part in (scene.event, scene.inbox, scene.parent):
        if hasattr(part, what) and (what != "loyalty_member" or part is scene.parent):
            setattr(part, what, value)
    scene.live(CALLED)
    assert scene.event.enrolled == 0


@pytest.mark.parametrize(
    ("trust", "sociability", "appeal", "chance"),
    [(0.5, 0.0, 0.0, 0.25), (1.0, 0.0, 0.0, 0.375), (0.5, 1.0, 0.0, 0.375), (0.5, 0, 9**9, 0.5)],
)
def test_entering_the_private_domain(
    scene: Scene, trust: float, sociability: float, appeal: float, chance: float
) -> None:
    talk = scene.rules.talk
    talk.land_base, talk.land_trust, talk.land_sociability = 0.0, 2 * math.log(3), math.log(3)
    for u, entered in ((chance - NOT_QUITE, 1), (chance + NOT_QUITE, 0)):
        ordering(scene).parent.trust, scene.parent.sociability = trust, sociability
        scene.inbox.landing, scene.inbox.landing_appeal = 0.5, appeal
        scene.luck.of = {LAND: u}
        scene.parent.in_private_domain = scene.parent.subscribed = 0
        scene.event.entered_private_domain = 0
        scene.live(CALLED)
        parent = scene.parent
        assert scene.event.entered_private_domain == parent.in_private_domain == entered
        assert parent.subscribed == entered
        assert parent.private_since == (DAY if entered else parent.private_since)


@pytest.mark.parametrize(("u", "consent"), [(0.2499, 2), (0.2501, 1), (0.7499, 1), (0.7501, 0)])
def test_consent_is_asked_on_entering(scene: Scene, u: float, consent: int) -> None:
    rules = scene.rules.consent
    rules.trust_effect, rules.concern_effect = 2.0, 4.0
    scene.parent.trust, scene.parent.privacy_concern = 1.0, 0.75  # 1 for it, 1 against it
    rules.personal_base, rules.service_base = -math.log(3), math.log(3)
    ordering(scene).inbox.landing, scene.inbox.landing_appeal = 1.0, 100.0
    scene.luck.of = {LAND: SURE, CONSENT: u}
    scene.parent.privacy_tolerance = 1.0
    scene.live(CALLED)
    assert scene.parent.consent == consent


@pytest.mark.parametrize(("what", "value"), [("store", 2), ("store", -1), ("landing", 0.0)])
def test_who_does_not_enter(scene: Scene, what: str, value: float) -> None:
    ordering(scene).inbox.landing = 1.0
    setattr(scene.event if what == "store" else scene.inbox, what, value)
    scene.luck.of = {LAND: SURE}
    scene.live(CALLED)
    assert scene.parent.in_private_domain == 0


def test_a_first_wish_for_the_private_domain_lasts(scene: Scene) -> None:
    """Who has declined declines the next hook too; whoever was in it decides anew each time."""
    for since, moment in ((-NEVER, 2), (DAY - 5, DAY)):
        ordering(scene).inbox.landing, scene.parent.family = 1.0, 2
        scene.parent.in_private_domain, scene.parent.private_since = 0, since
        scene.luck.asked.clear()
        scene.live(CALLED)
        assert [day for purpose, day in scene.luck.asked if purpose == LAND] == [moment]


def invited(scene: Scene, topic: int = 1) -> Scene:
    scene.parent.in_private_domain = scene.parent.subscribed = 1
    scene.inbox.invitation, scene.inbox.topic_stage, scene.inbox.topic_region = 0.5, topic, 2
    talk = scene.rules.talk
    talk.join_base, talk.join_stage = 0.0, math.log(3)
    talk.join_sociability = talk.join_engaged = 0.0
    scene.rules.look.worth_effect = 0.0
    return scene


@pytest.mark.parametrize(("topic", "chance"), [(-1, 0.25), (0, 0.375), (3, 0.375)])
@pytest.mark.parametrize("how", ["visiting", "ordering"])
def test_joining_a_chat(scene: Scene, topic: int, chance: float, how: str) -> None:
    for u, joined in ((chance - NOT_QUITE, 1), (chance + NOT_QUITE, 0)):
        invited(scene, topic).luck.of = {JOIN: u}
        scene.event.joined = scene.event.joined_stage = scene.event.joined_region = 0
        scene.event.store = 0 if how == "ordering" else -1
        scene.live(VISITING if how == "visiting" else CALLED)
        event = scene.event
        asked = (joined, topic + 1, 3) if joined else (0, 0, 0)
        assert (event.joined, event.joined_stage, event.joined_region) == asked


def test_who_does_not_join(scene: Scene) -> None:
    invited(scene).luck.of = {JOIN: SURE}
    scene.live(CALLED)  # neither here nor ordering
    assert scene.event.joined == 0
    scene.in_group()  # in a chat already
    scene.live(VISITING)
    assert scene.event.joined == 0
    invited(scene).parent.group, scene.inbox.invitation = -1, 0.0
    scene.live(VISITING)
    assert scene.event.joined == 0
    scene.parent.in_private_domain, scene.inbox.invitation = 0, 1.0
    scene.live(VISITING)
    assert scene.event.joined == 0


# -- leaving -------------------------------------------------------------------------------


def weary(scene: Scene, reason: str, size: float = 0.2) -> Scene:
    """A member of a living chat with one reason to leave it, of the hazard `size`."""
    if scene.parent.group < 0:
        scene.in_group(silent_day=NEVER)
    scene.parent.in_private_domain = scene.parent.subscribed = scene.parent.consent = 1
    for name in ("worthless", "overload", "privacy", "silence", "outgrown", "distrust"):
        setattr(scene.rules.stay, name, size if name == reason else 0.0)
    scene.rules.stay.tolerated_trust = 0.4
    scene.rules.look.fatigue_tolerance = 40.0
    return scene


def left(scene: Scene, u: float, worth: float = 1.0, days: float = 1.0) -> str:
    """Why the household leaves its chat today, having last weighed it so many days ago."""
    scene.luck.of = {LEAVE: u}
    scene.event.left_group = 0
    lived = lived_with(scene.parent, scene.world, DAY, days)
    inbox, event = scene.inbox, scene.event
    consider_leaving(scene.parent, scene.place, scene.world, DAY, worth, lived, inbox, event)
    return REASONS[scene.event.left_group]


@pytest.mark.parametrize(
    ("reason", "lived", "hazard"),
    [
        ("overload", {"fatigue": 60.0}, 0.1),  # half above what is tolerated
        ("overload", {"fatigue": 200.0}, 0.4),  # at most twice
        ("overload", {"fatigue": 40.0}, 0.0),
        ("privacy", {"privacy_concern": 0.75}, 0.05),
        ("privacy", {"privacy_concern": 0.5}, 0.0),
        ("distrust", {"trust": 0.15}, 0.05),
        ("distrust", {"trust": 0.4}, 0.0),
    ],
)
def test_reasons_to_leave_a_chat(
    scene: Scene, reason: str, lived: dict[str, float], hazard: float
) -> None:
    for days in (1, 7):
        chance = 1 - math.exp(-hazard * days)
        for u in (max(chance - NOT_QUITE, 0.0), chance + NOT_QUITE):
            vars(weary(scene, reason).parent).update(lived)
            goes = u < chance
            assert left(scene, u, days=days) == (reason if goes else "none")
            parent, event = scene.parent, scene.event
            assert parent.group == (-1 if goes else 0)
            assert (parent.in_private_domain, parent.subscribed, parent.consent) == (1, 1, 1)
            assert (event.left_private, event.unsubscribed, event.consent_withdrawn) == (0, 0, 0)


def test_one_draw_decides_between_reasons_by_their_shares(scene: Scene) -> None:
    weary(scene, "overload", 0.1)
    gone = 0.8 * (1 - math.exp(-0.15 * 3))  # of whom the visit, of worth -.5, did not drive out
    for u, why in (
        (0.2 - NOT_QUITE, "worthless"),
        (0.2 + NOT_QUITE, "overload"),
        (0.2 + gone * 2 / 3 - NOT_QUITE, "overload"),
        (0.2 + gone * 2 / 3 + NOT_QUITE, "distrust"),
        (0.2 + gone - NOT_QUITE, "distrust"),
        (0.2 + gone + NOT_QUITE, "none"),
    ):
        parent = weary(scene, "overload", 0.1).parent
        scene.rules.stay.distrust, scene.rules.stay.worthless = 0.5, 0.4
        parent.fatigue, parent.trust = 80.0, 0.3
        assert left(scene, u, worth=-0.5, days=3) == why


@pytest.mark.parametrize("slept", [0, 1, 3])
def test_staying_is_weighed_for_the_days_since_it_was_last(scene: Scene, slept: int) -> None:
    chance = 1 - math.exp(-0.05 * slept)
    for u in (max(chance - NOT_QUITE, 0.0), chance + NOT_QUITE):
        weary(scene, "distrust").parent.trust = 0.15
        scene.parent.felt_day, scene.event.left_group = DAY - slept, 0
        scene.luck.of = {LEAVE: u}
        scene.live(CALLED)
        assert (REASONS[scene.event.left_group] == "distrust") == (u < chance)


def test_what_today_adds_is_weighed_the_next_time(scene: Scene) -> None:
    weary(scene, "overload").rules.look.message_fatigue = 1000.0
    scene.parent.felt_day, scene.inbox.personal_messages = DAY - 1, 1.0
    scene.luck.of = {LEAVE: SURE}
    scene.live(CALLED)
    assert (scene.event.left_group, scene.parent.fatigue) == (0, about(1000.0))
    assert left(scene, SURE) == "overload"


def test_a_worthless_visit_is_a_reason_after_it_only(scene: Scene) -> None:
    assert left(weary(scene, "worthless"), 0.0999, worth=-0.5) == "worthless"
    assert left(weary(scene, "worthless"), 0.1001, worth=-0.5) == "none"
    assert left(weary(scene, "worthless"), 0.0, worth=0.5) == "none"


def test_a_visit_s_own_worth_is_weighed(scene: Scene) -> None:
    weary(scene, "worthless", 1.0).today.channel_promotion_per_day = 4.0  # worth -.5
    scene.luck.of = {LEAVE: 0.4999}
    scene.parent.last_look_day = DAY - 1
    scene.live(VISITING)
    assert REASONS[scene.event.left_group] == "worthless"
    weary(scene, "worthless", 1.0).event.left_group = 0
    scene.live(CALLED)  # nothing was read
    assert scene.event.left_group == 0


@pytest.mark.parametrize(
    ("silent_day", "days", "silent_days"),
    [(DAY, 1, 0), (DAY - 1, 1, 1), (3, 1, 1), (3, 4, 4), (DAY - 1, 4, 1), (NEVER, 4, 0)],
)
def test_whoever_leaves_a_silent_chat_stays_in_the_private_domain(
    scene: Scene, silent_day: int, days: int, silent_days: int
) -> None:
    chance = 1 - math.exp(-0.2 * silent_days)
    for u in (max(chance - NOT_QUITE, 0.0), chance + NOT_QUITE):
        scene.in_group(silent_day=silent_day)
        scene.parent.group_left_day = -NEVER
        goes = u < chance
        assert left(weary(scene, "silence"), u, days=days) == ("silence" if goes else "none")
        parent = scene.parent
        assert (parent.group, parent.group_left_day) == ((-1, DAY) if goes else (0, -NEVER))
        assert (scene.event.unsubscribed, parent.in_private_domain, parent.subscribed) == (0, 1, 1)


@pytest.mark.parametrize(("stage", "goes"), [(-1, False), (0, True), (1, False), (2, True)])
def test_a_chat_that_is_outgrown(scene: Scene, stage: int, goes: bool) -> None:
    scene.in_group(stage=stage, silent_day=NEVER)
    u = 1 - math.exp(-0.2) - NOT_QUITE
    assert left(weary(scene, "outgrown"), u) == ("outgrown" if goes else "none")
    assert scene.parent.in_private_domain == 1


# -- points, graduation --------------------------------------------------------------------


def test_old_points_expire_at_the_anniversary_and_the_tier_falls(scene: Scene) -> None:
    parent = scene.parent
    parent.loyalty_member, parent.points_old, parent.points_new = 1, 30, 70
    parent.points_expire_day, parent.tier, parent.tier_spending_fen = DAY, 2, 5_000
    scene.live(CALLED)
    assert (parent.points_old, parent.points_new, scene.event.points_expired) == (70, 0, 30)
    assert (parent.points_expire_day, parent.tier, parent.tier_spending_fen) == (DAY + 365, 1, 0)


def test_points_stay_until_then_and_two_missed_anniversaries_are_made_up_for(scene: Scene) -> None:
    parent = scene.parent
    parent.points_old, parent.points_new, parent.points_expire_day = 30, 70, DAY + 1
    scene.live(CALLED)
    assert (parent.points_old, parent.points_new, scene.event.points_expired) == (30, 70, 0)
    parent.points_expire_day, parent.tier = DAY - 365, 0
    scene.live(CALLED)
    assert (parent.points_old, parent.points_new, scene.event.points_expired) == (0, 0, 100)
    assert (parent.points_expire_day, parent.tier) == (DAY + 365, 0)


def test_at_six_the_family_leaves_and_a_new_one_begins(scene: Scene) -> None:
    scene.in_group()
    parent = scene.parent
    parent.birth_day = DAY - GRADUATION_DAYS
    parent.orders, parent.points_new, parent.points_old, parent.family = 3, 20, 5, 4
    parent.spending_fen, parent.tier, parent.loyalty_member = 9_999, 2, 1
    scene.live(VISITING)
    event = scene.event
    assert (event.graduated, event.was_customer, event.points_expired) == (1, 1, 25)
    assert REASONS[event.left_group] == "graduated"
    assert (parent.family, parent.orders, parent.group, parent.in_private_domain) == (5, 0, -1, 0)
    assert (parent.spending_fen, parent.tier, parent.loyalty_member, parent.points_new) == (0,) * 4
    assert DAY < parent.birth_day <= DAY + 280, "an expecting family"
    assert (event.looked, scene.counters.visits) == (0, 0), "nobody was there to look"


def test_the_last_day_before_six_is_an_ordinary_one(scene: Scene) -> None:
    scene.parent.birth_day = DAY - GRADUATION_DAYS + 1
    scene.live(VISITING)
    assert (scene.event.graduated, scene.event.looked) == (0, 1)


def test_a_family_without_orders_was_no_customer(scene: Scene) -> None:
    scene.parent.birth_day = DAY - GRADUATION_DAYS
    scene.live(CALLED)
    assert (scene.event.was_customer, scene.event.left_group) == (0, 0)


@pytest.mark.parametrize(("later_child", "efficacy"), [(0, 0.3), (1, 0.65)])
def test_how_a_household_begins(scene: Scene, later_child: int, efficacy: float) -> None:
    parent, rules = scene.parent, scene.rules
    rules.talk.efficacy_start, rules.believe.prior_trust = 0.3, 0.6
    rules.believe.prior_weight, rules.need.cover_days = 3.0, 40.0
    parent.later_child, parent.privacy_worry, parent.privacy_concern = later_child, 0.9, 0.2
    parent.held_out = parent.subscribed = parent.orders = parent.consent = parent.won_by = 1
    parent.tier = parent.coupon_percent = parent.posts = 1
    scene.world.pressure[0, scene.now] = 12.0
    scene.luck.otherwise = 0.5
    begin_without_history(parent, scene.place, scene.world, DAY)
    assert (parent.trust, parent.trust_weight, parent.satisfaction) == (0.6, 3.0, 0.6)
    assert (parent.privacy_worry, parent.privacy_concern) == (0.2, 0.2)
    assert (parent.fatigue, parent.self_efficacy) == (12.0, about(efficacy))
    assert parent.engagement == about(rest(parent, scene.world, DAY))
    assert parent.habit == about([0, 0, 1 / 3, 1 / 3, 1 / 3])
    assert parent.covered_until[DIAPERS] == DAY + 1 + 20  # half of the usual cover
    nothing = ("held_out", "subscribed", "orders", "consent", "won_by", "tier", "coupon_percent")
    assert [getattr(parent, name) for name in (*nothing, "posts", "in_private_domain")] == [0] * 9
    never = ("coupon_until", "reminder_day", "group_since", "group_left_day", "private_since")
    never += ("last_order_day", "previous_order_day", "last_look_day", "last_met_day")
    never += ("last_reaction_day", "try_again_day")
    assert {getattr(parent, name) for name in never} == {-NEVER}
    ahead = ("points_expire_day", "first_order_day", "arrival_day", "arrival_expected_day")
    assert {getattr(parent, name) for name in ahead} == {NEVER}
    assert (parent.felt_day, parent.group, parent.reference_price) == (DAY, -1, 1.0)


def test_what_a_new_household_will_need_and_when(scene: Scene) -> None:
    use = scene.world.use_per_day
    use[WASH_CARE, :, :15] = 0.0  # used from 170 days of age on
    use[7] = 0.1  # an occasion every ten days
    scene.rules.need.cover_days = 40.0
    scene.luck.of = {NEXT_NEED + DIAPERS: 0.25, NEXT_NEED + 7: math.exp(-0.5)}
    begin_without_history(scene.parent, scene.place, scene.world, DAY)
    covered = scene.parent.covered_until
    assert covered[DIAPERS] == DAY + 1 + 10
    assert covered[WASH_CARE] == scene.parent.birth_day + 170
    assert covered[7] == DAY + 1 + 5
    assert covered[1] == DAY + 1 + 20_000, "hardly ever"


# -- drift and the wake schedule -------------------------------------------------------------------


def test_feelings_drift_to_where_nothing_happens(scene: Scene) -> None:
    parent, rules = scene.parent, scene.rules
    parent.felt_day, parent.fatigue, parent.subscribed = DAY - 5, 8.0, 1
    rules.look.fatigue_half_life_days = rules.look.engagement_half_life_days = 5.0
    rules.believe.weight_half_life_days = rules.consent.concern_half_life_days = 5.0
    rules.believe.prior_weight, parent.trust_weight = 2.0, 4.0
    parent.privacy_worry, parent.privacy_concern = 0.1, 0.5
    resting = rest(parent, scene.world, DAY)
    audience = 2  # a subscriber
    scene.world.pressure[audience, scene.now - 5], scene.world.pressure[audience, scene.now] = (
        6.0,
        7.0,
    )
    scene.live(CALLED)
    assert parent.fatigue == about(4.0 + 7.0 - 3.0)
    assert parent.engagement == about((resting + 0.5) / 2)
    assert (parent.trust_weight, parent.privacy_concern) == (about(3.0), about(0.3))
    assert parent.felt_day == DAY
    drift(parent, scene.world, DAY)
    assert parent.fatigue == about(8.0), "twice on a day is once"


@pytest.mark.parametrize("name", ["in_private_domain", "subscribed", "loyalty_member"])
def test_whoever_is_in_touch_feels_today(scene: Scene, name: str) -> None:
    scene.parent.felt_day = DAY - 5
    scene.live(CALLED)
    assert scene.parent.felt_day == DAY - 5
    setattr(scene.parent, name, 1)
    scene.live(CALLED)
    assert scene.parent.felt_day == DAY


def test_who_rests_at_which_engagement(scene: Scene) -> None:
    look = scene.rules.look
    look.resting_engagement, look.sociability_effect = 0.0, math.log(3)
    look.new_parent_effect = look.early_stage_effect = 0.0
    parent = scene.parent
    parent.sociability, parent.persona = 1.0, 1
    assert rest(parent, scene.world, DAY) == about(0.75)
    parent.sociability, look.new_parent_effect, look.early_stage_effect = 0.0, 1.0, 2.0
    for age, persona, logit in ((100, 0, 3.0), (100, 1, 2.0), (364, 2, 2.0), (365, 0, 1.0)):
        parent.birth_day, parent.persona = DAY - age, persona
        assert rest(parent, scene.world, DAY) == about(1 / (1 + math.exp(-logit)))


@pytest.mark.parametrize(
    ("who", "audience"),
    [
        ({}, 0),
        ({"orders": 3}, 1),
        ({"subscribed": 1}, 2),
        ({"in_private_domain": 1}, 4),
        ({"group": 0}, 8),
        ({"held_out": 1}, 16),
        ({"orders": 1, "group": 5, "held_out": 1}, 25),
    ],
)
def test_whom_messages_reach(scene: Scene, who: dict[str, int], audience: int) -> None:
    vars(scene.parent).update(who)
    assert parent_audience(scene.parent) == audience
    set_wake_schedule(scene.parent, scene.wake_schedule, scene.world, DAY)
    assert scene.wake_schedule.audience == audience


def rings(scene: Scene, **lived: object) -> int:
    vars(scene.parent).update(lived)
    set_wake_schedule(scene.parent, scene.wake_schedule, scene.world, DAY)
    return int(scene.wake_schedule.wake_day)


def test_it_wakes_for_whatever_comes_first(scene: Scene) -> None:
    scene.rules.need.lead_days = 4.9
    need = DAY + 60 - 4
    assert rings(scene) == need
    assert rings(scene, try_again_day=need + 3) == need + 3
    assert rings(scene, arrival_day=DAY + 30) == DAY + 30
    assert rings(scene, reminder_day=DAY + 20) == DAY + 20
    assert rings(scene, reminder_day=DAY) == DAY + 30, "today's has been"
    assert rings(scene, points_expire_day=DAY + 12, loyalty_member=0) == DAY + 30
    assert rings(scene, loyalty_member=1) == DAY + 12
    assert rings(scene, birth_day=DAY + 8 - GRADUATION_DAYS) == DAY + 8
    assert rings(scene, arrival_day=DAY) == DAY + 1, "never today"


@pytest.mark.parametrize(
    ("festival", "day"), [(50, DAY + 56), (56, 56), (65, 65), (66, DAY + 56), (67, DAY + 56)]
)
def test_a_festival_just_before_the_need_is_woken_for(
    scene: Scene, festival: int, day: int
) -> None:
    scene.rules.need.lead_days, scene.rules.need.festival_days = 4.0, 10.0
    scene.world.calendar[scene.now].next_festival_day = festival
    assert rings(scene) == day


def test_how_often_one_looks(scene: Scene) -> None:
    look = scene.rules.look
    look.visits_per_day, look.fatigue_tolerance, look.public_visit_share = 0.8, 40.0, 0.25
    for lived, looks in (
        ({"fatigue": 40.0}, 0.0),  # in touch with nobody
        ({"subscribed": 1}, 0.05),  # .8 * .5 / 2, a quarter of it outside the private domain
        ({"in_private_domain": 1}, 0.2),
        ({"subscribed": 0}, 0.2),
        ({"fatigue": 0.0}, 0.4),
    ):
        rings(scene, **lived)
        assert scene.wake_schedule.looks_per_day == about(looks)


def test_a_day_is_lived_through_in_its_order(scene: Scene) -> None:
    """Whoever enters the private domain today may be invited on the same day, by its order."""
    invited(scene).parent.in_private_domain = scene.parent.subscribed = 0
    ordering(scene).inbox.landing, scene.inbox.landing_appeal = 1.0, 100.0
    scene.luck.of = {LAND: SURE, JOIN: SURE}
    live_one_day(
        scene.parent,
        scene.place,
        scene.world,
        DAY,
        CALLED,
        scene.inbox,
        scene.event,
        scene.counters,
    )
    assert (scene.event.entered_private_domain, scene.event.joined) == (1, 1)
