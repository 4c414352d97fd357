"""What others wrote is shown and not obeyed: by terminals, spreadsheets, browsers and figures."""

import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from rich.table import Table
from typer.testing import CliRunner

from sim.commands.output import complain, print_table, say, show
from sim.commands.program import app
from sim.console.progress import Standing, bar
from sim.report import embedding, slides, style
from sim.report.figure import Exhibit, Panel
from sim.report.page import write_page
from sim.report.palette import Look
from sim.store.tables import from_parquet, write_csv, write_parquet, write_tables
from sim.text.outgoing import visible, visible_in_json
from tests import ROOT
from tests.stored_comparison import write_comparison

COLOUR, TITLE_OF_WINDOW, C1, BACKWARDS = "\x1b[31m", "\x1b]0;owned\x07", "\x9b31m", "\u202e"
HOSTILE = (
    f"{COLOUR}a{TITLE_OF_WINDOW}b{C1}c{BACKWARDS}d\re[red]f[/red][link=file:///x]g[/link] :smile:"
)
OBEYED = "\x1b\x07\x9b\u202e\r"
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"]


def nothing_to_obey(text: str) -> bool:
    return not any(letter in text for letter in OBEYED)


# A terminal


def test_letters_spaces_and_lines_stay_as_they_are() -> None:
    told = "Δ 妈妈社群\u3000− café\n\tnext 👨\u200d👩\u200d👧"
    assert visible(told) == told


def test_what_a_terminal_obeys_is_shown_by_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    say(HOSTILE)
    complain(ValueError(HOSTILE))
    for text in capsys.readouterr():
        assert nothing_to_obey(text)
        assert r"\x1b[31ma\x1b]0;owned\x07b\x9b31mc\u202ed\re[red]f" in text


