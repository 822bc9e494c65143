"""Lines of text before they are recognised: which of them, and what of each, is written.

A detector finds text, and takes some pins and dots for it. Where a line is a mark by
itself it is dropped, and where one stands clearly apart at its begin or end it is cut
off: no 0, 8 or CO is read there, and nothing is spent on reading it.
"""

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Points
from vision.recognition.ground import Bits
from vision.recognition.marks import Marks
from vision.recognition.prepare import upright

LEAST_MARK_PX = 8
"""Pixels of marks in a line, at the size of the look, below which it has none."""

MAX_INK = 0.5
"""Ink in a line as a part of the marks in it, up to which it is nothing but them: the
rules of a card and a mark's shadow count as ink."""

MIN_COLUMN_INK, MIN_COLUMN_INK_PX = 0.12, 2
"""Part of a line's height, and pixels, from which a column of it is written on: a rule
through the line is less."""

EDGE = 0.25
"""Part of a line's height, above and below, in which a mark only touches it."""

MAX_INK_BEYOND = 0.25
"""Ink beyond the writing as a part of the marks there: a rule is less, the bar of a T
half under a pin is more."""

MIN_END_PX = 3
"""Columns of a mark beyond the writing from which it is cut off."""


def written_parts(
    places_crop: Points, marks: Marks
) -> list[tuple[float, float] | None]:
    """Return what part of each line is written.

    Parameters
    ----------
    places_crop : ndarray of shape (N, 4, 2), float64
        Corners TL, TR, BR, BL of each line, in pixels of the crop.
    marks : Marks

    Returns
    -------
    list of (float, float) or None
        Begin and end of each along its length, from 0 to 1; None where nothing of it
        is written.
    """
    if not marks.found:
        return [(0.0, 1.0)] * len(places_crop)
    return [_written_part(place * marks.scale, marks) for place in places_crop]


def part_of(place: Points, begin: float, end: float) -> Points:
    """Return the part of a line from begin to end.

    Parameters
    ----------
    place : ndarray of shape (4, 2), float64
        Corners TL, TR, BR, BL.
    begin, end : float
        Along its length, from 0 to 1.

    Returns
    -------
    ndarray of shape (4, 2), float64
        The same object if it is the whole line.
    """
    if (begin, end) == (0.0, 1.0):
        return place
    top_left, top_right, bottom_right, bottom_left = place
    top, bottom = top_right - top_left, bottom_right - bottom_left
    return np.array(
        [
            top_left + begin * top,
            top_left + end * top,
            bottom_left + end * bottom,
            bottom_left + begin * bottom,
        ]
    )


def cut_out(look: Bits, place: Points) -> Bits:
    """Cut a line out of a look at a card, upright, each pixel as it is.

    Parameters
    ----------
    look : ndarray of shape (H, W) or (H, W, C), uint8
    place : ndarray of shape (4, 2), float64
        Corners TL, TR, BR, BL in pixels of the look; what lies outside is 0.

    Returns
    -------
    ndarray of shape (h, w) or (h, w, C), uint8
        At least 1 x 1.
    """
    strip_from_look, size_wh = upright(place)
    strip = cv2.warpPerspective(look, strip_from_look, size_wh, flags=cv2.INTER_NEAREST)
    return np.asarray(strip, np.uint8)


def _written_part(place: Points, marks: Marks) -> tuple[float, float] | None:
    mark = cut_out(marks.marks, place)
    marked = int(mark.sum())
    if marked < LEAST_MARK_PX:
        return 0.0, 1.0
    ink = cut_out(marks.ink, place)
    height, width = ink.shape
    least = max(MIN_COLUMN_INK_PX, MIN_COLUMN_INK * height)
    written = np.flatnonzero(ink.sum(axis=0) >= least)
    if int(ink.sum()) < MAX_INK * marked or not written.size:
        return None
    edge = round(EDGE * height)
    level = np.flatnonzero(mark[edge : height - edge].any(axis=0))
    before, after = level[level < written[0]], level[level > written[-1]]
    begin = before[-1] + 1 if _is_apart(before, mark, ink) else 0
    end = after[0] if _is_apart(after, mark, ink) else width
    return float(begin / width), float(end / width)


def _is_apart(columns: npt.NDArray[np.intp], mark: Bits, ink: Bits) -> bool:
    """Tell whether columns beyond the writing are those of a mark and nothing else."""
    if columns.size < MIN_END_PX:
        return False
    beyond = np.s_[:, columns[0] : columns[-1] + 1]
    return int(ink[beyond].sum()) <= MAX_INK_BEYOND * int(mark[beyond].sum())
