"""Folders of results: whole or not at all, and who works on which.

A folder is written beside its place, checksummed, flushed and renamed, its manifest last; whoever
reads it verifies it. So neither a killed process nor a full disk nor a power cut leaves a half
result that could be read as a whole one, and processes may work side by side.
"""

from sim.store.folders.claims import alone, claimed
from sim.store.folders.lasting import make_folder
from sim.store.folders.manifests import MANIFEST, read_manifest
from sim.store.folders.reading import Tables, read_table, steadily, tables_in, verify
from sim.store.folders.refusals import (
    MOVE_IT_AWAY,
    ResultsError,
    plain_errors,
    readable,
    unreadable,
)
from sim.store.folders.writing import remove_leftovers, whole_file, whole_folder

__all__ = [
    "MANIFEST",
    "MOVE_IT_AWAY",
    "ResultsError",
    "Tables",
    "alone",
    "claimed",
    "make_folder",
    "plain_errors",
    "read_manifest",
    "read_table",
    "readable",
    "remove_leftovers",
    "steadily",
    "tables_in",
    "unreadable",
    "verify",
    "whole_file",
    "whole_folder",
]
