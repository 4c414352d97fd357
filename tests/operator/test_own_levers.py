"""A lever of one's own, in a folder outside the package: the one that the documents show."""

import json
import re
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from sim.operator.contract import LeverError, check
from tests.own_code import TRUSTED, make_folder, printed, said

SMALL = ["population.households=2000", "run.days=90", "run.warmup_days=60"]
EAGER = [
    "operator.flash_sale.days_between=2",
    "operator.flash_sale.cut=0.6",
    "operator.flash_sale.yuan_per_sale=1",
]
MANIFESTS = "results/runs/*/manifest.json"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `mine/` as the document has it, and nothing else."""
    home = tmp_path_factory.mktemp("own_levers")
    return make_folder(home, "docs/levers.md", "levers/flash_sale.py", "scenarios/flash.yaml")


@pytest.fixture(scope="module")
def compared(place: Path) -> Path:
    """The folder of a small comparison with it."""
    words = ["compare", "baseline", "flash", *SMALL, *EAGER, "-n", "2", *TRUSTED]
    said(place, *words)
    (folder,) = place.glob("results/compare/*")
    return folder


def test_nobody_runs_it_unasked(place: Path) -> None:
    told = said(place, "check", "flash", "--config-dir", "mine", fails=True)
    assert "mine/levers/flash_sale.py" in told
    assert "--trust-rules" in told
    assert "flash" in said(place, "scenarios", "--config-dir", "mine")


def test_check_and_reference_tell_of_it(place: Path) -> None:
    told = said(place, "check", "flash", *SMALL, *TRUSTED)
    assert "Every 7 days offers 30% off for 4 hours" in told
    assert "Only from day 30 on." in told
    odd = said(place, "check", "flash", "operator.flash_sale.pieces=0", *TRUSTED)
    assert "nothing to sell" in odd
    shown = said(place, "reference", "flash_sale", *TRUSTED)
    assert "rest_days" in shown
    assert "whoever" in shown
    assert "flash_sale.offer" in said(place, "reference", "flash_sale.rest_days", *TRUSTED)


def test_orders_days_and_indicators_have_it(compared: Path, place: Path) -> None:
    told = {path.parent: json.loads(path.read_text()) for path in place.glob(MANIFESTS)}
    names = {run: about["configuration"]["strategy"]["name"] for run, about in told.items()}
    mine = [run for run, name in names.items() if name == "flash"]
    assert len(mine) == 2
    for run in mine:
        daily = pd.read_parquet(run / "daily.parquet").set_index("day")
        bought = daily["flash_sale_bought"]
        assert bought.sum() > 0
        assert (bought[:30] == 0).all()  # its first day is day 30
        assert set(bought.index[bought > 0] % 2) == {0}
        prepared = daily["cost_flash_sale_yuan"] > 0
        assert set(prepared.index[prepared] % 2) == {1}  # the nights before
        assert daily["cost_flash_sale_yuan"].sum() == prepared.sum() > 20
        assert (daily["discount_flash_sale_yuan"] > 0).sum() == (bought > 0).sum()
        indicators = pd.read_parquet(run / "indicators.parquet")
        counted = indicators.query("indicator == 'flash_sale_bought' and by == 'all'")["value"]
        assert counted.item() == bought.sum()


def test_the_report_has_it(compared: Path) -> None:
    page = (compared / "report.html").read_text(encoding="utf-8")
    assert "flash_sale" in page or "flash sale" in page


LIVED = """
import numpy as np
from sim.config.loading import load
from sim.agents.model import RepurchaseModel
from sim.engine.warm_up import begin_strategy
from pathlib import Path

def lived(windows, *said):
    config = load("flash", {small!r} + list(said), Path("mine"), trust_rules=True)
    model = RepurchaseModel(config, 5, threads=2)
    begin_strategy(model, keep=False)
    model.by_windows = windows
    for day in range(60):
        model.step() if windows else model.live_until(day + 1)
    return model

def same(one, other, but=""):
    own = one.state, other.state
    names = [name for name in own[0] if not (but and but in name)]
    return all(own[0][name].tobytes() == own[1][name].tobytes() for name in names)

