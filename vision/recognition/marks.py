"""Push-pins, vote dots and round stickers on a card, told by colour and shape.

Painting them over before a card is read changed readings by chance, and more for the
worse (docs/how-cards-are-read.md). So the picture stays as it is, and what was found
as a line of text is looked at again: `vision.recognition.strips`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vision.image.hue import Floats
from vision.recognition.ground import Bits, Ground, Mask
from vision.recognition.pieces import Piece, pieces_of
from vision.recognition.pins import clear_pins

MAX_SIDE = 0.16
"""Longest side of a disc, as a part of the look's width."""

MIN_ASPECT = 0.7
"""Shorter side of a disc as a part of the longer one: cards are seen askew."""

MIN_FILL, MAX_FILL = 0.65, 0.92
"""Part of its bounds that a disc fills: a circle .785, a filled square 1."""

MIN_DEPTH = 0.7
"""How deep a disc's inside is, as a part of half its shorter side: a ring, a letter
or a cross is shallow."""

MIN_CHROMA = 25.0
"""Distance of a disc's a and b from neutral: a black or grey one may be a pen's."""

MIN_OFF_INK = 28.0
"""Distance in a and b between a disc and the card's ink: pens dot their own i's.
Thick letters of real cards that look like discs are at up to 27, marks from 31."""

DARKER = 30
"""Levels of L by which ink is darker than the paper beside it."""

MIN_INK_PX = 20
"""Pixels of ink from which its colour is known."""

HALO, MAX_HALO_PX = 0.35, 2.0
"""How far a disc's rim and shadow reach beyond it, as a part of its radius and at most.
There may be a letter there: it is neither mark nor ink."""


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Where marks and where strokes are, at the size of `Ground`'s look.

    Parameters
    ----------
    scale : float
        Pixels of the look per pixel of the crop.
    marks : ndarray of shape (H, W), uint8
        1 on marks, else 0.
    ink : ndarray of shape (H, W), uint8
        1 on everything else that is not plain paper, else 0.

    Raises
    ------
    ValueError
        If both are not of one shape.
    """

    scale: float
    marks: Bits
    ink: Bits

    def __post_init__(self) -> None:
        if self.marks.shape != self.ink.shape:
            msg = f"expected one shape, got {self.marks.shape} and {self.ink.shape}"
            raise ValueError(msg)

    @property
    def found(self) -> bool:
        """Whether there is any mark."""
        return bool(self.marks.any())


def marks_on(ground: Ground) -> Marks:
    """Find the pins, dots and round stickers on a card.

    Parameters
    ----------
    ground : Ground

    Returns
    -------
    Marks
    """
    other, light = ground.other, ground.light
    dark = cv2.subtract(light, ground.lightness) > DARKER
    ink = (other | dark).astype(np.uint8)
    marks = clear_pins(ground, light)
    for disc in _discs(ground, other, dark):
        middle = disc.left + disc.width // 2, disc.top + disc.height // 2
        radius = disc.sides[1] / 2
        around = radius + min(HALO * radius, MAX_HALO_PX)
        marks[disc.here][disc.alone] = 1
        cv2.circle(ink, middle, round(around), 0, -1)
    ink[marks > 0] = 0
    return Marks(ground.scale, marks, ink)


def _discs(ground: Ground, other: Mask, dark: Mask) -> list[Piece]:
    """Return coloured discs whose colour is not the ink's."""
    coloured = [
        (piece, tinge)
        for piece in pieces_of(other.astype(np.uint8), MAX_SIDE * other.shape[1])
        if (tinge := _tinge_of_disc(ground, piece)) is not None
        and np.linalg.norm(tinge) >= MIN_CHROMA
    ]
    if not coloured:
        return []
    ink = _ink_tinge(ground, dark, [piece for piece, _ in coloured])
    return [
        piece for piece, tinge in coloured if np.linalg.norm(tinge - ink) >= MIN_OFF_INK
    ]


def _tinge_of_disc(ground: Ground, piece: Piece) -> Floats | None:
    """Return a and b of a piece's inside; None if it is no disc."""
    short, long = piece.sides
    fill = piece.area / (short * long)
    if short < MIN_ASPECT * long or not MIN_FILL < fill < MAX_FILL:
        return None
    padded = np.pad(piece.alone.astype(np.uint8), 1)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    if depth.max() < MIN_DEPTH * short / 2:
        return None
    inside = ground.lab[piece.here][depth >= depth.max() / 2][:, 1:]
    return np.asarray(np.median(inside, axis=0) - 128, np.float32)


def _ink_tinge(ground: Ground, dark: Mask, discs: Sequence[Piece]) -> Floats:
    """Return a and b of the ink beside discs; neutral if there is hardly any."""
    ink = np.zeros_like(dark)
    ink[ground.core] = dark[ground.core]  # the board around a card may be dark, too
    for disc in discs:
        ink[disc.around(round(MAX_HALO_PX))] = False
    tinges = ground.lab[ink][:, 1:]
    if len(tinges) < MIN_INK_PX:
        return np.zeros(2, np.float32)
    return np.asarray(np.median(tinges, axis=0) - 128, np.float32)
