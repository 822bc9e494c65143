"""Where the bare board is seen, and the lines on it: the evidence for a free cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Rect
from calibration.layout import CellId
from vision.cards import CardSurvey, Shrunk, cell_rects
from vision.cards.colours import Mask, brightest_channel, lab_of
from vision.ocr.engine import Image
from vision.rectify import RectifiedBoard, Registration

MIN_SEEN = 0.9
"""Part of it that must lie in the photo for anything to be said."""

MIN_SPREAD = 0.3
"""Part of the grid's lines along which a background colour must be found to
count as bare board: a passer-by's coat is found at a few only."""

MIN_LINE_CONTRAST = 6.0
"""CIELAB difference between a line and its sides from which it is a line."""

LINE_BAND = 0.1
"""Half width in cells of the band in which a line is looked for: wider than
half a strip of tape."""

SURE_LINES = 0.4
"""Part of the grid's lines that must stand out for the board to have lines."""

MIN_BAND_PX = 4
"""Narrower bands have no middle beside their sides."""

MIN_LIGHT = 40.0
"""Level of the brightest hundredth of a board, of 255, from which bare board is told
from cards of its colour."""

MAX_TINT, MAX_LIGHT = 6.0, 20.0
"""CIELAB distance in hue and chroma, and in lightness, of a background colour that
is found at a few lines only from one that is found everywhere: the same ground in
another light."""


Scalar = TypeVar("Scalar", bound=np.generic)


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
    lines = visible_lines(survey.shrunk, board.registration)
    return bare_around(lines, survey, board.registration)


def visible_lines(shrunk: Shrunk, registration: Registration) -> Mapping[CellId, int]:
    """Tell how many of each cell's four lines are visible.

    Parameters
    ----------
    shrunk : Shrunk
    registration : Registration
        Of the same photo.

    Returns
    -------
    mapping of CellId to int
        Empty on a board without lines.
    """
    return _visible_lines(
        shrunk.plain,
        _shown_segments(registration, shrunk.scale, _where_seen(shrunk.plain)),
    )


def bare_around(
    lines: Mapping[CellId, int], survey: CardSurvey, registration: Registration
) -> BareBoard:
    """Tell where the bare board is seen, the lines on it being known.

    Parameters
    ----------
    lines : mapping of CellId to int
        From `visible_lines`.
    survey : CardSurvey
    registration : Registration
        Of the same photo.
    """
    shrunk, labels = survey.shrunk, survey.colours.labels
    small = _at(shrunk.plain, labels.shape)
    seen = _where_seen(small)
    shown = _shown_segments(registration, survey.scale, seen)
    colours = _mean_colours(labels, lab_of(small), len(survey.colours.background))
    return BareBoard(
        _spread_background(survey, shown, colours) & (shrunk.paper >= MIN_LIGHT),
        labels,
        colours,
        seen,
        lines,
        survey.scale,
        shrunk.plain,
        shrunk.scale,
    )


def _where_seen(pixels: Image) -> Mask:
    """Return where the photo reaches, (H, W)."""
    return np.asarray(brightest_channel(pixels) > 0, np.bool_)


def _shown_segments(
    registration: Registration, scale: float, seen: Mask
) -> dict[CellId, dict[int, Rect]]:
    """Return, for each cell, the bands along its lines that the photo shows."""
    return {
        cell: _seen_segments(rect.scaled(scale), seen)
        for cell, rect in cell_rects(registration).items()
    }


def window_of(whole: npt.NDArray[Scalar], bounds: Rect) -> npt.NDArray[Scalar]:
    """Return the part of a picture (H, W[, C]) in a rect, empty outside of it."""
    return whole[
        max(0, round(bounds.top)) : max(0, round(bounds.bottom)),
        max(0, round(bounds.left)) : max(0, round(bounds.right)),
    ]


