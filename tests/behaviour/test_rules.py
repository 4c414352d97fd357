"""Each rule alone: its signs, its bounds, its limits."""

import itertools
import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from sim.behaviour import (
    basket,
    believe,
    choose,
    consent,
    judge,
    look,
    need,
    rewards,
    stay,
    talk,
    weighing,
)
from sim.config.loading import load
from sim.operator.budget import check_affordable, close_budget, new_budget, open_budget
from sim.operator.hooks import NAMES, lever_records, set_powers
from sim.operator.levers.tiers import tier_reached
from sim.parameters.quantity import ConfigurationError, as_numbers
from sim.world.communities import fold, posts_drawn, topic_fit
from sim.world.kocs import KOC_RECORD, live_kocs
from sim.world.portable_math import decay_factor
from sim.world.state import TODAY

CONFIG = load("baseline")
P = as_numbers(CONFIG.behaviour)

share = st.floats(0, 1)
inner = st.floats(1e-9, 1 - 1e-9)
days = st.floats(0, 400)
utility = st.floats(-20, 20)


def given(*strategies: Any) -> Any:
    """Hypothesis's `given`, with fewer examples and no stopwatch."""
    return lambda test: settings(deadline=None, max_examples=60)(given_any(*strategies)(test))


def rising(values: list[float]) -> bool:
    return all(a <= b for a, b in itertools.pairwise(values))


# -- whom do I believe? --------------------------------------------------------------------


@given(
    share,
    st.floats(0.1, 100),
    share,
    st.floats(0, 20),
    st.sampled_from([believe.BETA, believe.EXPONENTIAL]),
)
def test_trust_stays_between_belief_and_evidence(trust, weight, evidence, heard, kind):
    p = SimpleNamespace(**{**vars(P.believe), "kind": kind})
    after = believe.trust_after(trust, weight, evidence, heard, p)
    low, high = min(trust, evidence), max(trust, evidence)
    assert low - 1e-12 <= after <= high + 1e-12


@given(share, st.floats(0.1, 100), st.floats(0.5, 1), st.floats(0, 20))
def test_praise_is_never_bad_news(trust, weight, praise, told):
    once = SimpleNamespace(**{**vars(P.believe), "bad_news_factor": 1.0})
    assert believe.heard(trust, praise, told, P.believe) == told
    after = believe.trust_after(trust, weight, praise, told, P.believe)
    assert after == believe.trust_after(trust, weight, praise, told, once)


@given(st.floats(0.05, 0.5), st.floats(0.1, 50), st.floats(0.01, 5))
def test_bad_news_weighs_more_than_equally_distant_good_news(gap, weight, heard):
    trust = 0.5
    good = believe.trust_after(trust, weight, trust + gap, heard, P.believe) - trust
    bad = trust - believe.trust_after(trust, weight, trust - gap, heard, P.believe)
    assert 0 < good < bad <= P.believe.bad_news_factor * good


@given(share, st.floats(0.1, 50), share, st.floats(0, 5), days)
def test_evidence_adds_weight_and_time_takes_it(trust, weight, evidence, heard, later):
    more = believe.weight_after(trust, weight, evidence, heard, P.believe)
    assert more >= weight
    faded = believe.weight_later(P.believe.prior_weight + heard, later, P.believe)
    assert P.believe.prior_weight <= faded <= P.believe.prior_weight + heard + 1e-12


def test_hearing_changes_the_one_who_hears():
    parent = SimpleNamespace(trust=0.5, trust_weight=2.0)
    believe.hear(parent, 1.0, 1.0, P.believe)
    assert 0.5 < parent.trust < 1
    assert parent.trust_weight == 3.0


# -- was it good? --------------------------------------------------------------------------

order = st.tuples(st.floats(0, 60), st.sampled_from([0.0, 1.0]), st.floats(0, 3000))


@given(order, share, share)
def test_satisfaction_stays_in_bounds(lived, satisfaction, expected):
    late, defect, wait = lived
    for ticket, solved in ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)):
        felt = judge.experience(late, defect, ticket, solved, wait, P.judge)
        assert 0 <= felt <= 1
        assert 0 <= judge.satisfaction_after(satisfaction, felt, expected, P.judge) <= 1


