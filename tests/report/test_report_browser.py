"""The report as its reader opens it: in a browser, on a phone, on paper, without a network."""

import subprocess
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
from playwright.sync_api import sync_playwright

from sim.report import slides
from sim.report.page import write_page
from sim.report.words import Words
from tests.stored_comparison import write_comparison
from tests.system import program

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
DESKTOP, PHONE = {"width": 1300, "height": 900}, {"width": 400, "height": 844}
LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The page of the same comparison in every language."""
    home = tmp_path_factory.mktemp("report")
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slides, "write", lambda *arguments: None)  # they take long
        for language in LANGUAGES:
            folder = write_comparison(home / language, seeds=range(4))
            found[language] = write_page(folder, language)
    return found


@pytest.fixture(scope="module")
def browser():
    path = program("chromium", "chromium")
    with sync_playwright() as tool:
        running = tool.chromium.launch(executable_path=path, args=list(FLAGS))
        yield running
        running.close()


class Opened:
    """A page in the browser, with what it complained of and what it asked for."""

    def __init__(self, browser, path, viewport):
        self.troubles = []
        self.page = browser.new_page(viewport=viewport)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.route("**/*", self._asked)
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("html[data-drawn]", timeout=120_000)

    def _heard(self, message):
        if message.type in ("error", "warning"):
            self.troubles.append(message.text)

    def _asked(self, route):
        if route.request.url.startswith(("file:", "data:")):
            route.continue_()
        else:
            self.troubles.append(f"asked for {route.request.url}")
            route.abort()

    def count(self, selector):
        return self.page.locator(selector).count()


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def opened(browser, pages, language):
    found = Opened(browser, pages[language], DESKTOP)
    yield found
    found.page.close()


def test_page_opens_in_peace(opened):
    assert opened.troubles == []


def test_every_figure_is_drawn(opened):
    panels = opened.page.locator(".panel").all()
    assert len(panels) == int(opened.page.locator("html").get_attribute("data-drawn"))
    for panel in panels:
        marks = panel.locator("svg g.mark-symbol path, svg g.mark-rect path, svg g.mark-line path")
        assert marks.count() > 0, panel.get_attribute("id")
        assert panel.locator("svg").bounding_box()["width"] > 300
        assert "NaN" not in panel.inner_text()


def drawn(opened, panel):
    """Every mark of a panel as it tells screen readers, and the ticks of its axes."""
    svg = opened.page.locator(f"#{panel} svg")
    labels = "marks => marks.map(mark => mark.ariaLabel + (mark.getAttribute('opacity') ?? ''))"
    marks = svg.locator("[aria-label]:not([aria-roledescription=axis])").evaluate_all(labels)
    return sorted(marks), sorted(svg.locator(".role-axis-label text").all_text_contents())


def test_choosing_a_segment_changes_what_is_shown_everywhere(opened):
    menus = opened.page.locator("select[data-choice=segment]")
    panels = ("levels-0", "differences-0", "funnel-0", "feelings-0", "reasons-0")
    before = {panel: drawn(opened, panel) for panel in (*panels, "monthly-0", "value-2")}
    menus.first.select_option("stage: newborn")
    opened.page.wait_for_timeout(500)
    after = {panel: drawn(opened, panel) for panel in before}
    changed = {panel for panel in before if before[panel] != after[panel]}
    # what the example makes different between segments, and nothing that has none
    assert {"levels-0", "differences-0"} <= changed
    assert not {"monthly-0", "value-2"} & changed
    assert {menu.input_value() for menu in menus.all()} == {"stage: newborn"}
    menus.last.select_option("all")
    opened.page.wait_for_timeout(500)
    assert {panel: drawn(opened, panel) for panel in before} == before


def test_choosing_a_strategy_changes_what_is_shown(opened, language):
    menu = opened.page.locator("select[data-choice=strategy]").first
    panels = ("retention-0", "won_lost_by-0", "neighbours-0")
    before = {panel: drawn(opened, panel) for panel in panels[:2]}
    menu.select_option(Words(language).strategy("promotion_blast"))
    opened.page.wait_for_timeout(500)
    for panel in before:
        assert drawn(opened, panel) != before[panel], panel


def test_pressing_a_name_brings_a_strategy_forward(opened, language):
    name = Words(language).strategy("membership")
    before = drawn(opened, "monthly-0")
    button = opened.page.locator("#figure-monthly button", has_text=name)
    button.click()
    opened.page.wait_for_timeout(500)
    assert drawn(opened, "monthly-0") != before
    button.click()
    opened.page.wait_for_timeout(500)
    assert drawn(opened, "monthly-0") == before


def test_hovering_tells_the_numbers(opened, language):
    mark = opened.page.locator("#levels-0 svg g.mark-symbol path").first
    mark.scroll_into_view_if_needed()
    mark.hover(force=True)
    tip = opened.page.locator("#vg-tooltip-element")
    tip.wait_for(state="visible", timeout=5_000)
    assert Words(language)("page.mean") in tip.inner_text()


def test_labels_of_an_axis_stand_apart_and_inside(opened):
    boxes = "all => all.map(e => e.getBoundingClientRect()).map(b => [b.left, b.right])"
    shown = "text:not([opacity='0'])"
    for panel in opened.page.locator(".panel svg").all():
        frame = panel.bounding_box()
        for axis in panel.locator("g[aria-label^='X-axis'] .role-axis-label").all():
            ends = sorted(axis.locator(shown).evaluate_all(boxes))
            assert all(one[1] + 4 < other[0] for one, other in pairwise(ends))
            assert ends[-1][1] <= frame["x"] + frame["width"] + 1


def test_still_in_peace_after_all_that(opened):
    assert opened.troubles == []


def test_page_reads_at_phone_width(browser, pages, language):
    found = Opened(browser, pages[language], PHONE)
    width = found.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    for panel in found.page.locator(".panel svg").all():
        box = panel.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
    table = found.page.locator(".wide", has=found.page.locator("#table-levels"))
    assert table.evaluate("box => box.scrollWidth > box.clientWidth")
    wide = found.page.locator(".wide").all()
    assert any(box.evaluate("box => box.scrollWidth > box.clientWidth + 1") for box in wide)
    for box in wide:  # whatever scrolls says so, and can be reached and scrolled by the keyboard
        scrolls = box.evaluate("box => box.scrollWidth > box.clientWidth + 1")
        hint = box.evaluate("box => getComputedStyle(box, '::before').content")
        assert (Words(language)("page.scrolls") in hint) == scrolls
        assert box.get_attribute("tabindex") == "0"
    table.focus()
    found.page.keyboard.press("ArrowRight")
    found.page.wait_for_timeout(300)
    assert table.evaluate("box => box.scrollLeft") > 0
    assert found.troubles == []
    found.page.close()


def empty_ends(path, folder):
    """How much of each printed page but the last is empty below its last mark, from 0 to 1."""
    pages = program("pdftoppm", "poppler-utils")
    subprocess.run([pages, "-r", "20", "-gray", path, folder / "page"], check=True)
    found = []
    for page in sorted(folder.glob("page-*.pgm"))[:-1]:
        marked = np.flatnonzero((plt.imread(page) < 200).any(axis=1))
        found.append(1 - marked[-1] / plt.imread(page).shape[0])
    return found


def test_no_printed_page_is_half_empty(browser, pages, language, tmp_path):
    found = Opened(browser, pages[language], DESKTOP)
    found.page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    found.page.close()
    assert max(empty_ends(tmp_path / "report.pdf", tmp_path)) < 0.5


def test_page_prints(browser, pages, language, tmp_path):
    found = Opened(browser, pages[language], DESKTOP)
    path = tmp_path / "report.pdf"
    found.page.pdf(path=path, prefer_css_page_size=True)
    printed = path.read_bytes()
    assert printed.startswith(b"%PDF")
    assert 5 <= printed.count(b"/Type /Page\n") <= 40
    found.page.emulate_media(media="print")
    hints = "all => all.map(e => getComputedStyle(e, '::before').content)"
    assert set(found.page.locator(".wide").evaluate_all(hints)) == {"none"}
    heads = "all => all.map(e => getComputedStyle(e).display)"
    assert set(found.page.locator("thead").evaluate_all(heads)) == {"table-header-group"}
    numbers = found.page.locator("#table-money td")
    wraps = numbers.evaluate_all("all => all.map(e => getComputedStyle(e).overflowWrap)")
    assert "anywhere" not in wraps, "a number stays in one piece"
    # backgrounds are not printed unless asked for, but the legends' colours are
    swatches = found.page.locator(".legend span")
    kept = swatches.evaluate_all("all => all.map(e => getComputedStyle(e).printColorAdjust)")
    assert set(kept) == {"exact"}
    # nothing is cut off at the right edge of the paper
    wide = "[...document.querySelectorAll('table, figure')].filter(e => e.scrollWidth > innerWidth)"
    found.page.set_viewport_size({"width": 703, "height": 1000})  # A4 less its margins
    assert found.page.evaluate(f"{wide}.map(e => e.id)") == []
    found.page.close()
