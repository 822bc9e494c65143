"""Cutting rectangles larger than a card at their seams."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from calibration.geometry import Points, Quad
from vision.detection.seams import due_seam, seam
from vision.detection.sizes import MIN_GROWTH, Size, fits
from vision.detection.trust import Outline
from vision.image.arrays import Image

MIN_DIVIDED = 1.1
"""Shortest side, in short sides of a typical card, that can be cut in two."""

MAX_WIDER = 0.2
"""How far across two cards that make one rectangle may be off a card's side: one lies
askew on the other."""

MIN_UPPER, MAX_UPPER = 0.88, 1.15
"""Length of the upper one of two cards, in a card's side: it is seen whole."""


def divided(outline: Outline, pixels: Image, typical: Size) -> list[Outline]:
    """Cut a rectangle larger than a card at its seams, if it has any.

    Parameters
    ----------
    outline : Outline
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        The shrunk board.
    typical : Size
        Of the board's cards.

    Returns
    -------
    list of Outline
        Its parts; itself if it has no seam.
    """
    if fits(outline.quad, typical):
        return [outline]
    corners = outline.quad.to_array()
    for turn in (0, 1):
        turned = np.roll(corners, -turn, axis=0)
        place = _place(pixels, turned, typical)
        if place is not None:
            return [
                part
                for half in _halves(turned, place)
                for part in divided(replace(outline, quad=half), pixels, typical)
            ]
    return [outline]


def _place(pixels: Image, corners: Points, typical: Size) -> float | None:
    """Return where a rectangle falls into two along its first side, if it does."""
    length, depth = _sides(corners)
    if length < MIN_DIVIDED * typical.short_px:
        return None
    place = seam(pixels, corners)
    for side_px in _cards_along(depth, typical) if place is None else ():
        larger = (
            max(0.5, MIN_UPPER * side_px / length),
            min(MAX_UPPER * side_px, length - MIN_GROWTH * side_px) / length,
        )
        place = due_seam(pixels, corners, larger) if place is None else place
    return place


def _sides(corners: Points) -> tuple[float, float]:
    """Return the lengths of the first and third, and of the second and fourth side."""
    lengths = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    return float(lengths[::2].mean()), float(lengths[1::2].mean())


def _cards_along(depth_px: float, typical: Size) -> Iterator[float]:
    """Yield the sides that cards have along a rectangle that is a card's across."""
    if not typical.alike:
        return
    sides = (typical.short_px, typical.long_px)
    for along, across in zip(sides, sides[::-1], strict=True):
        if abs(depth_px / across - 1) <= MAX_WIDER:
            yield along


def _halves(corners: Points, place: float) -> tuple[Quad, Quad]:
    """Cut a rectangle (4, 2) at a part of its first and third side."""
    first, second, third, fourth = corners
    above = first + (second - first) * place
    below = fourth + (third - fourth) * place
    return (
        Quad.from_unordered(np.array([first, above, below, fourth])),
        Quad.from_unordered(np.array([above, second, third, below])),
    )
