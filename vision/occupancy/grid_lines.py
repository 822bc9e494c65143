"""Which of a board's lines stand out from the ground at their sides."""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Rect
from calibration.layout import CellId
from vision.image.arrays import Image, window_of

LINE_BAND = 0.1
"""Half width in cells of the band in which a line is looked for: wider than tape."""

MIN_LINE_CONTRAST = 6.0
"""CIELAB difference between a line and its sides from which it is a line."""

SURE_LINES = 0.4
"""Part of the grid's lines that must stand out for the board to have lines."""

MIN_BAND_PX = 4
"""Narrower bands have no middle beside their sides."""

ALONG = 48
"""About how many pixels along a line are sampled."""

Band = tuple[Rect, bool]
"""Where a line is looked for, and whether it is upright."""

Profile = npt.NDArray[np.float32]
"""Colours across a band, (N, 3), BGR from 0 to 255, or CIELAB."""


def bands_of(rect: Rect) -> tuple[Band, Band, Band, Band]:
    """Return bands along the four lines of a cell: left, top, right, bottom.

    In whole pixels, so that neighbours have the same.
    """
    across, down = LINE_BAND * rect.width, LINE_BAND * rect.height
    left, top, right, bottom = rect.left, rect.top, rect.right, rect.bottom
    return (
        (_whole(left - across, top + down, left + across, bottom - down), True),
        (_whole(left + across, top - down, right - across, top + down), False),
        (_whole(right - across, top + down, right + across, bottom - down), True),
        (_whole(left + across, bottom - down, right - across, bottom + down), False),
    )


def visible_lines(
    pixels: Image, bands: Mapping[CellId, Sequence[Band]]
) -> dict[CellId, int]:
    """Return how many of each cell's lines are visible, of those bands of it.

    A line is a stripe in the band that differs from both sides. Empty if too few lines
    stand out for the board to have any.
    """
    # Neighbours share lines: each is looked at once.
    every = list(dict.fromkeys(band for row in bands.values() for band in row))
    contrast = dict(zip(every, _contrasts(pixels, every), strict=True))
    contrasts = {cell: [contrast[band] for band in row] for cell, row in bands.items()}
    values = np.array([value for row in contrasts.values() for value in row])
    clear = values >= MIN_LINE_CONTRAST
    if not len(values) or clear.mean() < SURE_LINES:
        return {}
    usual = float(np.median(values[clear]))
    return {
        cell: sum(value >= max(MIN_LINE_CONTRAST, usual / 3) for value in row)
        for cell, row in contrasts.items()
    }


def _whole(left: float, top: float, right: float, bottom: float) -> Rect:
    """Return a rect of whole pixels, at least one."""
    across, down = round(left), round(top)
    return Rect(
        across, down, max(across + 1, round(right)), max(down + 1, round(bottom))
    )


def _contrasts(pixels: Image, bands: Sequence[Band]) -> list[float]:
    """Return how much a stripe along each band differs from the band's sides."""
    profiles = [_profile(pixels, band) for band in bands]
    if not any(map(len, profiles)):
        return [0.0] * len(bands)
    # All at once: calling the conversion takes longer than it does for so few pixels.
    joined = np.concatenate(profiles) / np.float32(255)
    lab = cv2.cvtColor(joined[None], cv2.COLOR_BGR2Lab)[0]
    ends = np.cumsum([len(profile) for profile in profiles])
    return [_contrast(profile) for profile in np.split(lab, ends[:-1])]


def _profile(pixels: Image, band: Band) -> Profile:
    """Return the median colours across a band, (N, 3), BGR; none off the picture."""
    bounds, upright = band
    window = window_of(pixels, bounds)
    if min(window.shape[:2]) < MIN_BAND_PX:
        return np.empty((0, 3), np.float32)
    along = window if upright else window.transpose(1, 0, 2)
    step = max(1, round(len(along) / ALONG))
    # In rows, which takes half as long as where NumPy finds them.
    rows = np.ascontiguousarray(np.moveaxis(along[::step], 0, -1))
    count = rows.shape[-1]
    middle = [(count - 1) // 2, count // 2]
    medians = np.partition(rows, middle, axis=-1)[..., middle]
    return np.asarray(medians.mean(axis=-1), np.float32)


def _contrast(profile: Profile) -> float:
    """Return how far a profile's colours (CIELAB) leave those of its ends at most.

    From the straight way between the two sides' colours: a mere edge stays on it.
    """
    if not len(profile):
        return 0.0
    first, last = profile[0], profile[-1]
    way = last - first
    along = (profile - first) @ way / max(float(way @ way), 1e-6)
    nearest = first + np.clip(along, 0, 1)[:, None] * way
    return float(np.linalg.norm(profile - nearest, axis=1).max())