@given(order)
def test_a_solution_helps_and_an_unsolved_complaint_costs(lived):
    late, _, wait = lived
    quiet = judge.experience(late, 1.0, 0.0, 0.0, 0.0, P.judge)
    solved = judge.experience(late, 1.0, 1.0, 1.0, 0.0, P.judge)
    unsolved = judge.experience(late, 1.0, 1.0, 0.0, wait, P.judge)
    assert unsolved <= quiet <= solved
    assert judge.experience(late, 1.0, 1.0, 1.0, wait, P.judge) <= solved
    assert judge.experience(late + 1, 0.0, 0.0, 0.0, 0.0, P.judge) <= judge.experience(
        late, 0.0, 0.0, 0.0, 0.0, P.judge
    )


def test_a_perfect_order_is_perfect_and_disappointment_hurts():
    assert judge.experience(0.0, 0.0, 0.0, 0.0, 0.0, P.judge) == 1
    modest, spoilt = (judge.satisfaction_after(0.5, 0.5, each, P.judge) for each in (0.2, 0.9))
    assert spoilt < modest


# -- do I look? ----------------------------------------------------------------------------


@given(share, st.floats(0, 500), st.floats(0.01, 100))
def test_visits_fall_with_fatigue_and_rise_with_engagement(engagement, fatigue, more):
    visits = look.visits_per_day(engagement, fatigue, P.look)
    assert 0 <= look.visits_per_day(engagement, fatigue + more, P.look) <= visits
    assert visits <= look.visits_per_day(min(engagement + 0.1, 1.0), fatigue, P.look)
    half = look.visits_per_day(engagement, P.look.fatigue_tolerance, P.look)
    assert half == pytest.approx(look.visits_per_day(engagement, 0.0, P.look) / 2)


@given(st.floats(0, 200), st.lists(st.floats(0, 20), min_size=1, max_size=60), st.floats(0, 90))
def test_fatigue_in_closed_form_is_that_of_day_by_day(fatigue, messages, then):
    kept = decay_factor(1.0, P.look.fatigue_half_life_days)
    daily, sent = fatigue, then
    for message in messages:
        daily, sent = daily * kept + message, sent * kept + message
    closed = look.fatigue_later(fatigue, float(len(messages)), then, sent, P.look)
    assert closed == pytest.approx(daily, abs=1e-9)
    assert closed >= 0


@given(share, share, days)
def test_engagement_moves_towards_rest_and_never_past_it(engagement, resting, later):
    after = look.engagement_later(engagement, resting, later, P.look)
    assert min(engagement, resting) - 1e-12 <= after <= max(engagement, resting) + 1e-12


@given(share, st.floats(-1, 1), share)
def test_good_visits_engage_up_to_a_ceiling_and_bad_ones_put_off(engagement, worth, highest):
    after = look.engagement_after_visit(engagement, worth, highest, P.look)
    assert 0 <= after <= 1
    assert (after - engagement) * worth >= 0
    assert after <= max(engagement, highest) + 1e-12
    if worth >= 0:
        assert after <= look.engagement_after_visit(engagement, worth, 1.0, P.look)


@given(st.floats(0, 50), st.floats(0, 50), share)
def test_worth_rises_with_help_and_falls_with_promotion(useful, promotion, fit):
    worth = look.worth_of_visit(useful, promotion, fit, P.look)
    assert -1 <= worth <= 1
    assert look.worth_of_visit(useful + 1, promotion, fit, P.look) >= worth
    assert look.worth_of_visit(useful, promotion + 1, fit, P.look) <= worth


# -- where do I buy? -----------------------------------------------------------------------


@given(share, share, share, st.floats(0, 5), share, share)
def test_every_reminder_brings_the_operator_to_mind_more_surely(
    habit, advertised, friends, posts, message, more
):
    known = [habit, advertised, friends, posts, message]
    chance = choose.chance_to_recall(*known, P.choose)
    assert -1e-12 <= chance <= 1
    for i in range(len(known)):
        raised = [each + more * (1 - min(each, 1)) * (i == j) for j, each in enumerate(known)]
        assert choose.chance_to_recall(*raised, P.choose) >= chance - 1e-12


def test_strangers_hardly_think_of_the_operator():
    assert choose.chance_to_recall(0.0, 0.0, 0.0, 0.0, 0.0, P.choose) == 0


@given(utility, utility, share, st.floats(0, 10), st.sampled_from([0, 1, 2]))
def test_a_better_operator_never_loses_a_choice(own, rival, habit, better, kind):
    p = SimpleNamespace(**{**vars(P.choose), "kind": kind})
    if choose.prefers_operator(own, rival, habit, p):
        assert choose.prefers_operator(own + better, rival, habit, p)
        assert choose.prefers_operator(own, rival - better, habit, p)


