"""From list price to contribution every fen is in one step, whatever the configuration."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from sim.experiments.simulate import simulate
from sim.indicators.ladder import LINES, OTHER, SUBTOTALS
from sim.store.result import Result
from tests.random_worlds import random_configuration
from tests.whole_worlds import eventful


def ladders(result: Result) -> Iterator[tuple[int, pd.DataFrame]]:
    """The steps of each ladder of a run, by the days that are added up."""
    assert result.ladder is not None
    for days, part in result.ladder.groupby("days"):
        yield int(str(days)), part.astype({"line": str, "lever": str})


def check(result: Result) -> None:
    """Subtotals are sums to the fen, and are those of the daily table."""
    for days, steps in ladders(result):
        total = 0
        for line, fen in zip(steps["line"], steps["fen"].tolist(), strict=True):
            if line in SUBTOTALS:
                assert fen == total, (days, line)
            else:
                assert fen <= 0 or line in ("list", "fees")
                total += fen
        sums = steps.groupby("line")["fen"].sum()
        assert OTHER not in set(steps["lever"]), "a price cut that no lever has booked"
        daily = result.daily.head(days)
        for line, column in (
            ("list", "list_yuan"),
            ("revenue", "revenue_yuan"),
            ("gross_margin", "gross_margin_yuan"),
            ("contribution", "contribution_yuan"),
        ):
            fen = np.rint(100 * daily[column].to_numpy()).astype(np.int64)
            assert sums[line] == fen.sum(), line


@pytest.mark.parametrize("number", range(10))
def test_the_ladder_adds_up_to_the_fen_in_any_configuration(number: int) -> None:
    check(simulate(random_configuration(number), number, warm_start=False))


def test_the_ladder_of_a_long_run_is_read_at_every_horizon() -> None:
    config = eventful(200, "run.warmup_days=0", "run.days=800")
    result = simulate(config, 3, warm_start=False)
    check(result)
    found = dict(ladders(result))
    assert list(found) == [365, 730, 800]
    steps = [list(zip(part["line"], part["lever"], strict=True)) for part in found.values()]
    assert steps[0] == steps[1] == steps[2]
    assert [line for line in LINES if line in dict(steps[0])] == list(dict.fromkeys(dict(steps[0])))
    first, second, _ = (part.set_index(["line", "lever"])["fen"] for part in found.values())
    assert 0 < first["list"].sum() < second["list"].sum()
