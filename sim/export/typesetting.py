"""Pages of paper: text, pictures and tables that flow from one page to the next."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
import matplotlib.font_manager
from fontTools.ttLib import TTCollection
from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, TableCellFillMode, VAlign
from fpdf.fonts import FontFace
from fpdf.line_break import TextLine
from PIL import Image

from sim.text.outgoing import visible

MARGIN, FOOT = 16.0, 14.0  # mm
USUAL, OTHERS = "usual", "others"  # what fonts are called within the file
DARK, GREY, PALE = (31, 41, 51), (110, 118, 126), (238, 241, 244)
LINE = (205, 210, 215)
CHINESE = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef])(?=[\u4e00-\u9fff“（])")
NUMBER = re.compile(r"[<>大小于 ]*[+−–±]?\s?\d|–$")
BRACKET = re.compile(r"\([^()]{1,24}\)")
UNBROKEN = "\u00a0"
BREAK = "\u200b"  # where a line may end, though there is no gap
LEAST = 0.72  # of its size that a picture may be shrunk to, to fit the rest of a page
MOST_COLUMNS = 9  # beside the heading; more are told in a second table
HEADING = 14.0  # mm, of a heading with what is empty around it
WASTED = 90.0  # mm at most that a page is left empty for a table not to be parted
FACES = {"": ("DejaVuSans.ttf", "normal"), "B": ("DejaVuSans-Bold.ttf", "bold")}


@dataclass
class Picture:
    """A figure with what is said below it, and the height of both at full width, once known."""

    image: Image.Image
    caption: str
    height: float = 0.0


class Table(NamedTuple):
    """A table with its title and note; the first column heads the rows."""

    title: str
    note: str
    head: list[str]
    rows: list[list[str]]
    prose: bool = False


class Paper(FPDF):
    """Pages in A4 with a foot; the same content gives the same bytes.

    Parameters
    ----------
    title
        Of the document.
    foot
        What stands at the foot of every page, before its number.
    chinese
        A font family that has Chinese characters, if any.
    language
        Whose letters come first.
    written
        The time that the file tells.
    """

    def __init__(
        self, title: str, foot: str, chinese: str | None, language: str, written: datetime
    ) -> None:
        super().__init__(format="A4")
        self.set_title(title)
        self.set_producer("repurchase")
        self.set_creation_date(written)
        self.set_lang(language)
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, FOOT + 4)
        self._foot = foot
        self._heading = "", 0.0  # to be written with what comes next
        first = chinese is not None and language == "zh"
        for style, (file, weight) in FACES.items():
            latin = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / file
            self.add_font(OTHERS if first else USUAL, style, latin)
            if chinese is not None:
                path, number = _face(chinese, weight)
                family = USUAL if first else OTHERS
                self.add_font(family, style, path, collection_font_number=number)
        if chinese is not None:
            self.set_fallback_fonts([OTHERS], exact_match=False)
        self.add_page()

    def footer(self) -> None:
        """What stands at the foot of a page."""
        self.set_y(-FOOT)
        self._use(7.5, GREY)
        self.cell(self.epw - 20, 4, self._foot)
        self.cell(20, 4, str(self.page_no()), align=Align.R)

    def _render_styled_text_line(self, text_line: TextLine, *args: Any, **kwargs: Any) -> bool:
        # Where lines end is settled; left in, the marks would hide words from who looks for them.
        for part in text_line.fragments:
            part.characters = [each for each in part.characters if each != BREAK]
        return super()._render_styled_text_line(text_line, *args, **kwargs)

    def say(
        self, text: str, size: float = 9.5, bold: bool = False, grey: bool = False, after: float = 2
    ) -> None:
        """Write a paragraph."""
        self._write_head()
        self._use(size, GREY if grey else DARK, bold)
        self.multi_cell(
            self.epw, size * 0.5, broken(text), align=Align.L, new_x="LMARGIN", new_y="NEXT"
        )
        self.ln(after)

    def head(self, text: str, size: float = 14) -> None:
        """Begin a part: its heading is written with what comes first in it, on the same page."""
        self._heading = text, size

    def _write_head(self) -> None:
        text, size = self._heading
        if text:
            self._heading = "", 0.0
            self._make_room(2 * HEADING)
            self.ln(3)
            self.say(text, size, bold=True, after=1.5)

    @property
    def room(self) -> float:
        """Height that is left on the page, in mm."""
        return float(self.page_break_trigger - self.get_y())

    def fits(self, picture: Picture) -> bool:
        """Whether a picture has room on this page, if need be a little smaller."""
        if not picture.height:
            wide, high = picture.image.size
            picture.height = self.epw * high / wide + self._lines(picture.caption, 8) * 4 + 4
        return self.room - self._head_room() >= LEAST * picture.height

    def put(self, picture: Picture) -> None:
        """Show a picture, shrunk a little where that lets it fit the page."""
        if not self.fits(picture):
            self.add_page()
        self._write_head()
        scale = min(1.0, (self.room - 1) / picture.height)
        width = self.epw * scale
        self.image(picture.image, x=self.l_margin + (self.epw - width) / 2, w=width)
        self.ln(1)
        self.say(picture.caption, 8, grey=True, after=3)

    def tabulate(self, table: Table) -> None:
        """Show a table; its head is on every page that it goes on to."""
        others = len(table.head) - 1
        count = 1 if table.prose else -(-others // MOST_COLUMNS)
        size = -(-others // max(count, 1)) or 1
        for first in range(1, others + 1, size):
            self._tabulate(table, first, min(first + size, others + 1), again=first > 1)

    def _tabulate(self, table: Table, first: int, end: int, again: bool) -> None:
        rows = [[row[0], *row[first:end]] for row in (table.head, *table.rows)]
        size = 6.5 if end - first > 5 else 7.5
        lines = sum(max(cell.count("\n") + 1 for cell in row) for row in rows)
        whole = 24 + lines * size * 0.48  # about what all of it takes
        self._make_room(whole if self.room < WASTED and whole < WASTED else 45)
        if not again:
            self.say(table.title, 10.5, bold=True, after=0.5)
            self.say(table.note, 8, grey=True, after=1)
        widths = self._widths(rows, size)
        self._use(size, DARK)
        self.set_draw_color(*LINE)
        face = FontFace(emphasis="BOLD", color=DARK, fill_color=PALE)
        with self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            cell_fill_mode=TableCellFillMode.NONE,
            col_widths=widths,
            headings_style=face,
            line_height=size * 0.46,
            padding=(0.7, 1),
            text_align=[
                Align.R if _numeric(column) else Align.L for column in zip(*rows, strict=True)
            ],
            v_align=VAlign.T,
        ) as grid:
            for row in rows:
                line = grid.row()
                for cell in row:
                    line.cell(broken(cell))
        self.ln(4)

    def _widths(self, rows: Sequence[Sequence[str]], size: float) -> list[float]:
        """Widths of columns: at least of the longest word, of whole lines if there is room."""
        self._use(size, DARK, bold=True)
        found = []
        for column in zip(*rows, strict=True):
            lines = [line for cell in column for line in cell.split("\n")]
            longest = max(self.get_string_width(line) for line in lines)
            words = [word for line in lines for word in re.split(rf"[ {BREAK}]", broken(line))]
            word = max(self.get_string_width(each) for each in words)
            found.append((word + 3, max(longest + 3, word + 3)))
        least = sum(word for word, _ in found)
        spare = max(self.epw - least, 0.0)
        wanted = sum(longest - word for word, longest in found) or 1.0
        return [word + min(spare / wanted, 1.0) * (longest - word) for word, longest in found]

    def _lines(self, text: str, size: float) -> int:
        self._use(size, GREY)
        lines = self.multi_cell(self.epw, 4, broken(text), dry_run=True, output="LINES")
        return len(lines) if isinstance(lines, list) else 1

    def _make_room(self, height: float) -> None:
        if self.room < height + self._head_room():
            self.add_page()

    def _head_room(self) -> float:
        return HEADING if self._heading[0] else 0.0

    def _use(self, size: float, colour: tuple[int, int, int], bold: bool = False) -> None:
        self.set_font(USUAL, "B" if bold else "", size)
        self.set_text_color(*colour)


def _numeric(column: Sequence[str]) -> bool:
    """Whether a column below its head holds numbers more often than words."""
    numbers = sum(NUMBER.match(cell) is not None for cell in column[1:] if cell)
    return 2 * numbers > sum(bool(cell) for cell in column[1:])


def broken(text: str) -> str:
    """Text whose lines may end between Chinese characters, and never within short brackets."""
    whole = BRACKET.sub(lambda found: found[0].replace(" ", UNBROKEN), visible(text))
    return CHINESE.sub(BREAK, whole)


def _face(family: str, weight: str) -> tuple[str, int]:
    """The file of a font, and which of those in it has the simplified characters."""
    wanted = matplotlib.font_manager.FontProperties(family=family, weight=weight)
    path = matplotlib.font_manager.findfont(wanted)
    if not path.endswith((".ttc", ".otc")):
        return path, 0
    with TTCollection(path, lazy=True) as fonts:
        names = [font["name"].getDebugName(1) or "" for font in fonts]
    return path, next((i for i, name in enumerate(names) if name.endswith("SC")), 0)


__all__ = ["Paper", "Picture", "Table", "broken"]
