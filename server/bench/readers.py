"""Who reads a photo: Boardcast, and the alternatives it is measured against."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from calibration.geometry import Point
from server.bench.cases import Case
from server.bench.metrics import ReadCard, TrueCard
from server.bench.sticky_notes import cut_quad, find_sticky_notes
from server.bench.whole_photo import ReadPicture
from vision.ocr.engine import Line, OcrEngine
from vision.ocr.lines import reading_order
from vision.pipeline import read_board, straighten

Given = Literal["nothing", "grid", "outlines"]
"""What a reader is told of the truth: nothing; where the cells are; or where
each card is, so that only its text is worth scoring."""


class Reader(Protocol):
    """Reads the cards in a photo of a board."""

    @property
    def name(self) -> str:
        """As it stands in the table."""
        ...

    @property
    def given(self) -> Given:
        """What it is told of the truth."""
        ...

    def read(self, case: Case) -> tuple[ReadCard, ...]:
        """Return the cards of a case's photo.

        Raises
        ------
        RegistrationError
            If it cannot place the board.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Boardcast:
    """Boardcast's own reading, as after a first photo."""

    engine: OcrEngine
    name: str = "Boardcast"
    given: Given = "nothing"

    def read(self, case: Case) -> tuple[ReadCard, ...]:
        """Straighten the photo, find its cards and read them."""
        straight = straighten(case.photo, [case.board], case.references)
        reading = read_board(case.photo, straight, self.engine).reading
        return tuple(
            ReadCard(card.quad_photo.bounds, card.cell, card.text)
            for card in reading.cards
        )


@dataclass(frozen=True, slots=True, eq=False)
class WholePhoto:
    """An OCR program on the whole photo; its lines are dealt to the true cards."""

    name: str
    read_picture: ReadPicture
    given: Given = "outlines"

    def read(self, case: Case) -> tuple[ReadCard, ...]:
        """Read the photo and give each card the lines that lie on it."""
        return deal_lines(self.read_picture(case.photo.pixels), case.cards)


@dataclass(frozen=True, slots=True, eq=False)
class StickyNotes:
    """A colour-based finder of sticky notes, and an engine on each note."""

    name: str
    engine: OcrEngine
    given: Given = "grid"

    def read(self, case: Case) -> tuple[ReadCard, ...]:
        """Find notes, read them and put each into the cell at its middle."""
        quads = find_sticky_notes(case.photo.pixels)
        crops = [cut_quad(case.photo.pixels, quad) for quad in quads]
        return tuple(
            ReadCard(quad.bounds, case.cell_at(quad.centre), reading.text)
            for quad, reading in zip(quads, self.engine.read(crops), strict=True)
        )


def deal_lines(
    lines: Sequence[Line], cards: Sequence[TrueCard]
) -> tuple[ReadCard, ...]:
    """Give each true card the lines whose middle lies on it, in reading order.

    Parameters
    ----------
    lines : sequence of Line
        Of the whole photo, in its pixels.
    cards : sequence of TrueCard

    Returns
    -------
    tuple of ReadCard
        One for each card, at its place; empty texts where no line lies.
    """
    hands: list[list[Line]] = [[] for _ in cards]
    for line in lines:
        on = [
            index
            for index, card in enumerate(cards)
            if _distance(line.quad_crop.centre, card) <= 1
        ]
        if on:
            nearest = min(
                on, key=lambda index: _distance(line.quad_crop.centre, cards[index])
            )
            hands[nearest].append(line)
    return tuple(
        ReadCard(card.bounds_photo, card.cell, _text(hand))
        for card, hand in zip(cards, hands, strict=True)
    )


def _distance(point_photo: Point, card: TrueCard) -> float:
    """Return how far a point is from a card's middle; 1 is on its outline."""
    bounds, centre = card.bounds_photo, card.bounds_photo.centre
    return max(
        abs(point_photo.x - centre.x) / (bounds.width / 2),
        abs(point_photo.y - centre.y) / (bounds.height / 2),
    )


def _text(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in reading_order(lines))
