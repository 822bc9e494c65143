"""Who reads a photo: Boardcast, and the alternatives it is measured against."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from benchmarks.cases import Case, CutCase
from benchmarks.metrics import FoundCard, TrueCard
from benchmarks.sticky_notes import cut_quad, find_sticky_notes
from benchmarks.whole_photo import ReadPicture
from calibration.geometry import Point, Rect
from vision.cards import Line, Reading
from vision.image.arrays import Image
from vision.image.photo import Photo
from vision.pipeline import read_board, straighten
from vision.reading import CardReading
from vision.recognition.engine import OcrEngine
from vision.recognition.line_order import reading_order
from vision.recognition.rereading import DOUBTFUL, doubtful, read_further

Given = Literal["nothing", "grid", "outlines"]
"""What a reader is told of the truth: nothing; where the cells are; or where
each card is, so that only its text is worth scoring."""

FIRST, SETTLED = "first", "settled"
"""Boardcast's readings: that of one quick look at each card, published at once,
and that in which the doubtful cards were read further."""

Told_contra = TypeVar("Told_contra", bound=CutCase, contravariant=True)


class Reader(Protocol[Told_contra]):
    """Reads the cards in a photo of a board, once or in several steps."""

    @property
    def names(self) -> tuple[str, ...]:
        """What its readings are called in the table, a name for each step."""
        ...

    @property
    def given(self) -> Given:
        """What it is told of the truth."""
        ...

    def read(self, case: Told_contra) -> tuple[tuple[FoundCard, ...], ...]:
        """Return the cards of a case's photo, as read in each step.

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

    @property
    def names(self) -> tuple[str, ...]:
        """There is one reading."""
        return (self.name,)

    def read(self, case: Case) -> tuple[tuple[FoundCard, ...], ...]:
        """Straighten the photo, find its cards and read them."""
        return (_read_cards(_first_reading(case, self.engine)),)


@dataclass(frozen=True, slots=True, eq=False)
class Settling:
    """Boardcast as a server reads: quickly, then the doubtful cards further.

    Parameters
    ----------
    quick, thorough : OcrEngine
    """

    quick: OcrEngine
    thorough: OcrEngine
    given: Given = "nothing"

    @property
    def names(self) -> tuple[str, ...]:
        """The first reading and the settled one."""
        return f"Boardcast, {FIRST}", f"Boardcast, {SETTLED}"

    def read(self, case: Case) -> tuple[tuple[FoundCard, ...], ...]:
        """Read the photo as people first see it, and as it settles."""
        first = _first_reading(case, self.quick)
        last = settled(case.photo, first, self.thorough)
        return _read_cards(first), _read_cards(last)


@dataclass(frozen=True, slots=True, eq=False)
class TrueOutlines:
    """Boardcast's engines on cards that are cut along their true outlines.

    Parameters
    ----------
    quick, thorough : OcrEngine
    """

    quick: OcrEngine
    thorough: OcrEngine
    given: Given = "outlines"

    @property
    def names(self) -> tuple[str, ...]:
        """The first reading and the settled one."""
        return f"Boardcast, {FIRST}", f"Boardcast, {SETTLED}"

    def read(self, case: CutCase) -> tuple[tuple[FoundCard, ...], ...]:
        """Cut the cards and read them."""
        crops = [
            cut_bounds(case.photo.pixels, card.bounds_photo) for card in case.cards
        ]
        first = self.quick.read(crops)
        last = settled_crops(crops, first, self.thorough)
        return _as_cards(case.cards, first), _as_cards(case.cards, last)


@dataclass(frozen=True, slots=True, eq=False)
class WholePhoto:
    """An OCR program on the whole photo; its lines are dealt to the true cards."""

    name: str
    read_picture: ReadPicture
    given: Given = "outlines"

    @property
    def names(self) -> tuple[str, ...]:
        """There is one reading."""
        return (self.name,)

    def read(self, case: CutCase) -> tuple[tuple[FoundCard, ...], ...]:
        """Read the photo and give each card the lines that lie on it."""
        return (deal_lines(self.read_picture(case.photo.pixels), case.cards),)


