"""The house keeps its order: who may import whom, where numbers come from, what is found."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.operator.lever import LEVERS
from tests import shipped

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "sim"

# A room may import from itself, from rooms before it, and from the tools that all share.
ROOMS = (
    ("world",),
    ("behaviour",),
    ("rules",),
    ("operator",),
    ("engine", "morning", "evening", "days", "retold", "windows", "agents", "model"),
    ("indicators", "result"),
    ("warm", "panel", "simulate", "config", "composing", "consistency", "groups"),
    ("reference", "responses"),
    ("explaining",),
    ("evidence", "experiments"),
    ("plain", "diary", "laboratory"),
    ("strategy",),
    ("commands",),
    ("cli", "__main__"),
)
TOOLS = (
    "compiled",
    "together",
    "quantity",
    "schema",
    "progress",
    "origin",
    "parquet",
    "loading",
    "outside",
    "settings",
    "overrides",
    "near",
    "cache",
    "seclusion",
    "visible",
)
FILES_ONLY = ("folders", "store", "report")  # see what is written down and never the model
SEEN_BY_FILES_ONLY = (*TOOLS, *FILES_ONLY, "result")
SOURCES = sorted(PACKAGE.rglob("*.py"))


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imported(path: Path) -> Iterator[str]:
    """Rooms of the package that a file imports from, wherever in it, but for types."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            whole = node.module == "sim"
            names = [f"sim.{alias.name}" for alias in node.names] if whole else [node.module or ""]
        yield from (room_of(name) for name in names if name.startswith("sim."))


def height(room: str) -> int:
    found = [level for level, rooms in enumerate(ROOMS) if room in rooms]
    assert found, f"{room} is in no room of the house: name it in ROOMS"
    return found[0]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_one_way(path: Path) -> None:
    room = path.relative_to(PACKAGE).with_suffix("").parts[0]
    others = {other for other in imported(path) if other not in (room, "__init__")}
    if room == "__init__":
        assert not others
    elif room in TOOLS:
        assert others <= set(TOOLS)
    elif room in FILES_ONLY:
        assert others <= set(SEEN_BY_FILES_ONLY)
    else:
        later = {
            other for other in others - set(TOOLS) - set(FILES_ONLY) if height(other) > height(room)
        }
        assert not later, f"{room} looks forward to {sorted(later)}"


VALUE = r"(\{.*\d.*\}|\[.*\d.*\]|[-+]?\.?\d[\d.]*(e[-+]?\d+)?)"
NUMBER = re.compile(rf"^\s*(-\s+)?([\w.@]+:\s*)?{VALUE}\s*(#.*)?$")
COMMENT = re.compile(r"#\s*\S+")
SETTINGS = sorted([*ROOT.glob("conf/**/*.yaml"), *shipped.FILES])


@pytest.mark.parametrize("path", SETTINGS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_number_says_where_it_comes_from(path: Path) -> None:
    silent = [
        f"{number}: {line}"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if NUMBER.match(line) and "facts:" not in line and not COMMENT.search(line)
    ]
    assert silent == []


def test_every_lever_has_its_values_and_every_value_its_lever() -> None:
    assert {path.stem for path in (ROOT / "conf/lever").glob("*.yaml")} == set(LEVERS)
    assert {path.stem for path in (PACKAGE / "operator/levers").glob("[!_]*.py")} == set(LEVERS)


@pytest.mark.parametrize("name", LEVERS)
def test_every_lever_is_off_unless_a_strategy_turns_it_on(name: str) -> None:
    lines = (ROOT / f"conf/lever/{name}.yaml").read_text().splitlines()
    assert any(re.match(r"strength:\s*0(\.0)?\s", line) for line in lines)


TEXTS = sorted(
    path
    for pattern in (
        "sim/**/*.py",
        "sim/**/*.j2",
        "tests/**/*.py",
        "conf/**/*",
        "docs/**/*.md",
        "*.md",
        "*.toml",
        "*.lock",
        "Makefile",
        ".ci/*",
    )
    for path in ROOT.glob(pattern)
    if path.is_file()
)
TEXTS += shipped.FILES
INDEX = re.compile("|".join(["index" + "-url", "py" + "pi", "files.python" + "hosted"]), re.I)
ABSOLUTE = re.compile(r"(?<![\w.$}>:/~-])/(work|home|root|usr|tmp|opt|var|mnt)/")


def test_no_file_names_a_package_index_or_an_absolute_path() -> None:
    found = []
    for path in TEXTS:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            index = INDEX.search(line) and "--no-emit-index" not in line
            if index or (ABSOLUTE.search(line) and not line.startswith("#!")):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_the_library_does_not_print() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "print", path.name
