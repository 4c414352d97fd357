"""What can be exported to what, where it goes, and one sentence where it cannot."""

import re
import shutil

import openpyxl
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.export import exporting
from sim.export.exporting import FORMATS, export
from sim.parameters.quantity import ConfigurationError
from sim.report.page import write_page
from sim.store.runs import ResultsError, verify

MAGIC = {"xlsx": b"PK", "pptx": b"PK", "pdf": b"%PDF", "html": b"<!DOCTYPE html>"}


def run(*words):
    done = CliRunner().invoke(app, ["export", *map(str, words)])
    return done.exit_code, " ".join(done.output.split())


@pytest.fixture
def own(folder, tmp_path):
    """A folder of its own, with nothing exported yet."""
    shutil.copytree(folder, tmp_path / "baseline-1")
    return tmp_path / "baseline-1"


def test_all_kinds_at_once_beside_the_tables(own):
    code, told = run(own, "--to", "xlsx,pptx,pdf,html")
    assert code == 0, told
    for name, begin in MAGIC.items():
        assert (own / f"export.{name}").read_bytes().startswith(begin)
        assert str(own / f"export.{name}") in told
    verify(own)  # what was computed is as it was


def test_language_and_output(own, tmp_path):
    target = tmp_path / "board.html"
    assert run(own, "--to", "html", "--language", "zh", "--output", target)[0] == 0
    assert '<html lang="zh">' in target.read_text(encoding="utf-8")
    assert run(own, "report.language=zh", "--to", "html")[0] == 0
    assert (own / "export.zh.html").read_bytes() == target.read_bytes()


def test_page_stands_alone(own):
    export(own, "html", "en")
    told = (own / "export.html").read_text(encoding="utf-8")
    assert "Slides:" not in told
    assert "Beside this page" not in told
    assert told.count("window.vegaEmbed=") == 1
    page = write_page(own, all_slides=False).read_text(encoding="utf-8")
    assert "Beside this page" in page


def test_nothing_that_stands_elsewhere_is_overwritten(own, tmp_path):
    target = tmp_path / "mine.html"
    target.write_text("precious")
    with pytest.raises(ResultsError, match="is there already"):
        export(own, "html", "en", target)
    assert target.read_text() == "precious"
    export(own, "html", "en")
    before = (own / "export.html").read_bytes()
    export(own, "html", "en")  # among the results it is exchanged
    assert (own / "export.html").read_bytes() == before


def test_a_write_that_fails_leaves_nothing(own, monkeypatch):
    def full(folder, words):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.export.page.made", full)
    with pytest.raises(OSError, match="No space"):
        export(own, "html", "en")
    assert not [path for path in own.iterdir() if path.name.startswith((".partial", "export"))]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--to", "word"], "Nothing can be exported to word"),
        ([], "Say what to export to: --to xlsx, pptx, pdf, html."),
        (["--to", "pptx,pdf", "--output", "nowhere"], "several files need one"),
        (["--to", "pdf", "--output", "nowhere/x.pdf"], "nowhere is no folder"),
        (["--to", "pdf", "--language", "fr"], "there are en, zh"),
    ],
)
def test_bad_input_gets_one_sentence(own, words, sentence, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, told = run(own, *words)
    assert code == 2
    assert sentence in told


def test_a_package_that_is_missing_is_named_with_the_command_that_brings_it(own, monkeypatch):
    monkeypatch.setattr(exporting, "find_spec", lambda name: None)
    with pytest.raises(
        ConfigurationError, match=r"python-pptx.*pip install 'repurchase\[export\]'"
    ):
        export(own, "pptx", "en")
    export(own, "html", "en")


@pytest.fixture
def experiment(laboratory):
    """Let the toy laboratory do an experiment, and give its folder."""

    def done(*words):
        shown = CliRunner().invoke(app, [*words, "run.days=3", "-n", "2"])
        assert shown.exit_code == 0, shown.output
        return laboratory / re.search(r"Results: (\S+)", shown.stdout)[1]

    return done


def test_a_sweep_becomes_paper_a_page_and_a_workbook(experiment):
    folder = experiment("sweep", "koc_led", "operator.coupons.strength=0,0.5,1")
    for path in export(folder, "pdf,html,xlsx", "en"):
        assert path.read_bytes().startswith(MAGIC[path.suffix[1:]])
    with pytest.raises(ConfigurationError, match=r"exported to pptx: .* to xlsx, pdf or html"):
        export(folder, "pptx", "en")


def test_other_experiments_become_a_workbook_and_say_so(experiment):
    folder = experiment("levers")
    with pytest.raises(ConfigurationError, match="it can be exported to xlsx"):
        export(folder, "pdf", "en")
    (written,) = export(folder, "xlsx", "en")
    book = openpyxl.load_workbook(written, read_only=True)
    assert book.sheetnames == ["Read me", "table effects", "table levers", "table runs"]


def test_every_format_is_told_in_help():
    told = " ".join(CliRunner().invoke(app, ["export", "--help"]).output.split())
    assert all(name in told for name in FORMATS)
