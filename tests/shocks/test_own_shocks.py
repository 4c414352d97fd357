"""A shock of one's own, in a folder outside the package: the one that the documents show."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.own_code import TRUSTED, make_folder, printed, said

SMALL = ["population.households=2000", "run.days=110", "run.warmup_days=60"]
LOUD = ["shocks.press_report.heard_share=0.3", "shocks.press_report.evidence=0"]


# The engine is compiled anew with it, as with a lever of one's own (`tests/operator`), which the
# usual tests see to.
SLOW = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `mine/` as the document has it, and nothing else."""
    home = tmp_path_factory.mktemp("own_shocks")
    return make_folder(home, "docs/shocks.md", "shocks/press_report.py", "scenarios/report.yaml")


@pytest.fixture(scope="module")
def compared(place: Path) -> Path:
    """The folder of a small comparison with it, done by worker processes."""
    spread = ["--executor", "processes", "--workers", "2"]
    said(place, "compare", "baseline", "report", *SMALL, *LOUD, "-n", "2", *spread, *TRUSTED)
    (folder,) = place.glob("results/compare/*")
    return folder


def runs(place: Path) -> dict[str, list[Path]]:
    """Folders of runs by the name of their strategy."""
    found: dict[str, list[Path]] = {}
    for path in place.glob("results/runs/*/manifest.json"):
        name = json.loads(path.read_text())["configuration"]["strategy"]["name"]
        found.setdefault(name, []).append(path.parent)
    return found


def test_nobody_runs_it_unasked(place: Path) -> None:
    told = said(place, "check", "report", "--config-dir", "mine", fails=True)
    assert "shocks.press_report is told in mine/shocks/press_report.py" in told
    assert "--trust-rules" in told
    assert "REPURCHASE_SHOCKS" in told
    assert "report" in said(place, "scenarios", "--config-dir", "mine")


def test_check_and_reference_tell_of_it(place: Path) -> None:
    told = said(place, "check", "report", *SMALL, *TRUSTED)
    assert "What befalls it" in told
    assert "Every night 5% of the parents who do not know of it hear" in told
    assert "Only from day 60 until day 70." in told
    assert "day 70 press_report over." in told
    odd = said(place, "check", "report", "shocks.press_report.heard_share=0", *TRUSTED)
    assert "press_report is heard by nobody" in odd
    refused = said(place, "check", "report", "shocks.press_report.weight=11", *TRUSTED, fails=True)
    assert "shocks.press_report.weight = 11" in refused
    assert "press_report.spread" in said(place, "reference", "press_report.heard_share", *TRUSTED)


@SLOW
def test_days_and_indicators_have_it(compared: Path, place: Path) -> None:
    by_name = runs(place)
    assert len(by_name["report"]) == len(by_name["baseline"]) == 2
    for run in by_name["report"]:
        daily = pd.read_parquet(run / "daily.parquet").set_index("day")
        heard = daily["press_report_heard"]
        assert heard[:61].sum() == 0
        assert (heard[61:71] > 0).all()  # the mornings after its nights
        assert heard[71:].sum() == 0
        knowing = daily["press_report_knowing"]
        assert knowing[69] > 0.9 * 2000  # 1 - 0.7^10 of them
        indicators = pd.read_parquet(run / "indicators.parquet").query("by == 'all'")
        depth = indicators.set_index("indicator")["value"]
        assert depth["shock_orders_lost_share"] < 1
        assert "shock_recovery_days" in depth
        told = json.loads((run / "manifest.json").read_text())
        assert told["configuration"]["shocks"]["press_report"]["until_day"] == 70
    plain = pd.read_parquet(by_name["baseline"][0] / "indicators.parquet")["indicator"]
    assert not plain.str.startswith("shock_").any()


@SLOW
def test_trust_falls_by_the_rule_and_orders_with_it(compared: Path, place: Path) -> None:
    levels = pd.read_parquet(compared / "levels.parquet").query("by == 'all'")
    trust = levels.query("indicator == 'trust_mean'").set_index("strategy")["mean"]
    assert trust["report"] < trust["baseline"] - 0.1
    orders = {
        name: sum(int(pd.read_parquet(run / "daily.parquet")["orders"][61:].sum()) for run in found)
        for name, found in runs(place).items()
    }
    assert orders["report"] < orders["baseline"]


