"""The contract of a lever, and the composition of all levers into the household's own day.

A lever = eligibility x timing x probability x offer x cost. Its module in `sim.operator.levers`
has `Parameters` (with `strength`, 0 for off) and any of

- `plan(world, day, today)`: once a day: writes what shall hold for everyone into a plan of its own,
  `today`, which then meets the other levers' (`sim.operator.combining`);
- `offer(parent, place, world, day, inbox)`: for a waking household: fills its inbox;
- `charge(parent, place, world, day, inbox, deed, tally)`: afterwards: books its cost;
- `monthly_cost_yuan(own, customers)`: what it costs whatever households do (wages, studios);
- `daily_cost_yuan(own, running)`: what keeping today's chats, KOCs and messages `Running` costs;

all of them `compiled`.

A lever acts with `power`: its strength, throttled by the budget. It never writes a feeling or
a purchase; the rules decide what comes of an offer. Modules are found, not listed: adding a
lever is adding a file here, its values in `conf/lever/` and its tests.
"""

import importlib
import pkgutil
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numba.extending import overload

from sim.compilation.compiled import straight_line
from sim.operator import levers
from sim.operator.combining import Plans
from sim.parameters.quantity import fill, record_type
from sim.world.draws import named_purpose
from sim.world.seen import Deed, Inbox, LeverRecords, Numbers, Operator, Parent, Records, Tally
from sim.world.state import LEDGER_LINES, World


class Running(NamedTuple):
    """What the operator keeps running on a day."""

    open_groups: int  # chats with members that it has not closed
    kocs: int  # recruited
    messages: int  # broadcasts sent


def discover() -> dict[str, ModuleType]:
    """All levers by name, in alphabetical order."""
    names = sorted(module.name for module in pkgutil.iter_modules(levers.__path__))
    return {name: importlib.import_module(f"{levers.__name__}.{name}") for name in names}


LEVERS = discover()
NAMES = tuple(LEVERS)
PLANS = tuple(
    (line, module.plan) for line, module in enumerate(LEVERS.values()) if hasattr(module, "plan")
)
OFFERS = tuple(module.offer for module in LEVERS.values() if hasattr(module, "offer"))
CHARGES = tuple(module.charge for module in LEVERS.values() if hasattr(module, "charge"))
MONTHLY_COSTS = {
    name: module.monthly_cost_yuan
    for name, module in LEVERS.items()
    if hasattr(module, "monthly_cost_yuan")
}
DAILY_COSTS = {
    name: module.daily_cost_yuan
    for name, module in LEVERS.items()
    if hasattr(module, "daily_cost_yuan")
}
MONTH_DAYS = 30
assert len(NAMES) <= LEDGER_LINES


def set_powers(levers: LeverRecords, pace: float) -> None:
    """Every lever's strength, throttled by the pace that the budget allows."""
    for name in NAMES:
        levers[name].power = levers[name].strength * pace


def make_plans(world: World, day: int, plans: Plans) -> None:
    """Every lever plans what shall hold for everyone today."""
    for line, plan in PLANS:
        plan(world, day, plans.own[line])


def make_offers(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Every lever puts what it has to offer before one household."""
    for offer in OFFERS:
        offer(parent, place, world, day, inbox)


def book_charges(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, deed: Deed, tally: Tally
) -> None:
    """Every lever books what the household's day has cost it."""
    for charge in CHARGES:
        charge(parent, place, world, day, inbox, deed, tally)


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


def _in_turn(functions: tuple[Any, ...], arguments: str) -> Any:
    calls = [f"call_{i}({arguments})" for i in range(len(functions))]
    return straight_line(
        arguments, calls, {f"call_{i}": function for i, function in enumerate(functions)}
    )


@overload(make_offers, strict=False)
def _make_offers(parent: Any, place: int, world: Any, day: int, inbox: Any) -> Any:
    return _in_turn(OFFERS, "parent, place, world, day, inbox")


@overload(book_charges, strict=False)
def _book_charges(
    parent: Any, place: int, world: Any, day: int, inbox: Any, deed: Any, tally: Any
) -> Any:
    return _in_turn(CHARGES, "parent, place, world, day, inbox, deed, tally")


@overload(set_powers, strict=False)
def _set_powers(levers: Any, pace: float) -> Any:
    lines = [f"levers.{name}.power = levers.{name}.strength * pace" for name in NAMES]
    return straight_line("levers, pace", lines, {})


@overload(make_plans, strict=False)
def _make_plans(world: Any, day: int, plans: Any) -> Any:
    lines = [f"plan_{line}(world, day, plans.own[{line}])" for line, _ in PLANS]
    return straight_line("world, day, plans", lines, {f"plan_{line}": plan for line, plan in PLANS})


@overload(book_running_costs, strict=False)
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
    every day), `line` (its line in the ledger) and `purpose` (its own luck).
    """
    parts = []
    for name, module in LEVERS.items():
        own = record_type(module.Parameters).descr
        own += [("power", "<f8"), ("line", "<i8"), ("purpose", "<i8")]
        parts.append((name, np.dtype(own)))
    return np.dtype(parts)


def lever_records(operator: Operator) -> LeverRecords:
    """The levers of a configuration as the one nested record that compiled code reads."""
    records: Records[LeverRecords] = np.zeros(1, levers_type()).view(np.recarray)
    for line, name in enumerate(NAMES):
        own, record = getattr(operator, name), records[0][name]
        fill(record, own)
        record.power = own.strength
        record.line = line
        record.purpose = named_purpose(name)
    return records[0]
