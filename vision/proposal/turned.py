"""Which way round a photo lies: not every camera says, and phones above a table guess."""

import cv2
import numpy as np

from calibration.geometry import Quad
from vision.image.arrays import Image, resized
from vision.proposal.words import UPRIGHT
from vision.recognition.prepare import strip_of, view_of, without_colour
from vision.recognition.rapid_models import DETECTOR_STRIDE_PX, TextModels

SOUGHT_PX = 1600
"""Long side of the picture in which lines of text are sought."""

READ = 24
"""Lines that are read both ways: the longest, which say it best."""


def quarter_turns(pixels: Image, models: TextModels) -> int:
    """Return how many quarter turns, counter-clockwise, set a photo upright.

    Lines of text are wider than high; upright they are read with more certainty than
    upside down. A photo without text is upright.
    """
    scale = SOUGHT_PX / max(pixels.shape[:2])
    small = resized(pixels, scale, cv2.INTER_AREA) if scale < 1 else pixels
    on_side = _lies_on_side(small, models)
    level = np.ascontiguousarray(np.rot90(small, int(on_side)))
    return int(on_side) + 2 * _is_upside_down(level, models)


def turned(pixels: Image, turns: int) -> Image:
    """Return a photo after quarter turns, counter-clockwise."""
    return np.ascontiguousarray(np.rot90(pixels, turns)) if turns else pixels


def turned_back(quad: Quad, turns: int, size_wh: tuple[int, int]) -> Quad:
    """Return where a quad of a turned photo lies on the photo of this size as it was."""
    width, height = size_wh
    x, y = quad.to_array().T
    places = ((x, y), (width - y, x), (width - x, height - y), (y, height - x))
    return Quad.from_array(np.stack(places[turns % 4], axis=1).round(1))


def _lines_on(picture: Image, models: TextModels) -> tuple[Image, np.ndarray]:
    """Return what is read, and the lines of text on it, (N, 4, 2)."""
    view = view_of(
        picture, width_px=picture.shape[1], margin_px=0, stride_px=DETECTOR_STRIDE_PX
    )
    return view.picture, models.find_lines(view.picture)


def _sides(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how wide and how high lines are."""
    width = np.linalg.norm(lines[:, 1] - lines[:, 0], axis=1)
    return width, np.linalg.norm(lines[:, 3] - lines[:, 0], axis=1)


def _lies_on_side(picture: Image, models: TextModels) -> bool:
    _, lines = _lines_on(picture, models)
    wide, high = _sides(lines)
    level, upright = wide > UPRIGHT * high, high > UPRIGHT * wide
    # By their length: a letter alone is as high as wide.
    return bool(high[upright].sum() > wide[level].sum())


def _is_upside_down(picture: Image, models: TextModels) -> bool:
    seen, lines = _lines_on(picture, models)
    wide, high = _sides(lines)
    longest = np.argsort(-wide * (wide > UPRIGHT * high))[:READ]
    grey = without_colour(seen)
    strips = [strip_of(grey, lines[index]) for index in longest]
    overhead = [np.ascontiguousarray(strip[::-1, ::-1]) for strip in strips]
    sure, surer = (
        sum(line.confidence for line in models.read_strips(some))
        for some in (strips, overhead)
    )
    return surer > sure
