"""Who reads a photo: Boardcast, and the alternatives it is measured against."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.boardcast import read_photo, settled
from benchmarks.cases import Case
from benchmarks.metrics import FoundCard, TrueCard
from benchmarks.rivals import ReadPicture, find_sticky_notes
from calibration.geometry import Point, Rect
from vision.cards import Line, Reading
from vision.image.arrays import Image
from vision.reading import CardReading
from vision.recognition.engine import OcrEngine
from vision.recognition.line_order import reading_order
from vision.rereading import DOUBTFUL

Given = Literal["nothing", "grid", "outlines"]
"""What a reader is told of the truth: nothing; where the cells are; or where
each card is, so that only its text is worth scoring."""


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Reads the cards in a photo of a board, once or in several steps.

    Parameters
    ----------
    names : tuple of str
        What its readings are called in the table, a name for each step.
    given : {"nothing", "grid", "outlines"}
        What it is told of the truth.
    read : callable
        Takes a case; gives the cards as read in each step, or raises a
        `RegistrationError`.
    """

    names: tuple[str, ...]
    given: Given
    read: Callable[[Case], tuple[tuple[FoundCard, ...], ...]]


def boardcast(quick: OcrEngine, thorough: OcrEngine) -> Reader:
    """Return Boardcast as a server reads: quickly, then the doubtful cards again."""

    def read(case: Case) -> tuple[tuple[FoundCard, ...], ...]:
        first = _read(case, quick)
        last = settled(case.photo, first, thorough)
        return _read_cards(first), _read_cards(last)

    return Reader(("Boardcast, first", "Boardcast, settled"), "nothing", read)


def boardcast_with(engine: OcrEngine) -> Reader:
    """Return Boardcast with one other engine."""
    name = f"Boardcast, {engine.name}"
    return Reader((name,), "nothing", lambda case: (_read_cards(_read(case, engine)),))


def along_true_outlines(quick: OcrEngine, thorough: OcrEngine) -> Reader:
    """Return Boardcast's engines on cards that are cut along their true outlines."""

    def read(case: Case) -> tuple[tuple[FoundCard, ...], ...]:
        crops = [
            cut_bounds(case.photo.pixels, card.bounds_photo) for card in case.cards
        ]
        first = quick.read(crops)
        last = [
            thorough.read([crop])[0] if reading.confidence < DOUBTFUL else reading
            for crop, reading in zip(crops, first, strict=True)
        ]
        return _as_cards(case.cards, first), _as_cards(case.cards, last)

    return Reader(("Boardcast's reader, first", "Boardcast's reader"), "outlines", read)


def whole_photo(name: str, read_picture: ReadPicture) -> Reader:
    """Return an OCR program; its lines are dealt to the true cards."""

    def read(case: Case) -> tuple[tuple[FoundCard, ...], ...]:
        return (deal_lines(read_picture(case.photo.pixels), case.cards),)

    return Reader((name,), "outlines", read)


def sticky_notes(engine: OcrEngine) -> Reader:
    """Return a colour-based finder of sticky notes, and an engine on each note."""

    def read(case: Case) -> tuple[tuple[FoundCard, ...], ...]:
        quads = find_sticky_notes(case.photo.pixels)
        crops = [cut_bounds(case.photo.pixels, quad.bounds) for quad in quads]
        return (
            tuple(
                FoundCard(quad.bounds, case.cell_at(quad.centre), reading.text)
                for quad, reading in zip(quads, engine.read(crops), strict=True)
            ),
        )

    return Reader(("HSV sticky notes + RapidOCR",), "grid", read)


def cut_bounds(pixels: Image, bounds_photo: Rect) -> Image:
    """Return what bounds hold; one pixel at least, wherever they lie."""
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

    Returns
    -------
    tuple of FoundCard
        One for each card, at its place; empty texts where no line lies.
    """
    hands: list[list[Line]] = [[] for _ in cards]
    for line in lines:
        distances = [_distance(line.quad_crop.centre, card) for card in cards]
        if distances and min(distances) <= 1:
            hands[distances.index(min(distances))].append(line)
    return tuple(
        FoundCard(
            card.bounds_photo,
            card.cell,
            "\n".join(line.text for line in reading_order(hand)),
        )
        for card, hand in zip(cards, hands, strict=True)
    )


def _distance(point_photo: Point, card: TrueCard) -> float:
    """Return how far a point is from a card's middle; 1 is on its outline."""
    bounds, centre = card.bounds_photo, card.bounds_photo.centre
    return max(
        abs(point_photo.x - centre.x) / (bounds.width / 2),
        abs(point_photo.y - centre.y) / (bounds.height / 2),
    )


def _read(case: Case, engine: OcrEngine) -> tuple[CardReading, ...]:
    return read_photo(case.photo, case.board, case.references, engine).reading.cards


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
