"""Blurred cards: out of focus, or the phone moved.

A sharp edge loses most of its steepness when it is blurred once more, a blurred
one hardly any. The writing is blurred on purpose at two strengths, and its
steepest slopes are compared in several directions: a shaken picture is sharp
along the way that the phone moved, and blurred across.
F. Crete et al., "The blur effect: perception and estimation with a new
no-reference perceptual blur metric", SPIE 6492 (2007).
"""

import math
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from calibration.layout import CellId
from vision.cards import ReadCard
from vision.image.arrays import Image
from vision.image.parallel import on_both_cores
from vision.quality.inside import grey_inside
from vision.quality.words import name_cells
from vision.reading import Finding

VIEW_WIDTH_PX = 480
"""Width at which a card is judged: that at which engines look at it (see
`vision.recognition.rapid`), so that only blur which reaches them counts."""

MAX_ENLARGED = 4.0
"""Enlarging a tiny crop further adds nothing but pixels."""

FINE_SIGMA, COARSE_SIGMA = 1.2, 2.4
"""The two blurs, in pixels of the view. The finer one takes noise out first."""

DIRECTIONS = 4
"""Slopes are looked at every 45 degrees."""

STEEPEST_PERCENT = 99.0
"""Percentile of the slopes that stands for the edges of strokes: writing covers
a few per cent of a card."""

STEEP_STEP, FLOOR_PERCENT = 4, 96.0
"""Every so many slopes, and the percentile of those, tell which of all slopes are
steep enough to be put in order: the others cannot be that percentile."""

FAINT_SLOPE = 0.6
"""Grey levels per pixel of the coarse view that writing has, however blurred. A
card without is blank: noise and shade stay below."""

SLOPE_FLOOR = 0.3
"""Grey levels per pixel added to the coarse slopes, so that noise across the only
direction of some writing counts for nothing."""

MIN_FOCUS = 1.15
"""Focus below which a card is called blurred, if it was not read well.

Twenty-five real cards of nine photos, out of focus by 2 to 12% of the height of
their lines or shaken by 8 to 35%, with noise and JPEG after that: of those called
blurred 94% had lost more than .15 in CER by it, and 76% of those that had are called
blurred (1.1: .97, .68; 1.2: .89, .82). AUROC .91 by the pixels alone, out of focus
.95, shaken .88; the reading's own confidence has .92. None of the cards as they were
photographed is called blurred."""

MIN_FOCUS_UNREAD = 1.1
"""The same before a card is read. Of the same cards 90% of those called blurred had lost
more than .15 in CER by it, and 73% of those that had are called blurred (1.15: .87, .83;
1.05: .92, .55); of 36 cards as they were photographed none is."""

SURE_CONFIDENCE = 0.6
"""Confidence of a reading, as the chance that it is right, from which nobody needs to
come back for the card, however soft it looks. Of 51 real cards blurred and shaken as for
`MIN_FOCUS` 95% of those called blurred had lost more than .15 in CER, and 70% of those
that had are called (0.9: .89, .73; 0.4: .98, .69)."""

MOST = 0.5
"""Part of the cards from which it is the photo that is blurred, not some cards."""

MIN_CARDS = 4
"""Cards from which a part of them says something about the photo."""


def focus_of(crop: Image) -> float:
    """Tell how sharp the edges of a card's writing are, whatever the writing.

    Unlike `vision.image.sharpness.sharpness_of` it can be compared between cards.

    Parameters
    ----------
    crop : ndarray of shape (H, W, 3), uint8, BGR

    Returns
    -------
    float
        1 if another blur changes nothing, about 1.5 for writing in focus, infinity
        for a card without writing.
    """
    view = _view(crop)
    fine = _slopes(view, FINE_SIGMA)
    coarse = _slopes(view, COARSE_SIGMA)
    if coarse.max() < FAINT_SLOPE:
        return math.inf
    return float((fine / (coarse + SLOPE_FLOOR)).min())


def blurred(cards: Sequence[ReadCard]) -> Finding | None:
    """Remark on cards that are too blurred to be read.

    Parameters
    ----------
    cards : sequence of ReadCard
        Those of a photo. Only those that were read in it count: the words of the others
        are known, and what all of a picture has is told before.

    Returns
    -------
    Finding or None
        With the cells of the blurred cards. A card in which nothing is read counts
        only if most of them are blurred.
    """
    read = [card for card in cards if card.read_again]
    told = on_both_cores(_is_blurred, read)
    soft = [card for card, so in zip(read, told, strict=True) if so]
    if _is_most(soft, read):
        return _most_blurred(len(soft), len(read), _cells(soft))
    # Without a letter it may be no card at all: a passer-by's head is soft too.
    cells = _cells([card for card in soft if card.reading.lines])
    return _some_blurred(cells) if cells else None


