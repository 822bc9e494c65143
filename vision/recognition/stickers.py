"""What is printed on a sticker is read after what is written on the card.

A sticker is other paper: of another hue, and not darker than the card's, for what is
darker may be the card's own paper in the shade. It stands beside the title, or above
it, and its words would be taken for the title's.

Measured on 132 real cards, of which two have such words (titles, characters wrong,
words): .902/.165/.846 to .902/.162/.846, in the first look .886/.178/.832 to
.894/.175/.832. Leaving them out makes .894/.164/.846: they belong to some cards' texts.
"""

from collections.abc import Iterable

import numpy as np

from calibration.geometry import Points
from vision.cards import Line
from vision.image.hue import of_hue
from vision.recognition.ground import Ground, Mask
from vision.recognition.line_order import reading_order
from vision.recognition.strips import cut_out

INNER = 0.6
"""Part of a line's height, in its middle, in which its paper is looked at: above and
below there may be another."""

PAPER_SHARE = 0.25
"""Part of that, the lightest, that is taken for paper: bold print leaves little more."""

MIN_OTHER = 0.1
"""Part of a line's bounds that is of another hue than the card, at least, where it is
worth looking closer: a sticker's paper fills most of them."""

MAX_WIDTH = 0.5
"""Width of a line on a sticker as a part of the card's, at most: wider is a heading of
the card's own, on a band of another colour."""


def own_paper_first(pieces: Iterable[Line], ground: Ground) -> tuple[Line, ...]:
    """Put lines in reading order, those on stickers after all others.

    Parameters
    ----------
    pieces : iterable of Line
        As for `vision.recognition.line_order.reading_order`.
    ground : Ground
        Of the crop that they are in.

    Returns
    -------
    tuple of Line
    """
    other = ground.other
    on_card: list[Line] = []
    on_stickers: list[Line] = []
    for piece in pieces:
        place = piece.quad_crop.to_array() * ground.scale
        on = on_stickers if _is_on_sticker(place, ground, other) else on_card
        on.append(piece)
    return reading_order(on_card) + reading_order(on_stickers)


def _is_on_sticker(place: Points, ground: Ground, other: Mask) -> bool:
    left, top = np.maximum(place.min(axis=0), 0).astype(int)
    right, bottom = np.ceil(place.max(axis=0)).astype(int)
    near = other[top:bottom, left:right]
    narrow = np.linalg.norm(place[1] - place[0]) <= MAX_WIDTH * other.shape[1]
    if not narrow or not near.size or near.mean() < MIN_OTHER:
        return False
    middle, half = (place + place[::-1]) / 2, (place - place[::-1]) / 2
    colours = cut_out(ground.lab, middle + INNER * half).reshape(-1, 3)
    lightness = colours[:, 0]
    paper = colours[lightness >= np.quantile(lightness, 1 - PAPER_SHARE)]
    seen = np.median(paper, axis=0)
    tinge = (seen[1:] - 128).astype(np.float32)
    return bool(seen[0] >= ground.own_lightness and not of_hue(tinge, ground.own))
