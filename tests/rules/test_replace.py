"""Rules replaced by functions from outside the package."""

import json
import linecache
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim import compare, simulate
from sim.config.loading import load, resolved
from sim.engine.warm_up import warm_key
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.plan import PlannedRun, planned
from sim.parameters.quantity import ConfigurationError, as_numbers
from sim.responses.checking import check_rules
from sim.rules.finding import rules
from sim.rules.replacing import live_by
from sim.rules.writing import as_file
from sim.store.result import Result
from sim.store.runs import Store, run_key
from tests.conftest import ROOT

RULE = "believe.trust_after"
# The same files in every test: each takes the engine's compile time once.
OWN = '''"""Bad news is believed at once and for good, good news half."""

from sim.behaviour.believe import trust_after as as_it_is


def part(gap):
    return 2.0 * gap


def trust_after(trust, weight, evidence, evidence_weight, p):
    if evidence < trust:
        return max(trust + part(evidence - trust), 0.0)
    return as_it_is(trust, weight, evidence, 0.5 * evidence_weight, p)
'''
COPY = """from sim.behaviour.believe import EXPONENTIAL, heard
from sim.world.portable_math import exp


def trust_after(trust, weight, evidence, evidence_weight, p):
    felt = heard(trust, evidence, evidence_weight, p)
    if p.kind == EXPONENTIAL:
        return trust + (evidence - trust) * (1.0 - exp(-p.smoothing * felt))
    return (trust * weight + evidence * felt) / (weight + felt)
"""
SMALL = ["population.households=800", "run.warmup_days=60", "run.days=60"]
SMALL += ["behaviour.choose.operator_appeal=-1"]  # or hardly anybody orders


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with rules of one's own in it."""
    (tmp_path / "own.py").write_text(OWN)
    (tmp_path / "copied.py").write_text(COPY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def unlike(one: Result, other: Result) -> list[str]:
    """Tables in which two results are not the same, bit for bit."""
    tables = ("indicators", "daily", "monthly", "households", "groups", "orders")
    return [name for name in tables if not getattr(one, name).equals(getattr(other, name))]


def lived(**rules: str) -> Result:
    return simulate("integrated", SMALL, seed=3, keep_orders=True, **rules)


def in_python(text: str, folder: Path) -> str:
    """What a Python process of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, cwd=folder, env=environment()
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.slow
def test_a_copy_changes_nothing(folder: Path) -> None:
    plain, copied = planned_with([]), planned_with([f"rules.{RULE}=copied.py"])
    settings = ExecutionSettings(folder / "mixed", "threads", 2)
    assert run_missing([plain, copied, planned_with([f"rules.{RULE}=own.py"])], settings) == 3
    store = Store(folder / "mixed")
    assert unlike(store.read(plain.key), store.read(copied.key)) == []
    assert unlike(lived(), lived(rules={RULE: "copied.py"})) == []


def planned_with(more: list[str]) -> PlannedRun:
    return planned(load("integrated", [*SMALL, *more]), 3, keep_orders=True)


def test_another_rule_changes_something_and_they_never_mix(folder: Path) -> None:
    before = lived()
    own = lived(rules={RULE: folder / "own.py"})
    assert unlike(before, own) != []
    (folder / "moved.py").write_text(OWN)  # finds the machine code made for the same text
    assert unlike(own, lived(rules={RULE: "moved.py"})) == []
    assert unlike(before, lived()) == []  # the session itself still lives by the package's rules


def test_every_executor_and_mixed_batches_give_the_same(folder: Path) -> None:
    words = ["run", "integrated", *SMALL, f"rules.{RULE}=own.py", "--seed", "3", "--keep-orders"]
    tables = []
    for executor in ("serial", "threads", "processes"):
        command = [sys.executable, "-m", "sim", *words, "--executor", executor]
        done = subprocess.run(
            [*command, "--results", executor],
            capture_output=True, text=True, env=environment(),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        (run,) = (folder / executor / "run").iterdir()
        tables.append(pd.read_parquet(run / "orders.parquet"))
    assert tables[0].equals(tables[1])
    assert tables[0].equals(tables[2])
    assert unlike(lived(), lived(rules={RULE: "own.py"})) != []
    runs = [planned_with(more) for more in ([], [f"rules.{RULE}=own.py"])]
    assert run_missing(runs, ExecutionSettings(folder / "mixed", "threads", 2)) == 2
    plain, own = (Store(folder / "mixed").read(run.key) for run in runs)
    assert unlike(plain, lived()) == []
    assert own.orders is not None
    assert own.orders.equals(tables[0])


def test_windows_live_by_it_too(folder: Path) -> None:
    text = f"""
from sim.config.loading import load
from tests.whole_worlds import differences, lived
small = ["population.households=300", "run.warmup_days=0", "run.days=60"]
small += ["behaviour.choose.operator_appeal=2", "operator.acquisition.reach_share=0.4"]
config = load("integrated", [*small, "rules.{RULE}=own.py"])
engine, windows = (lived(config, 40) for _ in range(2))
windows.by_windows = True
trust = engine.households["trust"].copy()
for _ in range(6):
    engine.step(), windows.step()
    assert differences(engine, windows) == [], engine.day
assert (engine.households["trust"] != trust).any()
from sim.behaviour import believe
assert believe.trust_after.__module__.startswith("rules_of_ones_own")
from sim.api import simulate
from sim.parameters.quantity import ConfigurationError
try:
    lived(load("integrated", small), 1)
except ConfigurationError as error:
    print(error)
"""
    assert "lives by other rules already: start another" in in_python(text, folder)


def test_a_comparison_of_scenarios_with_different_rules_says_so(folder: Path) -> None:
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "doubting.yaml").write_text(
        "# @package _global_\ndefaults: [integrated, _self_]\n"
        "strategy: {title: Doubting}\n"
        f"rules:\n  {RULE}: own.py\n"
    )
    found = compare(
        ["integrated", "doubting"],
        replications=1,
        reference="integrated",
        overrides=SMALL,
        trust_rules=True,
    )
    manifest = json.loads((found.folder / "manifest.json").read_text())
    noted = manifest["configurations"]["doubting"]["rules"][RULE]
    assert (noted["file"], noted["function"], noted["source"]) == ("own.py", "trust_after", OWN)
    assert len(noted["sha256"]) == 64
    assert manifest["configurations"]["integrated"]["rules"] == {}
    trust = found.levels.query("indicator == 'trust_mean' and by == 'all'").set_index("strategy")
    assert trust["mean"]["doubting"] < trust["mean"]["integrated"]


def test_runs_and_warmed_up_worlds_are_told_apart_by_text_not_by_place(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "moved.py").write_text(OWN)
    (folder / "changed.py").write_text(OWN.replace("2.0", "3.0"))
    plain, own, moved, changed = (
        load("baseline", [f"rules.{RULE}={file}" for file in files])
        for files in ((), ("own.py",), ("elsewhere/moved.py",), ("changed.py",))
    )
    for key in (lambda each: run_key(resolved(each), 1), lambda each: warm_key(each, 1)):
        assert key(own) == key(moved)
        assert len({key(plain), key(own), key(changed)}) == 3


WRONG = """
import math
def short(trust, weight): return trust
def swapped(weight, trust, evidence, evidence_weight, p): return trust
def silent(trust, weight, evidence, evidence_weight, p): pass
def word(trust, weight, evidence, evidence_weight, p): return "much"
def opens(trust, weight, evidence, evidence_weight, p): return len(open("x").read())
def prints(trust, weight, evidence, evidence_weight, p): print(trust); return trust
def invents(trust, weight, evidence, evidence_weight, p): return p.no_such_parameter
"""


OF_THE_WORLD = """
def unknown(world, inbox, days):
    return days * world.today[0].no_such_field, days, days, 0.5
def mixed(world, inbox, days):
    return days + "a", days, days, 0.5
"""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("unknown", "KeyError: 'no_such_field'."),
        pytest.param("mixed", "wrong.py, line 5)", marks=pytest.mark.slow),
    ],
)
def test_a_rule_of_the_whole_world_is_refused_by_its_own_line(
    folder: Path, name: str, said: str
) -> None:
    (folder / "wrong.py").write_text(OF_THE_WORLD)
    words = ["run", "population.households=50", "run.days=2", "run.warmup_days=2"]
    command = [sys.executable, "-m", "sim", *words, f"rules.visiting.read_channel=wrong.py:{name}"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "visiting.read_channel replaced" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("believe.trust_aftr=own.py", "did you mean believe.trust_after?"),
        ("stay.leaves=own.py", "There is no rule stay.leaves"),
        ("believe.trust_after=nowhere.py", "there is no file nowhere.py."),
        ("believe.trust_after=wrong.py", "wrong.py has no function trust_after; it has short"),
        ("believe.trust_after=wrong.py:short", "takes (trust, weight) and must take (trust, wei"),
        ("believe.trust_after=wrong.py:swapped", "it takes (weight, trust,"),
        ("believe.trust_after=wrong.py:silent", "it returns none and must return float."),
        ("believe.trust_after=wrong.py:word", "must return float."),
        ("believe.trust_after=wrong.py:opens", "does not compile: Untyped global name 'open'"),
        ("believe.trust_after=wrong.py:prints", "it prints, which compiled code"),
        ("believe.trust_after=leaving.py", "leaving.py cannot be loaded: SystemExit"),
        (
            "believe.trust_after=wrong.py:invents",
            "does not compile: KeyError: 'no_such_parameter'.",
        ),
        ("believe.trust_after=broken.py", "broken.py cannot be loaded: SyntaxError"),
        ("believe.trust_after=failing.py", "failing.py cannot be loaded: ZeroDivisionError"),
        ("believe.trust_after=beside.py", "beside.py cannot be loaded: ModuleNotFoundError"),
    ],
)
def test_what_cannot_replace_a_rule_is_refused_in_a_sentence(
    folder: Path, setting: str, said: str
) -> None:
    (folder / "wrong.py").write_text(WRONG)
    (folder / "broken.py").write_text("def trust_after(:\n")
    (folder / "failing.py").write_text(f"1 / 0\n{COPY}")
    (folder / "leaving.py").write_text(f"import sys\nsys.exit(3)\n{COPY}")
    (folder / "beside.py").write_text("from own import trust_after\n")
    with pytest.raises(ConfigurationError) as refused:
        check_rules(load("baseline", [f"rules.{setting}"]))
    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("name", rules())
def test_every_rule_can_be_replaced_by_itself(name: str, folder: Path) -> None:
    words = ", ".join(rules()[name].__annotations__ | {})
    arguments = words.removesuffix(", return")
    short = name.rpartition(".")[2]
    module = rules()[name].__module__
    (folder / "itself.py").write_text(
        f"from {module} import {short} as as_it_is\n\n\n"
        f"def {short}({arguments}):\n    return as_it_is({arguments})\n"
    )
    config = load("baseline", [f"rules.{name}=itself.py"])
    check_rules(config)
    assert list(config.rules) == [name]


def test_the_session_refuses_a_model_by_other_rules(folder: Path) -> None:
    live_by({})
    with pytest.raises(ConfigurationError, match="lives by other rules already"):
        live_by(load("baseline", [f"rules.{RULE}=own.py"]).rules)


NOTEBOOK = """
import math
from sim.world.portable_math import exp
BIAS = 0.25
def inner(gap):
    return BIAS * gap + math.pi * 0.0
def trust_after(trust, weight, evidence, evidence_weight, p):
    return trust + inner(evidence - trust) * (1.0 - exp(-evidence_weight))
"""


def in_a_notebook(text: str) -> dict[str, Any]:
    """Names of a cell: functions of `__main__` whose text only `linecache` knows."""
    names: dict[str, Any] = {"__name__": "__main__"}
    linecache.cache["<cell>"] = (len(text), None, text.splitlines(keepends=True), "<cell>")
    exec(compile(text, "<cell>", "exec"), names)
    return names


def test_a_function_of_a_notebook_is_written_out_with_what_it_needs(
    folder: Path, own_cache: Path
) -> None:
    function = in_a_notebook(NOTEBOOK)["trust_after"]
    config = load("baseline", [f"rules.{RULE}='{as_file(RULE, function)}'"])
    source = config.rules[RULE].source
    assert "BIAS = 0.25" in source
    assert "import math as math" in source
    assert as_file(RULE, function) == as_file(RULE, function)
    names: dict[str, Any] = {}
    exec(source, names)
    p = as_numbers(load("baseline").behaviour.believe)
    assert names["trust_after"](0.5, 1.0, 0.9, 1.0, p) == function(0.5, 1.0, 0.9, 1.0, p)


def test_a_function_that_no_file_can_hold_is_refused(own_cache: Path) -> None:
    table = in_a_notebook("import numpy as np\nT = np.ones(3)\ndef f(u):\n    return T[0]\n")
    with pytest.raises(ConfigurationError, match="uses T, which cannot be written into a file"):
        as_file("choose.gumbel", table["f"])
    with pytest.raises(ConfigurationError, match="`def`"):
        as_file("choose.gumbel", lambda u: u)


def test_a_function_of_a_module_stands_in_its_file() -> None:
    assert as_file("x", textwrap.dedent).endswith("textwrap.py:dedent")
    assert as_file("x", in_python) == f"{Path(__file__)}:in_python"
