"""Where a card's paper reaches beyond its outline.

An outline is the rectangle that fits a card best. Real cards curl, hang slanted and
have been cut by hand: what is beyond the rectangle is often the first line of the
title. To be read, a card is cut out with all of its paper.
"""

from collections.abc import Sequence
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from vision.image.arrays import Image, Mask
from vision.image.hue import of_hue

Scalar = TypeVar("Scalar", np.int16, np.uint8)

CENTRED = Homography.translation(-0.5, -0.5)
"""OpenCV's pixels from ours: its centres are whole numbers, ours lie half further."""

FROM_CENTRED = CENTRED.inverse

REACH = 0.25
"""How far beyond a side paper may reach, as a part of the card's own length across
that side. What goes on further is another card, a person, or a frame."""

INNER_PX = 64
"""Sides of a card in the square in which it is looked at: a twentieth of a card is
three pixels."""

MIN_FILLED = 0.15
"""Part of a side along which there must be paper: less is a pin, a thread or a
corner of tape."""


def with_all_paper(
    quads: Sequence[Quad],
    foreground: Mask,
    pixels: Image,
    others: Sequence[Quad] = (),
    least_px: int = 1,
) -> tuple[Quad, ...]:
    """Return cards' outlines with what of their paper lies beyond.

    Parameters
    ----------
    quads : sequence of Quad
        Outlines of cards, in pixels of the picture.
    foreground : ndarray of shape (H, W), bool
        Where the board's ground is not seen.
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        The board, ink smoothed away.
    others : sequence of Quad
        Outlines of cards that are not asked for: their paper is not these cards'.
    least_px : int
        How far beyond a side paper must reach to count, in sixty-fourths of a card.

    Returns
    -------
    tuple of Quad
        One for each, in the same order; none is smaller than its outline.
    """
    owners = foreground.astype(np.int16) - np.int16(1)
    for index, quad in enumerate((*quads, *others)):
        corners = np.rint(quad.to_array() - 0.5).astype(np.int32)
        cv2.fillConvexPoly(owners, corners, index + 1)
    return tuple(
        _grown(quad, owners, pixels, index + 1, least_px)
        for index, quad in enumerate(quads)
    )


def _grown(
    quad: Quad,
    owners: npt.NDArray[np.int16],
    pixels: Image,
    number: int,
    least_px: int,
) -> Quad:
    """Return an outline moved outwards on each side as far as its paper reaches."""
    edge_px = round(REACH * INNER_PX)
    last = edge_px + INNER_PX
    inner = Rect(edge_px, edge_px, last, last)
    patch_from_board = Homography.from_quads(target=inner.to_quad(), source=quad)
    size_px = last + edge_px
    owner = _patch(owners, patch_from_board, size_px, -1)
    own = owner == number
    # Mostly there is nothing beyond, whatever its colour.
    if not own.any() or max(_reaches(own | (owner == 0), inner)) < least_px:
        return quad
    patch = _patch(pixels, patch_from_board, size_px, 0)
    lab = np.asarray(cv2.cvtColor(patch, cv2.COLOR_BGR2LAB), np.uint8)
    tinge = lab[..., 1:].astype(np.float32) - 128
    alike = of_hue(tinge, np.median(tinge[own], axis=0))
    paper = _connected(own | ((owner == 0) & alike), inner)
    left, right, top, bottom = _reaches(paper, inner)
    around = Rect(inner.left - left, inner.top - top, last + right, last + bottom)
    return patch_from_board.inverse.apply_quad(around.to_quad())


def _reaches(paper: Mask, inner: Rect) -> tuple[int, int, int, int]:
    """Return how far paper reaches beyond the inside: left, right, top, bottom."""
    return (
        _reach(paper.T, inner),
        _reach(paper.T[::-1], inner),
        _reach(paper, inner),
        _reach(paper[::-1], inner),
    )


def _patch(
    picture: npt.NDArray[Scalar],
    patch_from_board: Homography,
    size_px: int,
    outside: int,
) -> npt.NDArray[Scalar]:
    """Return the square around a card, each pixel as it is on the board."""
    return np.asarray(
        cv2.warpPerspective(
            picture,
            CENTRED.matrix @ patch_from_board.matrix @ FROM_CENTRED.matrix,
            (size_px, size_px),
            flags=cv2.INTER_NEAREST,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(outside,) * 3,
        ),
        picture.dtype,
    )


def _connected(paper: Mask, inner: Rect) -> Mask:
    """Return what hangs together with the inside of a card, and the inside."""
    rows = columns = slice(round(inner.top), round(inner.bottom))
    filled = paper.astype(np.uint8)
    filled[rows, columns] = 1
    _, labels = cv2.connectedComponents(filled, connectivity=4)
    middle = round(inner.centre.x)
    return np.asarray(labels == labels[middle, middle], np.bool_)


def _reach(paper: Mask, inner: Rect) -> int:
    """Return by how many rows paper reaches above the inside.

    Parameters
    ----------
    paper : ndarray of shape (N, N), bool
        Turned so that the side that is asked for is the upper one.
    inner : Rect
    """
    edge_px = round(inner.top)
    above = paper[:edge_px, edge_px : round(inner.right)][::-1]
    filled = np.count_nonzero(above, axis=1)
    ends = np.flatnonzero(filled < MIN_FILLED * above.shape[1])
    return int(ends[0]) if len(ends) else 0
