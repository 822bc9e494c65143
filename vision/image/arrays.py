"""Arrays of pixels: their types, parts of them, in grey, and smaller."""

from collections.abc import Sequence
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Points, Quad, Rect

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
    """Return a view of the part of a picture, (H, W[, C]), in a rect, rounded."""
    return whole[
        max(0, round(bounds.top)) : max(0, round(bounds.bottom)),
        max(0, round(bounds.left)) : max(0, round(bounds.right)),
    ]


def window_around(quad: Quad, shape: Sequence[int], margin_px: int = 1) -> Rect | None:
    """Return the whole pixels around a quad, and a margin; None off the picture."""
    bounds, (height, width) = quad.bounds, shape[:2]
    left, top = (max(0, int(edge) - margin_px) for edge in (bounds.left, bounds.top))
    right = min(width, int(bounds.right) + 1 + margin_px)
    bottom = min(height, int(bounds.bottom) + 1 + margin_px)
    return Rect(left, top, right, bottom) if left < right and top < bottom else None


def inside_of(quad: Quad, window: Rect) -> Mask:
    """Return the inside of a quad as a mask of a window of whole pixels, (H, W)."""
    canvas = np.zeros((round(window.height), round(window.width)), np.uint8)
    corners = np.rint(quad.to_array()).astype(np.int32)
    cv2.fillConvexPoly(
        canvas, corners - np.array([window.left, window.top], np.int32), 1
    )
    return canvas.astype(np.bool_)


def grey_of(pixels: Image) -> Grey:
    """Return a picture in grey."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)


def resized(pixels: Image, scale: float, method: int | None = None) -> Image:
    """Return pixels at another scale, averaged or cubic, or by one of OpenCV's ways."""
    usual = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    how = usual if method is None else method
    result = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=how)
    return np.asarray(result, np.uint8)


def shrunk(grey: Grey, side_px: int) -> tuple[Grey, float]:
    """Shrink a picture to a long side, if it is larger; and return its scale."""
    # By a whole number first: OpenCV does that eight times as fast.
    steps = max(1, min(max(grey.shape) // side_px, *grey.shape[:2]))
    height, width = (length // steps * steps for length in grey.shape[:2])
    small = resized(grey[:height, :width], 1 / steps)
    rest = side_px / max(small.shape)
    if rest >= 1 or round(min(small.shape[:2]) * rest) < 1:
        return small, 1 / steps
    return resized(small, rest), rest / steps
