"""Personal contacts: a letter to one household, advice for its visit, and being woken for either.

Where several levers have to do with the same household nobody overwrites: letters add up, the
likelier answer and the better advice hold, the earliest call counts. Whose data they may use is
asked here, too.
"""

from sim.behaviour.consent import PERSONALISED, SERVICE
from sim.compilation.compiled import compiled
from sim.world.draws import HOUSEHOLD, UNASKED, uniform
from sim.world.protocols import Inbox, Parent
from sim.world.state import World


@compiled
def write_letter(inbox: Inbox) -> None:
    """Send a personal message that asks to look in; it tires as every message does."""
    inbox.personal_messages += 1.0
    inbox.letter = 1.0


@compiled
def advise(inbox: Inbox, answer: float, quality: float, pieces: float) -> None:
    """Be there on a visit: chance and quality of answers, pieces of advice that fit the stage."""
    if answer > inbox.answer:
        inbox.answer = answer
        inbox.answer_quality = quality
    inbox.stage_advice = max(inbox.stage_advice, pieces)


@compiled
def wake_in(inbox: Inbox, days: int) -> None:
    """Ask a household to wake so many days from now, or sooner if another lever wants it.

    A household plans its waking anew on every day on which it is awake: ask on each of them.
    """
    if days > 0 and (inbox.wake_in_days <= 0.0 or days < inbox.wake_in_days):
        inbox.wake_in_days = days


@compiled
def may_serve(parent: Parent, place: int, world: World) -> bool:
    """Whether a household's data are used for services it has ordered."""
    return bool(parent.consent >= SERVICE or used_unasked(parent, place, world))


@compiled
def may_personalise(parent: Parent, place: int, world: World) -> bool:
    """Whether a household's data are used for what is meant for it alone."""
    return bool(parent.consent >= PERSONALISED or used_unasked(parent, place, world))


@compiled
def used_unasked(parent: Parent, place: int, world: World) -> bool:
    """Whether a household is among those whose data are used whatever they said: by lot."""
    share = world.today[0].unasked_use
    if share <= 0.0:
        return False
    return bool(uniform(world.seed, HOUSEHOLD, place, parent.family, UNASKED) < share)
