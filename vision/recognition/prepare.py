"""A crop as the detector wants to see it."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.image.arrays import Image

MAX_VIEW_PX, MAX_SIDE_PX = 1_500_000, 4000
"""Most pixels and longest side of a scaled crop: a strange one cannot fill the memory,
and tesseract refuses 32768."""

GROUND_WINDOW = 0.15
"""Window in which the ground's brightness is sought, of the shorter side."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A scaled crop, (H, W, 3) uint8 BGR: pixels per pixel of the crop, and its margin."""

    picture: Image
    scale: float
    margin_px: int

    def to_crop(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Map points of shape (..., 2) from the picture to the crop."""
        return (points - self.margin_px) / self.scale


def view_of(crop: Image, *, width_px: float, margin_px: int, stride_px: int) -> View:
    """Scale a crop to a width and put a margin of its own edge around it.

    Less wide where it is very high. The picture's sides are multiples of the stride.
    """
    height, width = crop.shape[:2]
    scale = min(
        width_px / width,
        MAX_SIDE_PX / max(height, width),
        (MAX_VIEW_PX / (height * width)) ** 0.5,
    )
    size_wh = max(1, round(width * scale)), max(1, round(height * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    resized = cv2.resize(crop, size_wh, interpolation=how)
    right, bottom = (
        -(side + 2 * margin_px) % stride_px + margin_px for side in size_wh
    )
    picture = cv2.copyMakeBorder(
        resized, margin_px, bottom, margin_px, right, cv2.BORDER_REPLICATE
    )
    return View(np.asarray(picture, np.uint8), scale, margin_px)


def strip_of(crop: Image, corners: npt.NDArray[np.float64]) -> Image:
    """Cut one line of text out of a crop, upright, at the crop's own scale.

    Corners, (4, 2), are TL, TR, BR, BL; outside of the crop its edge is repeated.
    """
    sides = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    width = max(1, round(float(max(sides[0], sides[2]))))
    height = max(1, round(float(max(sides[1], sides[3]))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    strip = cv2.warpPerspective(
        crop,
        cv2.getPerspectiveTransform(corners.astype(np.float32), target),
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(strip, np.uint8)


def without_colour(picture: Image) -> Image:
    """Return the picture in grey, still (H, W, 3): less of it is misread so.

    On four real boards .27 of the characters instead of .285.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def flattened(picture: Image) -> npt.NDArray[np.uint8]:
    """Divide by the ground's own brightness, (H, W): ink stays, shade and colour go."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    side = max(3, round(min(grey.shape) * GROUND_WINDOW)) | 1
    # Closing removes ink, which is darker and thinner than the window.
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    closed = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, disc)
    ground = cv2.GaussianBlur(closed, (0, 0), side / 2)
    return np.asarray(cv2.divide(grey, np.maximum(ground, 1), scale=255), np.uint8)
