"""A board's pixels sorted by colour: what the stages of card finding share."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.ocr.engine import Image

Mask = npt.NDArray[np.bool_]


def brightest_channel(pixels: Image) -> npt.NDArray[np.uint8]:
    """Return the largest of each pixel's channels.

    NumPy's own maximum along an axis of three takes fifteen times as long.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8

    Returns
    -------
    ndarray of shape (H, W), uint8
    """
    one, two, three = cv2.split(pixels)
    return np.asarray(cv2.max(cv2.max(one, two), three), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class ColourMap:
    """A board's pixels sorted by colour.

    Parameters
    ----------
    labels : ndarray of shape (H, W), uint8
        Index of each pixel's colour.
    background : ndarray of shape (C,), bool
        Which colours are background.
    """

    labels: npt.NDArray[np.uint8]
    background: Mask

    @property
    def foreground(self) -> Mask:
        """Where no background is, shape (H, W)."""
        return ~self.background[self.labels]
