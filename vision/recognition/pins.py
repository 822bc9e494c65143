"""Clear push-pins: colourless plastic, through which coloured paper looks pale.

On white or grey paper nothing tells them from a pencil's circles.
"""

import cv2
import numpy as np

from vision.image.hue import Floats
from vision.recognition.ground import TINGES, Bits, Ground, Mask
from vision.recognition.pieces import Piece, pieces_of

MIN_CHROMA = 25.0
"""Distance of the paper's a and b from neutral: less has no paler tones."""

MAX_SIDE = 0.13
"""Longest side of a pin, as a part of the look's width."""

PALE, CLEAR, MAX_PALE_TINGE = 0.62, 0.4, 25.0
"""Chroma of paper seen through clear plastic and of plastic alone, as parts of the
paper's, and how far their hue may be from the paper's."""

PALE_DARKER, CLEAR_DARKER = 12, 5
"""Levels of L by which these are darker than the paper at most: what is pale and
dark is ink."""

MIN_PALE_PX, MIN_CLEAR_PX = 14, 4
"""Pixels of both that a pin has at the size of the look."""

MAX_ASPECT, MIN_FILL = 2.6, 0.35
"""Longer side of a pin by its shorter one, and the part of its bounds that is pale:
a pin that leans is long, a stroke of white correction is longer."""

RING_NEAR_PX, RING_FAR_PX, MIN_OWN_AROUND = 7, 13, 0.5
"""Squares whose difference is a ring around a pin, and the part of it that is the
card's own paper: pale beside other paper is the edge of that."""

MIN_OWN_SHADE, MAX_OWN_TINGE = 0.75, 15.0
"""Chroma of the card's own paper in full light, as a part of the paper's, and how far
its hue may be off."""

GROW_PX = 7
"""Diameter by which a pin's rim and shadow are included."""

_PALE, _CLEAR, _MINE = 1, 2, 4
"""What a colour may be: seen through plastic, plastic, the card's own paper."""


def clear_pins(ground: Ground, light: Bits) -> Bits:
    """Find clear push-pins.

    Parameters
    ----------
    ground : Ground
    light : ndarray of shape (H, W), uint8
        The ground's own `Ground.light`.

    Returns
    -------
    ndarray of shape (H, W), uint8
        1 on pins with their rims, else 0.
    """
    pins = np.zeros_like(light)
    if np.linalg.norm(ground.own) < MIN_CHROMA:
        return pins
    darker = cv2.subtract(light, ground.lightness)
    kinds = _kinds_of_tinge(ground.own).ravel()[ground.bins]
    pale = ((kinds & _PALE > 0) & (darker < PALE_DARKER)).astype(np.uint8)
    whole = cv2.morphologyEx(pale, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    clear = (kinds & _CLEAR > 0) & (darker < CLEAR_DARKER)
    mine = kinds & _MINE > 0
    round_one = np.asarray(
        cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (GROW_PX, GROW_PX)), np.uint8
    )
    for piece in pieces_of(np.asarray(whole, np.uint8), MAX_SIDE * whole.shape[1]):
        if _is_pin(piece, clear, mine):
            pins[piece.around(GROW_PX)] |= _grown(piece, round_one, GROW_PX, pins.shape)
    return pins


def _kinds_of_tinge(own: Floats) -> Bits:
    """Return for each of `TINGES` what it may be on paper of a colour, (64, 64)."""
    shade = TINGES @ (own / (own @ own))
    off_a, off_b = (TINGES[..., axis] - shade * own[axis] for axis in (0, 1))
    off = off_a * off_a + off_b * off_b
    near = off < MAX_PALE_TINGE**2
    kinds = ((shade < PALE) & near) * _PALE + (shade < CLEAR) * _CLEAR
    kinds += ((shade > MIN_OWN_SHADE) & (off < MAX_OWN_TINGE**2)) * _MINE
    return np.asarray(kinds, np.uint8)


def _is_pin(piece: Piece, clear: Mask, mine: Mask) -> bool:
    """Tell whether a pale piece has plastic in it and stands on the card's own paper."""
    short, long = piece.sides
    return (
        piece.area >= max(MIN_PALE_PX, MIN_FILL * short * long)
        and long <= MAX_ASPECT * short
        and int((clear[piece.here] & piece.alone).sum()) >= MIN_CLEAR_PX
        and _own_around(piece, mine) >= MIN_OWN_AROUND
    )


def _own_around(piece: Piece, mine: Mask) -> float:
    """Return the part of a ring around a piece that is the card's own paper."""
    near, far = (
        _grown(piece, np.ones((side, side), np.uint8), RING_FAR_PX, mine.shape)
        for side in (RING_NEAR_PX, RING_FAR_PX)
    )
    ring = far > near
    return float(mine[piece.around(RING_FAR_PX)][ring].mean()) if ring.any() else 0.0


def _grown(piece: Piece, kernel: Bits, reach_px: int, shape: tuple[int, ...]) -> Bits:
    """Return a piece dilated, in its bounds and so much around them."""
    rows, columns = piece.around(reach_px)
    inside = np.zeros(
        (
            min(rows.stop, shape[0]) - rows.start,
            min(columns.stop, shape[1]) - columns.start,
        ),
        np.uint8,
    )
    top, left = piece.top - rows.start, piece.left - columns.start
    inside[top : top + piece.height, left : left + piece.width] = piece.alone
    return np.asarray(cv2.dilate(inside, kernel), np.uint8)