def test_alternatives_of_the_choice_rule_differ_as_said():
    kinds = (choose.LOGIT, choose.THRESHOLD, choose.HABIT_FIRST)
    logit, threshold, habit_first = (
        SimpleNamespace(**{**vars(P.choose), "kind": kind}) for kind in kinds
    )
    narrow = P.choose.threshold / 2
    assert choose.prefers_operator(narrow, 0.0, 0.0, logit)
    assert not choose.prefers_operator(narrow, 0.0, 0.0, threshold)
    assert choose.prefers_operator(-5.0, 0.0, 1.0, habit_first)
    assert not choose.prefers_operator(-5.0, 0.0, 0.0, habit_first)
    assert choose.decides_alone(1.0, habit_first)
    assert not choose.decides_alone(1.0, logit)


def test_luck_of_a_choice_is_gumbel():
    exact = [-math.log(-math.log(u)) for u in np.linspace(0.001, 0.999, 999)]
    used = [choose.gumbel(float(u)) for u in np.linspace(0.001, 0.999, 999)]
    assert rising(used)
    assert np.abs(np.subtract(exact, used)).max() < 1e-4


@given(st.floats(-2, 1), st.floats(0.1, 4), st.floats(-1, 0.5), st.floats(0, 1))
def test_dearer_is_worse_and_low_prices_spoil(log_price, sensitivity, reference, more):
    value = choose.price_utility(log_price, sensitivity, reference, P.choose)
    assert choose.price_utility(log_price + more, sensitivity, reference, P.choose) <= value
    assert choose.price_utility(log_price, sensitivity, reference - more, P.choose) <= value


@given(st.floats(-30, 30), st.floats(0, 10))
def test_waiting_grows_worse_as_stock_runs_out(left, later):
    lead = P.need.lead_days
    now = choose.wait_utility(left, lead, P.choose)
    assert choose.wait_utility(left - later, lead, P.choose) <= now <= P.choose.wait_appeal


def test_social_proof_grows_with_friends_who_bought_and_complex_contagion_needs_several():
    simple = SimpleNamespace(**{**vars(P.choose), "diffusion": choose.SIMPLE})
    several = SimpleNamespace(
        **{**vars(P.choose), "diffusion": choose.COMPLEX, "confirming_friends": 2}
    )
    bought = [float(number) for number in range(7)]
    proofs = [choose.social_proof(number, 6.0, simple) for number in bought]
    assert proofs == [number / 6.0 for number in bought]
    assert [choose.social_proof(number, 6.0, several) for number in bought[:2]] == [0.0, 0.0]
    assert [choose.social_proof(number, 6.0, several) for number in bought[2:]] == proofs[2:]
    assert choose.social_proof(0.0, 0.0, simple) == choose.social_proof(0.0, 0.0, several) == 0.0


@given(share, st.sampled_from([0.0, 1.0]), share)
def test_habit_stays_a_share(habit, chosen, weight):
    assert 0 <= choose.habit_after(habit, chosen, weight) <= 1


# -- what do we need, and how much? --------------------------------------------------------


@given(
    st.lists(st.floats(0.001, 0.2), min_size=84, max_size=84),
    st.integers(0, 83),
    st.floats(0, 30),
    inner,
)
def test_waiting_for_an_occasion_inverts_the_cumulated_hazard(rates, month, first, u):
    wait = need.occasion_wait(first, rates, month, u)
    spans = np.array([first, *[30.0] * (83 - month)])
    hazard = np.array(rates[month:])
    reached = -math.log(u)
    if reached > (spans * hazard).sum():
        assert wait == 30000
        return
    starts = np.concatenate([[0], np.cumsum(spans)[:-1]])
    lived = np.clip(wait - starts, 0, spans)
    assert (lived * hazard).sum() == pytest.approx(reached, rel=1e-9)


def test_months_without_need_are_waited_through():
    rates = [0.0] * 10 + [0.1] * 74
    assert need.occasion_wait(10.0, rates, 8, math.exp(-1)) == pytest.approx(10 + 30 + 10)
    assert need.occasion_wait(30.0, [0.0] * 84, 0, 0.5) == 30000