def blurred_unread(cards: Sequence[tuple[CellId, Image]]) -> Finding | None:
    """Remark on cards that look too blurred to be read, before they are read.

    Parameters
    ----------
    cards : sequence of (CellId, ndarray of shape (H, W, 3), uint8, BGR)
        Those that are to be read: in which cell each hangs, and its crop.
    """

    def is_soft(card: tuple[CellId, Image]) -> bool:
        return focus_of(card[1]) < MIN_FOCUS_UNREAD

    told = on_both_cores(is_soft, cards)
    cells = tuple(
        dict.fromkeys(cell for (cell, _), so in zip(cards, told, strict=True) if so)
    )
    if _is_most([so for so in told if so], cards):
        return _most_blurred(sum(told), len(cards), cells)
    return _some_blurred(cells) if cells else None


def _is_most(soft: Sequence[object], cards: Sequence[object]) -> bool:
    """Tell whether it is the photo that is blurred, not some of its cards."""
    return len(cards) >= MIN_CARDS and len(soft) >= MOST * len(cards)


def _most_blurred(count: int, of: int, cells: tuple[CellId, ...]) -> Finding:
    message = (
        f"The photo is blurred: {count} of {of} cards. "
        "Hold still, let it focus and take it again."
    )
    return Finding("blurred", message, cells)


def _some_blurred(cells: tuple[CellId, ...]) -> Finding:
    verb = "is" if len(cells) == 1 else "are"
    message = f"{name_cells(cells)} {verb} blurred. Hold still and take it again."
    return Finding("blurred", message, cells)


def _is_blurred(card: ReadCard) -> bool:
    """Tell whether blur is why a card was not read well."""
    if card.crop is None or card.reading.confidence >= SURE_CONFIDENCE:
        return False
    return focus_of(card.crop) < MIN_FOCUS


def _cells(cards: Sequence[ReadCard]) -> tuple[CellId, ...]:
    """Return the cells of cards, each once, in the cards' order."""
    cells = [card.reading.cell for card in cards]
    return tuple(dict.fromkeys(cell for cell in cells if cell is not None))


def _view(crop: Image) -> npt.NDArray[np.float32]:
    """Return the inside of a card in grey at the size at which it is judged."""
    scale = min(VIEW_WIDTH_PX / crop.shape[1], MAX_ENLARGED)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    view = cv2.resize(grey_inside(crop), None, fx=scale, fy=scale, interpolation=method)
    return np.asarray(view, np.float32)


def _slopes(view: npt.NDArray[np.float32], sigma: float) -> npt.NDArray[np.float64]:
    """Return the steepest slopes after a blur, shape (DIRECTIONS,)."""
    smooth = cv2.GaussianBlur(view, (0, 0), sigma)
    # A quarter of the pixels has the same percentiles, after a blur.
    right = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8)[::2, ::2]
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8)[::2, ::2]
    turns = [index * math.pi / DIRECTIONS for index in range(DIRECTIONS)]
    # Python's own floats: with NumPy's the arrays would become double.
    slopes = [np.abs(right * math.cos(turn) + down * math.sin(turn)) for turn in turns]
    return _steepest(np.stack(slopes).reshape(DIRECTIONS, -1))


def _steepest(slopes: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Return the percentile of each row that stands for edges, shape (DIRECTIONS,).

    As of `numpy.percentile`, which takes many times as long.
    """
    return np.array([_steepest_of(row) for row in slopes])


def _steepest_of(row: npt.NDArray[np.float32]) -> float:
    """Return the percentile of a row (N,) that stands for edges."""
    few = row[::STEEP_STEP]
    rank = int(FLOOR_PERCENT / 100 * (len(few) - 1))
    steep = row[row >= np.partition(few, rank)[rank]]
    place = STEEPEST_PERCENT / 100 * (len(row) - 1)
    below = len(row) - len(steep)
    if int(place) < below:
        steep, below = row, 0
    low = int(place) - below
    high = min(low + 1, len(steep) - 1)
    ordered = np.partition(steep, (low, high))
    start, end = float(ordered[low]), float(ordered[high])
    return start + (end - start) * (place - int(place))
