"""The headings of rooms: what stands side by side before the first hour."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from calibration.geometry import Rect
from vision.proposal.words import Word

SURE = 0.6
"""Confidence from which a word may belong to a heading; written ones of names that no
lexicon has are read with as little."""

REACH = 2.0
"""Slots before the first one within which headings of rooms stand."""

SAME_LINE = 0.5
"""Heights of a word within which the middle of another one is on its line."""

NEXT_LINE, ALIKE = 1.5, 1.7
"""Heights of the smaller of two lines by which they may follow each other in a heading,
and times its height that the larger one may be: the board's title is larger, and further
away."""

BESIDE = (0.5, 0.9)
"""Heights of a word up to which a gap beside it is one within a heading: the one of these
with which headings are spaced more evenly."""

LARGE, WORDS = 0.3, 0.3
"""How much letters as large as the hours' count for a row of headings, and every word of
a heading: a name of two lines is not to lose one."""

MISSING = 0.15
"""How much a heading that is not there counts against a row of headings, in widths of a
column by which the others stand beside their places."""

SMALLEST_PANEL, NARROWEST_GAP, GAP = 2, 0.15, 0.03
"""Headings that each of two panels has at least; the gap between them at least, in
columns, beyond whole ones; and how much it counts against a row of headings."""

ASIDE = re.compile(r"\b(?:capacity|seats|pl\u00e4tze|places)\b.*", re.IGNORECASE)
"""What is said of a room beside its name."""

CAPACITY = re.compile(
    r"\b(?:capacity|seats|pl\u00e4tze|places)\W*(\d{1,4})\b", re.IGNORECASE
)
"""For how many people it is."""


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word on the plane of the board: upright, x along the rooms, y along the hours."""

    word: Word
    rect: Rect

    @property
    def height(self) -> float:
        """Of its rect."""
        return self.rect.height


@dataclass(frozen=True, slots=True)
class Rooms:
    """Headings of rooms.

    Parameters
    ----------
    names : tuple of str
        In their order; empty where none was read in a place for one.
    capacities : tuple of int or None
        For how many people each is; None where that was not read.
    places : tuple of float
        The middles of their columns on the plane of the board, evenly spaced; of two
        panels with a gap between them.
    start, end : float
        From where to where they are written, along the hours.
    """

    names: tuple[str, ...]
    capacities: tuple[int | None, ...]
    places: tuple[float, ...]
    start: float
    end: float

    @property
    def pitch(self) -> float:
        """Usual distance of two columns."""
        return float(np.median(np.diff(self.places)))


def rooms_before(
    words: Sequence[PlacedWord], hours: Sequence[Rect], edge: float
) -> Rooms | None:
    """Return the headings of rooms that stand before the first slot, which begins at `edge`.

    Of all rows of words there, the one with the most headings, evenly spaced; None if no
    two stand side by side. Takes the headings of two slots or more, on the same plane, in
    their order.
    """
    height = float(np.median([hour.height for hour in hours]))
    width = float(np.median([hour.width for hour in hours]))
    pitch = float(np.median(np.diff([hour.centre.y for hour in hours])))
    beside = float(np.median([hour.centre.x for hour in hours])) + width / 2
    before = [
        word
        for word in words
        if edge - REACH * pitch < word.rect.centre.y < edge
        and word.rect.centre.x > beside
        and word.word.confidence > SURE
    ]
    best, most = None, 0.0
    for band, gap in itertools.product(_bands(before), BESIDE):
        headings = _headings(band, gap)
        spaced = _evenly(np.array([_middle(heading) for heading in headings]))
        if spaced is None:
            continue
        error, places, steps = spaced
        large = float(np.median([word.height for word in band])) / height
        worth = len(headings) * max(0.0, 1 - 4 * error)
        worth += LARGE * large + WORDS * len(band) / len(headings)
        if worth > most:
            names = [""] * len(places)
            capacities: list[int | None] = [None] * len(names)
            for place, heading in zip(steps, headings, strict=True):
                names[place] = _name(heading)
                capacities[place] = _capacity(heading)
            start = min(word.rect.top for word in band)
            end = max(word.rect.bottom for word in band)
            best, most = (
                Rooms(tuple(names), tuple(capacities), places, start, end),
                worth,
            )
    return best