@given(days, st.floats(1, 1000), st.floats(0.01, 500))
def test_whole_packs_near_what_is_wanted(wanted, pack, use):
    packs = need.packs_wanted(wanted, pack, use, P.need)
    assert isinstance(packs, int)
    assert 1 <= packs <= P.need.most_packs
    if 1 < packs < P.need.most_packs:
        assert abs(packs * pack / use - wanted) <= pack / use / 2 * (1 + 1e-9)


@given(st.floats(1, 120), share)
def test_low_prices_fill_the_cupboard(cover, cut):
    ahead = P.need.promotion_cover
    assert need.cover_wanted(cover, cut, ahead) >= need.cover_wanted(cover, 0.0, ahead) == cover


@given(share, share, st.floats(0.1, 4), st.floats(-3, 3))
def test_deals_tempt_by_depth_liking_and_engagement(depth, engagement, sensitivity, taste):
    logit = basket.deal_logit(depth, sensitivity, taste, engagement, P.basket)
    assert basket.deal_logit(depth + 0.1, sensitivity, taste, engagement, P.basket) >= logit
    assert basket.deal_logit(depth, sensitivity, taste + 1, engagement, P.basket) >= logit


@given(share, share, st.floats(0.05, 10), st.floats(0, 2))
def test_advice_sells_more_and_income_buys_dearer(advice, more, income, richer):
    chance = basket.cross_sell_chance(advice, P.basket)
    assert P.basket.cross_sell <= chance <= 1
    assert basket.cross_sell_chance(advice + more, P.basket) >= chance
    dear = basket.upgrade(income, P.basket)
    assert basket.DEAREST_LINE >= basket.upgrade(income + richer, P.basket) >= dear > 0
    assert basket.upgrade(1.0, P.basket) == 1, "the mean household buys the standard line"
    plain = SimpleNamespace(cross_sell=0.3, cross_sell_advice=0.0, upgrade_income=0.0)
    assert basket.cross_sell_chance(advice, plain) == 0.3
    assert basket.upgrade(income, plain) == 1


# -- what do I get for staying? ------------------------------------------------------------


@given(st.floats(0.001, 0.99), st.floats(0.0, 0.009))
def test_the_nearer_the_goal_the_stronger_its_pull(progress, more):
    pull = rewards.goal_pull(progress, P.rewards)
    assert 0 < pull <= rewards.goal_pull(progress + more, P.rewards) <= P.rewards.goal_gradient


def test_a_reached_goal_pulls_no_more_and_an_unbegun_one_not_yet():
    assert rewards.goal_pull(1.0, P.rewards) == rewards.goal_pull(0.0, P.rewards) == 0


@given(share, share)
def test_points_in_hand_are_worth_what_they_would_save(payable, more):
    value = rewards.spending_value(payable, P.rewards)
    assert 0 <= value <= P.rewards.points_value_ratio * payable
    assert value <= rewards.spending_value(payable + more, P.rewards)


@pytest.mark.parametrize("least", [0.0, 100.0])
def test_points_in_hand_draw_once_they_can_be_spent(least):
    inbox = SimpleNamespace(
        points_per_yuan=1.0,
        yuan_per_point=0.01,
        points_clarity=1.0,
        points_least=least,
        points_share=0.5,
        tier_goal_yuan=0.0,
    )
    world = SimpleNamespace(behaviour=P)

    def benefit(points):
        member = SimpleNamespace(
            loyalty_member=1, points_new=points, points_old=0, spending_fen=10_000, orders=1
        )
        return weighing.benefit(member, inbox, world)

    assert benefit(300) > benefit(100) > benefit(0)


@given(share, share, share)
def test_points_are_worth_more_by_plain_rules(earned, value, clarity):
    worth = rewards.earning_value(earned, value, clarity, P.rewards)
    assert 0 <= worth <= rewards.earning_value(earned, value, 1.0, P.rewards)
    assert rewards.earning_value(0.0, value, clarity, P.rewards) == 0


def test_who_takes_part():
    assert rewards.enrol_chance(1.0, P.rewards) >= rewards.enrol_chance(0.0, P.rewards)
    assert rewards.redeem_chance(1.0, P.rewards) >= rewards.redeem_chance(0.0, P.rewards)
    easy, hard = (rewards.check_in_chance(0.5, 1.0, d, P.rewards) for d in (0.1, 0.9))
    assert 0 < hard <= easy < 1


