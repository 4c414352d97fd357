"""Functions that cannot take a rule's place are refused with the true cause, however asked."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import simulate
from sim.commands.program import app
from sim.config.loading import load
from sim.parameters.quantity import ConfigurationError
from sim.responses.checking import check_rules

runner = CliRunner()
RULE = "believe.trust_after"
ARGUMENTS = "trust, weight, evidence, evidence_weight, p"
SMALL = ["population.households=50", "run.days=3", "run.warmup_days=2"]
HEAD = """import os, random, time
import math
from random import random as luck
import numba
import numpy as np
from datetime import datetime
TABLE = np.array([0.1, 0.2, 0.3])
PAIR = (0.2, 0.4)
OWN = np.random.default_rng(1)
def helper(trust): return 0.5 * trust + 0.1 * random.random()
"""
UNSOUND = {
    "luck": ("return random.random()", "it asks random.random, which answers differently"),
    "luck imported": ("return 0.5 * luck()", "it asks luck, which answers differently"),
    "luck of NumPy": ("return np.random.random()", "it asks np.random.random, which"),
    "luck made once": ("return OWN.random()", "it asks OWN, which"),
    "luck of a helper": ("return helper(trust)", "it asks random.random, which"),
    "a clock": ("return time.time() % 1.0", "it asks time.time, which"),
    "the date": ("return datetime.now().hour / 24", "it asks datetime, which"),
    "the machine": ("return os.getpid() % 2", "it asks os.getpid, which"),
    "luck that numba asks Python for": (
        "with numba.objmode(x='float64'):\n        x = random.random()\n    return x",
        "it asks numba.objmode, which answers",
    ),
    "a generator": ("yield trust", "it is a generator (it has a `yield`)"),
    "outside of an array": (
        "return TABLE[int(9 * evidence)]",
        "where evidence is 0.333333, it reads outside of an array (index 3 is out of bounds",
    ),
    "outside of a pair": ("return PAIR[int(weight) // 10]", "outside of an array (tuple index"),
    "above one": ("return trust + 0.35", "where trust is 0.666667, it answers 1.01667 and must"),
    "below zero": ("return trust - 0.5", "where trust is 0, it answers -0.5 and must"),
    "no number": ("return math.nan", "it divides by zero or gives no number."),
    "without end": ("return math.inf", "it divides by zero or gives no number."),
    "a word": ("return 'much'", "and must return float."),
    "otherwise when compiled": (
        "return 0.5 + 0.0 * (int(weight) << 62) + 0.25 * ((int(weight) << 62) > 2 ** 62)",
        "when compiled and",
    ),
}  # fmt: skip


def refused(words: list[str]) -> str:
    shown = runner.invoke(app, words)
    assert shown.exit_code == 2, shown.output
    assert len(shown.stderr.strip().splitlines()) == 1, shown.stderr
    return shown.stderr.strip()


@pytest.mark.parametrize(("body", "said"), UNSOUND.values(), ids=UNSOUND)
def test_the_same_true_sentence_whoever_asks(
    body: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.py").write_text(f"{HEAD}def trust_after({ARGUMENTS}):\n    {body}\n")
    setting = f"rules.{RULE}=own.py"
    told = refused(["run", *SMALL, setting])
    assert told.startswith(f"own.py:trust_after cannot replace {RULE}: ")
    assert said in told
    assert refused(["rule", RULE, setting]) == told
    with pytest.raises(ConfigurationError) as error:
        simulate("baseline", SMALL, rules={RULE: "own.py"})
    assert str(error.value) == told
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"async def trust_after({ARGUMENTS}): return trust\n", "it is a coroutine"),
        (f"async def trust_after({ARGUMENTS}): yield trust\n", "it is a generator"),
    ],
)
def test_what_answers_later_is_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(text)
    with pytest.raises(ConfigurationError, match=said):
        check_rules(load("baseline", [f"rules.{RULE}={tmp_path}/own.py"]))


@pytest.mark.parametrize(
    ("rule", "text", "said"),
    [
        (
            "consent.consent_given",
            "def consent_given(u, trust, concern, service_asking, personal_asking, "
            "personal_asked, p):\n    return 7\n",
            "it answers 7 and must answer between 0 and 2",
        ),
        (
            "visiting.read_channel",
            "import random\n\n\ndef read_channel(world, inbox, days):\n"
            "    return days + random.random(), days, days, 0.5\n",
            "it asks random.random",
        ),
    ],
)
def test_other_rules(rule: str, text: str, said: str, tmp_path: Path) -> None:
    """One that answers by an index, and one of the whole world that is never asked alone."""
    (tmp_path / "own.py").write_text(text)
    with pytest.raises(ConfigurationError, match=said):
        check_rules(load("baseline", [f"rules.{rule}={tmp_path}/own.py"]))
