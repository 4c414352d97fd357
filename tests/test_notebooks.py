"""The notebooks run from top to bottom, on real runs, and hold nothing of their own."""

import ast
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SECONDS = 600  # for one cell, the engine's compiling included

LOGIC = (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.FunctionDef, ast.ClassDef)


def cells(path: Path) -> list[Any]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def named(path: Path) -> str:
    return path.stem


def test_there_is_one_for_each_of_the_three() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["planner", "researcher", "strategist"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_they_are_kept_without_outputs(path: Path) -> None:
    # What they show is made anew by whoever opens them, and here; in the history it would only
    # be noise that can be out of date.
    for cell in cells(path):
        assert cell.outputs == []
        assert cell.execution_count is None


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
    copy = Path(shutil.copy(path, tmp_path))
    notebook = nbformat.read(copy, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path)}},
    )
    client.execute()
    nbformat.write(notebook, copy)
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert not [out for out in outputs if out.output_type == "error"]
    assert not [out for out in outputs if out.get("name") == "stderr"], "a warning is shown"
    pictures = [out for out in outputs if "image/png" in out.get("data", {})]
    tables = [out for out in outputs if "text/html" in out.get("data", {})]
    assert pictures
    assert tables
    assert all("NaN" not in str(out.data.get("text/plain", "")) for out in tables[:3])
