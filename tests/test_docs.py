"""The documents say what the code is."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_reference_is_what_the_code_declares() -> None:
    spec = importlib.util.spec_from_file_location("make_tables", ROOT / "docs" / "make_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert module.reference() == written, "run `make reference`"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:")):
            assert (document.parent / target).exists(), target


def test_phases_of_a_day_are_those_of_the_model() -> None:
    from sim.model import PHASES

    text = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    told = re.findall(r"^\d\. \*\*`(\w+)`\*\*", text, flags=re.MULTILINE)
    assert told == [phase.__name__ for phase in PHASES]


def test_every_rule_and_lever_is_described() -> None:
    text = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    for folder in ("sim/behaviour", "sim/operator/levers"):
        for path in sorted((ROOT / folder).glob("*.py")):
            if path.stem != "__init__":
                assert f"(../{folder}/{path.name})" in text, path.name


@pytest.mark.parametrize(
    "place", ["README.md", "sim/cli.py", "sim/commands/sweep.py", "sim/experiments/sweep.py"]
)
def test_settings_named_in_examples_exist(place: str) -> None:
    from sim.config import schema
    from sim.schema import keys_of

    text = (ROOT / place).read_text(encoding="utf-8")
    parts = "behaviour|operator|population|run|strategy|community|market"
    named = set(re.findall(rf"\b((?:{parts})(?:\.[a-z_]+)+)=", text))
    assert named
    assert named <= keys_of(schema())