engine, windows = lived(False), lived(True)
assert engine.world.states.flash_sale["bought_day"].max() > 0
assert same(engine, windows)
events = [np.concatenate(model.events) for model in (engine, windows)]
assert all(np.array_equal(events[0][name], events[1][name]) for name in events[0].dtype.names)
off = lived(False, "operator.flash_sale.strength=0")
assert len(off.world.states.flash_sale) == 0
later = lived(False, "operator.flash_sale.from_day=80")
assert same(off, later)
assert not same(off, engine, but="states")
print("fine")
"""


def test_engine_and_windows_live_it_to_the_same_bits(place: Path, compared: Path) -> None:
    small = [*SMALL, *EAGER, "population.households=1000"]
    assert printed(place, LIVED.format(small=small)) == "fine\n"


def test_the_order_log_tells_of_it(place: Path, compared: Path) -> None:
    mine = ordered_for_it(place)
    assert len(mine) > 0


def ordered_for_it(place: Path) -> pd.DataFrame:
    """Its orders in the log of a run, which are all that the lever tells of."""
    said(place, "run", "flash", "--seed", "3", "--keep-orders", *SMALL, *EAGER, *TRUSTED)
    (log,) = place.glob("results/runs/*/orders.parquet")
    orders = pd.read_parquet(log)
    mine = orders[orders["cause"] == "flash_sale"]
    assert (mine["flash_sale_bought"] == 1).all()
    assert (orders["flash_sale_bought"].sum()) == len(mine)
    return mine


@pytest.mark.slow
def test_a_diary_tells_of_it(place: Path, compared: Path) -> None:
    mine = ordered_for_it(place)
    who = str(int(mine["household"].iloc[0]))
    told = said(
        place, "diary", "flash", "--household", who, "--seed", "3", *SMALL, *EAGER, *TRUSTED
    )
    assert "Bought in the flash sale." in told
    assert re.search(r"A deal of flash sale, \d\d% off: took it.", told)


def lever(text: str) -> ModuleType:
    module = ModuleType("mine")
    head = (
        "from dataclasses import dataclass\n"
        "from sim.operator.common import LeverParameters\n"
        "from sim.operator.contract import DAY, Event, Offer, State, Whole\n"
        "SENTENCE = 'It does nothing.'\n"
        "@dataclass\nclass Parameters(LeverParameters):\n    pass\n"
    )
    exec(head + text, module.__dict__)
    return module


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def ofer(parent, place, world, day, inbox): pass", "did you mean offer"),
        ("def offer(parent, world, day, inbox): pass", "must (parent, place, world, day, inbox)"),
        ("EVENT = ()", "did you mean EVENTS"),
        ("EVENTS = [Event('x', 'times', 'y', 'Z.')]", "must be a tuple of Event"),
        ("OFFERS = (Offer('x', '', 'y'),)", "needs a unit and a meaning"),
        ("OF_HOUSEHOLDS = (State('x y', 'a', 'b'),)", "is no name"),
        ("OF_HOUSEHOLDS = (State('x', 'a', 'b', str),)", "of kind float, int or Whole"),
        ("OF_HOUSEHOLDS = (State('x', 'a', 'b', DAY, 40000),)", "begins with 40000, not within"),
        ("OF_HOUSEHOLDS = (State('x', 'a', 'b', Whole(0, 2**70)),)", "wider than whole numbers"),
        ("Parameters = int", "no dataclass Parameters"),
        ("NAMES = {'fr': 'soldes'}", "NAMES has 'fr', and there are en, zh"),
        ("NAMES = ('sale', )", "NAMES must be a dictionary of texts"),
        ("IN_CHINESE = {'cut': '降价'}", "IN_CHINESE has 'cut', and there are strength,"),
        ("del SENTENCE", "no SENTENCE, which tells its settings"),
    ],
)
def test_what_is_no_lever_is_refused_in_a_sentence(text: str, why: str) -> None:
    with pytest.raises(LeverError, match=re.escape(why)):
        check("mine", lever(text))


def test_a_lever_with_a_sentence_alone_is_one() -> None:
    check("mine", lever(""))


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("coupons", "", "there is a lever 'coupons' already"),
        ("broken", "def offer(:\n", "levers/broken.py, line 1: invalid syntax."),
    ],
)
def test_a_file_that_cannot_be_one_is_refused_in_a_sentence(
    tmp_path: Path, name: str, text: str, why: str
) -> None:
    (tmp_path / "mine/levers").mkdir(parents=True)
    (tmp_path / f"mine/levers/{name}.py").write_text(text)
    told = said(tmp_path, "check", "baseline", *TRUSTED, fails=True)
    assert why in told
    assert "Traceback" not in told
