"""One day in words: short sentences, question by question, from what was overheard."""

from collections.abc import Callable

from sim.behaviour.stay import STAYS
from sim.behaviour.weighing import WAIT
from sim.diary.entries import Answer, Diary, Entry
from sim.diary.phrases import PLACES, THINGS, by_stock, count, lasts, money, sentence, signed, the
from sim.operator.discovery import CAUSES
from sim.operator.own_records import EVENTS
from sim.world.events import REASONS
from sim.world.household import CONSENTS, GRADUATION_DAYS, TIERS
from sim.world.market_path import nobody_lives_with

WOKE = {
    "asleep": "Slept, and was seen to overnight.",
    "visit": "Looked into the operator's channels.",
    "deal": "Followed a public deal.",
    "message": "Opened a message of the operator.",
}
DEALS = {
    "livestream": "in a livestream",
    "deal": "in public",
    "festival": "in public",
    "message": "in a message",
    "post": "among the posts",
}
HEARD_FROM = {
    "receive_order": "its own order",
    "read_proof": "proof of where goods come from",
    "try_sample": "a sample that it tried",
    "look_at_points": "points that are worth less than they were",
    "meet_rules": "rules of points that nobody understands",
    "believe_members": "members' talk in the chat",
    "ask": "an expert's answer",
    "go_shopping": "posts of KOCs it follows",
    "word_of_friends": "what friends say",
    "hear_others": "public reviews",
}


def tell(diary: Diary, entry: Entry) -> list[tuple[str, str]]:
    """What there is to tell of a day, question by question: pairs of question and sentences."""
    told = [(name, " ".join(part for part in say(diary, entry) if part)) for name, say in SAYINGS]
    return [(name, text) for name, text in told if text]


def woke(diary: Diary, entry: Entry) -> list[str]:
    """Why it woke."""
    if entry.woken_by in WOKE:
        return [WOKE[entry.woken_by]]
    before, day = entry.before, entry.day
    reasons = (
        ("an order arrived", before["arrival_day"] <= day),
        ("a reminder was due", before["reminder_day"] == day),
        ("a year of the points programme was over", before["points_expire_day"] <= day),
        ("the child turned six", before["birth_day"] + GRADUATION_DAYS <= day),
        ("it had put off shopping until now", before["try_again_day"] == day),
        ("something was needed", bool(entry.asked("go_shopping"))),
    )
    why = next((reason for reason, holds in reasons if holds), "it looked at what was left")
    return [sentence(why)]


def felt(diary: Diary, entry: Entry) -> list[str]:
    """What a visit or a contact did to engagement and fatigue."""
    if not (entry.asked("engagement_after_visit") or "personal_messages" in entry.inbox):
        return []
    was, now = entry.before, entry.after
    return [
        f"Engagement {was['engagement']:.2f} → {now['engagement']:.2f} of 1, "
        f"fatigue {was['fatigue']:.1f} → {now['fatigue']:.1f} messages."
    ]


def needed(diary: Diary, entry: Entry) -> list[str]:
    """What ran out, as it went shopping."""
    trips, leads = entry.asked("go_shopping"), entry.asked("lead_today")
    if not trips or trips[0].shelf is None:
        return []
    short = [
        f"{THINGS[c]} ({lasts(until - entry.day) if by_stock(diary, c) else 'wanted by now'})"
        for c, until in enumerate(trips[0].shelf)
        if until - entry.day <= leads[0].said
    ]
    return [sentence(", ".join(short))] if short else []


def saw(diary: Diary, entry: Entry) -> list[str]:
    """What the day, the operator and the channels put before it."""
    inbox, today, parts = entry.inbox, entry.today, []
    if "festival" in today:
        parts.append(f"A shopping festival, {today['festival']:.0%} as great as the greatest.")
    if "reminder" in inbox:
        parts.append("A reminder that stock is about to end.")
    if "coupon_percent" in inbox:
        days = count(inbox["coupon_days"], "day")
        parts.append(f"A coupon of {inbox['coupon_percent']:g}% for {days}.")
    if "fresh_message" in today:
        parts.append("A message of the operator, not two days old.")
    for worth in entry.asked("worth_of_visit"):
        parts.append(
            f"Read {worth.given['useful']:.1f} useful and {worth.given['promotional']:.1f} "
            f"promotional pieces: worth {signed(worth.said)} (−1 to 1)."
        )
    if entry.asked("join_chance"):
        parts.append("An invitation to a group chat.")
    for deal in entry.asked("see_deal"):
        cause = CAUSES[int(deal.given["cause"])]
        what = DEALS.get(cause, f"of {cause.replace('_', ' ')}")
        took = "list_fen" in entry.event and CAUSES[entry.event.get("cause", 0)] == cause
        parts.append(
            f"A deal {what}, {deal.given['cut']:.0%} off: {'took' if took else 'left'} it."
        )
    return parts