@pytest.mark.parametrize("columns", ["200", "30"])
def test_tables_take_nothing_for_markup(
    columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("TERM", "dumb")
    show(HOSTILE, pd.DataFrame({HOSTILE: [HOSTILE]}))
    table = Table(title=HOSTILE, caption=HOSTILE)
    table.add_column(HOSTILE)
    table.add_row(HOSTILE)
    print_table(table)
    told = capsys.readouterr().out
    assert nothing_to_obey(told)
    letters = re.sub(r"[\s│┃]", "", told)
    assert letters.count("[red]f[/red][link=file:///x]g[/link]:smile:") >= 3
    assert letters.count(r"\x1b[31ma") >= 3


def test_the_progress_bar_shows_its_label(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("COLUMNS", "300")
    with bar(HOSTILE) as on_progress:
        assert on_progress is not None
        on_progress(Standing(1, 2, 1, 2))
    told = screen.getvalue()
    assert r"\x1b[31ma\x1b]0;owned\x07b" in told
    assert "[red]f[/red]" in told
    assert BACKWARDS not in told
    assert TITLE_OF_WINDOW not in told


def test_scenarios_are_listed_with_their_titles_as_text(laboratory: Path) -> None:
    path = laboratory / "scenarios" / "koc_led.yaml"
    title = json.dumps(HOSTILE)  # which YAML reads too
    path.write_text(re.sub("title: .*", lambda _: f"title: {title}", path.read_text(), count=1))
    shown = CliRunner().invoke(app, ["scenarios"])
    assert nothing_to_obey(shown.output)
    assert r"\x1b[31ma" in shown.output


# A spreadsheet


def test_no_cell_of_a_csv_file_is_a_formula(tmp_path: Path) -> None:
    words = pd.DataFrame({"title": FORMULAS, "=kind": pd.Categorical(FORMULAS)})
    write_csv(words, tmp_path / "words.csv")
    cells = pd.read_csv(tmp_path / "words.csv", dtype=str)
    assert list(cells.columns) == ["title", "'=kind"]
    for column in cells:
        assert list(cells[column]) == [*(f"'{formula}" for formula in FORMULAS[:-1]), r"\r=1"]


def test_numbers_in_csv_files_stay_numbers(tmp_path: Path) -> None:
    numbers = pd.DataFrame({"x": [-1.5, 2.0], "n": [-1, 2], "told": ["-0.5", "+1e-3"]})
    write_tables(tmp_path, {"numbers": numbers})
    assert (tmp_path / "numbers.csv").read_text() == "x,n,told\n-1.5,-1,-0.5\n2.0,2,+1e-3\n"


def test_parquet_keeps_formulas_as_they_were(tmp_path: Path) -> None:
    write_tables(tmp_path, {"words": pd.DataFrame({"title": FORMULAS})})
    table = from_parquet((tmp_path / "words.parquet").read_bytes())
    assert list(table["title"]) == FORMULAS


def test_half_a_pair_of_surrogates_can_be_written(tmp_path: Path) -> None:
    half = ["\ud800 half", None]
    table = pd.DataFrame({"title": half, "kind": pd.Categorical(["\udfff", "whole"])})
    write_tables(tmp_path, {"words": table})
    write_parquet(table, tmp_path / "again.parquet")
    read = from_parquet((tmp_path / "words.parquet").read_bytes())
    assert read["title"].tolist() == [r"\ud800 half", None]
    assert read["kind"].tolist() == [r"\udfff", "whole"]
    assert r"\ud800 half" in (tmp_path / "words.csv").read_text()


# A figure


def test_a_dollar_in_a_name_is_drawn_as_it_stands(tmp_path: Path) -> None:
    names = [r"costs $5$ to $\frac{1}{$", "half \ud800 a pair", HOSTILE]
    looks = {name: Look("#112233", "o") for name in names}
    rows = pd.DataFrame(
        {"strategy": names, "mean": [1.0, 2, 3], "low": [0.0, 1, 2], "high": [2.0, 3, 4]}
    )
    with style.applied():
        for form, table in (("dots", rows), ("scatter", rows.assign(x=1.0, x_low=0.0, x_high=2.0))):
            panel = Panel(names[0], table, names[1], names[2])
            exhibit = Exhibit(form, form, names[2], "", [panel])
            figure = slides.Slide(looks, names[0]).draw(exhibit)
            style.save(figure, tmp_path, form)
            drawn = {
                text.get_text() for text in figure.findobj(lambda part: hasattr(part, "get_text"))
            }
            assert names[0] in drawn
            assert "half \\ud800 a pair" in drawn
            assert all(map(nothing_to_obey, drawn))
    assert len(list(tmp_path.iterdir())) == 4


def test_dollars_change_no_letter() -> None:
    with style.applied():
        figure = Figure()
        text = figure.text(0, 0, "$x$")
        assert not text.get_parse_math()


# The page


class Parts(HTMLParser):
    """Elements and attributes of a page, and what it says."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[str] = []
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.said.append(data)


SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>'\"{{ 7*7 }}</title>${alert(1)}"


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("results") / "compare" / "baseline-0"
    write_comparison(folder, seeds=range(3), title=f"{SCRIPT}{HOSTILE}\ud800")
    return write_page(folder, all_slides=False).read_text(encoding="utf-8")


def test_the_page_shows_a_hostile_title(hostile_page: str) -> None:
    page = Parts(hostile_page)
    said = "".join(page.said)
    assert SCRIPT in said
    assert r"\x1b[31ma" in said
    assert r"\ud800" in said
    assert "img" not in page.elements
    assert not [name for name in page.attributes if name.startswith("on")]
    assert BACKWARDS not in said
    assert COLOUR not in said


def test_drawings_hold_nothing_to_obey() -> None:
    text = json.dumps({"name": f"{HOSTILE}\ud800"}, ensure_ascii=False)
    told = json.loads(visible_in_json(text))["name"]
    assert "\\u202e" in told
    assert "\\ud800" in told
    visible_in_json(text).encode("utf-8")


def test_a_script_in_a_name_cannot_end_the_drawings() -> None:
    rows = pd.DataFrame({"strategy": [SCRIPT], "mean": [1.0], "low": [np.nan], "high": [np.nan]})
    assert embedding._columns(rows)["rows"] == [(SCRIPT, 1, None, None)]


def test_commands_speak_from_one_place_only() -> None:
    for path in sorted((ROOT / "sim" / "commands").glob("*.py")):
        if path.name not in ("output.py", "program.py"):
            said = re.findall(r"typer\.echo|\bprint\(|stdout\.write|Console\(", path.read_text())
            assert not said, path.name
