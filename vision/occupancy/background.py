"""Where the bare board is seen, and the lines on it: the evidence for a free cell."""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Rect
from calibration.layout import CellId
from vision.detection import CardSurvey, Shrunk, cell_rects
from vision.image.arrays import Image, Mask, window_of
from vision.image.colour import brightest_channel, lab_of
from vision.image.rectify import RectifiedBoard
from vision.occupancy.grid_lines import bands_of, visible_lines

MIN_SEEN = 0.9
"""Part of it that must lie in the photo for anything to be said."""

MIN_SPREAD = 0.3
"""Part of the grid's lines along which a background colour must be found to
count as bare board: a passer-by's coat is found at a few only."""

MIN_LIGHT = 40.0
"""Level of the brightest hundredth of a board, of 255, from which bare board is told
from cards of its colour."""

STEP_PX = 2
"""Every so many pixels of the board are looked at for its mean colours: a quarter of
them tells as much."""

MAX_TINT, MAX_LIGHT = 6.0, 20.0
"""CIELAB distance in hue and chroma, and in lightness, of a background colour that
is found at a few lines only from one that is found everywhere: the same ground in
another light."""


@dataclass(frozen=True, slots=True, eq=False)
class BareBoard:
    """Where the bare board is seen.

    Parameters
    ----------
    bare : ndarray of shape (H, W), bool
        Of the board as it was sorted by colour.
    labels : ndarray of shape (H, W), uint8
        Index of each pixel's colour.
    colours : ndarray of shape (C, 3), float64
        Mean CIELAB colour of each index.
    seen : ndarray of shape (H, W), bool
        Where the photo reaches.
    lines : mapping of CellId to int
        How many of the cell's four lines are visible; empty on a board
        without lines.
    scale : float
        Pixels of the masks per board pixel.
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        The shrunk board.
    pixels_scale : float
        Its pixels per board pixel.
    """

    bare: Mask
    labels: npt.NDArray[np.uint8]
    colours: npt.NDArray[np.float64]
    seen: Mask
    lines: Mapping[CellId, int]
    scale: float
    pixels: Image
    pixels_scale: float


def bare_board(board: RectifiedBoard, survey: CardSurvey) -> BareBoard:
    """Tell where the bare board is seen in a straightened photo.

    Parameters
    ----------
    board : RectifiedBoard
    survey : CardSurvey
        Of that photo.
    """
    shrunk, labels, scale = survey.shrunk, survey.colours.labels, survey.scale
    small = _at(shrunk.plain, labels.shape)
    seen = _where_seen(small)
    rects = cell_rects(board.registration)
    shown = {cell: _shown(rect.scaled(scale), seen) for cell, rect in rects.items()}
    colours = _mean_colours(labels, small, len(survey.colours.background))
    return BareBoard(
        _spread_background(survey, shown, colours) & (shrunk.paper >= MIN_LIGHT),
        labels,
        colours,
        seen,
        _lines(shrunk, rects, shown),
        scale,
        shrunk.plain,
        shrunk.scale,
    )


def _where_seen(pixels: Image) -> Mask:
    """Return where the photo reaches, (H, W)."""
    return np.asarray(brightest_channel(pixels) > 0, np.bool_)


def _shown(rect: Rect, seen: Mask) -> dict[int, Rect]:
    """Return, by index in `bands_of`, the bands along a cell's lines that are seen.

    What a close-up leaves out says nothing of what the board is like.
    """
    windows = {
        index: (band, window_of(seen, band))
        for index, (band, _) in enumerate(bands_of(rect))
    }
    return {
        index: band
        for index, (band, window) in windows.items()
        if window.size and window.mean() >= MIN_SEEN
    }


def _lines(
    shrunk: Shrunk,
    rects: Mapping[CellId, Rect],
    shown: Mapping[CellId, Mapping[int, Rect]],
) -> Mapping[CellId, int]:
    """Tell how many of each cell's lines are visible, of those that the photo shows."""
    return visible_lines(
        shrunk.plain,
        {
            cell: [
                band
                for index, band in enumerate(bands_of(rect.scaled(shrunk.scale)))
                if index in shown[cell]
            ]
            for cell, rect in rects.items()
        },
    )


def _at(pixels: Image, shape: tuple[int, ...]) -> Image:
    """Return a picture shrunk to a height and width, itself if it has them."""
    if pixels.shape[:2] == shape:
        return pixels
    small = cv2.resize(pixels, shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _mean_colours(
    labels: npt.NDArray[np.uint8], pixels: Image, count: int
) -> npt.NDArray[np.float64]:
    """Return the mean CIELAB colour of each of `count` labels, shape (C, 3)."""
    flat = labels[::STEP_PX, ::STEP_PX].ravel()
    lab = lab_of(pixels[::STEP_PX, ::STEP_PX]).reshape(-1, 3)
    counts = np.maximum(np.bincount(flat, minlength=count), 1)
    sums = [np.bincount(flat, weights=axis, minlength=count) for axis in lab.T]
    return np.column_stack([total / counts for total in sums])


def _spread_background(
    survey: CardSurvey,
    segments: Mapping[CellId, Mapping[int, Rect]],
    means: npt.NDArray[np.float64],
) -> Mask:
    """Return where a background colour is that is found all over what is shown.

    Or the same ground in another light, which falls on some of its lines only.
    """
    colours = survey.colours
    present = [np.zeros(len(colours.background), np.bool_)]
    for bands in segments.values():
        for band in bands.values():
            labels = window_of(colours.labels, band)
            counts = np.bincount(labels.ravel(), minlength=len(colours.background))
            present.append(counts > 0.1 * max(1, labels.size))
    spread = np.mean(present[1:] or present, axis=0)
    everywhere = colours.background & (spread >= MIN_SPREAD)
    apart = np.abs(means[:, None] - means[None, everywhere])
    alike = (apart[..., 0] <= MAX_LIGHT) & (
        np.hypot(apart[..., 1], apart[..., 2]) <= MAX_TINT
    )
    ground = everywhere | (colours.background & alike.any(axis=1))
    return np.asarray(ground[colours.labels], np.bool_)
