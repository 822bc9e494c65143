"""What is remembered of a card, and what a photo tells of the known ones."""

import cv2
import numpy as np

from vision.cards import CardDescriptor
from vision.image.arrays import Image
from vision.image.sharpness import sharpness_of
from vision.tracking.correlation import Patch

PATCH_WH = (96, 64)
"""Size of a descriptor's patch: letters are still told apart, pens are not."""


def describe(crop: Image) -> CardDescriptor:
    """Return how a card looks.

    Parameters
    ----------
    crop : ndarray of shape (H, W, 3), uint8, BGR
        Upright.
    """
    return CardDescriptor(patch_of(crop), sharpness_of(crop))


def patch_of(crop: Image) -> Patch:
    """Return the patch that tells cards apart, read-only.

    Parameters
    ----------
    crop : ndarray of shape (H, W, 3), uint8, BGR
        Upright.
    """
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    patch = np.asarray(cv2.resize(grey, PATCH_WH, interpolation=cv2.INTER_AREA))
    patch.flags.writeable = False
    return np.asarray(patch, np.uint8)