@dataclass(frozen=True, slots=True, eq=False)
class StickyNotes:
    """A colour-based finder of sticky notes, and an engine on each note."""

    name: str
    engine: OcrEngine
    given: Given = "grid"

    @property
    def names(self) -> tuple[str, ...]:
        """There is one reading."""
        return (self.name,)

    def read(self, case: Case) -> tuple[tuple[FoundCard, ...], ...]:
        """Find notes, read them and put each into the cell at its middle."""
        quads = find_sticky_notes(case.photo.pixels)
        crops = [cut_quad(case.photo.pixels, quad) for quad in quads]
        notes = zip(quads, self.engine.read(crops), strict=True)
        return (
            tuple(
                FoundCard(quad.bounds, case.cell_at(quad.centre), reading.text)
                for quad, reading in notes
            ),
        )


def settled(
    photo: Photo, cards: Sequence[CardReading], thorough: OcrEngine
) -> tuple[CardReading, ...]:
    """Return cards after the doubtful ones were read further.

    Parameters
    ----------
    photo : Photo
        In which they were read.
    cards : sequence of CardReading
    thorough : OcrEngine
    """
    worth_it = doubtful(cards)
    places = [card.quad_photo for card in cards]
    return tuple(
        read_further(photo, card, thorough, places) if card in worth_it else card
        for card in cards
    )


def settled_crops(
    crops: Sequence[Image], first: Sequence[Reading], thorough: OcrEngine
) -> tuple[Reading, ...]:
    """Return readings of crops after the doubtful ones were read further.

    Parameters
    ----------
    crops : sequence of ndarray of shape (H, W, 3), uint8, BGR
    first : sequence of Reading
        One for each crop.
    thorough : OcrEngine
    """
    return tuple(
        thorough.read([crop])[0] if reading.confidence < DOUBTFUL else reading
        for crop, reading in zip(crops, first, strict=True)
    )


def cut_bounds(pixels: Image, bounds_photo: Rect) -> Image:
    """Return what bounds hold; one pixel at least, wherever they lie.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
    bounds_photo : Rect
    """
    height, width = pixels.shape[:2]
    left = min(max(0, round(bounds_photo.left)), width - 1)
    top = min(max(0, round(bounds_photo.top)), height - 1)
    right = max(left + 1, round(bounds_photo.right))
    bottom = max(top + 1, round(bounds_photo.bottom))
    return pixels[top:bottom, left:right]


def deal_lines(
    lines: Sequence[Line], cards: Sequence[TrueCard]
) -> tuple[FoundCard, ...]:
    """Give each true card the lines whose middle lies on it, in reading order.

    Parameters
    ----------
    lines : sequence of Line
        Of the whole photo, in its pixels.
    cards : sequence of TrueCard

    Returns
    -------
    tuple of FoundCard
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
        FoundCard(card.bounds_photo, card.cell, _text(hand))
        for card, hand in zip(cards, hands, strict=True)
    )


def _first_reading(case: Case, engine: OcrEngine) -> tuple[CardReading, ...]:
    straight = straighten(case.photo, [case.board], case.references)
    return read_board(case.photo, straight, engine).reading.cards


def _read_cards(cards: Sequence[CardReading]) -> tuple[FoundCard, ...]:
    return tuple(
        FoundCard(card.quad_photo.bounds, card.cell, card.text, card.confidence)
        for card in cards
    )


def _as_cards(
    cards: Sequence[TrueCard], readings: Sequence[Reading]
) -> tuple[FoundCard, ...]:
    return tuple(
        FoundCard(card.bounds_photo, card.cell, reading.text, reading.confidence)
        for card, reading in zip(cards, readings, strict=True)
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
