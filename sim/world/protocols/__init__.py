"""What rules and levers may see, as types: a field that is not there fails before anything runs.

A `Protocol` for each kind of record, by whatever keeps it: a row of a structured array, a record
of compiled code, an object with the same attributes. Records are declared where they live, with
units and meanings; a test holds that each type here has just the fields of its record.
"""

from sim.world.protocols.arrays import Numbers, Records
from sim.world.protocols.days import Inbox, Plan, Today
from sim.world.protocols.events import Counters, EventRecord
from sim.world.protocols.households import Parent, WakeSchedule
from sim.world.protocols.others import Group, Koc, TiesRecord
from sim.world.protocols.parameters import Behaviour, LeverRecords, Levers, Operator
from sim.world.protocols.surroundings import CalendarDay, CategoryRecord, Demography, RegionRecord

__all__ = [
    "Behaviour",
    "CalendarDay",
    "CategoryRecord",
    "Counters",
    "Demography",
    "EventRecord",
    "Group",
    "Inbox",
    "Koc",
    "LeverRecords",
    "Levers",
    "Numbers",
    "Operator",
    "Parent",
    "Plan",
    "Records",
    "RegionRecord",
    "TiesRecord",
    "Today",
    "WakeSchedule",
]
