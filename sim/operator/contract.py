"""What a lever's module declares beside its functions, and the check that refuses one at import.

Everything here is derived into what the rest needs: records, ledger, diary, order log,
reports. A lever that stands in the user's own folder is held to the same, and so is a shock, which
costs nothing and has a size instead of a strength.
"""

import difflib
import inspect
import keyword
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from types import FunctionType, ModuleType
from typing import NamedTuple

import numpy as np

from sim.operator.common import LeverParameters, ShockParameters
from sim.operator.steps import STEPS
from sim.parameters.quantity import ConfigurationError
from sim.world.household import CATEGORIES, NEVER

Refusal = Callable[[str], "LeverError"]
LANGUAGES = ("en", "zh")  # of pages
KINDS: dict[type, str] = {float: "f8", int: "i8"}
# Signed all: of an unsigned and a signed number compiled code makes a fraction.
SIGNED = ("i1", "i2", "i4", "i8")
MOST_KEPT = 2**15 - 1  # that a COUNT holds
MOST_OF_FEW = 2**7 - 1  # that FEW holds


class Whole(NamedTuple):
    """Whole numbers from `least` to `most`, kept in as few bytes as hold them.

    Nothing beyond is ever to be written: plain Python refuses what the bytes do not hold, and
    compiled code does not look. What could grow beyond stops at `most`, by a `min` in the lever.
    """

    least: int
    most: int


FLAG = Whole(0, 1)
DAY = Whole(-NEVER, NEVER)
BITS = Whole(0, 2 ** len(CATEGORIES) - 1)  # one for each category, the first the lowest
COUNT = Whole(0, MOST_KEPT)
FEW = Whole(0, MOST_OF_FEW)  # friends, of whom one has 16 at most, and the like
PLACE = Whole(-1, 2**31 - 1)  # or the number of a chat or group, which are fewer; -1 none
FEN = Whole(0, 2**31 - 1)  # what a day's event can hold of money


class State(NamedTuple):
    """A number that a lever keeps from day to day: of each household, or one for the operator.

    It lies in arrays of the lever's own, which exist only where the lever is in use; a family that
    moves into a place begins with `first`.
    """

    name: str
    unit: str
    about: str
    kind: type | Whole = float  # or int
    first: float = 0

    @property
    def stored(self) -> str:
        """The type in which it is kept, as NumPy writes it."""
        if not isinstance(self.kind, Whole):
            return KINDS[self.kind]
        limits = ((code, np.iinfo(code)) for code in SIGNED)
        low, high = self.kind
        return next(code for code, held in limits if held.min <= low and high <= held.max)

    @property
    def beginning(self) -> float | int:
        """What it is at first, as a number of its kind."""
        return float(self.first) if self.kind is float else int(self.first)


class Offer(NamedTuple):
    """A number that a lever puts before a household, as `inbox.<lever>_<name>`; 0 is nothing."""

    name: str
    unit: str
    about: str


class Event(NamedTuple):
    """What a household did with a lever on a day, counted as `event.<lever>_<name>`, 0 to 255.

    The daily table and the order log have it as a column, the diary tells it in its sentence.
    """

    name: str
    unit: str
    about: str
    said: str  # "Took part in the flash sale."


# What a lever may do, with the arguments that each must take.
HOOKS = {
    "plan": "world day today",
    "prepare": "world households day",
    "lasting": "parent place world day inbox",
    "offer": "parent place world day inbox",
    "charge": "parent place world day inbox event counters",
    "notice": "world day event",
    "settle": "world day counters",
    "spread": "world households wake_schedules friends day",
    "monthly_cost_yuan": "own customers",
    "daily_cost_yuan": "own running",
    "odd": "own config",
    "eligible": "parent place world day",
    "reach": "parent place world day inbox event",
    "study": "own kept shared day",
}
COSTS = ("monthly_cost_yuan", "daily_cost_yuan")  # which no shock has
REACHING = ("eligible", "reach")  # nor these
STUDYING = ("study",)  # nor this, which is no part of a day
# What it may declare, each a tuple of these.
DECLARED = {"OF_HOUSEHOLDS": State, "OF_OPERATOR": State, "OFFERS": Offer, "EVENTS": Event}
IN_DAILY = ("OF_OPERATOR", "EVENTS")  # of these, each is a column of the daily table
WORDS = (
    "SENTENCE",
    "NAMES",
    "IN_CHINESE",
    "CAUSE",
    "IDLE_WITHOUT",
    "FOR_EVERYBODY",
    "BY_AUDIENCE",
    "REACH",
    "REACH_IN_CHINESE",
    "DOSE",
    "BY_DOSE",
    "STUDIES_EVERY",
    "EVERYDAY",
)  # texts: see `sim.operator.hooks`


