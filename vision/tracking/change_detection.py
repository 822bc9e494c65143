"""What changed on a card since it was read, and whether to read it again.

Another speaker or a struck title hardly lowers the correlation of a whole card: the
patches are aligned, and each tile is searched for ink that the other patch lacks.
"""

import cv2
import numpy as np
import numpy.typing as npt

from vision.cards import Change, KnownCard
from vision.image.arrays import Floats, Image, Mask, grey_of, resized
from vision.tracking.appearance import Patch, aligned, patch_of

MIN_SHARPER = 2.0
"""Times the sharpness from which a card is worth reading again: half as large again."""

SURE = 0.9
"""Confidence from which a reading gains nothing from more sharpness."""

MIN_LEGIBLE = 0.15
"""Times the sharpness below which not even an edited card is read again."""

PAPER_PX, OCCLUSION_PX = 19, 9
"""Neighbourhood whose brightest part is paper, in patch pixels: wider than letters, and
less where occlusion is sought."""

ALIGNMENT = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 1e-3)
ALIGNMENT_BLUR_PX = 5
"""When the alignment ends, rounds or change of correlation; and its blur."""

MIN_ALIGNED = 0.5
"""Correlation of aligned ink below which tiles are not compared: one card has .74."""

MARGIN = 0.07
"""Part of a patch at each edge that is left out: it may show what is behind."""

FULL_INK_PERCENTILE, MIN_FULL_INK, MOST_INK = 97.0, 0.1, 1.3
"""Percentile of ink that counts as a full stroke, its least darkness, of 1, and the
most ink, in full strokes, where pens cross."""

SLACK_PX, TILE_PX = 1, 4
"""Patch pixels that ink may lie off; side of a tile: a stroke through a title, half a
letter."""

MIN_CHANGED_INK = 0.16
"""Share of a tile that unexplained ink fills when somebody edited the card: finds 91%
of 109 struck titles, and 8% of 107 unchanged cards (at 0.18 82% and 5%)."""

LIGHT_FLOOR, MAX_LIGHT_STEP, SLOPE_ROUNDS = 4.0, 0.2, 3
"""Grey levels that are added to both patches; change of a tile's light against the
card's, as a logarithm, if it is occluded; fits of its slope, each to the nearer
half."""

MAX_OCCLUDED = 0.002
"""Part of a card that may seem occluded: 1% of the unoccluded cards exceed it."""

WIDTH_PX, NOISE_SIGMA, LIGHT_PX, CROP_MARGIN = 480, 1.2, 83, 0.06
"""Width to which every crop is brought, Gaussian before the Laplacian, neighbourhood
whose mean is a card's light, px; part of a crop that is left out at each edge."""


def change_of(card: KnownCard, crop: Image) -> tuple[Change, float | None]:
    """Return what a crop shows of a card, and how sharp it is.

    Compared with what was read, so small changes add up; ``same`` also where reading
    gains nothing; no sharpness where it is too blurred, occluded or not in doubt. The
    crop, (H, W, 3) uint8 BGR, is along the outline that the card had, to two pixels of
    a patch.
    """
    then = card.descriptor
    changed_ink = changed_ink_of(then.patch, patch_of(crop))
    if changed_ink is None:
        return "same", None
    edited = changed_ink >= MIN_CHANGED_INK
    if not edited and card.reading.confidence >= SURE:
        return "same", None
    # Where it is not known, nothing is too blurred, nor much sharper.
    before, sharpness = then.sharpness or 0.0, sharpness_of(crop)
    if sharpness < MIN_LEGIBLE * before:
        return "same", None
    if edited:
        return "edited", sharpness
    sharper = 0 < MIN_SHARPER * before <= sharpness
    return "sharper" if sharper else "same", sharpness


def changed_ink_of(then: Patch, now: Patch) -> float | None:
    """Return the most ink in a tile of a card that came or went, 0 to about 1.

    None if the patches cannot be laid on each other, or something seems to be in front.
    """
    ink_then, ink_now = _ink(then), _ink(now)
    if min(float(ink_then.std()), float(ink_now.std())) < MIN_FULL_INK / 10:
        return None
    laid = aligned(
        np.asarray(cv2.GaussianBlur(ink_then, (0, 0), 1), np.float32),
        np.asarray(cv2.GaussianBlur(ink_now, (0, 0), 1), np.float32),
        np.eye(2, 3, dtype=np.float32),
        ALIGNMENT,
        ALIGNMENT_BLUR_PX,
    )
    if laid is None or laid[0] < MIN_ALIGNED:
        return None
    _, pose = laid
    inner = _inner(now, pose)
    if not inner.any() or _occluded(then, _laid(now, pose), inner) > MAX_OCCLUDED:
        return None
    return _changed_ink(ink_then, _laid(ink_now, pose), inner)


