"""Run the notebooks and keep what they show in them: `make notebooks`.

Each runs in a folder of its own, so that results of earlier runs have no part in it and nothing is
left behind. What was run is noted by a checksum of its code: a test sees what was changed since.
"""

import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
SECONDS = 1200  # for one cell, the engine's compiling included


def code_of(notebook: Any) -> str:
    """Checksum of all code cells."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256("\n\n".join(cells).encode()).hexdigest()[:16]


def executed(path: Path, folder: Path) -> Any:
    """The notebook with its outputs, run in `folder` beside a folder of results."""
    notebook = nbformat.read(path, as_version=4)
    kernel = notebook.metadata["kernelspec"]
    place = folder / "notebooks"
    place.mkdir()
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(place)}},
    )
    # Figures go into the notebook, wherever the caller sends its own.
    client.execute(env={name: value for name, value in os.environ.items() if name != "MPLBACKEND"})
    # What else the kernel notes is of this machine.
    notebook.metadata = {
        "kernelspec": kernel,
        "language_info": {"name": "python"},
        "repurchase": {"code": code_of(notebook)},
    }
    return notebook


def main() -> None:
    """Run all of them, or those named."""
    asked = sys.argv[1:] or [path.stem for path in NOTEBOOKS]
    for path in NOTEBOOKS:
        if path.stem in asked:
            with tempfile.TemporaryDirectory() as folder:
                notebook = executed(path, Path(folder))
            path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