def believed(diary: Diary, entry: Entry) -> list[str]:
    """What it heard of the operator, from whom, and what became of its trust."""
    heard = entry.asked("trust_after")
    if not heard:
        return []
    said = ", ".join(f"{_source(diary, each)} ({each.given['evidence']:.2f})" for each in heard)
    was, now = heard[0].given["trust"], heard[-1].said
    return [f"Trust in the operator {was:.3f} → {now:.3f}, having heard {said}."]


def _source(diary: Diary, heard: Answer) -> str:
    asking = heard.within[-2]
    if asking == "believe_experts":
        expert = heard.given["evidence"] == diary.config.behaviour.believe.expert_evidence
        return "experts in the channels" if expert else "its promotion"
    return HEARD_FROM.get(asking, asking)


def chose(diary: Diary, entry: Entry) -> list[str]:
    """Whether the operator came to mind, how the stores compared, and which won."""
    choices = entry.asked("choose_store")
    if not choices:
        return []
    choice, parts = choices[0], []
    recalled = bool(choice.given["recalled"])
    parts.append(_whether_recalled(entry.asked("chance_to_recall"), recalled))
    weighed = sorted(_weighed(entry), key=lambda pair: -pair[1])
    told = ", ".join(f"{name} {signed(value)}" for name, value in weighed)
    parts.append(f"Weighed, luck included: {told}." if told else "Weighed nothing: habit decided.")
    if choice.said == WAIT:
        again = int(entry.after["try_again_day"]) - entry.day
        parts.append(f"Waits; looks again in {count(again, 'day')}.")
    else:
        parts.append(f"Chose {the(PLACES[choice.said])}.")
    return parts


def _whether_recalled(chances: list[Answer], recalled: bool) -> str:
    """Whether the operator came to mind, and with what chance."""
    if not chances:
        return "The trip began on the operator's channel." if recalled else "Avoids the operator."
    actual = chances[1] if recalled and len(chances) > 1 else chances[0]
    came = "came to mind" if recalled else "did not come to mind"
    at_most = "" if recalled else "at most "
    return f"The operator {came} (chance {at_most}{actual.said:.0%}{_reminded(actual)})."


def _reminded(chance: Answer) -> str:
    """By what, if the operator came to mind."""
    given = chance.given
    ways = (
        ("memory", given["remembered"]),
        ("advertising", given["advertised"]),
        ("friends who buy there", given["friends_share"]),
        ("KOC posts", given["koc_posts"]),
        ("a message", given["message"]),
    )
    found = [way for way, strength in ways if strength > 0.0]
    return f": {', '.join(found)}" if found else ""


def _weighed(entry: Entry) -> list[tuple[str, float]]:
    """Every alternative with its utility and the day's luck, which is drawn right after it."""
    found: list[tuple[str, float]] = []
    name, utility = "", 0.0
    for answer in entry.answers:
        if answer.within[-1:] != ("choose_store",):
            continue
        if answer.rule == "wait_utility":
            name, utility = "waiting", answer.said
        elif answer.rule in ("rival_utility", "operator_utility"):
            name, utility = PLACES[int(answer.given["store"])], answer.said
        elif answer.rule == "gumbel":
            found.append((name, utility + answer.said))
    return found


def bought(diary: Diary, entry: Entry) -> list[str]:
    """What was bought, where, and for how much."""
    event, parts = entry.event, []
    packs = event.get("packs", [])
    basket = ", ".join(f"{n} × {THINGS[c]}" for c, n in enumerate(packs) if n)
    if event.get("unfilled"):
        return [f"Ordered {basket}; the operator cancelled: out of stock."]
    store = event.get("store", -1)
    if store < 0:
        return []
    if "list_fen" not in event:
        return [f"{basket} from {the(PLACES[store])}."]
    terms = [f"list {money(event['list_fen'])}", f"paid {money(event['paid_fen'])}"]
    if "coupon_fen" in event:
        terms.append(f"coupon of {money(event['coupon_fen'])}")
    for name, word in (("points_redeemed", "used"), ("points_issued", "earned")):
        if name in event:
            terms.append(f"{word} {count(event[name], 'point')}")
    parts.append(f"{basket} from the operator's {PLACES[store]}: {', '.join(terms)}.")
    if "first_order" in event:
        parts.append("The first order ever with the operator.")
    if "advertised" in event:
        parts.append("Only an advertisement had brought it to mind.")
    if "by_koc" in event:
        parts.append("Only KOC posts had brought it to mind.")
    return parts


