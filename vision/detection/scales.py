"""Cards of any size: the network looks at a board at several scales.

It was trained on cards of a third to one and a half cells. At a half and a quarter of
the scale it finds larger ones; of two finds in one place the surer one is kept. Where
cards are mostly small, they are looked for at twice the scale, and where they are
mostly large, no longer at the first one, at which their words look like cards.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from vision.detection.detector import (
    CardMaps,
    Detection,
    card_maps,
    detections,
    without_twins,
)
from vision.image.arrays import Image

COARSER = (0.5, 0.25)
"""Further scales, in parts of the first one."""

LEAST_PX, MOST_PX = 66.0, 2_500_000
"""Size (root of its area) from which a card is taken from a coarser picture, in its
pixels (55 to 75 do alike); pixels of the largest picture that is enlarged: memory."""

SMALL_PX, LARGE_PX = 45.0, 150.0
"""Median size of the cards, px, below which the scale is doubled, and above which it is
halved. On drawn scenes 45 to 50 do alike, and so do 130 to 150."""

PictureAt = Callable[[float], Image]
"""Gives the board at a scale, (H, W, 3) uint8 BGR; at 1 a cell has about 110 px."""


@dataclass(frozen=True, slots=True, eq=False)
class CardView:
    """What the network sees of a board at a scale, in (H, W, 3) uint8 BGR.

    The cards in the picture, also those that were seen at coarser scales.
    """

    scale: float
    picture: Image
    maps: CardMaps
    found: tuple[Detection, ...]


def view_of(picture_at: PictureAt) -> CardView:
    """Look for the cards of a board at the scales that it needs."""
    first = _view(picture_at, 1.0)
    coarser = [_view(picture_at, scale) for scale in COARSER]
    view = _completed(first, coarser)
    usual = float(np.median([_size_px(card) for card in view.found] or [SMALL_PX]))
    if usual > LARGE_PX:
        return _completed(coarser[0], coarser[1:])
    if usual < SMALL_PX and 4 * first.picture.size / 3 < MOST_PX:
        return _completed(_view(picture_at, 2.0), [first, *coarser])
    return view


def _view(picture_at: PictureAt, scale: float) -> CardView:
    picture = picture_at(scale)
    maps = card_maps(picture)
    return CardView(scale, picture, maps, detections(maps))


def _completed(view: CardView, coarser: list[CardView]) -> CardView:
    """Return a view with the large cards of coarser ones."""
    cards = list(view.found)
    for other in coarser:
        larger = view.scale / other.scale
        cards += [
            replace(card, corners=(card.corners + 0.5) * np.float32(larger) - 0.5)
            for card in other.found
            if _size_px(card) >= LEAST_PX
        ]
    return replace(view, found=without_twins(cards))


def _size_px(card: Detection) -> float:
    return float(np.sqrt(abs(cv2.contourArea(card.corners))))
