"""What lies in the folder one works in is not obeyed by the program that is run there."""

import os
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from sim.report import style
from tests.conftest import ROOT, toy_environment

MARKER = "obeyed"
SPEAKS = f"open({MARKER!r}, 'a').write(__name__)\n"  # what is written tells that it ran
MODULES = (
    "sitecustomize",
    "usercustomize",
    "numpy",
    "yaml",
    "rich",
    "typer",
    "numba",
    "pandas",
    "hydra_plugins/__init__",
    "hydra_plugins/own/__init__",
)
STANDARD = ("pickle", "socket", "random", "multiprocessing/__init__", "decimal")
SETTINGS = {
    "matplotlibrc": "font.size: 40\nbackend: TkAgg\nlines.linewidth: 30\n",
    ".numba_config.yaml": "disable_jit: 1\nopt: 0\n",
    ".env": "NUMBA_DISABLE_JIT=1\n",
    ".condarc": "channels: [x]\n",
    "pytest.ini": "[pytest]\naddopts = --nonsense\n",
    "pyproject.toml": "this is no TOML [",
    "setup.cfg": "[nonsense",
    "hydra/default.yaml": "{",
    ".hydra/config.yaml": "{",
    "config.yaml": "{",
}


def plant(folder: Path) -> None:
    """Put into a folder whatever libraries and Python might look for there."""
    files = {f"{module}.py": SPEAKS for module in (*MODULES, *STANDARD)} | SETTINGS
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def run_there(folder: Path, *command: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        env=toy_environment(environment),
        cwd=folder,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def script(tmp_path: Path) -> str:
    """The program as it is installed: a file elsewhere, that only calls `main`."""
    path = tmp_path / "bin" / "repurchase"
    path.parent.mkdir()
    text = "from sim.commands.program import main\n\nif __name__ == '__main__':\n    main()\n"
    path.write_text(text)
    return str(path)


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    folder = tmp_path / "sent"
    folder.mkdir()
    plant(folder)
    return folder


def test_the_program_obeys_nothing_there(planted: Path, script: str) -> None:
    assert "koc_led" in run_there(planted, script, "scenarios")
    assert "lead_days" in run_there(planted, script, "explain", "--part", "behaviour.need")
    assert not (planted / MARKER).exists()


def test_worker_processes_obey_nothing_there(planted: Path, script: str) -> None:
    """A worker is begun by `python -c`, for which the folder would come first."""
    code = (
        "import multiprocessing, sys\n"
        "import sim.commands\n"
        "from sim.console.working_folder import own_environment\n"
        "if __name__ == '__main__':\n"
        "    own_environment()\n"
        "    pool = multiprocessing.get_context('spawn').Pool(1)\n"
        "    assert pool.apply(max, (1, 2)) == 2\n"
        "    pool.close()\n"
        "    pool.join()\n"
    )
    Path(script).write_text(code)
    run_there(planted, script)
    assert not (planted / MARKER).exists()


def test_as_a_module_libraries_come_from_where_they_are_installed(planted: Path) -> None:
    for module in STANDARD:  # what Python needs to begin is beyond us
        (planted / f"{module}.py").unlink()
    assert "koc_led" in run_there(planted, "-m", "sim", "scenarios")
    assert not (planted / MARKER).exists()


def test_a_clone_is_found_in_the_folder_one_works_in(tmp_path: Path) -> None:
    (tmp_path / "sim").symlink_to(ROOT / "sim")
    for name in ("conf", "scenarios"):
        (tmp_path / name).symlink_to(ROOT / name)
    assert "koc_led" in run_there(tmp_path, "-m", "sim", "scenarios", PYTHONPATH="")


ASKED = """
import sim.commands
from sim.console.working_folder import own_environment
own_environment()
import matplotlib, numba
import numba.core.config as config
config.reload_config()
print(matplotlib.rcParams["font.size"], matplotlib.get_backend().lower(), config.OPT + 0,
      config.DISABLE_JIT)
"""


def test_libraries_settings_there_are_not_read(planted: Path, tmp_path: Path) -> None:
    for name in ("numba", "numpy", "yaml"):
        (planted / f"{name}.py").unlink()
    asking = tmp_path / "asking.py"
    asking.write_text(ASKED)
    environment = {"MPLBACKEND": "TkAgg", "NUMBA_DISABLE_JIT": "1"}
    assert run_there(planted, str(asking), **environment).split() == ["10.0", "agg", "3", "0"]


@pytest.mark.parametrize("file", ["matplotlibrc", ".numba_config.yaml"])
def test_a_pipe_there_is_not_waited_for(file: str, tmp_path: Path) -> None:
    folder = tmp_path / "sent"
    folder.mkdir()
    os.mkfifo(folder / file)
    asking = tmp_path / "asking.py"
    asking.write_text(ASKED)
    assert run_there(folder, str(asking)).split() == ["10.0", "agg", "3", "0"]


def test_figures_have_our_settings_and_no_others(tmp_path: Path) -> None:
    def drawn(name: str) -> list[bytes]:
        with style.applied():
            figure = Figure()
            axes = figure.subplots()
            axes.plot([1, 2], [3, 4], label="line")
            axes.set_title("A title")
            axes.legend()
            return [path.read_bytes() for path in style.save(figure, tmp_path, name)]

    usual = drawn("usual")
    changed = {"xtick.labelsize": 40, "lines.linestyle": "--", "savefig.bbox": "tight"}
    with mpl.rc_context({**changed, "axes.facecolor": "red", "text.color": "blue"}):
        assert drawn("changed") == usual
