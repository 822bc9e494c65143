"""The appearance of a card, and how like another's it is, whatever the light.

Locally normalised cross-correlation (K. Jarrett et al., ICCV 2009) of shrunk crops over
shifts and turns, then alignment (G. Evangelidis, E. Psarakis, PAMI 2008).
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.image.arrays import Floats, Image, Mask, resized

Patch = npt.NDArray[np.uint8]
"""Grey pixels, (H, W) uint8."""

PATCH_WH = (96, 64)
"""Size of a descriptor's patch: letters differ there, pens do not."""

NORMALISE_SIGMA, NORMALISE_FLOOR, MIN_STRUCTURE = 6.0, 6.0, 1e-3
"""Neighbourhood of the local normalisation in patch pixels, about a letter; grey levels
below which contrast is noise; deviation of a normalised patch below which it is
blank."""

TURNS_DEG, COARSE = (0.0, -4.0, 4.0, -8.0, 8.0), 0.5
"""Turns that are searched, and the scale of that search: an eighth of the work."""

CLEAR, MIN_COARSE = 0.85, 0.4
"""Score from which nothing better is searched, and below which there is no second
search."""

REFINEMENT = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 1e-3)
REFINEMENT_BLUR_PX = 3
"""When the alignment ends, rounds or change of correlation; and its blur."""

