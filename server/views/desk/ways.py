"""What else a card may say, and where its reading is unsure. Pure.

Most of what is wrong with a card's fields is where one ends and the next begins. How
likely each way to split its lines is, is known: so the likeliest ones are offered, a
key each, before anybody types.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from calibration.geometry import Rect
from calibration.homography import Homography
from vision.cards import Line
from vision.fields.title import ways_to_split
from vision.reading import CardReading

MOST_WAYS = 9
"""Each has a digit as its key. With 5 the sample day takes 4 keys more of 100, two real
boards of ../shared/boards 8 of 799."""

LEAST_CHANCE = 0.03
"""Of a split that is offered: what is less likely is a row to read for nothing."""

SURE = 0.95
"""Confidence of a line from which it is not marked. On these boards 107 of 114 lines
with a misread word are, and 78 of 227 others."""

OTHERS_SHARE = 0.5
"""How much a way counts that is from another reading than the one that holds."""


class Way(NamedTuple):
    """One way to fill in a card's fields.

    Parameters
    ----------
    title, description, host : str
    other : bool
        Whether it is from another reading than the one that holds.
    """

    title: str
    description: str
    host: str
    other: bool = False


class Piece(NamedTuple):
    """A part of a line, and whether it may well be misread."""

    text: str
    unsure: bool


def ways_of(stands: Way, readings: Sequence[CardReading]) -> tuple[Way, ...]:
    """Return how a card's fields may be filled in: as they stand first.

    Parameters
    ----------
    stands : Way
        What the fields hold.
    readings : sequence of CardReading
        Of the card, the one that holds first.
    """
    ways = sorted(
        (
            (-chance * (OTHERS_SHARE if number else 1), Way(*texts, other=number > 0))
            for number, reading in enumerate(readings)
            for chance, texts in _splits(reading)
        ),
        key=lambda one: one[0],
    )
    found = [stands]
    for less, way in ways:
        if -less >= LEAST_CHANCE and not _is_like(way, found):
            found.append(way)
    return tuple(found[:MOST_WAYS])


def _splits(reading: CardReading) -> Iterator[tuple[float, tuple[str, str, str]]]:
    """Yield the ways to split a reading with their chances."""
    for fields in ways_to_split(_lines(reading)):
        texts = fields.title, fields.description, fields.host
        yield fields.split_confidence, texts


def _is_like(way: Way, found: Iterable[Way]) -> bool:
    """Tell whether another way differs by no more than a sign beside its host.

    "Jonas" and "W/ Jonas".
    """
    return any(
        way[:2] == one[:2]
        and (way.host == one.host or (bool(one.host) and one.host in way.host))
        for one in found
    )


def marked(readings: Sequence[CardReading]) -> tuple[tuple[Piece, ...], ...]:
    """Return the lines of a card as they were read, with what is unsure in them.

    Every word of a line that an engine was unsure of, and every one that another
    reading has otherwise.

    Parameters
    ----------
    readings : sequence of CardReading
        Of the card, the one that holds first.
    """
    if not readings:
        return ()
    first, *others = readings
    words = first.text.split()
    unsure = {
        index
        for other in others
        for edit in Levenshtein.opcodes(words, other.text.split())
        if edit.tag != "equal"
        for index in range(edit.src_start, edit.src_end)
    }
    lines, start = [], 0
    for line in first.lines:
        end = start + len(line.text.split())
        doubted = line.confidence < SURE
        lines.append(
            _pieces((words[n], doubted or n in unsure) for n in range(start, end))
        )
        start = end
    return tuple(lines)


def _pieces(words: Iterable[tuple[str, bool]]) -> tuple[Piece, ...]:
    """Return words as pieces, those that are alike together."""
    return tuple(
        Piece(" ".join(word for word, _ in alike), unsure)
        for unsure, alike in groupby(words, key=lambda word: word[1])
    )


def _lines(reading: CardReading) -> tuple[Line, ...]:
    """Return a reading's lines at their places in a crop of the card."""
    width, height = reading.quad_photo.size_wh
    crop_from_photo = Homography.from_quads(
        target=Rect(0, 0, width, height).to_quad(), source=reading.quad_photo
    )
    return tuple(
        Line(
            line.text,
            line.confidence,
            crop_from_photo.apply_quad(line.quad_photo),
            line.struck,
            line.heading,
        )
        for line in reading.lines
    )
