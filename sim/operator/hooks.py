"""The hooks of levers: what each may do, and all of them called in a household's own day.

A lever = eligibility x timing x probability x offer x cost. Its module in `sim.operator.levers`, or
in a folder `levers/` of the user's own, has `Parameters` (with `strength`, 0 for off) and any of

- `plan(world, day, today)`: once a day: writes what shall hold for everyone into a plan of its own,
  `today`, which then meets the other levers' (`sim.operator.combining`);
- `prepare(world, households, day)`: in the morning, once, when chats and KOCs have written and
  nobody is awake: arranges who of them works with it; it reads any household and writes none;
- `lasting(parent, place, world, day, inbox)`: for a waking household, be it of the audience or not,
  and whatever the power: puts what of the lever's past it has not forgotten into its inbox;
- `offer(parent, place, world, day, inbox)`: for a waking household: fills its inbox;
- `charge(parent, place, world, day, inbox, event, counters)`: afterwards: books its cost, and notes
  events of its own;
- `notice(world, day, event)`: overnight, for each event of the day in the order of places;
- `settle(world, day, counters)`: overnight, once: what households share becomes tomorrow's;
- `spread(world, households, wake_schedules, friends, day)`: overnight, after that: what goes
  from one household to another; it reads who is in which chat, and may wake somebody in the
  morning; `friends` is a buffer for the names of friends;
- `monthly_cost_yuan(own, customers)`: what it costs whatever households do (wages, studios);
- `daily_cost_yuan(own, running)`: what keeping today's chats, KOCs and messages `Running` costs;

- `eligible(parent, place, world, day)`: whether its rules allow a household to be reached;
- `reach(parent, place, world, day, inbox, event)`: which further steps a household's day has
  brought, the sum of `REACHED`, `SEEN`, `ACTED`, `ORDERED` of `sim.operator.steps`, 0 for none;
  what these two say is noted (`sim.operator.reaching`), and they change nothing;

all of them `compiled`; and one in plain Python:

- `study(own, kept, shared, day)`: every so many days, as the setting named in `STUDIES_EVERY` says,
  in the morning: learns from what its hooks have noted, `kept` of households and `shared` of the
  operator, whole arrays, and writes what it learnt there (`sim.operator.studying`).

It may declare (`sim.operator.contract`)

- `OF_HOUSEHOLDS`, `OF_OPERATOR`: numbers of its own that last, each a `State`. Those of a household
  are `world.states.<lever>[place].<name>`; by day a household's hooks read and write its own alone,
  overnight all may be read and written. The operator's are `world.states.<lever>_shared[0].<name>`,
  written in `plan` and overnight. With states its hooks are called only where it is in use. There
  is one for every household of a country: say `FLAG`, `FEW`, `DAY`, `COUNT`, `PLACE`, `FEN` or
  `Whole(least, most)` where that is enough, and read it through `int(...)` before you reckon with
  it overnight, where plain Python keeps to a few bytes;
- `OFFERS`: numbers put before a household, `inbox.<lever>_<name>`, for a rule that reads them;
- `EVENTS`: what households did with it, `event.<lever>_<name>`;
- `CAUSE`: what orders are said to come from that its deals brought about. A deal is put before a
  household by `put_deal(inbox, own, cut)`, and the rules decide;
- `SENTENCE`, which it must: what it does, for strategists, as a Jinja template over its settings;
- `NAMES`: what a page calls a lever, by language; `IN_CHINESE`: what its settings mean;
- `REACH`: what each step means for it, from `eligible` to `ordered`; a step that makes no sense is
  left out; `REACH_IN_CHINESE` the same;
- `BY_AUDIENCE`: its plans can leave some households out; `FOR_EVERYBODY`: why they cannot;
- `DOSE`: a setting, with fractions, of which there may be more where strength ends at 1; a
  strategy that is to spend more than at full strength has more of it (`sim.operator.scaling`);
  `BY_DOSE`: what it spends follows the dose instead of the strength;
- `IDLE_WITHOUT`: settings of which one must be above zero, else it does nothing;
- `EVERYDAY`: it keeps something and is at work nearly everywhere, so that its code is always
  compiled; that of other levers with states is compiled where one of them is in use;
- `odd(own, config)`: sentences on what looks odd about its settings.

A lever acts with `power`: its strength, throttled by the budget. It never writes a feeling or
a purchase; the rules decide what comes of an offer. A shock (`sim/shocks/`) is written in the same
way, but for costs: it has a `size` and `world.shocks.<shock>`, and no budget slows it down. Modules
are found, not listed: adding a
lever is adding a file, its values in `conf/lever/` and its tests.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple, cast

import numpy as np

from sim.compilation.compiled import straight_line, written_out
from sim.operator.audiences import CITY_TIERS, Audience, addressed, left_out_by, regions_of
from sim.operator.combining import Plans
from sim.operator.discovery import (
    BY_AUDIENCE,
    CAUSES,
    LEVERS,
    MODULES,
    NAMES,
    SHOCKS,
    hooks,
    with_slots,
)
from sim.operator.own_records import EVENT_NAMES, KEEPING, OF_HOUSEHOLDS, has_code, states_in
from sim.operator.regional import Local
from sim.parameters.quantity import fill, record_type
from sim.world.draws import named_purpose
from sim.world.protocols import (
    Counters,
    EventRecord,
    Inbox,
    LeverRecords,
    Numbers,
    Operator,
    Parent,
    Records,
)
from sim.world.state import World


class Running(NamedTuple):
    """What the operator keeps running on a day."""

    open_groups: int  # chats with members that it has not closed
    kocs: int  # recruited
    messages: int  # broadcasts sent


MONTHLY_COSTS, DAILY_COSTS = hooks("monthly_cost_yuan"), hooks("daily_cost_yuan")
MONTH_DAYS = 30
PLANNING, PREPARING, LASTING, OFFERING, CHARGING, NOTICING, SETTLING, SPREADING = (
    tuple(hooks(name).items())
    for name in (
        "plan",
        "prepare",
        "lasting",
        "offer",
        "charge",
        "notice",
        "settle",
        "spread",
    )
)
LINES = {name: line for line, name in enumerate(MODULES)}  # of plans: the ledger's, then shocks


def set_powers(levers: LeverRecords, pace: float) -> None:
    """Every lever's strength, throttled by the pace that the budget allows."""
    for name in NAMES:
        levers[name].power = levers[name].strength * pace


