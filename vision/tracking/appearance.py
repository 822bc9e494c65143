"""The appearance of a card, and how like another's it is, whatever the light.

Locally normalised cross-correlation of shrunk crops, over shifts and turns, where
they lie on each other. Local normalisation: K. Jarrett et al., "What is the best
multi-stage architecture for object recognition?", ICCV 2009. Alignment: G. Evangelidis,
E. Psarakis, "Parametric image alignment using enhanced correlation coefficient
maximization", PAMI 2008.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.image.arrays import Floats, Image, resized

Patch = npt.NDArray[np.uint8]
"""Grey pixels, (H, W) uint8."""

PATCH_WH = (96, 64)
"""Size of a descriptor's patch: letters differ there, pens do not."""

NORMALISE_SIGMA = 6.0
"""Neighbourhood of the local normalisation, in patch pixels: about a letter."""

NORMALISE_FLOOR = 6.0
"""Grey levels below which contrast is noise and is not blown up."""

MIN_STRUCTURE = 1e-3
"""Deviation of a normalised patch below which it is blank."""

TURNS_DEG = (0.0, -4.0, 4.0, -8.0, 8.0)
"""Turns that are searched."""

COARSE = 0.5
"""Scale of the first search: an eighth of the work."""

CLEAR = 0.85
"""Score from which nothing better is searched: no other card comes near."""

MIN_COARSE = 0.4
"""Score of the first search below which there is no second: in full, 99% of the pairs
of different cards stay below 0.46, 5% of moved cards below 0.64."""

REFINEMENT = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 1e-3)
REFINEMENT_BLUR_PX = 3
"""When the alignment ends, rounds or change of correlation; and its blur."""

MIN_SHARED_INK = 0.5
"""Part of either patch's structure that has to lie where both are seen."""

MIN_SHARED_AREA = 0.35
"""Part of the smaller patch that has to lie over the other."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """How one patch lies on another.

    Parameters
    ----------
    score : float
        Likeness where they lie over each other, -1 to 1.
    target_from_patch : ndarray of shape (2, 3), float64
        Affine map between their pixels.
    """

    score: float
    target_from_patch: npt.NDArray[np.float64]


def patch_of(crop: Image) -> Patch:
    """Return the patch, (64, 96) and read-only, of an upright crop (H, W, 3), BGR."""
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    patch = np.asarray(cv2.resize(grey, PATCH_WH, interpolation=cv2.INTER_AREA))
    patch.flags.writeable = False
    return np.asarray(patch, np.uint8)


def fit(target: Patch, patch: Patch, scale_xy: tuple[float, float]) -> Fit:
    """Lay a patch on a target with which it may share a part only.

    Parameters
    ----------
    target, patch : ndarray of shape (H, W), uint8
        Grey; see `patch_of`.
    scale_xy : tuple of float
        Pixels of the target per pixel of the patch: cards keep their size.

    Returns
    -------
    Fit
        Its score is over the shared part; -1, the least that a correlation can be,
        where that is too small, or either is blank.
    """
    small = resized(target, COARSE, cv2.INTER_AREA)
    coarse = _normalised(small, NORMALISE_SIGMA * COARSE)
    coarse_xy = (scale_xy[0] * COARSE, scale_xy[1] * COARSE)
    score, best_turn = -1.0, TURNS_DEG[0]
    for turn in TURNS_DEG:
        if score < CLEAR:
            found = _best_shift(coarse, patch, coarse_xy, turn, COARSE)
            score, best_turn = max((score, best_turn), (found.score, turn))
    if score < MIN_COARSE:
        return Fit(-1.0, np.eye(2, 3))
    field = _normalised(target, NORMALISE_SIGMA)
    return _refined(field, patch, _best_shift(field, patch, scale_xy, best_turn, 1.0))


def _refined(field: Floats, patch: Patch, found: Fit) -> Fit:
    """Return a fit after bending the patch a little: it was seen from elsewhere."""
    if not MIN_COARSE <= found.score < CLEAR:
        return found
    start = cv2.invertAffineTransform(found.target_from_patch).astype(np.float32)
    ink = _normalised(patch, NORMALISE_SIGMA)
    score, pose = aligned(field, ink, start, REFINEMENT, REFINEMENT_BLUR_PX)
    if score <= found.score:
        return found
    return Fit(score, np.asarray(cv2.invertAffineTransform(pose), np.float64))


def aligned(
    target: Floats, patch: Floats, start: Floats, end: tuple[int, int, float], blur: int
) -> tuple[float, Floats]:
    """Refine how a patch lies on a target, both (H, W), by their correlation.

    Returns that, -1 if it does not converge (they have nothing in common), and pixels
    of the patch from those of the target, (2, 3), as it begins with `start`.
    """
    everywhere = np.full(patch.shape, 255, np.uint8)
    try:
        score, pose = cv2.findTransformECC(
            target, patch, start, cv2.MOTION_AFFINE, end, everywhere, blur
        )
    except cv2.error:
        return -1.0, start
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
) -> Fit:
    """Return the best fit of a scaled and turned patch on a normalised target."""
    pose, size_wh = _pose(patch, scale_xy, turn_deg)
    posed = cv2.warpAffine(patch, pose, size_wh, borderMode=cv2.BORDER_REPLICATE)
    ink = _normalised(np.asarray(posed, np.uint8), NORMALISE_SIGMA * zoom)
    if min(float(ink.std()), float(field.std())) < MIN_STRUCTURE:
        return Fit(-1.0, pose)
    room_x, room_y = size_wh[0] // 2, size_wh[1] // 2
    scores = _overlap_scores(field, ink, room_x, room_y)
    _, score, _, (x, y) = cv2.minMaxLoc(scores)
    pose[:, 2] += (x - room_x, y - room_y)
    return Fit(float(score), pose)


def _pose(
    patch: Patch, scale_xy: tuple[float, float], turn_deg: float
) -> tuple[npt.NDArray[np.float64], tuple[int, int]]:
    """Return how a patch is scaled and turned, and the size that it then has."""
    height, width = patch.shape
    size_wh = max(8, round(width * scale_xy[0])), max(8, round(height * scale_xy[1]))
    turn = cv2.getRotationMatrix2D((size_wh[0] / 2, size_wh[1] / 2), turn_deg, 1.0)
    scale = np.diag([size_wh[0] / width, size_wh[1] / height, 1.0])
    return np.asarray(turn @ scale, np.float64), size_wh


def _overlap_scores(field: Floats, ink: Floats, room_x: int, room_y: int) -> Floats:
    """Return correlations over the shared part, for each shift; -1 if it is small."""
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
    return np.asarray(np.where(enough, scores, -1.0), np.float32)


def _sums(values: Floats, shape: tuple[int, ...]) -> Floats:
    """Return the sum of values in a window of a shape, for each place in it."""
    height, width = shape
    sums = cv2.boxFilter(
        values,
        -1,
        (width, height),
        anchor=(0, 0),
        normalize=False,
        borderType=cv2.BORDER_CONSTANT,
    )
    down, across = values.shape[0] - height + 1, values.shape[1] - width + 1
    return np.asarray(sums, np.float32)[:down, :across]