def _ink(patch: Patch) -> Floats:
    """Return how dark each pixel is against its paper, 0 to 1."""
    grey = patch.astype(np.float32)
    paper = cv2.GaussianBlur(_paper(grey, PAPER_PX), (0, 0), PAPER_PX / 3)
    return np.asarray(np.clip(1 - grey / np.maximum(paper, 8), 0, 1), np.float32)


def _paper(grey: Floats, side_px: int) -> Floats:
    kernel = np.ones((side_px, side_px), np.uint8)
    smooth = cv2.GaussianBlur(grey, (0, 0), 1)
    return np.asarray(cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, kernel), np.float32)


def _laid(now: npt.NDArray[np.generic], pose: Floats) -> Floats:
    """Return a picture laid on the patch of then; 0 where it does not reach."""
    height, width = now.shape
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpAffine(now.astype(np.float32), pose, (width, height), flags=flags)
    return np.asarray(laid, np.float32)


def _inner(now: Patch, pose: Floats) -> Mask:
    """Return where both patches show the card, their edges left out."""
    height, width = now.shape
    rows, columns = round(MARGIN * height), round(MARGIN * width)
    inner = _laid(np.ones_like(now), pose) >= 1
    inner[:rows], inner[height - rows :] = False, False
    inner[:, :columns], inner[:, width - columns :] = False, False
    return np.asarray(inner, np.bool_)


def _changed_ink(then: Floats, now: Floats, inner: Mask) -> float:
    """Return the most ink in a tile of one patch that the other does not explain."""
    before, after = _in_strokes(then, inner), _in_strokes(now, inner)
    # Grown by what it may lie off.
    near = np.ones((2 * SLACK_PX + 1, 2 * SLACK_PX + 1), np.uint8)
    return max(
        _fullest_tile(after - cv2.dilate(before, near), inner),
        _fullest_tile(before - cv2.dilate(after, near), inner),
    )


def _in_strokes(ink: Floats, inner: Mask) -> Floats:
    """Return ink in units of a full stroke of its own pen and light."""
    full = max(float(np.percentile(ink[inner], FULL_INK_PERCENTILE)), MIN_FULL_INK)
    return np.asarray(np.minimum(ink / full, MOST_INK), np.float32)


def _fullest_tile(ink: Floats, inner: Mask) -> float:
    """Return the most ink above 0 in a tile."""
    seen = np.where(inner, np.maximum(0, ink), 0)
    tiles = cv2.blur(seen, (TILE_PX, TILE_PX), borderType=cv2.BORDER_CONSTANT)
    return float(np.asarray(tiles).max())


def _occluded(then: Patch, now: Floats, inner: Mask) -> float:
    """Return the part of a card whose light changed otherwise than the card's."""
    # The logarithm of the light on the paper around each pixel.
    after, before = (
        np.log(_paper(grey + LIGHT_FLOOR, OCCLUSION_PX))
        for grey in (now, then.astype(np.float32))
    )
    change = after - before
    if float(np.ptp(change[inner])) <= MAX_LIGHT_STEP:
        return 0.0
    return float((_off_slope(change, inner) > MAX_LIGHT_STEP).mean())


def _off_slope(field: Floats, inner: Mask) -> npt.NDArray[np.float64]:
    """Return how far each inner value is from the slope that most of them lie on.

    Light from the side is such a slope over a card; a head is not.
    """
    rows, columns = np.nonzero(inner)
    slope = np.stack([np.ones(len(rows)), rows, columns])
    values = field[inner].astype(np.float64)
    chosen = np.ones(len(values))
    off = values
    for _ in range(SLOPE_ROUNDS):
        # Three unknowns of thousands of values: their sums are enough.
        basis = slope * chosen
        weights, *_ = np.linalg.lstsq(basis @ slope.T, basis @ values, rcond=None)
        off = np.abs(values - weights @ slope)
        chosen = (off <= np.median(off)).astype(np.float64)
    return off


def sharpness_of(crop: Image) -> float:
    """Return how sharp the letters in an upright crop are, comparable for one card.

    The variance of the Laplacian (J. Pech-Pacheco et al., ICPR 2000) at equal scale,
    relative to the light: proportional to the square of the letters' contrast.
    """
    grey = grey_of(crop)
    level = resized(grey, WIDTH_PX / grey.shape[1]).astype(np.float32)
    light = cv2.blur(level, (LIGHT_PX, LIGHT_PX))
    flat = cv2.GaussianBlur(level / (light + 1), (0, 0), NOISE_SIGMA)
    edges = cv2.Laplacian(flat, cv2.CV_32F)
    rows, columns = (round(CROP_MARGIN * side) for side in edges.shape)
    inner = edges[rows : edges.shape[0] - rows, columns : edges.shape[1] - columns]
    # The variance, by OpenCV's sums: NumPy takes five times as long.
    squares = cv2.norm(inner, cv2.NORM_L2SQR) / max(1, inner.size)
    return float(squares - cv2.mean(inner)[0] ** 2) * 1e4
