"""A board's pixels sorted by colour: what the stages of card finding share."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.ocr.engine import Image

Mask = npt.NDArray[np.bool_]

STRIP_ROWS = 128
"""Rows of a picture that are converted at a time."""


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


def lab_of(pixels: Image) -> npt.NDArray[np.float32]:
    """Return pixels in CIELAB.

    In strips: on the way a pixel takes three times its room.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR

    Returns
    -------
    ndarray of shape (H, W, 3), float32
    """
    lab = np.empty(pixels.shape, np.float32)
    for top in range(0, len(pixels), STRIP_ROWS):
        strip = pixels[top : top + STRIP_ROWS].astype(np.float32) / 255
        lab[top : top + STRIP_ROWS] = cv2.cvtColor(strip, cv2.COLOR_BGR2Lab)
    return lab


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