def make_plans(world: World, day: int, plans: Plans) -> None:
    """Every lever plans what shall hold for everyone today."""
    for name, plan in PLANNING:
        if in_use(world, name):
            plan(world, day, plans.own[LINES[name]])


def prepare_levers(world: World, households: Records[Parent], day: int) -> None:
    """Every lever arranges, before anybody wakes, who works with it."""
    for name, prepare in PREPARING:
        if in_use(world, name):
            prepare(world, households, day)


def put_lasting(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Every lever puts before one household what of its past lasts, whomever it is for today."""
    for name, lasting in LASTING:
        if in_use(world, name):
            lasting(parent, place, world, day, inbox)


def make_offers(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Every lever puts what it has to offer before one household."""
    for name, offer in OFFERING:
        meant = name not in LEVERS or addressed(parent, place, world, day, world.levers[name])
        if in_use(world, name) and meant:
            offer(parent, place, world, day, inbox)


def left_out(parent: Parent, place: int, world: World, day: int) -> int:
    """Bits of the levers that have a slot and whose audience a household does not belong to."""
    own = (world.levers[name] for name in BY_AUDIENCE)
    return sum(left_out_by(parent, place, world, day, lever) for lever in own)


def book_charges(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """Every lever books what the household's day has cost it."""
    for name, charge in CHARGING:
        if in_use(world, name):
            charge(parent, place, world, day, inbox, event, counters)


def notice_event(world: World, day: int, event: EventRecord) -> None:
    """Every lever sees, overnight, what a household did."""
    for name, notice in NOTICING:
        if in_use(world, name):
            notice(world, day, event)


def settle_own(world: World, day: int, counters: Counters) -> None:
    """Every lever settles, overnight, what households share of it."""
    for name, settle in SETTLING:
        if in_use(world, name):
            settle(world, day, counters)


def spread_news(world: World, households: Any, wake_schedules: Any, friends: Any, day: int) -> None:
    """Every lever and shock lets spread, overnight, what goes from household to household."""
    for name, spread in SPREADING:
        if in_use(world, name):
            spread(world, households, wake_schedules, friends, day)


def in_use(world: World, name: str) -> bool:
    """Whether a lever's hooks are to be called: always, where it keeps nothing of its own."""
    kept = getattr(world.states, KEEPING[name]) if name in KEEPING else None
    return name not in KEEPING or (kept is not None and len(kept) > 0)


def noted_by_levers(event: EventRecord) -> int:
    """How much an event record has of levers' own events."""
    return sum(int(getattr(event, name)) for name in EVENT_NAMES)


def count_own_events(event: EventRecord, sums: Any) -> None:
    """Add an event record's own events of levers to the day's sums."""
    for name in EVENT_NAMES:
        setattr(sums, name, getattr(sums, name) + getattr(event, name))


def begin_states(world: World, place: int) -> None:
    """What levers keep of a household begins anew: a family has moved in."""
    for name, state in OF_HOUSEHOLDS:
        if in_use(world, name):
            setattr(getattr(world.states, name)[place], state.name, state.beginning)


def book_running_costs(
    levers: LeverRecords, running: Running, customers: int, pace: float, costs_fen: Numbers[int]
) -> None:
    """Every lever books what the day costs it whatever households do: fixed, then running."""
    for name, cost in MONTHLY_COSTS.items():
        own = levers[name]
        month = own.strength * cost(own, float(customers))
        costs_fen[own.line] += int(month * 100.0 / MONTH_DAYS * pace)
    for name, cost in DAILY_COSTS.items():
        own = levers[name]
        costs_fen[own.line] += int(cost(own, running) * 100.0)


# The same for compiled code, line by line: it sees through no loop over functions or names.


def _in_turn(
    hooked: Iterable[tuple[str, Any]],
    world: Any,
    arguments: str,
    given: str = "",
    to_some: bool = False,
) -> Any:
    lines, names = [], {"addressed": addressed}
    for name, function in hooked:
        if not has_code(states_in(world), name):
            continue
        terms = [f"len(world.states.{KEEPING[name]}) > 0"] if name in KEEPING else []
        if to_some and name in LEVERS:
            terms.append(f"addressed(parent, place, world, day, world.levers.{name})")
        guard = f"if {' and '.join(terms)}: " if terms else ""
        line = LINES[name]
        lines.append(f"{guard}call_{name}({(given or arguments).format(line=line)})")
        names[f"call_{name}"] = function
    return straight_line(arguments, lines, names)


@written_out(make_plans)
def _make_plans(world: Any, day: int, plans: Any) -> Any:
    return _in_turn(PLANNING, world, "world, day, plans", "world, day, plans.own[{line}]")


@written_out(prepare_levers)
def _prepare_levers(world: Any, households: Any, day: int) -> Any:
    return _in_turn(PREPARING, world, "world, households, day")


@written_out(put_lasting)
def _put_lasting(parent: Any, place: int, world: Any, day: int, inbox: Any) -> Any:
    return _in_turn(LASTING, world, "parent, place, world, day, inbox")


@written_out(make_offers)
def _make_offers(parent: Any, place: int, world: Any, day: int, inbox: Any) -> Any:
    return _in_turn(OFFERING, world, "parent, place, world, day, inbox", to_some=True)


@written_out(left_out)
def _left_out(parent: Any, place: int, world: Any, day: int) -> Any:
    arguments = "parent, place, world, day"
    bits = [f"left_out_by({arguments}, world.levers.{name})" for name in BY_AUDIENCE]
    return straight_line(
        arguments, [f"return {' + '.join(['0', *bits])}"], {"left_out_by": left_out_by}
    )


@written_out(book_charges)
def _book_charges(
    parent: Any, place: int, world: Any, day: int, inbox: Any, event: Any, counters: Any
) -> Any:
    return _in_turn(CHARGING, world, "parent, place, world, day, inbox, event, counters")


@written_out(notice_event)
def _notice_event(world: Any, day: int, event: Any) -> Any:
    return _in_turn(NOTICING, world, "world, day, event")


@written_out(settle_own)
def _settle_own(world: Any, day: int, counters: Any) -> Any:
    return _in_turn(SETTLING, world, "world, day, counters")


@written_out(spread_news)
def _spread_news(world: Any, households: Any, wake_schedules: Any, friends: Any, day: int) -> Any:
    return _in_turn(SPREADING, world, "world, households, wake_schedules, friends, day")


@written_out(set_powers)
def _set_powers(levers: Any, pace: float) -> Any:
    lines = [f"levers.{name}.power = levers.{name}.strength * pace" for name in NAMES]
    return straight_line("levers, pace", lines, {})


@written_out(noted_by_levers)
def _noted_by_levers(event: Any) -> Any:
    noted = " + ".join(["0", *(f"event.{name}" for name in EVENT_NAMES)])
    return straight_line("event", [f"return {noted}"], {})


@written_out(count_own_events)
def _count_own_events(event: Any, sums: Any) -> Any:
    return straight_line("event, sums", [f"sums.{n} += event.{n}" for n in EVENT_NAMES], {})


@written_out(begin_states)
def _begin_states(world: Any, place: int) -> Any:
    lines = [
        f"if len(world.states.{name}) > 0: "
        f"world.states.{name}[place].{state.name} = {state.beginning!r}"
        for name, state in OF_HOUSEHOLDS
        if has_code(states_in(world), name)
    ]
    return straight_line("world, place", lines, {})


@written_out(book_running_costs)
def _book_running_costs(
    levers: Any, running: Any, customers: int, pace: float, costs_fen: Any
) -> Any:
    lines = []
    for name in MONTHLY_COSTS:
        month = f"levers.{name}.strength * monthly_{name}(levers.{name}, float(customers))"
        lines.append(f"costs_fen[levers.{name}.line] += int({month} * 100.0 / month_days * pace)")
    for name in DAILY_COSTS:
        day = f"daily_{name}(levers.{name}, running)"
        lines.append(f"costs_fen[levers.{name}.line] += int({day} * 100.0)")
    names = {f"monthly_{name}": cost for name, cost in MONTHLY_COSTS.items()}
    names |= {f"daily_{name}": cost for name, cost in DAILY_COSTS.items()}
    arguments = "levers, running, customers, pace, costs_fen"
    return straight_line(arguments, lines, names | {"month_days": MONTH_DAYS})


@cache
def levers_type() -> np.dtype[np.void]:
    """Layout of all levers' parameters: a nested record by lever.

    To its own parameters each lever's record adds `power` (strength x pace, set by the budget
    every day), `line` (its line in the ledger), `purpose` (its own luck), `cause` (of orders
    that its deals brought about, 0 if it has none), `everybody` (1 if nobody is left out) and
    `slot` (of whom its plans leave out, -1 if it needs none).
    """
    parts = []
    audience = np.dtype([*record_type(Audience).descr, ("regions", "<i8")])
    for name, module in LEVERS.items():
        own: list[Any] = record_type(module.Parameters).descr
        own = [part for part in own if part[0] != "audience"]
        own += [("audience", audience), ("power", "<f8")]
        own += [(n, "<i8") for n in ("line", "purpose", "cause", "everybody", "slot")]
        parts.append((name, np.dtype(own)))
    return np.dtype(parts)


def lever_records(operator: Operator, regions: Sequence[str] = ()) -> LeverRecords:
    """The levers of a configuration as the one nested record that compiled code reads."""
    records: Any = np.zeros(1, levers_type()).view(np.recarray)
    slots = with_slots(operator)
    for line, (name, module) in enumerate(LEVERS.items()):
        own, record = getattr(operator, name), records[0][name]
        fill(record, own)
        record.power = own.strength
        record.line = line
        record.purpose = named_purpose(name)
        record.cause = CAUSES.index(module.CAUSE) if hasattr(module, "CAUSE") else 0
        record.everybody = own.audience.everybody
        record.audience.regions = regions_of(own.audience, regions)
        record.slot = slots.index(name) if name in slots else -1
    return cast(LeverRecords, records[0])


def local_records(local: Sequence[Local], regions: Sequence[str] = ()) -> tuple[Any, Any]:
    """The levers where they have other values, a record each, and which a city has.

    Returns
    -------
    (records, rows)
        The second of shape (cities,), -1 where a city is like everywhere else.
    """
    records: Any = np.zeros(len(local), levers_type()).view(np.recarray)
    rows = np.full(max(len(regions), 1) * len(CITY_TIERS), -1, np.int64)
    for row, own in enumerate(local):
        records[row] = lever_records(own.operator, regions)
        rows[list(own.cities)] = row
    return records, rows


@cache
def shocks_type() -> np.dtype[Any]:
    """Layout of all shocks' parameters: a nested record by shock, each with its own luck."""
    parts = []
    for name, module in SHOCKS.items():
        own = record_type(module.Parameters).descr
        parts.append((name, np.dtype([*own, ("purpose", "<i8")])))
    return np.dtype(parts)


class ShockRecord(np.record):  # type: ignore[misc]  # final in the stubs alone
    """A record whose `size` is its field, in plain Python as in compiled code."""

    def __getattribute__(self, name: str) -> Any:
        """NumPy's own `size`, the number of elements, would come before the field."""
        return self[name] if name == "size" else super().__getattribute__(name)


def shock_records(shocks: Any) -> Any:
    """The shocks of a day as the one nested record that compiled code reads."""
    records: Any = np.zeros(1, shocks_type()).view(np.dtype((ShockRecord, shocks_type())))
    for name in SHOCKS:
        fill(records[0][name], getattr(shocks, name))
        records[0][name].purpose = named_purpose(name)
    return records[0]