def judged(diary: Diary, entry: Entry) -> list[str]:
    """How an order that arrived was judged."""
    parts = []
    for lived in entry.asked("experience"):
        given = lived.given
        late = given["late_days"]
        text = "Came on the promised day" if late <= 0 else f"Came {count(late, 'day')} late"
        text += ", with a defect" if given["defect"] else ", in order"
        if given["ticket"]:
            wait = count(round(given["wait_minutes"]), "minute")
            text += f"; complained, waited {wait}, "
            text += "solved at first contact" if given["solved"] else "not solved"
        parts.append(f"{text}: experience {lived.said:.2f} of 1.")
    for felt in entry.asked("satisfaction_after"):
        parts.append(f"Satisfaction {felt.given['satisfaction']:.2f} → {felt.said:.2f}.")
    return parts


def talked(diary: Diary, entry: Entry) -> list[str]:
    """What it said in its chat, and did with levers that have events of their own."""
    said = (
        ("reacted", "Reacted to what it read."),
        ("help_posts", "Asked a question."),
        ("story_posts", "Told a story."),
        ("complaint_posts", "Complained before the chat."),
        ("check_in", "Took part in a check-in."),
    )
    said += tuple((f"{lever}_{own.name}", own.said) for lever, own in EVENTS)
    return [text for name, text in said if entry.event.get(name)]


def gained(diary: Diary, entry: Entry) -> list[str]:
    """Ties that began: programme, private domain, chat; points that ended."""
    event, parts = entry.event, []
    if event.get("enrolled"):
        parts.append("Enrolled in the points programme.")
    if event.get("entered_private_domain"):
        consent = CONSENTS[int(entry.lived["consent"])]
        parts.append(f"Entered the private domain; use of data allowed: {consent}.")
    if event.get("joined"):
        shown = int(entry.after["group"])
        found = f"shown to chat {shown} overnight" if shown >= 0 else "found no place"
        parts.append(f"Asked to join a chat and was {found}.")
    if event.get("points_expired") and not event.get("graduated"):
        parts.append(f"{count(event['points_expired'], 'point')} expired.")
    before, after = int(entry.before["tier"]), int(entry.after["tier"])
    if before != after and not event.get("graduated"):
        parts.append(f"Tier {TIERS[before]} → {TIERS[after]}.")
    return parts


def stayed(diary: Diary, entry: Entry) -> list[str]:
    """Why it left, or stayed although something spoke for leaving."""
    event, parts = entry.event, []
    if event.get("graduated"):
        if nobody_lives_with(entry.after):
            return ["The child is six: the family leaves. No other moves in: births have fallen."]
        due = int(entry.after["birth_day"]) - entry.day
        return [f"The child is six: the family leaves. Another moves in, due in {due} days."]
    if event.get("left_group"):
        parts.append(f"Left chat {event['group']}: {REASONS[event['left_group']]}.")
    if event.get("exited"):
        parts.append(f"Turns away until day {int(entry.after['avoids_until'])}: failed.")
    if event.get("left_private"):
        parts.append(f"Left the private domain: {REASONS[event['left_private']]}.")
    if event.get("unsubscribed"):
        parts.append(f"Stopped the messages: {REASONS[event['unsubscribed']]}.")
    if parts:
        return parts
    stays = [each for each in entry.asked("reason_to_leave") if each.said == STAYS]
    troubles = [_troubles(each, diary.config.behaviour.stay.tolerated_trust) for each in stays]
    return [f"Stayed, in spite of {each}." for each in troubles if each]


def _troubles(weighed: Answer, tolerated_trust: float) -> str:
    """What speaks for leaving."""
    given = weighed.given
    found = (
        ("a visit that was worth nothing", given["worth"] < 0.0),
        (f"{given['burden']:.1f} times the messages it tolerates", given["burden"] > 1.0),
        ("concern for its data", given["concern_above_tolerance"] > 0.0),
        ("a chat fallen silent", given["silent"] > 0.0),
        ("a chat the child has outgrown", given["outgrown"] > 0.0),
        ("distrust of the operator", given["trust"] < tolerated_trust),
    )
    return ", ".join(trouble for trouble, holds in found if holds)


SAYINGS: tuple[tuple[str, Callable[[Diary, Entry], list[str]]], ...] = (
    ("woke", woke),
    ("saw", saw),
    ("judged", judged),
    ("believed", believed),
    ("felt", felt),
    ("needed", needed),
    ("chose", chose),
    ("bought", bought),
    ("talked", talked),
    ("joined", gained),
    ("stayed", stayed),
)

__all__ = ["tell"]
