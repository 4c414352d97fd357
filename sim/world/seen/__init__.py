"""What rules and levers may see, as types: a field that is not there fails before anything runs.

A `Protocol` for each kind of record, by whatever keeps it: a row of a structured array, a record
of compiled code, an object with the same attributes. Records are declared where they live, with
units and meanings; a test holds that each type here has just the fields of its record.
"""

from sim.world.seen.arrays import Numbers, Records
from sim.world.seen.days import Inbox, Plan, Today
from sim.world.seen.households import Alarm, Parent
from sim.world.seen.others import Group, Koc, TiesRecord
from sim.world.seen.parameters import Behaviour, LeverRecords, Levers, Operator
from sim.world.seen.slips import Deed, Tally
from sim.world.seen.surroundings import CalendarDay, CategoryRecord, Demography, RegionRecord

__all__ = [
    "Alarm",
    "Behaviour",
    "CalendarDay",
    "CategoryRecord",
    "Deed",
    "Demography",
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
    "Tally",
    "TiesRecord",
    "Today",
]
