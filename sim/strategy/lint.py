"""What looks odd in a strategy: rules of plausibility, each with its reason in numbers.

A doubt is no error: the strategy can be run. Each rule looks at the configuration alone and
yields a sentence that says what is odd and what follows from it in this model.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.config.loading import BEFORE, Simulation
from sim.operator.audiences import city_of
from sim.operator.discovery import LEVERS, SHOCKS, hooks
from sim.operator.hooks import MONTH_DAYS
from sim.operator.regional import cities_of, everywhere, where_in_words
from sim.operator.scaling import scalable
from sim.operator.schedule import configured, local_values, phases
from sim.parameters.quantity import EVERY_WORD
from sim.reference.parameters import plain
from sim.strategy.changes import Change, changes, in_words
from sim.strategy.draft import PLACEHOLDERS
from sim.strategy.meaning import facts_of, levers_on
from sim.strategy.spending import fixed_yuan
from sim.text.outgoing import cited
from sim.world.portable_math import decay_factor

TIRING = 0.9  # visits left by a strategy's own messages, below which they are doubted: assumed
LITTLE_LEFT = 0.8  # share of a budget that fixed costs may take without a word: assumed
UNBELIEVED = 2 / 3  # share of the first credibility, below which a programme is doubted: assumed
DROWNING = 3  # promotions for each post that keeps a chat alive, from which on: assumed
KEPT_OPEN = 365  # days of silence from which on a chat is as good as never closed: assumed
ODDITIES = hooks("odd")
SAME_WORLD = ("operator", "shocks", "strategy")  # what leaves the world before day 0 as it is


def doubts(config: Simulation, reference: Simulation, config_dir: Path | None = None) -> list[str]:
    """Everything that looks odd, a sentence each.

    Parameters
    ----------
    config
        The strategy.
    reference
        The strategy it is held against, usually the baseline.
    config_dir
        The user's folder, whose facts come before the package's.
    """
    changed, (first, *later) = changes(config, reference), phases(config)
    rules = (
        _words(config, config_dir),
        _difference(config, reference, changed),
        _turned_off(config, changed),
        _never(config),
        _nowhere(config),
        _not_scaled(config),
        _of_a_phase(configured(config, first), reference),
    )
    found = [sentence for rule in rules for sentence in rule]
    for phase in later:
        for sentence in _of_a_phase(configured(config, phase), reference):
            if not any(told.endswith(sentence) for told in found):
                found.append(f"From day {phase.first_day:,} on: {sentence}")
    regions = [region.name for region in config.population.regions]
    for phase in (first, *later):
        for local in phase.local:
            there = configured(config, replace(phase, operator=local.operator))
            for sentence in _of_a_phase(there, reference):
                if not any(told.endswith(sentence) for told in found):
                    found.append(f"In {where_in_words(local.cities, regions)}: {sentence}")
    return found


def _of_a_phase(config: Simulation, reference: Simulation) -> Iterator[str]:
    """What is odd about the days of one phase."""
    yield from _idle(config)
    yield from _own(config)
    yield from _lots(config)
    yield from _without_chats(config)
    yield from _other_customers(config, reference)
    yield from _deep_cuts(config, reference)
    yield from _messages(config)
    yield from _chats(config)
    yield from _kocs(config)
    yield from _thresholds(config)
    yield from _service(config)
    yield from _budget(config)


def _never(config: Simulation) -> Iterator[str]:
    """Dates that no day of the run meets."""
    days = config.run.days
    for number, change in enumerate(config.schedule):
        if change.from_day >= days:
            yield (
                f"schedule[{number}] begins on day {change.from_day:,} and the run has {days:,}: "
                "nobody lives to see it."
            )
    for lever, own in vars(config.operator).items():
        if getattr(own, "strength", 0.0) and not own.from_day < min(own.until_day, days):
            yield f"{lever} is on but never works: its dates leave it no day of the run."
    for shock, own in vars(config.shocks).items():
        if own.size == 0.0:
            continue
        if own.from_day >= days:
            yield (
                f"{shock} begins on day {own.from_day:,} and the run has {days:,}: nobody lives to "
                "see it."
            )
        elif own.from_day >= own.until_day:
            yield f"{shock} never happens: it ends on the day it begins, or before."
        elif own.from_day < MONTH_DAYS:
            yield (
                f"{shock} begins on day {own.from_day:,}: {MONTH_DAYS} days before it are needed "
                "to say how deep orders fall and when they are back."
            )


def _nowhere(config: Simulation) -> Iterator[str]:
    """Entries of the schedule for no place of their own, and what they change in none."""
    people, on, values = config.population.regions, levers_on(config), local_values(config)
    names = [region.name for region in people]
    homes = {
        city_of(number, tier)
        for number, region in enumerate(people)
        for tier, share in enumerate(region.tier_shares, 1)
        if region.share * share > 0.0
    }
    for number, change in enumerate(config.schedule):
        entry = f"schedule[{number}]"
        if everywhere(change):
            if change.from_day == 0 and change.until_day >= config.run.days:
                yield (
                    f"{entry} has neither days nor places of its own: what it sets may as well "
                    "stand under operator."
                )
            continue
        cities = {*cities_of(change, names)}
        if not cities & homes:
            yield f"{entry} is for places where nobody lives."
            continue
        for lever, own in change.operator.items():
            meant_for = {*cities_of(getattr(config.operator, lever).audience, names)}
            if lever not in on:
                yield f"{entry} gives {lever} other values in some places, and {lever} is off."
            elif not cities & meant_for:
                yield (
                    f"{entry} gives {lever} other values where it is for nobody: its audience "
                    "leaves these places out."
                )
            else:
                there = {value.key for value in values if cities & {*value.cities}}
                same = [name for name in own if f"operator.{lever}.{name}" not in there]
                for name in same:
                    yield (
                        f"{entry}.operator.{lever}.{name} changes nothing: it is the same "
                        "everywhere, or a later entry has it otherwise."
                    )


def _not_scaled(config: Simulation) -> Iterator[str]:
    """Levers that are to share a budget's factor and have nothing to be multiplied."""
    for name in config.strategy.scalable:
        if name != EVERY_WORD and name not in scalable(config):
            why = "has a fund of its own" if name in config.strategy.fund else "is off"
            yield f"strategy.scalable names {name}, which {why}: no budget moves it."


