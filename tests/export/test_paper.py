"""Paper holds the answer, figures and tables in both languages, and says what it needs."""

import io

import pytest
from pypdf import PdfReader

from sim.export import paper, typesetting
from sim.report import answer
from sim.report.page import SECTIONS
from sim.report.slides import chinese_font
from sim.report.words import LANGUAGES, Words
from sim.store.runs import ResultsError

EN = Words("en")


def bare(text):
    """Text without gaps, which belong to the setting, and pypdf's halves of letters."""
    return "".join(text.split()).replace("\0", "")


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    if request.param == "zh" and chinese_font() is None:
        pytest.skip("there is no Chinese font: apt-get install fonts-noto-cjk")
    return request.param


@pytest.fixture(scope="module")
def pages(folder, language):
    content = paper.made(folder, Words(language))
    return PdfReader(io.BytesIO(content)).pages


def test_the_answer_is_on_the_first_page(pages, comparison, language):
    told = bare(pages[0].extract_text())
    for sentence in answer.sentences(comparison, Words(language))[:3]:
        assert bare(sentence) in told


def test_figures_and_tables_are_there(pages, language):
    words, text = Words(language), bare("".join(page.extract_text() for page in pages))
    for key in ("goals", "people", "horizon", "ladder", "levels"):
        assert bare(words(f"tables.{key}.title", reference="")) in text
    wanted = {
        name
        for section, (figures, _) in SECTIONS.items()
        if section not in paper.BEHIND
        for name in figures
        if name not in paper.FIGURES_BEHIND
    }
    assert sum(len(page.images) for page in pages) == len(wanted)


def test_numbers_of_the_tables_are_there(pages, comparison, language):
    words, text = Words(language), bare("".join(page.extract_text() for page in pages))
    gain = comparison.extra("repurchasing_households")["integrated"]
    assert bare(words.count(gain.mean)) in text
    rate = comparison.level("repurchase_rate_365d")["integrated"]
    assert bare(words.level(*rate, "share")[0]) in text


def test_words_are_found_by_who_looks_for_them(pages, language):
    text = "".join(page.extract_text() for page in pages).replace("\0", "")
    assert typesetting.BREAK not in text
    assert {"en": "repurchase", "zh": "复购"}[language] in text


def test_a_table_that_goes_on_has_its_head_on_every_page(pages, language):
    words = Words(language)
    head, title = (bare(words(f"tables.{key}")) for key in ("ladder.head", "ladder.title"))
    texts = [bare(page.extract_text()) for page in pages]
    last = bare(words("ladder.contribution")).lstrip("=")  # which pypdf takes for another sign
    assert any(last in text and (title in text or text.startswith(head)) for text in texts)


def test_wide_tables_are_told_in_parts_and_keep_their_headings():
    sheet = typesetting.Paper("t", "f", None, "en", paper.datetime(2026, 1, 1))
    heads = [f"column{i}" for i in range(25)]
    sheet.tabulate(
        typesetting.Table("Much", "", heads, [[f"row{i}-{j}" for j in range(25)] for i in range(3)])
    )
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(sheet.output())).pages)
    assert text.count("column0") == 3
    assert all(text.count(f"row1-{j}") for j in range(25))


def test_without_a_chinese_font_it_says_what_is_needed(folder, monkeypatch):
    monkeypatch.setattr(paper, "chinese_font", lambda: None)
    with pytest.raises(ResultsError, match="fonts-noto-cjk"):
        paper.made(folder, Words("zh"))
    assert paper.made(folder, EN).startswith(b"%PDF")


def test_same_results_same_bytes(folder):
    assert paper.made(folder, EN) == paper.made(folder, EN)