def _at(pixels: Image, shape: tuple[int, ...]) -> Image:
    """Return a picture shrunk to a height and width, itself if it has them."""
    if pixels.shape[:2] == shape:
        return pixels
    small = cv2.resize(pixels, shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _mean_colours(
    labels: npt.NDArray[np.uint8], lab: npt.NDArray[np.float32], count: int
) -> npt.NDArray[np.float64]:
    """Return the mean CIELAB colour of each of `count` labels, shape (C, 3)."""
    flat = labels.ravel()
    counts = np.maximum(np.bincount(flat, minlength=count), 1)
    sums = [
        np.bincount(flat, weights=lab[..., axis].ravel(), minlength=count)
        for axis in range(3)
    ]
    return np.column_stack([total / counts for total in sums])


def _segments(rect: Rect) -> tuple[Rect, Rect, Rect, Rect]:
    """Return bands along the four lines of a cell: left, top, right, bottom.

    In whole pixels, so that neighbours have the same.
    """
    across, down = LINE_BAND * rect.width, LINE_BAND * rect.height
    left, top, right, bottom = rect.left, rect.top, rect.right, rect.bottom
    return (
        _whole(left - across, top + down, left + across, bottom - down),
        _whole(left + across, top - down, right - across, top + down),
        _whole(right - across, top + down, right + across, bottom - down),
        _whole(left + across, bottom - down, right - across, bottom + down),
    )


def _whole(left: float, top: float, right: float, bottom: float) -> Rect:
    """Return a rect of whole pixels, at least one."""
    across, down = round(left), round(top)
    return Rect(
        across, down, max(across + 1, round(right)), max(down + 1, round(bottom))
    )


def _seen_segments(rect: Rect, seen: Mask) -> dict[int, Rect]:
    """Return, by index in `_segments`, the bands that the photo shows.

    What a close-up leaves out says nothing of what the board is like.
    """
    bands = dict(enumerate(_segments(rect)))
    shown = {index: window_of(seen, band) for index, band in bands.items()}
    return {
        index: bands[index]
        for index, window in shown.items()
        if window.size and window.mean() >= MIN_SEEN
    }


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


def _visible_lines(
    pixels: Image, segments: Mapping[CellId, Mapping[int, Rect]]
) -> dict[CellId, int]:
    """Return how many of each cell's four lines are visible.

    A line is a stripe in the band around its place that differs from both
    sides. Empty if too few lines stand out, of those that the photo shows, for
    the board to have any.
    """
    # Neighbours share lines: each is looked at once.
    bands = {
        (band, index % 2 == 0)
        for row in segments.values()
        for index, band in row.items()
    }
    contrast = {
        (band, upright): _stripe_contrast(pixels, band, upright=upright)
        for band, upright in bands
    }
    contrasts = {
        cell: [contrast[band, index % 2 == 0] for index, band in row.items()]
        for cell, row in segments.items()
    }
    values = np.array([value for row in contrasts.values() for value in row])
    clear = values >= MIN_LINE_CONTRAST
    if not len(values) or clear.mean() < SURE_LINES:
        return {}
    usual = float(np.median(values[clear]))
    return {
        cell: sum(value >= max(MIN_LINE_CONTRAST, usual / 3) for value in row)
        for cell, row in contrasts.items()
    }


def _stripe_contrast(pixels: Image, bounds: Rect, *, upright: bool) -> float:
    """Return how much a stripe along a band differs from the band's sides.

    The profile across the band is the median along it, so that what crosses
    it (writing, a pin) does not count; 0 outside of the picture.
    """
    window = window_of(pixels, bounds)
    if min(window.shape[:2]) < MIN_BAND_PX:
        return 0.0
    profile = _medians(lab_of(window), 0 if upright else 1)
    first, last = profile[0], profile[-1]
    # Distance from the way between the two sides' colours: a mere edge (a card,
    # a heading's ground) stays on that way, a line leaves it.
    way = last - first
    along = (profile - first) @ way / max(float(way @ way), 1e-6)
    nearest = first + np.clip(along, 0, 1)[:, None] * way
    return float(np.linalg.norm(profile - nearest, axis=1).max())


def _medians(values: npt.NDArray[np.float32], axis: int) -> npt.NDArray[np.float32]:
    """Return the medians along one of the first two axes, shape (N, C).

    In rows, which takes half as long as where NumPy finds them.
    """
    rows = np.ascontiguousarray(np.moveaxis(values, axis, -1))
    count = rows.shape[-1]
    middle = [(count - 1) // 2, count // 2]
    return np.asarray(np.partition(rows, middle, axis=-1)[..., middle].mean(axis=-1))