def _words(config: Simulation, config_dir: Path | None) -> Iterator[str]:
    about = config.strategy
    blank = [name for name, text in PLACEHOLDERS.items() if getattr(about, name) == text]
    if blank:
        yield f"Nobody has written its {', '.join(blank)} yet, which stand in every report."
    for name in facts_of(config, config_dir)[1]:
        table = "evidence/facts.csv" if config_dir else "conf/evidence/facts.csv"
        yield f"It rests on {cited(name)}, which is no fact of {table}."


def _difference(config: Simulation, reference: Simulation, changed: list[Change]) -> Iterator[str]:
    if not (changed or config.schedule) and config.strategy.name != reference.strategy.name:
        yield f"It changes nothing against {reference.strategy.name}: no difference will be seen."
    outside = [each for each in changed if each.key.split(".")[0] not in SAME_WORLD]
    outside += [each for each in changed if each.lever == "operations"]
    if outside:
        told = "; ".join(in_words(outside))
        yield f"It changes more than levers ({told}), so it is not compared in the same world."


def _turned_off(config: Simulation, changed: list[Change]) -> Iterator[str]:
    for lever in dict.fromkeys(
        each.lever for each in changed if each.lever not in ("", "operations")
    ):
        names = [each.name for each in changed if each.lever == lever and each.name != "strength"]
        if getattr(config.operator, lever).strength == 0.0 and names:
            yield f"{lever} is off (strength 0), so its {' and '.join(names)} changes nothing."


def _idle(config: Simulation) -> Iterator[str]:
    for lever, module in LEVERS.items():
        own, names = getattr(config.operator, lever), getattr(module, "IDLE_WITHOUT", ())
        if own.strength > 0.0 and names and not any(getattr(own, name) for name in names):
            yield f"{lever} is on but does nothing: its {' and '.join(names)} is zero."


def _own(config: Simulation) -> Iterator[str]:
    """What levers and shocks themselves find odd."""
    for name, odd in ODDITIES.items():
        own = getattr(config.shocks if name in SHOCKS else config.operator, name)
        if (own.size if name in SHOCKS else own.strength) > 0.0:
            yield from odd(own, config)