def _bands(words: Sequence[PlacedWord]) -> Iterator[list[PlacedWord]]:
    """Yield each line of words, and each with those that follow it closely."""
    lines = _lines(words)
    for first in range(len(lines)):
        band, last = list(lines[first]), lines[first]
        yield band
        for line in lines[first + 1 :]:
            small, large = sorted([_height(last), _height(line)])
            if _level(line) - _level(last) > NEXT_LINE * small or large > ALIKE * small:
                break
            band, last = [*band, *line], line
            yield band


def _lines(words: Iterable[PlacedWord]) -> list[list[PlacedWord]]:
    """Return words line by line, from the top."""
    lines: list[list[PlacedWord]] = []
    for word in sorted(words, key=lambda one: one.rect.centre.y):
        if lines and word.rect.centre.y - _level(lines[-1]) < SAME_LINE * word.height:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _headings(band: Sequence[PlacedWord], gap: float) -> list[list[PlacedWord]]:
    """Return the words of a band, those together that stand below or close to each other."""
    headings: list[list[PlacedWord]] = []
    end = -np.inf
    for word in sorted(band, key=lambda one: one.rect.left):
        if headings and word.rect.left < end + gap * word.height:
            headings[-1].append(word)
        else:
            headings.append([word])
            end = -np.inf
        end = max(end, word.rect.right)
    return headings


def _evenly(places: np.ndarray) -> tuple[float, tuple[float, ...], list[int]] | None:
    """Return how well places are evenly spaced, where each is then, and steps to each.

    Two panels side by side have a gap between them, which counts a little against them.
    None for fewer than two, and if no step is fit for them.
    """
    best = None
    steps_tried = np.unique(np.diff(places))
    panels = range(SMALLEST_PANEL, len(places) - SMALLEST_PANEL + 1)
    for step, second in itertools.product(steps_tried, [len(places), *panels]):
        fitted = _with_gap(places, step, second)
        if fitted is not None and (best is None or fitted[0] < best[0]):
            best = fitted
    return best


def _with_gap(
    places: np.ndarray, step: float, second: int
) -> tuple[float, tuple[float, ...], list[int]] | None:
    """Return places as `_evenly` does, with a gap before one of them, if it is not the last."""
    gap = 0.0
    if second < len(places):
        between = (places[second] - places[second - 1]) / step
        gap = between - max(1, np.floor(between))
        if not NARROWEST_GAP < gap < 1 - NARROWEST_GAP:
            return None
    beyond = np.arange(len(places)) >= second
    steps = np.round((places - places[0]) / step - gap * beyond).astype(int)
    if len(set(steps)) < len(steps):
        return None
    columns = [np.ones(len(steps)), steps, beyond][: 3 if gap else 2]
    found, *_ = np.linalg.lstsq(np.column_stack(columns), places)
    start, fitted, shift = *map(float, found[:2]), float(found[2]) if gap else 0.0
    off = np.abs(start + fitted * steps + shift * beyond - places).mean() / fitted
    missing = (steps[-1] + 1 - len(steps)) / len(steps)
    first_beyond = steps[second] if gap else steps[-1] + 1
    where = tuple(
        start + fitted * place + shift * (place >= first_beyond)
        for place in range(steps[-1] + 1)
    )
    return float(off) + MISSING * missing + GAP * (gap > 0), where, steps.tolist()


def _name(heading: Sequence[PlacedWord]) -> str:
    """Return a heading's words, line by line, without what is no name."""
    texts = (ASIDE.sub("", text).strip() for text in _texts(heading))
    return " ".join(filter(None, texts))


def _capacity(heading: Sequence[PlacedWord]) -> int | None:
    """Return for how many people a room is, as its heading says."""
    found = CAPACITY.search(" ".join(_texts(heading)))
    return int(found[1]) or None if found else None


def _texts(heading: Sequence[PlacedWord]) -> Iterator[str]:
    """Yield what a heading says, line by line."""
    for line in _lines(heading):
        ordered = sorted(line, key=lambda one: one.rect.left)
        yield " ".join(word.word.text for word in ordered)


def _middle(heading: Sequence[PlacedWord]) -> float:
    return Rect.around(word.rect for word in heading).centre.x


def _level(line: Sequence[PlacedWord]) -> float:
    return float(np.mean([word.rect.centre.y for word in line]))


def _height(line: Sequence[PlacedWord]) -> float:
    return float(np.median([word.height for word in line]))
