"""Paper, and drawing on it: millimetres from the top left."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
import segno
from fontTools.ttLib import TTFont, TTLibError
from fpdf import FPDF
from fpdf.fonts import TTFFont

from calibration.errors import KitError, LettersError
from calibration.geometry import Rect

Style = Literal["", "B"]

MARGIN_MM = 12.0
"""What no printer leaves white less of."""

POINT_MM = 25.4 / 72
"""A point, in which letters are measured."""

LINE_HEIGHT = 1.25
"""Of text, in units of its letters' size."""

LARGEST_PT = 300.0
"""Of letters: more is no text."""

FONT = "Helvetica"
"""Every PDF reader has it; it writes the languages of Western Europe."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A format.

    Parameters
    ----------
    width_mm, height_mm : float
    """

    width_mm: float
    height_mm: float

    @property
    def inside(self) -> Rect:
        """What can be printed on, in millimetres."""
        return Rect(
            MARGIN_MM, MARGIN_MM, self.width_mm - MARGIN_MM, self.height_mm - MARGIN_MM
        )


LATIN = frozenset(map(ord, bytes(range(32, 256)).decode("cp1252", "ignore")))
"""What the font has that every PDF reader brings."""

A4, LETTER = Paper(210.0, 297.0), Paper(215.9, 279.4)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A PDF that grows sheet by sheet.

    Parameters
    ----------
    paper : Paper
    pdf : FPDF
    font : str
        Name by which the PDF knows its font.
    letters : frozenset of int
        The characters that it has, by their code points.
    """

    paper: Paper
    pdf: FPDF
    font: str
    letters: frozenset[int] = LATIN

    @classmethod
    def on(cls, paper: Paper, font: Path | None) -> Self:
        """Begin a PDF.

        Raises
        ------
        KitError
            If the font cannot be used.
        """
        pdf = FPDF(unit="mm", format=(paper.width_mm, paper.height_mm))
        pdf.core_fonts_encoding = "cp1252"
        pdf.set_auto_page_break(auto=False)
        pdf.set_title("Boardcast kit")
        if font is None:
            return cls(paper, pdf, FONT)
        try:
            # Of a collection its first font, as the PDF takes it.
            with TTFont(BytesIO(font.read_bytes()), fontNumber=0) as own:
                letters = frozenset(own.getBestCmap() or ())
        except (OSError, TTLibError) as error:
            raise KitError(
                f"The font {font} cannot be used.",
                hint="Choose a TrueType font (.ttf).",
            ) from error
        for style in ("", "B"):
            pdf.add_font("own", style, str(font))
        return cls(paper, pdf, "own", letters)

    def turn_over(self) -> None:
        """Begin the next sheet."""
        self.pdf.add_page()

    def text(self, text: str, place: Rect, size_pt: float, style: Style = "") -> float:
        """Write text from the top of a place, wrapped; return where it ends.

        Raises
        ------
        LettersError
            If the font lacks one of its letters.
        """
        self._set(size_pt, style)
        self.pdf.set_xy(place.left, place.top)
        self._check_letters(text)
        self.pdf.multi_cell(
            place.width,
            size_pt * POINT_MM * LINE_HEIGHT,
            text,
            align="L",
            new_x="LEFT",
            new_y="NEXT",
        )
        return float(self.pdf.get_y())

    def headline(self, text: str, place: Rect, style: Style = "B") -> None:
        """Write one line, as large as a place allows, in its middle.

        Raises
        ------
        LettersError
            If the font lacks one of its letters.
        """
        self._set(100, style)
        self._check_letters(text)
        width = self.pdf.get_string_width(text) / 100
        size_pt = min(
            LARGEST_PT,
            place.width / width if width else LARGEST_PT,
            place.height / POINT_MM / LINE_HEIGHT,
        )
        self._set(size_pt, style)
        height = size_pt * POINT_MM * LINE_HEIGHT
        self.pdf.set_xy(place.left, place.centre.y - height / 2)
        self.pdf.cell(place.width, height, text, align="C")

    def squares(self, black: npt.NDArray[np.bool_], place: Rect) -> None:
        """Fill the black ones of the squares that a place is divided into."""
        side = place.width / black.shape[1]
        self.pdf.set_fill_color(0)
        for row, column in zip(*np.nonzero(black), strict=True):
            self.pdf.rect(
                place.left + column * side,
                place.top + row * side,
                # A hair wider: readers draw a gap between rects that only touch.
                side * 1.002,
                side * 1.002,
                style="F",
            )

    def code(self, text: str, place: Rect) -> None:
        """Draw a QR code, with the white around it that it needs."""
        code = segno.make(text, error="m", micro=False)
        rows = [list(row) for row in code.matrix_iter(border=4)]
        self.squares(np.array(rows, np.bool_), place)

    def frame(self, place: Rect, *, dashed: bool = False) -> None:
        """Draw the outline of a place: dashed where scissors go."""
        self.pdf.set_draw_color(150)
        self.pdf.set_line_width(0.3)
        if dashed:
            self.pdf.set_dash_pattern(dash=2, gap=2)
        self.pdf.rect(place.left, place.top, place.width, place.height)
        self.pdf.set_dash_pattern()

    def rule(self, left: float, right: float, y: float) -> None:
        """Draw a line to write on."""
        self.pdf.set_draw_color(120)
        self.pdf.set_line_width(0.3)
        self.pdf.line(left, y, right, y)

    def finished(self) -> bytes:
        """Return the PDF."""
        return bytes(self.pdf.output())

    def close(self) -> None:
        """Let go of the font's file, which the PDF keeps open."""
        for font in self.pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def _set(self, size_pt: float, style: Style) -> None:
        self.pdf.set_font(self.font, style, size_pt)

    def _check_letters(self, text: str) -> None:
        if not {ord(letter) for letter in text if not letter.isspace()} <= self.letters:
            raise LettersError(text)
