"""A board's pixels sorted by colour: what the stages of card finding share."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Quad
from vision.image.arrays import Image

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


def darkest_channel(pixels: Image) -> npt.NDArray[np.uint8]:
    """Return the smallest of each pixel's channels.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8

    Returns
    -------
    ndarray of shape (H, W), uint8
    """
    one, two, three = cv2.split(pixels)
    return np.asarray(cv2.min(cv2.min(one, two), three), np.uint8)


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


def colour_in(smooth: Image, quad: Quad) -> tuple[int, int, int]:
    """Return the median colour in a quad, (blue, green, red).

    Parameters
    ----------
    smooth : ndarray of shape (H, W, 3), uint8, BGR
        The board, its ink smoothed away.
    quad : Quad
        In its pixels.
    """
    inside = _inside(smooth, quad)
    if len(inside) == 0:
        return (0, 0, 0)
    blue, green, red = (round(_median(channel)) for channel in inside.T)
    return (blue, green, red)


def label_in(labels: npt.NDArray[np.uint8], quad: Quad) -> int:
    """Return the colour that most of a quad has, 0 outside of the picture.

    Parameters
    ----------
    labels : ndarray of shape (H, W), uint8
        Index of each pixel's colour.
    quad : Quad
        In its pixels.
    """
    inside = _inside(labels, quad)
    return int(np.bincount(inside).argmax()) if len(inside) else 0


def _inside(picture: npt.NDArray[np.uint8], quad: Quad) -> npt.NDArray[np.uint8]:
    """Return the pixels in a quad, shape (N[, C])."""
    corners = np.rint(quad.to_array()).astype(np.int32)
    left, top = np.maximum(corners.min(axis=0), 0)
    right, bottom = np.maximum(corners.max(axis=0), 0) + 1
    window = picture[top:bottom, left:right]
    canvas = np.zeros(window.shape[:2], np.uint8)
    cv2.fillConvexPoly(canvas, corners - np.array([left, top], np.int32), 1)
    return window[canvas > 0]


def _median(values: npt.NDArray[np.uint8]) -> float:
    """Return the median of numbers from 0 to 255, by counting them."""
    up_to = np.bincount(values).cumsum()
    low, high = np.searchsorted(
        up_to, [(len(values) - 1) // 2, len(values) // 2], "right"
    )
    return float(low + high) / 2


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
        # NumPy's own look-up takes four times as long.
        table = np.zeros(256, np.uint8)
        table[: len(self.background)] = ~self.background
        return np.asarray(cv2.LUT(self.labels, table), np.uint8).view(np.bool_)