class Kind(NamedTuple):
    """What modules of a folder are: levers, which the operator has, or shocks, which befall it."""

    noun: str
    parameters: type
    always: str  # what its parameters have in common
    hooks: tuple[str, ...]


LEVER = Kind("lever", LeverParameters, "strength and dates", tuple(HOOKS))
SHOCK = Kind(
    "shock",
    ShockParameters,
    "size and dates",
    tuple(hook for hook in HOOKS if hook not in (*COSTS, *REACHING, *STUDYING)),
)


class LeverError(ConfigurationError):
    """A module that is no lever, or no shock; the message names file, what is wrong, the mend."""


def check(name: str, module: ModuleType, kind: Kind = LEVER) -> None:
    """Refuse a module that does not keep to the contract.

    Raises
    ------
    LeverError
        In one sentence: what is missing, misspelt or of another kind.
    """
    file = getattr(module, "__file__", name)

    def refuse(why: str) -> LeverError:
        return LeverError(f"{file} is no {kind.noun}: {why}.")

    if not name.isidentifier() or keyword.iskeyword(name):
        raise refuse(f"{name} cannot be a name of settings; give the file another")
    parameters = getattr(module, "Parameters", None)
    if not (isinstance(parameters, type) and is_dataclass(parameters)):
        raise refuse("it has no dataclass Parameters")
    if not issubclass(parameters, kind.parameters):
        wanted = kind.parameters.__name__
        raise refuse(f"its Parameters must be a {wanted}, which has {kind.always}")
    _check_functions(module, kind, refuse)
    _check_words(module, parameters, refuse)
    _check_reach(module, refuse)
    _check_study(module, parameters, refuse)
    for word in (each for each in vars(module) if each.isupper() and each not in WORDS):
        near = difflib.get_close_matches(word, [*DECLARED, *WORDS], n=1, cutoff=0.85)
        if near and word not in DECLARED:
            raise refuse(f"it declares {word}; did you mean {near[0]}?")
    for declared, sort in DECLARED.items():
        _check_declared(declared, getattr(module, declared, ()), sort, refuse)
    columns = [own.name for what in IN_DAILY for own in getattr(module, what, ())]
    for twice in (column for column in columns if columns.count(column) > 1):
        raise refuse(f"{twice!r} is declared twice, and both would be a column of the daily table")


def _check_functions(module: ModuleType, kind: Kind, refuse: Refusal) -> None:
    for name, function in vars(module).items():
        if not isinstance(function, FunctionType) or function.__module__ != module.__name__:
            continue
        if name in COSTS and name not in kind.hooks:
            raise refuse(f"a {kind.noun} has no {name}: it befalls the operator, who pays nothing")
        if name in REACHING and name not in kind.hooks:
            raise refuse(f"a {kind.noun} has no {name}: it is no lever that reaches households")
        if name in STUDYING and name not in kind.hooks:
            raise refuse(f"a {kind.noun} has no {name}: it learns nothing")
        if name in kind.hooks:
            given, wanted = list(inspect.signature(function).parameters), HOOKS[name].split()
            if given != wanted:
                raise refuse(f"{name} takes ({', '.join(given)}), and must ({', '.join(wanted)})")
        elif near := difflib.get_close_matches(name, kind.hooks, n=1, cutoff=0.8):
            raise refuse(
                f"nobody calls {name}; did you mean {near[0]}? A function of its own is better "
                f"named _{name}"
            )


