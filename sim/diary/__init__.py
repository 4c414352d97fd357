"""The diary of one household: what it lived through, day by day, and in words."""

from sim.diary.comparing import comparison
from sim.diary.entries import Answer, Change, Diary, Entry
from sim.diary.keeping import keep_diaries, keep_diary
from sim.diary.parting import Parting, part
from sim.diary.telling import as_plain, pages
from sim.diary.words import tell

__all__ = [
    "Answer",
    "Change",
    "Diary",
    "Entry",
    "Parting",
    "as_plain",
    "comparison",
    "keep_diaries",
    "keep_diary",
    "pages",
    "part",
    "tell",
]
