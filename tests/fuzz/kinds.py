"""Every kind of case: how it is made up, where it is lived, and its share of the time."""

from dataclasses import dataclass
from pathlib import Path

from hypothesis.strategies import SearchStrategy

from tests.fuzz import files, stored, words
from tests.fuzz.case import Case
from tests.fuzz.sandbox import Sandbox, read_folder, results_of_a_comparison


@dataclass(frozen=True)
class Kind:
    """One kind of case.

    Attributes
    ----------
    laboratory
        ``toy`` or ``real``.
    cases
        What makes them up.
    share
        Its part of the time, against those of the others.
    """

    laboratory: str
    cases: SearchStrategy[Case]
    share: float = 1.0


NAMES = (
    "settings, toy", "overrides, toy", "settings, real", "overrides, real", "command lines, toy",
    "command lines, real", "scenario files", "written scenarios", "config folders", "listed rules",
    "trusted rules", "other tables", "comparisons", "sweeps", "stored runs", "foreign folders",
)  # fmt: skip


def kinds(sandbox: Sandbox) -> dict[str, Kind]:
    """All kinds, from the results that the sandbox's laboratories write."""
    with sandbox.laboratory("real"):
        comparison = results_of_a_comparison(sandbox.place / "comparison")
        sweep: dict[str, bytes] = {}
        case = Case("a sweep", stored.SWEPT)
        sandbox.live(
            case, lambda _: sweep.update(read_folder(next(Path("results/sweep").iterdir())))
        )
    with sandbox.laboratory("toy"):
        kept: dict[str, bytes] = {}
        lived = Case("a run", stored.LIVED)
        sandbox.live(lived, lambda _: kept.update(read_folder(Path("results"))))
    return {
        "settings, toy": Kind("toy", words.plain_settings("toy"), 2),
        "overrides, toy": Kind("toy", words.changed_settings("toy"), 3),
        "settings, real": Kind("real", words.plain_settings("real")),
        "overrides, real": Kind("real", words.changed_settings("real")),
        "command lines, toy": Kind("toy", words.command_lines("toy"), 2),
        "command lines, real": Kind("real", words.command_lines("real"), 0.5),
        "scenario files": Kind("toy", files.scenario_files(), 3),
        "written scenarios": Kind("toy", files.written_scenarios(), 2),
        "config folders": Kind("toy", files.config_folders(), 0.5),
        "listed rules": Kind("real", files.listed_rules()),
        "trusted rules": Kind("real", files.trusted_rules(), 0.3),
        "other tables": Kind("toy", files.tables_of_others(), 0.3),
        "comparisons": Kind("real", stored.comparisons(comparison)),
        "sweeps": Kind("real", stored.sweeps({n: e for n, e in sweep.items() if n[-4:] != ".csv"})),
        "stored runs": Kind("toy", stored.stored_runs(kept)),
        "foreign folders": Kind("toy", stored.foreign_folders()),
    }
