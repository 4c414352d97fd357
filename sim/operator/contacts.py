"""Personal contacts: a letter to one household, advice for its visit, and being woken for either.

Where several levers have to do with the same household nobody overwrites: letters add up, the
likelier answer and the better advice hold, the earliest call counts.
"""

from sim.compilation.compiled import compiled
from sim.world.protocols import Inbox


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
