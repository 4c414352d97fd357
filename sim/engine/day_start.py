"""Morning: what holds for everyone today, and what chats and KOCs wrote, before anybody wakes."""

from typing import Any

from sim.behaviour.weighing import DEEPEST_CUT
from sim.compilation.compiled import compiled, entry_point
from sim.operator.budget import open_budget
from sim.operator.combining import blank, combine, leave_out
from sim.operator.hooks import make_plans, prepare_levers, set_powers
from sim.world.communities import live_groups
from sim.world.household import AUDIENCES
from sim.world.kocs import live_kocs
from sim.world.portable_math import decay_factor, log
from sim.world.records import clear


@entry_point
def plan_day(world: Any, plans: Any, states: Any, budgets: Any, day: int) -> None:
    """The market's day and the operator's terms; then every lever, at the budget's pace."""
    open_budget(budgets[0], states[0].customers, day)
    today, operations = world.today[0], world.operations
    clear(today)
    for audience in range(AUDIENCES):
        today.prompt[audience] = 1.0
    today.festival = world.calendar[day - world.first_day].festival
    today.rival_appeal = world.calendar[day - world.first_day].rival_appeal
    today.first_contact_resolution = operations.first_contact_resolution
    today.defect_share = operations.defect_share
    today.commission_share = operations.commission_share
    today.desk_ratio = today.supply = today.rival_price = 1.0
    today.public_reach = today.spending_ratio = today.births = 1.0
    today.personal_asked = today.intrusion_ratio = 1.0
    set_powers(world.levers, budgets[0].pace)
    for row in range(len(world.local_levers)):
        set_powers(world.local_levers[row], budgets[0].pace)
    blank(plans)
    make_plans(world, day, plans)
    leave_out(plans)
    combine(plans, today)
    today.defect_share = min(today.defect_share, 1.0)
    today.commission_share = min(today.commission_share, 1.0)
    budgets[0].granted = today.spending_ratio
    let_platforms_through(today)
    let_rivals_answer(today, states[0], world.calendar[day - world.first_day])
    send_messages(world, plans.rows[0], day)


@compiled
def let_platforms_through(today: Any) -> None:
    """Of advertisements and public deals a share reaches households, as platforms decide."""
    if today.public_reach != 1.0:
        for audience in range(AUDIENCES):
            today.ad_reach[audience] *= today.public_reach
            today.deal_visits_per_day[audience] *= today.public_reach


@compiled
def let_rivals_answer(today: Any, state: Any, market: Any) -> None:
    """Rivals match, with a delay, a share of what the operator takes off its prices.

    What they do on their own comes on top.
    """
    if today.rival_price != 1.0:
        today.rival_log_cut = log(max(today.rival_price, 1.0 - DEEPEST_CUT))
    if market.rivals_answer <= 0.0:
        return
    cut = max(today.cut_public, today.cut_private)
    state.matched_cut = cut + market.answer_kept * (state.matched_cut - cut)
    today.rival_log_cut += log(1.0 - min(market.rivals_answer * state.matched_cut, DEEPEST_CUT))


@compiled
def send_messages(world: Any, rows: int, day: int) -> None:
    """Messages of all senders, discounted at the pace at which they are digested.

    Of the audiences that nobody can belong to today, the history is that of those without the slot.
    """
    now = day - world.first_day
    if now == 0:
        return  # the first day's backlog is set with the population
    kept = decay_factor(1.0, world.behaviour.look.fatigue_half_life_days)
    others = world.calendar[now].rival_messages
    for first in range(0, AUDIENCES, rows):
        for row in range(rows):
            arrived = world.today[0].broadcasts[row] + others
            before = world.pressure[first + row, now - 1]
            world.pressure[first + row, now] = kept * before + arrived


@entry_point
def run_communities(world: Any, households: Any, carry_overs: Any, day: int) -> None:
    """Chats and KOCs: yesterday's posts become today's reading; levers arrange who joins in."""
    carry_over = carry_overs[0]
    live_groups(world.groups, world.seed, world.community, world.today, day)
    carry_over.koc_posts = live_kocs(
        world.kocs, world.seed, world.community.kocs, world.today, households, day
    )
    prepare_levers(world, households, day)
