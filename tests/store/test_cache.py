"""Machine code and worlds are read from the user's own folder only, and only undamaged."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.store import cache
from sim.store.cache import cache_home, keep, kept, why_not
from sim.store.cache_limit import KINDS, clear, files_of, trim
from tests import ROOT

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give folders away")


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache._private.cache_clear()
    monkeypatch.setenv(cache.PLACE, str(tmp_path / "place"))


def test_a_private_folder_is_made_and_taken(tmp_path: Path) -> None:
    place = tmp_path / "place"
    assert cache_home() == place
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    keep(place / "worlds" / "one", b"content")
    assert stat.S_IMODE((place / "worlds").stat().st_mode) == 0o700
    assert bytes(kept(place / "worlds" / "one") or b"") == b"content"


def test_a_folder_that_others_may_write_is_not_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    place.chmod(0o777)
    fresh = cache_home()
    assert fresh != place
    assert stat.S_IMODE(fresh.stat().st_mode) == 0o700
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert f"Nothing is kept in {place}: others may write to it (chmod go-w" in told
    assert os.environ[cache.PLACE] == str(fresh)  # processes started from here use it too
    assert cache_home() == fresh
    assert capsys.readouterr().err == ""


def test_a_folder_that_others_may_exchange_is_not_taken(tmp_path: Path) -> None:
    above = tmp_path / "shared"
    above.mkdir()
    above.chmod(0o777)
    assert "put another in its place" in str(why_not(above / "place"))
    above.chmod(0o1777)  # as /tmp is: what one made only oneself can move
    assert why_not(above / "place") is None


def test_a_file_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "place").write_text("")
    assert "cannot be used (File exists)" in str(why_not(tmp_path / "place"))


@AS_ROOT
def test_a_folder_of_somebody_else_is_not_taken(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    os.chown(place, 12345, 12345)
    assert why_not(place) == "it belongs to somebody else"
    os.chown(place, 0, 0)
    os.chown(tmp_path, 12345, 12345)
    assert "put another in its place" in str(why_not(place))
    link = tmp_path / "link"
    os.chown(tmp_path, 0, 0)
    link.symlink_to(place)
    os.chown(place, 12345, 12345)
    assert why_not(link) == "it belongs to somebody else"


@AS_ROOT
def test_a_group_of_others_must_not_write(tmp_path: Path) -> None:
    place = tmp_path / "place"
    assert why_not(place) is None
    os.chown(place, 0, 12345)
    place.chmod(0o770)
    assert "others may write to it" in str(why_not(place))


@pytest.mark.parametrize("damage", ["cut", "flipped", "longer", "renamed", "empty"])
def test_what_is_damaged_or_stands_under_another_name_is_not_read(
    tmp_path: Path, damage: str
) -> None:
    path = tmp_path / "one"
    keep(path, b"content")
    whole = path.read_bytes()
    done = {
        "cut": whole[:-1],
        "flipped": whole[:-1] + bytes([whole[-1] ^ 4]),
        "longer": whole + b"?",
        "renamed": whole,
        "empty": b"",
    }
    target = tmp_path / "two" if damage == "renamed" else path
    target.write_bytes(done[damage])
    assert kept(target) is None


def test_what_killed_processes_left_is_swept(tmp_path: Path) -> None:
    left, fresh = tmp_path / ".one.1.part", tmp_path / ".two.2.part"
    for path in (left, fresh):
        path.write_bytes(b"half")
    os.utime(left, (0, 0))
    keep(tmp_path / "three", b"")
    assert not left.exists()
    assert fresh.exists()


def test_a_kind_is_taken_away_and_no_link_is_followed(tmp_path: Path) -> None:
    place, elsewhere = cache_home(), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine").write_text("")
    for number in range(3):
        keep(place / "worlds" / f"{number}.world", bytes(100))
        os.utime(place / "worlds" / f"{number}.world", (number, number))
    keep(place / "compiled" / "abc" / "code", b"")
    (place / "worlds" / "link").symlink_to(elsewhere)
    (place / "page").symlink_to(elsewhere)
    assert files_of(place, "page") == []
    size = (place / "worlds" / "2.world").stat().st_size
    assert trim(place, "worlds", size) == 2
    assert [file.path.name for file in files_of(place, "worlds")] == ["2.world"]
    for kind in KINDS:
        clear(place, kind)
    assert not (place / "compiled" / "abc").exists()
    assert (elsewhere / "mine").exists()


def told_of_cache(*words: str) -> str:
    shown = CliRunner().invoke(app, ["cache", *words])
    assert shown.exit_code == 0, shown.output
    return shown.output


def test_the_command_tells_what_lies_there_and_takes_it_away() -> None:
    place = cache_home()
    for number in range(4):
        keep(place / "worlds" / f"{number}.world", bytes(1 << 20))
        os.utime(place / "worlds" / f"{number}.world", (number, 86_400 * 10_000 + number))
    (line,) = [line for line in told_of_cache().splitlines() if "worlds" in line]
    assert [part.strip() for part in line.split("│")[3:5]] == ["4", "4.0"]
    assert "1997-05-1" in line
    assert "worlds: 2 files taken away" in told_of_cache("--limit", "3")
    assert len(files_of(place, "worlds")) == 2
    assert "worlds: 2 files taken away" in told_of_cache("--clear", "worlds")
    assert files_of(place, "worlds") == []
    shown = CliRunner().invoke(app, ["cache", "--clear", "wurlds"])
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert shown.stderr == "Nothing of the kind wurlds is kept; did you mean worlds?\n"


CRASHES = """
import sys
from sim.compilation.compiled import entry_point

