"""Blurred writing: out of focus, or the phone moved.

A sharp edge loses most of its steepness when it is blurred once more, a blurred one
hardly any: the steepest slopes of two blurs are compared in several directions, for a
shaken picture is sharp along the way that the phone moved. F. Crete et al., "The blur
effect", SPIE 6492 (2007).
"""

import math
from collections.abc import Sequence

import cv2
import numpy as np

from calibration.geometry import Rect
from vision.image import on_both_cores
from vision.image.arrays import Floats, Image, window_of
from vision.image.colour import brightest_channel
from vision.quality.letters import MIN_CARDS, CardCrop, view_of
from vision.quality.light import seen_levels
from vision.reading import Finding, name_cells

FINE_SIGMA, COARSE_SIGMA, MAX_ENLARGED = 1.2, 2.4, 4.0
"""The two blurs, in pixels of the view (the finer one takes noise out first), and how
far a crop is enlarged for it."""

DIRECTIONS, STEEP_SHARE = 4, 0.01
"""Slopes are taken every 45 degrees; part of them that are edges of strokes."""

FAINT_SLOPE, SLOPE_FLOOR = 0.6, 0.3
"""Grey levels per pixel of the coarse view that writing has, however blurred; and those
added, so that noise across writing counts nothing."""

MIN_FOCUS = 1.1
"""Focus below which writing is blurred: 90% of real cards below had lost more than .15
in CER, and 73% of those that had are below; none as it was photographed."""

MOST = 0.5
"""Part of the cards from which the photo is blurred, not some cards."""

DIM_LEVEL = 25
"""Mean level below which pictures are soft, in focus or not."""

PLACES, MIN_PLACES, PLACE_PX, MAX_BLACK = 9, 4, 24, 0.05
"""Places of a board judged, an odd number; the fewest; their least size, at which they
are compared; part of one that may lie outside of the photo."""


def focus_of(crop: Image) -> float | None:
    """Return how sharp the edges of a card's writing are, comparable between cards.

    1 if another blur changes nothing, about 1.5 in focus; None without writing.
    """
    view = view_of(crop, MAX_ENLARGED)[0].astype(np.float32)
    fine, coarse = _slopes(view, FINE_SIGMA), _slopes(view, COARSE_SIGMA)
    if coarse.max() < FAINT_SLOPE:
        return None
    return float((fine / (coarse + SLOPE_FLOOR)).min())


def focus_of_places(pixels: Image, places: Sequence[Rect]) -> tuple[float, ...]:
    """Return how sharp a picture is at places of most contrast, sharpest first.

    None where too little is seen, or in the dark; see `focus_of`.
    """
    levels = seen_levels(pixels)
    if len(levels) == 0 or float(levels.mean()) < DIM_LEVEL:
        return ()  # in the dark everything is soft
    windows = [window_of(pixels, rect) for rect in places]
    seen = [(_contrast(window), window) for window in windows]
    seen.sort(key=lambda entry: entry[0], reverse=True)
    chosen = [window for contrast, window in seen[:PLACES] if contrast > 0]
    found = on_both_cores(focus_of, chosen)
    focus = tuple(sorted((one for one in found if one is not None), reverse=True))
    return focus if len(focus) >= MIN_PLACES else ()


def blurred_board(pixels: Image, places: Sequence[Rect]) -> Finding | None:
    """Tell that a rectified board is blurred all over; see `focus_of_places`."""
    focus = focus_of_places(pixels, places)
    if not focus or focus[len(focus) // 2] >= MIN_FOCUS:
        return None
    return Finding(
        "blurred", "The photo is blurred. Hold still, let it focus and take it again."
    )


def blurred_cards(cards: Sequence[CardCrop], count: int) -> Finding | None:
    """Return the finding on those crops of a photo's `count` cards."""
    focus = on_both_cores(focus_of, [card.pixels for card in cards])
    soft = [
        card.cell
        for card, value in zip(cards, focus, strict=True)
        if value is not None and value < MIN_FOCUS
    ]
    cells = tuple(dict.fromkeys(cell for cell in soft if cell is not None))
    if count >= MIN_CARDS and len(soft) >= MOST * count:
        return Finding(
            "blurred",
            f"The photo is blurred: {len(soft)} of {count} cards. Hold still, let it "
            "focus and take it again.",
            cells,
        )
    if not cells:
        return None
    what = name_cells(cells)
    if len(cells) == 1:
        told = f"{what} is blurred. Hold still and take it again."
    else:
        told = f"{what} are blurred. Hold still and take it again."
    return Finding("blurred", told, cells)


def _contrast(window: Image) -> float:
    """Return the contrast in a place, in grey levels; 0 if small or partly unseen."""
    if min(window.shape[:2]) < PLACE_PX:
        return 0.0
    # The mean of four pixels each: an average of all costs ten times as much.
    small = cv2.resize(
        window, (2 * PLACE_PX, 2 * PLACE_PX), interpolation=cv2.INTER_LINEAR
    )
    seen = cv2.countNonZero(brightest_channel(np.asarray(small, np.uint8)))
    if seen < (1 - MAX_BLACK) * (2 * PLACE_PX) ** 2:
        return 0.0
    return float(np.max(cv2.meanStdDev(small)[1]))


def _slopes(view: Floats, sigma: float) -> Floats:
    """Return how steep edges are after a blur, by direction, (DIRECTIONS,)."""
    smooth = cv2.GaussianBlur(view, (0, 0), sigma)
    # A quarter of the pixels has the same percentiles, after a blur.
    right = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8)[::2, ::2].ravel()
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8)[::2, ::2].ravel()
    turns = [index * math.pi / DIRECTIONS for index in range(DIRECTIONS)]
    # Python's own floats: with NumPy's the arrays would become double.
    slopes = [np.abs(right * math.cos(turn) + down * math.sin(turn)) for turn in turns]
    rank = int((1 - STEEP_SHARE) * (len(right) - 1))
    return np.partition(np.stack(slopes), rank, axis=1)[:, rank]
