"""Shrinking a photo before something is looked for in it."""

import cv2
import numpy as np
import numpy.typing as npt

from vision.image.arrays import Image

Grey = npt.NDArray[np.uint8]
"""A grey picture of shape (H, W), uint8."""


def grey_of(pixels: Image) -> Grey:
    """Return a photo, (H, W, 3) uint8 BGR, in grey."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)


def shrunk(grey: Grey, side_px: int) -> tuple[Grey, float]:
    """Shrink a picture to a long side; a smaller one stays as it is.

    Parameters
    ----------
    grey : ndarray of shape (H, W), uint8
    side_px : int
        Long side wanted. What would have no row of pixels left stays larger.

    Returns
    -------
    small : ndarray of shape (h, w), uint8
    scale : float
        Pixels of it per pixel of the picture, 1 or less.
    """
    # By a whole number first: OpenCV has a way for that which is eight times
    # faster than averaging over parts of pixels.
    steps = max(1, max(grey.shape) // side_px)
    height, width = (length // steps for length in grey.shape)
    small = grey
    if steps > 1 and min(height, width) > 0:
        whole = grey[: height * steps, : width * steps]
        reduced = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
        small = np.asarray(reduced, np.uint8)
    else:
        steps = 1
    rest = side_px / max(small.shape)
    if rest >= 1 or round(min(small.shape) * rest) < 1:
        return small, 1 / steps
    last = cv2.resize(small, None, fx=rest, fy=rest, interpolation=cv2.INTER_AREA)
    return np.asarray(last, np.uint8), rest / steps