MIN_SHARED_INK, MIN_SHARED_AREA = 0.5, 0.35
"""Part of either patch's structure, and of the smaller patch, that has to lie where
both are seen."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """An affine map, (2, 3), from a patch to another, and their likeness, -1 to 1."""

    score: float
    target_from_patch: npt.NDArray[np.float64]


def patch_of(crop: Image) -> Patch:
    """Return the patch, (64, 96) and read-only, of an upright crop (H, W, 3), BGR."""
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    patch = np.asarray(cv2.resize(grey, PATCH_WH, interpolation=cv2.INTER_AREA))
    patch.flags.writeable = False
    return np.asarray(patch, np.uint8)


def fit(target: Patch, patch: Patch, scale_xy: tuple[float, float]) -> Fit | None:
    """Lay a patch on a target with which it may share a part only, see `patch_of`.

    `scale_xy` is pixels of the target per pixel of the patch. The score is over the
    shared part; None where that is too small, blank, or nothing in common.
    """
    turn_deg = _best_turn_deg(target, patch, scale_xy)
    if turn_deg is None:
        return None
    field = _normalised(target, NORMALISE_SIGMA)
    found = _best_shift(field, patch, scale_xy, turn_deg, 1.0)
    return None if found is None else _refined(field, patch, found)


def _best_turn_deg(
    target: Patch, patch: Patch, scale_xy: tuple[float, float]
) -> float | None:
    """Return by which turn a patch fits best where half as many pixels are compared."""
    small = resized(target, COARSE)
    coarse = _normalised(small, NORMALISE_SIGMA * COARSE)
    coarse_xy = (scale_xy[0] * COARSE, scale_xy[1] * COARSE)
    scores: dict[float, float] = {}
    for turn_deg in TURNS_DEG:
        found = _best_shift(coarse, patch, coarse_xy, turn_deg, COARSE)
        if found is not None and found.score >= MIN_COARSE:
            scores[turn_deg] = found.score
            if found.score >= CLEAR:
                break
    return max(scores, key=lambda turn: (scores[turn], turn), default=None)


def _refined(field: Floats, patch: Patch, found: Fit) -> Fit:
    """Return a fit after bending the patch a little: it was seen from elsewhere."""
    if not MIN_COARSE <= found.score < CLEAR:
        return found
    start = cv2.invertAffineTransform(found.target_from_patch).astype(np.float32)
    ink = _normalised(patch, NORMALISE_SIGMA)
    better = aligned(field, ink, start, REFINEMENT, REFINEMENT_BLUR_PX)
    if better is None or better[0] <= found.score:
        return found
    correlation, patch_from_target = better
    inverse = cv2.invertAffineTransform(patch_from_target)
    return Fit(correlation, np.asarray(inverse, np.float64))


def aligned(
    target: Floats, patch: Floats, start: Floats, end: tuple[int, int, float], blur: int
) -> tuple[float, Floats] | None:
    """Refine how a patch lies on a target, both (H, W), to an affine map.

    Returns their correlation and patch from target, (2, 3); None if not convergent.
    """
    everywhere = np.full(patch.shape, 255, np.uint8)
    try:
        score, pose = cv2.findTransformECC(
            target, patch, start, cv2.MOTION_AFFINE, end, everywhere, blur
        )
    except cv2.error:
        return None
    return float(score), np.asarray(pose, np.float32)


def _normalised(patch: Patch, sigma: float) -> Floats:
    """Take light and shade out of a patch: local mean 0, local deviation 1."""
    grey = patch.astype(np.float32)
    offset = grey - cv2.GaussianBlur(grey, (0, 0), sigma)
    spread = np.sqrt(cv2.GaussianBlur(offset * offset, (0, 0), sigma))
    return np.asarray(offset / (spread + NORMALISE_FLOOR), np.float32)


def _best_shift(
    field: Floats,
    patch: Patch,
    scale_xy: tuple[float, float],
    turn_deg: float,
    zoom: float,
) -> Fit | None:
    """Return the best fit of a scaled and turned patch on a normalised target."""
    height, width = patch.shape
    size_wh = max(8, round(width * scale_xy[0])), max(8, round(height * scale_xy[1]))
    turn = cv2.getRotationMatrix2D((size_wh[0] / 2, size_wh[1] / 2), turn_deg, 1.0)
    pose = np.asarray(
        turn @ np.diag([size_wh[0] / width, size_wh[1] / height, 1.0]), np.float64
    )
    posed = cv2.warpAffine(patch, pose, size_wh, borderMode=cv2.BORDER_REPLICATE)
    ink = _normalised(np.asarray(posed, np.uint8), NORMALISE_SIGMA * zoom)
    if min(float(ink.std()), float(field.std())) < MIN_STRUCTURE:
        return None
    room_x, room_y = size_wh[0] // 2, size_wh[1] // 2
    scores, enough = _overlap_scores(field, ink, room_x, room_y)
    if not enough.any():
        return None
    _, score, _, (x, y) = cv2.minMaxLoc(scores, enough.astype(np.uint8))
    pose[:, 2] += (x - room_x, y - room_y)
    return Fit(float(score), pose)


def _overlap_scores(
    field: Floats, ink: Floats, room_x: int, room_y: int
) -> tuple[Floats, Mask]:
    """Return correlations over the shared part by shift, and whether it is large."""
    rooms = (room_y, room_y, room_x, room_x)
    wide, seen = (
        np.asarray(
            cv2.copyMakeBorder(values, *rooms, cv2.BORDER_CONSTANT, value=0), np.float32
        )
        for values in (field, np.ones_like(field))
    )
    product = cv2.matchTemplate(wide, ink, cv2.TM_CCORR)
    of_field = _sums(wide * wide, ink.shape)
    of_ink = cv2.matchTemplate(seen, ink * ink, cv2.TM_CCORR)
    area = _sums(seen, ink.shape)
    enough = (of_ink > MIN_SHARED_INK * np.square(ink).sum()) | (
        of_field > MIN_SHARED_INK * np.square(field).sum()
    )
    enough &= area > MIN_SHARED_AREA * min(field.size, ink.size)
    scores = product / np.sqrt(np.maximum(of_field * of_ink, MIN_STRUCTURE))
    return np.asarray(scores, np.float32), np.asarray(enough, np.bool_)


def _sums(values: Floats, shape: tuple[int, ...]) -> Floats:
    ones = np.ones(shape, np.float32)
    return np.asarray(cv2.matchTemplate(values, ones, cv2.TM_CCORR), np.float32)