def _check_words(module: ModuleType, parameters: type, refuse: Refusal) -> None:
    sentence = getattr(module, "SENTENCE", None)
    if not (isinstance(sentence, str) and sentence.strip()):
        raise refuse("it has no SENTENCE, which tells its settings to a strategist")
    settings = [each.name for each in fields(parameters)]
    for declared, wanted in (
        ("NAMES", LANGUAGES),
        ("IN_CHINESE", settings),
        ("REACH", STEPS),
        ("REACH_IN_CHINESE", tuple(getattr(module, "REACH", ()))),
    ):
        given = getattr(module, declared, {})
        if not (isinstance(given, dict) and all(isinstance(text, str) for text in given.values())):
            raise refuse(f"{declared} must be a dictionary of texts")
        for name in (each for each in given if each not in wanted):
            raise refuse(f"{declared} has {name!r}, and there are {', '.join(wanted)}")
    dose = getattr(module, "DOSE", None)
    numbers = [each.name for each in fields(parameters) if each.type in (float, "float")]
    if dose is not None and (dose not in numbers or dose == "strength"):
        raise refuse(f"DOSE must be the name of a setting that may have fractions, not {dose!r}")
    if dose is None and hasattr(module, "BY_DOSE"):
        raise refuse("it has BY_DOSE and no DOSE, the setting that its spending follows")


def _check_reach(module: ModuleType, refuse: Refusal) -> None:
    told = getattr(module, "REACH", {})
    for hook, steps in (("eligible", STEPS[:1]), ("reach", STEPS[1:])):
        said = [step for step in steps if step in told]
        if said and not hasattr(module, hook):
            raise refuse(f"REACH tells of {said[0]}, and there is no {hook} to note it")
        if hasattr(module, hook) and not said:
            raise refuse(f"it has {hook}, and REACH does not say what {steps[0]} means")


def _check_study(module: ModuleType, parameters: type, refuse: Refusal) -> None:
    every = getattr(module, "STUDIES_EVERY", None)
    if (every is None) == hasattr(module, "study"):
        raise refuse("study and STUDIES_EVERY, the setting with the days between, go together")
    whole = [each.name for each in fields(parameters) if each.type in (int, "int")]
    if every is not None and every not in whole:
        raise refuse(f"STUDIES_EVERY must be the name of a setting in whole days, not {every!r}")


def _check_declared(declared: str, given: object, kind: type, refuse: Refusal) -> None:
    if not (isinstance(given, tuple) and all(isinstance(each, kind) for each in given)):
        raise refuse(f"{declared} must be a tuple of {kind.__name__}(...)")
    names = [each.name for each in given]
    for each in given:
        if not each.name.isidentifier() or names.count(each.name) > 1:
            raise refuse(f"{each.name!r} in {declared} is no name, or there twice")
        if not all(isinstance(text, str) and text for text in each[1:3]):
            raise refuse(f"{each.name} in {declared} needs a unit and a meaning, in words")
        if isinstance(each, State):
            _check_kind(each, declared, refuse)


def _check_kind(state: State, declared: str, refuse: Refusal) -> None:
    if not isinstance(state.kind, Whole):
        if state.kind not in KINDS:
            raise refuse(f"{state.name} in {declared} must be of kind float, int or Whole(...)")
        return
    least, most = state.kind
    held = np.iinfo(SIGNED[-1])
    if least < held.min or most > held.max:
        raise refuse(f"{state.name} in {declared} is wider than whole numbers of eight bytes")
    if not least <= state.first <= most:
        raise refuse(
            f"{state.name} in {declared} begins with {state.first}, not within {least} to {most}"
        )


def state_type(states: Iterable[State]) -> np.dtype[np.void]:
    """Layout of a record of these numbers; of none at all, of one that nobody uses.

    Widest first, and without a gap behind the last: there is one of them for every household.
    """
    widest_first = sorted(states, key=lambda state: -np.dtype(state.stored).itemsize)
    fields = [(state.name, state.stored) for state in widest_first]
    return np.dtype(fields or [("nothing", "u1")])


__all__ = [
    "BITS",
    "COUNT",
    "DAY",
    "FEN",
    "FEW",
    "FLAG",
    "HOOKS",
    "KINDS",
    "LEVER",
    "MOST_KEPT",
    "MOST_OF_FEW",
    "PLACE",
    "SHOCK",
    "Event",
    "Kind",
    "LeverError",
    "Offer",
    "State",
    "Whole",
    "check",
    "state_type",
]
