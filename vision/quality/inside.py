"""The part of a card's crop that is judged."""

import cv2
import numpy as np

from vision.image.arrays import Image
from vision.image.shrink import Grey

INSET = 0.06
"""Part of a crop left out along each side: the card's own edges and what lies
beside it."""


def grey_inside(crop: Image) -> Grey:
    """Return the inside of a card in grey.

    Parameters
    ----------
    crop : ndarray of shape (H, W, 3), uint8, BGR

    Returns
    -------
    ndarray of shape (h, w), uint8
    """
    height, width = crop.shape[:2]
    down, across = int(INSET * height), int(INSET * width)
    inside = crop[down : height - down, across : width - across]
    return np.asarray(cv2.cvtColor(inside, cv2.COLOR_BGR2GRAY), np.uint8)
