"""A plain sticky-note finder, as tutorials write it: colour, contour, rectangle."""

from typing import cast

import cv2
import numpy as np

from calibration.geometry import Point, Quad
from calibration.homography import Homography
from vision.image.arrays import Image

WORK_SIDE_PX = 1200
"""Long side at which notes are looked for: letters vanish, notes do not."""

MIN_SATURATION, MIN_VALUE = 100, 160
"""Of 255, from which a pixel is a note's: paper in a bright colour. Of twelve
pairs the one that finds most in ten photos, so that it is no strawman; a higher
pair was not tried."""

OPENING_PX, CLOSING_PX = 5, 9
"""Specks up to this size go; writing up to this width is filled in."""

MIN_SHARE, MAX_SHARE = 0.0008, 0.08
"""Of the photo's area, what a note can take."""

MIN_FILLED = 0.7
"""Part of its rectangle that a note fills; less is a shirt or a shadow."""

MAX_ASPECT = 3.0
"""Longer rectangles are headings and tape."""


def find_sticky_notes(pixels: Image) -> tuple[Quad, ...]:
    """Find bright rectangles.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        A photo.

    Returns
    -------
    tuple of Quad
        In photo pixels, as upright as they can be.
    """
    scale = min(1.0, WORK_SIDE_PX / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    hsv = cv2.cvtColor(small, cv2.COLOR_BGR2HSV)
    mask = cv2.inRange(
        hsv, np.array([0, MIN_SATURATION, MIN_VALUE]), np.array([180, 255, 255])
    )
    for step, side_px in ((cv2.MORPH_CLOSE, CLOSING_PX), (cv2.MORPH_OPEN, OPENING_PX)):
        mask = cv2.morphologyEx(mask, step, np.ones((side_px, side_px), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    area = float(small.shape[0] * small.shape[1])
    rects = [
        cv2.minAreaRect(contour)
        for contour in contours
        if _is_note(np.asarray(contour, np.int32), area)
    ]
    to_photo = Homography.scaling(1 / scale, 1 / scale)
    return tuple(
        to_photo.apply_quad(Quad.from_unordered(cv2.boxPoints(rect))) for rect in rects
    )


def cut_quad(pixels: Image, quad_photo: Quad) -> Image:
    """Return what a quad holds, upright and at the photo's own resolution.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        A photo.
    quad_photo : Quad
    """
    width, height = (max(1, round(side)) for side in quad_photo.size_wh)
    target = Quad(Point(0, 0), Point(width, 0), Point(width, height), Point(0, height))
    crop_from_photo = Homography.from_quads(target=target, source=quad_photo)
    return cast(
        "Image", cv2.warpPerspective(pixels, crop_from_photo.matrix, (width, height))
    )


def _is_note(
    contour: np.ndarray[tuple[int, ...], np.dtype[np.int32]], area: float
) -> bool:
    """Whether a contour has the size and shape of a note."""
    _, (width, height), _ = cv2.minAreaRect(contour)
    covered = float(cv2.contourArea(contour))
    if not MIN_SHARE <= covered / area <= MAX_SHARE:
        return False
    return (
        max(width, height) <= MAX_ASPECT * min(width, height)
        and covered >= MIN_FILLED * width * height
    )