def _lots(config: Simulation) -> Iterator[str]:
    """Who is drawn together, where nobody is drawn."""
    for name, own in vars(config.operator).items():
        audience = getattr(own, "audience", None)
        if audience is not None and audience.lot == 1.0 and audience.lot_by != "household":
            yield (
                f"operator.{name}.audience.lot_by = {audience.lot_by} changes nothing: lot = 1 "
                "draws everybody. Give lot a share below 1."
            )


def _without_chats(config: Simulation) -> Iterator[str]:
    """Levers that reach parents through chats or the private domain, without them."""
    operator = config.operator
    if operator.community.strength == 0.0 or operator.community.invited_share == 0.0:
        left = "nobody is invited into a chat any more, and it reaches only those left in one"
        for lever in ("check_in", "advisors", "content"):
            if getattr(operator, lever).strength > 0.0:
                yield f"{lever} works in group chats, but community invites nobody: {left}."
        if operator.broadcast.strength > 0.0 and operator.broadcast.recipients == "group_members":
            yield f"broadcast goes to members of chats, but community invites nobody: {left}."
    if operator.funnel.strength == 0.0:
        for lever in ("community", "advisors", "content"):
            if getattr(operator, lever).strength > 0.0:
                yield (
                    f"{lever} serves the private domain, but funnel is off: nobody enters it any "
                    "more, and it empties as children grow up."
                )


def _other_customers(config: Simulation, reference: Simulation) -> Iterator[str]:
    now, before = config.operator.acquisition, reference.operator.acquisition
    if config.strategy.name != BEFORE and now.strength != before.strength:
        fewer = "fewer" if now.strength < before.strength else "more"
        yield (
            f"acquisition has strength {plain(now.strength)} instead of {plain(before.strength)}: "
            f"{fewer} customers are won once by a deal, and rates are taken over {fewer} of them. "
            "Look at the households won and lost too, not at the repurchase rate alone."
        )


def _deep_cuts(config: Simulation, reference: Simulation) -> Iterator[str]:
    """Prices below what the goods, or the goods and the platform, cost, where they are news."""
    for (what, cut, taken), (_, known, _) in zip(_cuts(config), _cuts(reference), strict=True):
        at_a_loss = [
            f"{each.name} ({plain(round(100 * each.margin_share))}%)"
            for each in config.population.categories
            if cut > each.margin_share - taken + 1e-9
        ]
        if at_a_loss and cut > known:
            where = f" in the public channel, which keeps {plain(100 * taken)}%" if taken else ""
            yield (
                f"{what} take up to {plain(round(100 * cut, 1))}% off; the margin does not pay for "
                f"that{where}: {', '.join(at_a_loss)}."
            )


def _cuts(config: Simulation) -> Iterator[tuple[str, float, float]]:
    """Every kind of price cut: its name, how deep it is at most, what a platform takes besides."""
    operator = config.operator
    commission = operator.operations.commission_share
    coupons, live, deals = operator.coupons, operator.livestream, operator.acquisition
    usual = max(coupons.coupon_percent / 100.0, coupons.promotion_cut) * (coupons.strength > 0.0)
    tier = operator.tiers.platinum_cut * (operator.tiers.strength > 0.0)
    together = "coupons, promotion days and the platinum tier together"
    yield "coupons and promotion days", usual, commission
    yield together, (usual + tier) * (tier > 0), 0.0
    yield "festival price cuts", coupons.festival_cut * (coupons.strength > 0.0), 0.0
    yield "livestreams", live.cut * (live.strength > 0.0), 0.0
    yield "advertised deals", deals.deal_cut * (deals.strength > 0.0), 0.0


def _messages(config: Simulation) -> Iterator[str]:
    """Visits that a strategy's own messages cost, by the fatigue they add to that of rivals."""
    own, look = config.operator.broadcast, config.behaviour.look
    a_day = own.strength * own.per_week / 7.0
    digested = 1.0 - decay_factor(1.0, look.fatigue_half_life_days)
    rivals = config.market.rival_brands * config.market.messages_per_brand_day / digested
    backlog = rivals + a_day / digested
    left = _rested(backlog, look) / _rested(rivals, look)
    if left < TIRING:
        yield (
            f"{plain(round(7 * a_day, 1))} messages a week come on top of those of "
            f"{plain(config.market.rival_brands)} other brands: a backlog of "
            f"{plain(round(backlog))} messages where {plain(look.fatigue_tolerance)} halve visits. "
            f"Between messages parents look in {plain(round(100 * (1 - left)))}% less than without."
        )


