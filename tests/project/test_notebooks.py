"""The notebooks run from top to bottom, on real runs, and show what came of it."""

import ast
import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

_spec = importlib.util.spec_from_file_location("making", ROOT / "docs" / "make_notebooks.py")
assert _spec is not None
assert _spec.loader is not None
making = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(making)

LOGIC = (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.FunctionDef, ast.ClassDef)


def cells(path: Path) -> list[Any]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def named(path: Path) -> str:
    return path.stem


def test_there_is_one_for_each_of_the_three() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["planner", "researcher", "strategist"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_what_they_show_is_kept_and_is_of_their_code(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert notebook.metadata["repurchase"]["code"] == making.code_of(notebook), "make notebooks"
    silent = [cell.source for cell in cells(path) if shows(cell.source) and not cell.outputs]
    assert silent == []
    kinds = {kind for cell in cells(path) for out in cell.outputs for kind in out.get("data", {})}
    assert {"image/png", "text/html"} <= kinds
    counts = [cell.execution_count for cell in cells(path)]
    assert counts == list(range(1, len(counts) + 1))  # from top to bottom, each once


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_what_they_show_is_of_no_machine(path: Path) -> None:
    told = json.dumps([cell.outputs for cell in cells(path)])
    told = re.sub(r'"image/png": "[^"]*"', "", told)
    assert not re.search(r"/(home|root|tmp|work|usr|opt|Users)/|[A-Z]:\\\\|ipykernel_", told)
    assert not [out for cell in cells(path) for out in cell.outputs if out.output_type == "error"]


def shows(source: str) -> bool:
    """Whether a cell ends by showing something."""
    last = ast.parse(source).body[-1]
    return isinstance(last, ast.Expr) and "set_option" not in ast.unparse(last)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_they_have_no_logic_of_their_own(path: Path) -> None:
    found = [
        node
        for cell in cells(path)
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, LOGIC)
    ]
    classes = [node for node in found if isinstance(node, ast.ClassDef)]
    if path.stem == "researcher":  # a class of one's own is what it is about
        assert [node.name for node in classes] == ["OwnExperience"]
        inside = {id(each) for node in classes for each in ast.walk(node)}
        found = [node for node in found if id(node) not in inside]
        assert [type(node) for node in found] == [ast.FunctionDef, ast.For]
    else:
        assert found == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_they_run(path: Path, tmp_path: Path) -> None:
    before = path.read_bytes()
    notebook = making.executed(path, tmp_path)
    assert path.read_bytes() == before
    assert list((tmp_path / "notebooks").iterdir()) == []  # results lie where commands keep theirs
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert not [out for out in outputs if out.output_type == "error"]
    assert not [out for out in outputs if out.get("name") == "stderr"], "a warning is shown"
    pictures = [out for out in outputs if "image/png" in out.get("data", {})]
    tables = [out for out in outputs if "text/html" in out.get("data", {})]
    assert pictures
    assert tables