@given(st.floats(0, 1e6))
def test_tiers_rise_with_spending(spending):
    own = CONFIG.operator.tiers
    assert tier_reached(spending, own) <= tier_reached(spending + 100, own)
    assert tier_reached(0.0, own) == 0
    assert tier_reached(1e7, own) == 3


# -- do I talk, stay, consent? -------------------------------------------------------------


@given(share, share, st.floats(-3, 3), share, st.floats(-3, 3))
def test_chances_to_talk_are_chances(engagement, satisfaction, sociability, norm, taste):
    chances = (
        talk.react_chance(engagement, 2 * satisfaction - 1, taste, P.talk),
        talk.ask_chance(satisfaction, 1.0, P.talk),
        talk.tell_chance(engagement, satisfaction, sociability, norm, 0.0, P.talk),
        talk.join_chance(sociability, taste, 1.0, 1.0, engagement, P.talk),
        talk.land_chance(satisfaction, sociability, taste, 0.0, P.talk),
    )
    assert all(0 <= chance <= 1 for chance in chances)
    lively = min(norm + 0.1, 1)
    lively = talk.tell_chance(engagement, satisfaction, sociability, lively, 0.0, P.talk)
    assert lively >= chances[2]


def test_who_only_reads():
    limit = P.talk.reads_only_below
    assert [talk.takes_part(limit + d, P.talk) for d in (-9.0, -1e-6, 0.0, 9.0)] == [0, 0, 1, 1]


def test_who_keeps_things_to_itself():
    told = [talk.withheld(concern, P.talk) for concern in (-0.5, 0.0, 1e-6, 0.5)]
    assert told == [0, 0, P.talk.withheld, P.talk.withheld]
    assert 0 < P.talk.withheld < 1


def test_who_talks():
    by_mood = [talk.tell_chance(0.5, s, 0.0, 0.5, 0.0, P.talk) for s in (0.5, 1.0, 0.0)]
    mild, delighted, angry = by_mood
    assert mild <= delighted == pytest.approx(angry)
    assert talk.ask_chance(0.9, 1.0, P.talk) <= talk.ask_chance(0.1, 1.0, P.talk)
    assert rising([talk.norm(posts, P.talk) for posts in (0.0, 1.0, 10.0, 1000.0)])
    assert talk.norm(0.0, P.talk) == 0
    assert talk.norm(1e9, P.talk) == pytest.approx(1)


reasons = st.tuples(
    st.floats(-1, 1), st.floats(0, 90), st.floats(0, 4), st.floats(0, 1), share, share, share
)


@given(reasons)
def test_each_reason_to_leave_has_its_own_share_of_the_hazard(lived):
    worth, days, burden, concern, silent, outgrown, trust = lived
    p = P.stay
    bar = p.worthless * max(-worth, 0.0)
    if bar > 1e-9:
        assert stay.reason_to_leave(bar / 2, *lived, p) == stay.WORTHLESS
    a_day = {
        stay.OVERLOAD: p.overload * min(max(burden - 1, 0.0), 2.0),
        stay.PRIVACY: p.privacy * concern,
        stay.SILENCE: p.silence * silent,
        stay.OUTGROWN: p.outgrown * outgrown,
        stay.DISTRUST: p.distrust * max(p.tolerated_trust - trust, 0.0),
    }
    gone = (1 - bar) * (1 - math.exp(-sum(a_day.values()) * days))
    for reason, its_own in a_day.items():
        hazard = gone * its_own / max(sum(a_day.values()), 1e-12)
        if hazard > 1e-9:
            middle = bar + hazard / 2
            assert stay.reason_to_leave(middle, *lived, p) == reason
        bar += hazard
    if bar < 1:
        assert stay.reason_to_leave((1 + bar) / 2, *lived, p) == stay.STAYS


def test_the_content_stay():
    assert stay.reason_to_leave(0.0, 1.0, 90.0, 0.5, -0.2, 0.0, 0.0, 1.0, P.stay) == stay.STAYS


@given(inner, share, share, st.floats(0, 0.5))
def test_trust_opens_and_concern_closes(u, trust, concern, more):
    asked = (0.0, 0.0, 1.0)  # as today
    given_now = consent.consent_given(u, trust, concern, *asked, P.consent)
    assert consent.consent_given(u, min(trust + more, 1.0), concern, *asked, P.consent) >= given_now
    assert consent.consent_given(u, trust, concern + more, *asked, P.consent) <= given_now
    for ratio in (0.0, 1.0, 1e6):
        assert concern <= consent.concern_after_contact(concern, ratio, P.consent) <= 1


