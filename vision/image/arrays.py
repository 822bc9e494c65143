"""Arrays of pixels: their types, parts of them, in grey, and smaller."""

from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Points, Rect

Image = npt.NDArray[np.uint8]
"""(H, W, 3), BGR."""

Grey = npt.NDArray[np.uint8]
"""(H, W)."""

Mask = npt.NDArray[np.bool_]
"""(H, W), or one entry for each of some things."""

Floats = npt.NDArray[np.float32]
"""Of any shape."""

Vector = npt.NDArray[np.float64]
"""Of any shape."""

Scalar = TypeVar("Scalar", bound=np.generic)


def mesh(x: npt.ArrayLike, y: npt.ArrayLike) -> Points:
    """Return every point of a grid, (N, 2), row by row."""
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return points.astype(np.float64, copy=False)


def window_of(whole: npt.NDArray[Scalar], bounds: Rect) -> npt.NDArray[Scalar]:
    """Return the part of a picture (H, W[, C]) in a rect, empty outside of it.

    A view of the picture, not a copy.
    """
    return whole[
        max(0, round(bounds.top)) : max(0, round(bounds.bottom)),
        max(0, round(bounds.left)) : max(0, round(bounds.right)),
    ]


def grey_of(pixels: Image) -> Grey:
    """Return a picture in grey."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)


def shrunk(grey: Grey, side_px: int) -> tuple[Grey, float]:
    """Shrink a picture to a long side; a smaller one stays as it is.

    Also returns its pixels per pixel of the picture, 1 or less.
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