@SLOW
def test_the_report_has_it(compared: Path) -> None:
    page = (compared / "report.html").read_text(encoding="utf-8")
    assert "shocks.press_report.size" in page
    assert "How deep orders fall and when they are back" in page


@SLOW
def test_a_change_of_its_code_is_another_result(place: Path, compared: Path) -> None:
    file = place / "mine/shocks/press_report.py"
    code = "from sim.store.sources import source_fingerprint as f; print(f(), f(('shocks',)))"
    text, before = file.read_text(), printed(place, code)
    file.write_text(text + "\n# read again\n")
    after = printed(place, code)
    file.write_text(text)
    assert all(one != other for one, other in zip(before.split(), after.split(), strict=True))
    assert printed(place, code) == before


LIVED = """
import numpy as np
from sim.config.loading import load
from sim.agents.model import RepurchaseModel
from sim.engine.warm_up import begin_strategy
from pathlib import Path

def lived(*said, windows=False, threads=2, until=71):
    config = load("report", {small!r} + list(said), Path("mine"), trust_rules=True)
    model = RepurchaseModel(config, 5, threads=threads)
    begin_strategy(model, keep=False)
    model.by_windows = windows
    for day in range(until):
        model.step() if windows else model.live_until(day + 1)
    return model

def same(one, other):
    own = one.state, other.state
    return all(own[0][name].tobytes() == own[1][name].tobytes() for name in own[0])

early = "shocks.press_report.from_day=5", "shocks.press_report.until_day=12"
engine, windows = lived(*early, until=20), lived(*early, until=20, windows=True)
assert engine.world.states.press_report["heard_day"].max() == 12
assert same(engine, windows)
events = [np.concatenate(model.events) for model in (engine, windows)]
assert all(np.array_equal(events[0][name], events[1][name]) for name in events[0].dtype.names)
off = lived("shocks.press_report.size=0")
assert len(off.world.states.press_report) == 0
assert same(off, lived("shocks.press_report.from_day=80", "shocks.press_report.until_day=90"))
shocked = lived()
assert shocked.daily[59] == off.daily[59] and shocked.daily[70] != off.daily[70]
assert lived("shocks.press_report.size=2").daily[69]["press_report_knowing"] > (
    shocked.daily[69]["press_report_knowing"]
) > 0
print("fine")
"""


@SLOW
def test_engine_and_windows_live_it_to_the_same_bits(place: Path, compared: Path) -> None:
    small = [*SMALL, *LOUD[1:], "population.households=1000"]
    assert printed(place, LIVED.format(small=small)) == "fine\n"


@SLOW
def test_the_order_log_and_a_diary_tell_of_it(place: Path, compared: Path) -> None:
    many = "population.households=8000"
    said(place, "run", "report", "--seed", "3", "--keep-orders", *SMALL, *LOUD, many, *TRUSTED)
    (log,) = place.glob("results/runs/*/orders.parquet")
    orders = pd.read_parquet(log)
    heard = orders[orders["press_report_heard"] == 1]
    assert len(heard) > 0
    assert heard["day"].between(61, 70).all()
    who = ["--household", str(int(heard["household"].iloc[0])), "--seed", "3"]
    told = said(place, "diary", "report", *who, *SMALL, *LOUD, many, *TRUSTED)
    assert told.count("Heard of a bad test in the press.") == 1


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ("def spread(", "def spred(", "is no shock: nobody calls spred; did you mean spread?"),
        ("SENTENCE =", "SAID =", "is no shock: it has no SENTENCE"),
        ("def odd(own, config)", "", ""),
        ("ShockParameters", "LeverParameters", "must be a ShockParameters, which has size"),
        (
            "{{ evidence |",
            "{{ evidnce |",
            "its SENTENCE cannot be told: evidnce is no setting of press_report.",
        ),
    ],
)
def test_what_is_no_shock_is_refused_in_a_sentence(
    place: Path, tmp_path: Path, was: str, now: str, why: str
) -> None:
    home = make_folder(tmp_path, "docs/shocks.md", "shocks/press_report.py", "scenarios/r.yaml")
    file = home / "mine/shocks/press_report.py"
    if not why:  # a lever's name cannot be a shock's
        file = file.rename(file.with_name("coupons.py"))
        why = "There is a shock 'coupons' already: give the lever another name."
    else:
        text = file.read_text()
        assert was in text
        file.write_text(text.replace(was, now))
    told = said(home, "check", "r", *TRUSTED, fails=True)
    assert why in told
    assert "Traceback" not in told