def _rested(backlog: float, look: Any) -> float:
    """Share of visits that fatigue leaves."""
    return float(1.0 / (1.0 + (backlog / look.fatigue_tolerance) ** 2))


def _chats(config: Simulation) -> Iterator[str]:
    own = config.operator.community
    if own.strength > 0.0 and own.topic != "unsorted" and own.close_after_days > KEPT_OPEN:
        yield (
            "Chats sorted by topic are many, and silent ones are never closed (close_after_days): "
            f"each costs {plain(own.yuan_per_group_month)} yuan a month for its moderator."
        )
    promotion, lively = own.strength * own.promotion_per_day, config.community.lively_posts
    if promotion >= DROWNING * lively:
        yield (
            f"{plain(promotion)} promotions a day in each chat, where {lively} posts of "
            "members and experts make a chat a living one: readers find little else, and leave "
            "over worthless content."
        )


def _kocs(config: Simulation) -> Iterator[str]:
    """Credibility at which a KOC who does what is asked settles."""
    own, rules = config.operator.koc, config.community.kocs
    if own.strength == 0.0:
        return
    asked = own.strength * own.posts_per_week / 7.0
    gain = rules.credibility_gain * asked * (1.0 - own.commercial_share)
    loss = rules.credibility_loss * asked * own.commercial_share
    back = 1.0 - decay_factor(1.0, rules.recovery_half_life_days)
    settled = (gain + rules.first_credibility * back) / (gain + loss + back)
    if settled < UNBELIEVED * rules.first_credibility:
        yield (
            f"{plain(100 * own.commercial_share)}% of what KOCs are asked for is advertising: "
            f"their credibility settles near {plain(round(settled, 2))}, from "
            f"{plain(rules.first_credibility)} to begin with (0 to 1)."
        )


def _thresholds(config: Simulation) -> Iterator[str]:
    tiers, advisors = config.operator.tiers, config.operator.advisors
    rising = tiers.silver_yuan < tiers.gold_yuan < tiers.platinum_yuan
    if tiers.strength > 0.0 and not rising:
        yield "Silver should need less spending than gold and gold less than platinum."
    if tiers.strength > 0.0 and not tiers.silver_cut <= tiers.gold_cut <= tiers.platinum_cut:
        yield "A higher tier gets a smaller price cut than a lower one."
    if advisors.strength > 0.0 and advisors.parents_per_advisor < advisors.least_parents:
        yield (
            f"An advisor for every {plain(advisors.parents_per_advisor)} parents answers no more "
            f"than one for {plain(advisors.least_parents)}, at whom an answer is certain."
        )
    reminders, cover = config.operator.reminders, config.behaviour.need.cover_days
    if reminders.strength > 0.0 and reminders.days_before >= cover:
        yield (
            f"Reminders {reminders.days_before} days before stock ends come the day after the "
            f"order: parents buy for about {plain(cover)} days."
        )
    if reminders.strength > 0.0 and not reminders.needs_consent:
        yield "Reminders go out without consent, which the personal information law asks for."


def _service(config: Simulation) -> Iterator[str]:
    own, operations = config.operator.service_desk, config.operator.operations
    if own.strength > 0.0 and own.first_contact_resolution < operations.first_contact_resolution:
        yield "The service desk solves fewer tickets at first contact than the ordinary desk."
    if own.strength > 0.0 and (own.capacity_ratio < 1.0 or own.defect_ratio > 1.0):
        yield "The service desk is slower than the ordinary one, or sends out more defects."


def _budget(config: Simulation) -> Iterator[str]:
    budget = config.strategy.budget_yuan_per_customer_month
    fixed = fixed_yuan(config.operator)
    total = sum(fixed.values())
    if total > budget:
        dearest = max(fixed, key=lambda name: fixed[name])
        yield (
            f"Fixed costs of {total:.2f} yuan per customer and month exceed the budget of "
            f"{budget:.2f}: it cannot be run. The dearest is {dearest} ({fixed[dearest]:.2f})."
        )
    elif total > LITTLE_LEFT * budget:
        yield (
            f"Fixed costs take {total:.2f} of the {budget:.2f} yuan per customer and month: little "
            "is left for messages, rewards and price cuts, and the levers will be slowed down."
        )


__all__ = ["doubts"]
