"""A folder of the user's own, with code that a document shows, and commands that are given it."""

import os
import re
import subprocess
import sys
from pathlib import Path

from sim.store.sources import OWN_CODE
from tests import ROOT

BLOCK = re.compile(r"```(python|yaml)\n(.*?)```", re.DOTALL)
TRUSTED = ["--config-dir", "mine", "--trust-rules"]


def make_folder(home: Path, document: str, module: str, scenario: str) -> Path:
    """Put the first module and scenario of a document into `mine/` of a place, and nothing else."""
    texts = dict(reversed(BLOCK.findall((ROOT / document).read_text(encoding="utf-8"))))
    for name, language in ((module, "python"), (scenario, "yaml")):
        path = home / "mine" / name
        path.parent.mkdir(parents=True)
        path.write_text(texts[language], encoding="utf-8")
    return home


def said(place: Path, *words: str, fails: bool = False) -> str:
    """What a command prints, on one line; what it complains of, where it fails."""
    done = _run(place, ["-m", "sim", *words], {"COLUMNS": "200"})
    assert (done.returncode != 0) == fails, done.stderr
    return " ".join((done.stderr if fails else done.stdout).split())


def printed(place: Path, program: str) -> str:
    """What a program prints that imports `sim` where the user's own code may run."""
    own = {variable: str(place / "mine" / kind) for kind, variable in OWN_CODE.items()}
    done = _run(place, ["-c", program], own)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _run(
    place: Path, words: list[str], environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
    )