@entry_point
def total(numbers):
    found = 0
    for number in numbers:
        found += number
    return found

import numpy as np
print(total(np.arange(7)))
"""


def told(program: Path, place: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, cache.PLACE: str(place), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(program)]
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def test_damaged_machine_code_is_compiled_again_and_never_run(tmp_path: Path) -> None:
    program, place = tmp_path / "small.py", tmp_path / "place"
    program.write_text(CRASHES)
    assert told(program, place).stdout == "21\n"
    (code,) = place.rglob("*.nbc")
    whole = code.read_bytes()
    # amid the instructions, where one byte more or less was a segmentation fault at every retry
    for place_of_damage in (len(whole) // 2, len(whole) * 3 // 4):
        damaged = bytearray(whole)
        damaged[place_of_damage : place_of_damage + 64] = bytes(64)
        code.write_bytes(damaged)
        done = told(program, place)
        assert (done.returncode, done.stdout, done.stderr) == (0, "21\n", "")
        assert code.read_bytes() == whole


def test_machine_code_of_another_function_is_not_taken_for_ones_own(tmp_path: Path) -> None:
    place, codes = tmp_path / "place", []
    for name, sign in (("small.py", "+="), ("other.py", "-=")):
        (tmp_path / name).write_text(CRASHES.replace("+=", sign))
        told(tmp_path / name, place)
        codes.append(next(place.rglob(f"{name[:-3]}.*.nbc")))
    one, other = codes
    one.write_bytes(other.read_bytes())
    assert told(tmp_path / "small.py", place).stdout == "21\n"


def test_without_a_place_commands_work_and_leave_nothing(tmp_path: Path) -> None:
    program, place = tmp_path / "small.py", tmp_path / "place"
    program.write_text(CRASHES)
    place.mkdir()
    place.chmod(0o777)
    passing = tmp_path / "passing"
    passing.mkdir(mode=0o700)
    environment = {**os.environ, cache.PLACE: str(place), "PYTHONPATH": str(ROOT)}
    environment["TMPDIR"] = str(passing)
    command = [sys.executable, str(program)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.stdout == "21\n"
    assert "others may write to it" in done.stderr
    assert list(place.iterdir()) == []
    assert list(passing.iterdir()) == []