# -- chats and KOCs ------------------------------------------------------------------------


@given(st.floats(0, 50), inner)
def test_posts_are_whole_and_right_on_average(rate, u):
    posts = posts_drawn(rate, u)
    assert posts in (math.floor(rate), math.floor(rate) + 1)
    grid = (np.arange(1000) + 0.5) / 1000
    assert np.mean([posts_drawn(rate, each) for each in grid]) == pytest.approx(rate, abs=2e-3)
    assert min(rate, posts) <= fold(rate, float(posts), 7.0) <= max(rate, posts)


def test_a_chat_of_ones_own_stage_fits_best():
    own, other, mixed = (
        topic_fit(SimpleNamespace(stage=stage, region=-1), 2, 0, CONFIG.community)
        for stage in (2, 3, -1)
    )
    assert 0 <= other < mixed < own <= 1


def credibility(commercial_share: float, asked: float, nights: int = 120) -> list[float]:
    """How a recruited KOC is believed, night by night."""
    kocs = np.zeros(1, KOC_RECORD).view(np.recarray)
    kocs.credibility, kocs.recruited = 0.6, 1
    today = np.zeros(1, TODAY).view(np.recarray)
    today.koc_posts_per_day, today.koc_commercial_share = asked, commercial_share
    rules = CONFIG.community.kocs
    households = [SimpleNamespace(orders=1, satisfaction=1.0)]
    believed = []
    for night in range(nights):
        live_kocs(kocs, 3, rules, today, households, night)
        believed.append(float(kocs[0].credibility))
    return believed


@settings(deadline=None, max_examples=15)
@given_any(share, st.floats(0, 5))
def test_credibility_stays_in_bounds_and_falls_with_the_commercial_share(commercial, asked):
    believed = credibility(commercial, asked, nights=40)
    assert all(0 <= each <= 1 for each in believed)
    more = credibility(min(commercial + 0.2, 1.0), asked, nights=40)
    assert more[-1] <= believed[-1] + 1e-12


def test_reach_bought_too_hard_buys_nothing():
    modest, pushed = (
        posts * credibility(commercial, posts)[-1] for posts, commercial in ((0.3, 0.0), (3.0, 1.0))
    )
    assert pushed < modest


def test_half_of_a_lost_credibility_is_back_after_a_half_life():
    kocs, today = np.zeros(1, KOC_RECORD).view(np.recarray), np.zeros(1, TODAY).view(np.recarray)
    rules = CONFIG.community.kocs
    kocs.credibility = rules.first_credibility - 0.4
    silent = [SimpleNamespace(orders=1, satisfaction=0.0)]
    for night in range(int(rules.recovery_half_life_days)):
        live_kocs(kocs, 3, rules, today, silent, night)
    assert kocs[0].credibility == pytest.approx(rules.first_credibility - 0.2, abs=1e-4)


# -- the budget ----------------------------------------------------------------------------


@given(st.floats(0, 20), st.lists(st.integers(0, 500_000), min_size=60, max_size=60))
def test_budgets_pace(yuan, full_days):
    """Spending follows the pace; whatever a full day would cost, the pace is a share."""
    levers = lever_records(CONFIG.operator)
    budget = new_budget(yuan)[0]
    for day, full in enumerate(full_days):
        open_budget(budget, 100, day)
        assert 0 <= budget.pace <= 1
        set_powers(levers, budget.pace)
        for name in NAMES:
            assert levers[name].power == levers[name].strength * budget.pace
        close_budget(budget, int(full * budget.pace))


def test_a_steady_budget_is_kept_and_a_generous_one_never_binds():
    for yuan, kept in ((50.0, True), (1e9, False)):
        budget = new_budget(yuan)[0]
        spent = 0
        for day in range(90):
            open_budget(budget, 100, day)
            today = int(100_000 * budget.pace)  # six times what fifty yuan allow
            spent += today if day >= 30 else 0
            close_budget(budget, today)
        assert spent <= 2 * 50 * 100 * 100 * 1.05 if kept else spent == 60 * 100_000


def test_what_cannot_be_paid_is_refused():
    poor = load("integrated", ["strategy.budget_yuan_per_customer_month=0.01"])
    with pytest.raises(ConfigurationError, match="over its budget"):
        check_affordable(poor)
