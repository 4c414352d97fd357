"""The types that rules and levers are written against are the records and settings there are."""

import ast
import inspect
from collections.abc import Mapping
from typing import Any, get_type_hints

import numpy as np
import pytest

from sim.engine.day_end import SUMS
from sim.operator import protocols as operations
from sim.operator.budget import BUDGET
from sim.operator.combining import PLAN
from sim.operator.common import InForce
from sim.operator.hooks import levers_type
from sim.operator.operations import OPERATIONS_STATE
from sim.operator.operations import Parameters as Operations
from sim.operator.own_records import EVENT_NAMES
from sim.parameters.schema import parameters_of
from sim.world import protocols
from sim.world.catalogue import CATEGORY
from sim.world.communities import GROUP_RECORD
from sim.world.demography import DEMOGRAPHY, REGION
from sim.world.events import EVENT
from sim.world.household import HOUSEHOLD, PARENT, WAKE_SCHEDULE
from sim.world.kocs import KOC_RECORD
from sim.world.market import CALENDAR
from sim.world.protocols import Numbers, parameters
from sim.world.state import COUNTERS, INBOX, TODAY
from sim.world.ties import TIES

RECORDS = {
    protocols.WakeSchedule: WAKE_SCHEDULE,
    protocols.CalendarDay: CALENDAR,
    protocols.CategoryRecord: CATEGORY,
    protocols.EventRecord: EVENT,
    protocols.Demography: DEMOGRAPHY,
    protocols.Group: GROUP_RECORD,
    protocols.Inbox: INBOX,
    protocols.Koc: KOC_RECORD,
    protocols.Parent: PARENT,
    protocols.Plan: PLAN,
    protocols.RegionRecord: REGION,
    protocols.Counters: COUNTERS,
    protocols.TiesRecord: TIES,
    protocols.Today: TODAY,
    operations.Budget: BUDGET,
    operations.DaySums: SUMS,
    operations.OperationsState: OPERATIONS_STATE,
}
ARRAYS = (protocols.Numbers, protocols.Records)
SETTINGS = (protocols.Behaviour, protocols.LeverRecords, protocols.Levers, protocols.Operator)


def declared(record: np.dtype[Any]) -> dict[str, Any]:
    """The fields of a record, as a type should tell them."""
    told: dict[str, Any] = {}
    for name in record.names or ():
        kind: Any = float if record[name].base.kind == "f" else int
        told[name] = Numbers[kind] if record[name].shape else kind
    # Of levers and shocks, known only when they are found.
    own = () if record is INBOX else EVENT_NAMES
    return {name: kind for name, kind in told.items() if name not in own}


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_a_type_has_just_the_fields_of_its_record(kind: type) -> None:
    assert get_type_hints(kind) == declared(RECORDS[kind])


def test_asleep_and_awake_a_household_has_the_same_fields() -> None:
    assert declared(HOUSEHOLD) == declared(PARENT)


def test_every_type_of_a_record_is_held_to_one() -> None:
    there = {
        value
        for module in (protocols, operations)
        for value in vars(module).values()
        if getattr(value, "_is_protocol", False) and value.__module__.startswith("sim.")
    }
    assert there == {*RECORDS, *ARRAYS, *SETTINGS}


def hints(kind: type) -> Mapping[str, Any]:
    """Types of settings, whose names only a type checker imports."""
    tree = ast.parse(inspect.getsource(parameters))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    names: dict[str, Any] = {}
    exec(ast.unparse(block.body), names)
    return get_type_hints(kind, localns=names)


def test_every_rule_and_every_lever_has_its_type() -> None:
    levers = parameters_of("sim.operator.levers")
    assert hints(protocols.Behaviour) == parameters_of("sim.behaviour")
    assert hints(protocols.Levers) == hints(protocols.LeverRecords) == levers
    settings = {n: kind for n, kind in hints(protocols.Operator).items() if not n.startswith("__")}
    assert settings == {"operations": Operations, **levers}


@pytest.mark.parametrize("name", parameters_of("sim.operator.levers"))
def test_a_lever_acts_by_its_settings_and_what_its_record_adds(name: str) -> None:
    told, record = get_type_hints(parameters_of("sim.operator.levers")[name]), levers_type()[name]
    assert set(told) == set(record.names or ())
    assert get_type_hints(InForce).items() <= declared(record).items()
