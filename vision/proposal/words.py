"""The words on a photo, each with its place."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from calibration.geometry import Points, Quad, Rect
from vision.image.arrays import Image
from vision.recognition.prepare import strip_of, view_of, without_colour
from vision.recognition.rapid_models import (
    DETECTOR_STRIDE_PX,
    Recognised,
    TextModels,
)

LONG_SIDE_PX = (1600, 2400)
"""At least and at most, of a picture in which words are sought: headings of a whole board
are not found in smaller ones; larger ones take much memory."""

PART = 0.625
"""Width and height of a part of a large photo: a heading that is cut in one is whole in
another."""

SAME = 0.5
"""Part of the smaller of two words that lies in the other one, if they are the same."""

APART = 1.3
"""Gap between two characters in heights of their line from which they are two words:
headings side by side are found as one line."""

BESIDE = 0.3
"""By how much of its line's height a word is wider at each end than from the middle of
its first character to that of its last."""

UPRIGHT = 1.5
"""Times its width that a line is high from which it is written upright, as no heading
of an hour is."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a photo, without spaces, its confidence 0 to 1; its quad's top left is the text's."""

    text: str
    confidence: float
    quad_photo: Quad


def words_on(pixels: Image, models: TextModels) -> tuple[Word, ...]:
    """Read the words on a photo, (H, W, 3) uint8 BGR, that are written level, more or less.

    A large photo is read as a whole and in four parts.
    """
    height, width = pixels.shape[:2]
    whole = Rect(0, 0, width, height)
    parts = [whole]
    if max(height, width) > LONG_SIDE_PX[1]:
        x, y = (1 - PART) * width, (1 - PART) * height
        parts += [
            Rect(left, top, left + PART * width, top + PART * height)
            for left in (0, x)
            for top in (0, y)
        ]
    found = [word for part in parts for word in _words_in(pixels, part, models)]
    kept: list[Word] = []
    for word in sorted(found, key=lambda one: -one.confidence):
        if not any(_same_place(word, other) for other in kept):
            kept.append(word)
    return tuple(kept)


def _words_in(pixels: Image, part: Rect, models: TextModels) -> Iterator[Word]:
    """Yield the words in a part of a photo, but for those that its edges cut."""
    height, width = pixels.shape[:2]
    left, top, right, bottom = map(
        round, (part.left, part.top, part.right, part.bottom)
    )
    cut = pixels[top:bottom, left:right]
    least, most = LONG_SIDE_PX
    long_side = max(cut.shape[:2])
    scale = min(most, max(least, long_side)) / long_side
    view = view_of(
        cut, width_px=scale * cut.shape[1], margin_px=0, stride_px=DETECTOR_STRIDE_PX
    )
    places = models.find_lines(view.picture)
    grey = without_colour(view.picture)
    said = models.read_strips([strip_of(grey, place) for place in places])
    for line, place in zip(said, places, strict=True):
        corners = view.to_crop(place) + np.array([left, top])
        (x, y), (end_x, end_y) = corners.min(axis=0), corners.max(axis=0)
        whole = (
            (x > left or left == 0)
            and (y > top or top == 0)
            and (end_x < right or right == width)
            and (end_y < bottom or bottom == height)
        )
        if whole:
            yield from _words_of(line, corners, models.characters)


def _same_place(one: Word, other: Word) -> bool:
    """Tell whether two words are the same one, or a part of it, read twice."""
    bounds, others = one.quad_photo.bounds, other.quad_photo.bounds
    return bounds.overlap(others) > SAME * min(bounds.area, others.area)


def _words_of(
    line: Recognised, corners: Points, characters: tuple[str, ...]
) -> Iterator[Word]:
    """Yield the words of a line, cut where spaces and gaps are."""
    top_left, top_right, bottom_right, bottom_left = corners
    width = float(np.linalg.norm(top_right - top_left))
    height = float(np.linalg.norm(bottom_left - top_left))
    if height > UPRIGHT * width:
        return
    margin = BESIDE * height / width
    for word in _apart(_places(line, characters), APART * height / width):
        text, places, chances = zip(*word, strict=True)
        start, end = max(0.0, places[0] - margin), min(1.0, places[-1] + margin)
        top, bottom = top_right - top_left, bottom_right - bottom_left
        corners = np.stack(
            [
                top_left + start * top,
                top_left + end * top,
                bottom_left + end * bottom,
                bottom_left + start * bottom,
            ]
        )
        yield Word("".join(text), float(np.mean(chances)), Quad.from_array(corners))


_Character = tuple[str, float, float]
"""A character, where its middle is along its line, 0 to 1, and its probability."""


def _places(line: Recognised, characters: tuple[str, ...]) -> Iterator[_Character]:
    """Yield the likeliest characters of a line, as the usual CTC decoding has them."""
    before = 0
    for step, index in enumerate(line.posterior.argmax(axis=1)):
        if index not in {0, before}:
            where = (step + 0.5) / len(line.posterior)
            yield characters[index], where, float(line.posterior[step, index])
        before = index


def _apart(characters: Iterator[_Character], gap: float) -> Iterator[list[_Character]]:
    """Yield characters word by word."""
    word: list[_Character] = []
    for character in characters:
        space = not character[0].strip()
        if word and (space or character[1] - word[-1][1] > gap):
            yield word
            word = []
        if not space:
            word.append(character)
    if word:
        yield word
