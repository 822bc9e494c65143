"""What of a board is not explained by the cards that hang as they hung.

A piece of colour that cards in their old places fill, and nothing besides, is these
cards: it need not be looked at again. Where anything else hangs together with them (a
card beside or over them, a hand, a curled corner) they are looked for with the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Quad, Rect
from vision.detection.blobs import MIN_AREA, OPEN_SHARE, disc
from vision.image.arrays import Mask

RIM = 0.06
"""What a card's outline may leave of it, in cells: curled edges, shade."""

MIN_REST = MIN_AREA / 2
"""Size in cells from which what is left beside cards is something else: half of the
smallest card, for its rim is not counted."""

MIN_FILLED = 0.7
"""Part of a card's place that must have a colour of cards: pins, ink and curled edges
take the rest. Writing on the board itself has less."""

MIN_OF_CARD = 0.05
"""Part of a card that a piece of colour has at least to be a piece of it."""

AROUND = 0.1
"""How far around what is left cards are looked for, in cells: smoothing may have
taken that much of it."""

CONTEXT = 0.3
"""Width in cells of the surroundings that the finding of cards takes into account:
notches of .2 that are closed, paper that reaches out by a quarter of a card."""


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """What is left of a board to be looked at.

    Parameters
    ----------
    hung : tuple of int
        The cards that hang as they hung and explain all of their pieces of colour, by
        their indices.
    where : ndarray of shape (H, W), bool
        Where there may be other cards.
    windows : tuple of Rect
        Whole pixels that hold these places and what is around them, apart from each
        other.
    """

    hung: tuple[int, ...]
    where: Mask
    windows: tuple[Rect, ...]


def rest_of(foreground: Mask, quads: Sequence[Quad], cell_px: float) -> Rest:
    """Return what cards in their old places leave of a board.

    Parameters
    ----------
    foreground : ndarray of shape (H, W), bool
        Where no background is, tidied.
    quads : sequence of Quad
        The cards' places, in its pixels.
    cell_px : float
        Geometric mean of a cell's sides, in its pixels.
    """
    owners = _owners(quads, foreground.shape)
    count, pieces = cv2.connectedComponents(foreground.astype(np.uint8), connectivity=4)
    strange = _strange(foreground, owners > 0, np.asarray(pieces, np.int32), cell_px)
    # Of each card: its pixels in each piece of colour, the ground's first.
    codes = owners.astype(np.intp) * count + pieces
    shares = np.bincount(codes.ravel(), minlength=(len(quads) + 1) * count)
    shares = shares.reshape(-1, count)[1:]
    sizes = np.maximum(shares.sum(axis=1, keepdims=True), 1)
    own = shares >= MIN_OF_CARD * sizes
    own[:, 0] = False
    hung = shares[:, 1:].sum(axis=1) >= MIN_FILLED * sizes[:, 0]
    hung, strange = _settled(hung, own, strange)
    left = np.asarray(strange[pieces], np.bool_)
    where = cv2.dilate(left.astype(np.uint8), disc(2 * AROUND * cell_px)) > 0
    where &= ~(foreground & ~left)
    return Rest(
        tuple(np.flatnonzero(hung).tolist()),
        np.asarray(where, np.bool_),
        _windows(where, round(CONTEXT * cell_px)),
    )


def _owners(quads: Sequence[Quad], shape: tuple[int, ...]) -> npt.NDArray[np.int16]:
    """Return which card each pixel is of, counted from 1; 0 for none."""
    owners = np.zeros(shape, np.int16)
    for index, quad in enumerate(quads):
        corners = np.rint(quad.to_array() - 0.5).astype(np.int32)
        cv2.fillConvexPoly(owners, corners, index + 1)
    return owners


def _strange(
    foreground: Mask, cards: Mask, pieces: npt.NDArray[np.int32], cell_px: float
) -> Mask:
    """Tell which pieces of colour have more than cards in them, (pieces,)."""
    rims = cv2.dilate(cards.astype(np.uint8), disc(2 * RIM * cell_px))
    left = (foreground & (rims == 0)).astype(np.uint8)
    left = cv2.morphologyEx(left, cv2.MORPH_OPEN, disc(OPEN_SHARE * cell_px))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(left, connectivity=4)
    large = stats[:, cv2.CC_STAT_AREA] >= MIN_REST * cell_px**2
    large[0] = False
    strange = np.zeros(int(pieces.max()) + 1, np.bool_)
    strange[pieces[large[labels]]] = True
    return strange


def _settled(hung: Mask, own: Mask, strange: Mask) -> tuple[Mask, Mask]:
    """Return which cards explain their pieces of colour, and which pieces are left.

    A card in a strange piece is looked for again, and so are all of its pieces.

    Parameters
    ----------
    hung : ndarray of shape (N,), bool
    own : ndarray of shape (N, pieces), bool
        Which pieces are of which card.
    strange : ndarray of shape (pieces,), bool
    """
    while True:
        kept = hung & ~(own & strange).any(axis=1)
        left = strange | own[~kept].any(axis=0)
        if (left == strange).all():
            return kept, strange
        strange = left


def _windows(where: Mask, margin_px: int) -> tuple[Rect, ...]:
    """Return rects around the parts of a mask, a margin wide; none overlaps another."""
    height, width = where.shape
    grown = cv2.dilate(
        where.astype(np.uint8),
        np.ones((2 * margin_px + 1, 2 * margin_px + 1), np.uint8),
    )
    _, _, stats, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    apart: list[Rect] = []
    for left, top, across, down, _ in stats[1:].tolist():
        window = Rect(left, top, min(width, left + across), min(height, top + down))
        # Joined ones may reach others in turn.
        while near := [other for other in apart if other.overlap(window) > 0]:
            apart = [other for other in apart if other not in near]
            window = Rect.around([window, *near])
        apart.append(window)
    return tuple(apart)
