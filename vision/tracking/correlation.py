"""How alike two patches of writing are, whatever the light.

Locally normalised cross-correlation. Local normalisation: K. Jarrett et al.,
"What is the best multi-stage architecture for object recognition?", ICCV 2009.
"""

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Patch = npt.NDArray[np.uint8]
"""Grey pixels, (H, W) uint8."""

Floats = npt.NDArray[np.float32]

NORMALISE_SIGMA = 6.0
"""Neighbourhood of the local normalisation, in patch pixels: about a letter."""

NORMALISE_FLOOR = 6.0
"""Grey levels below which contrast is noise and is not blown up."""

MIN_STRUCTURE = 1e-3
"""Deviation of a normalised patch below which it is blank: half a grey level of
noise gives fifty times as much, round-off a billionth."""

SEARCH_PX = 5
"""Shift that is searched, in patch pixels: how far an outline may be off."""

SEARCH_TURNS_DEG = (0.0, -4.0, 4.0)
SEARCH_SCALES = (1.0, 0.94, 1.06)
"""Turns and scales that are searched, the likeliest first."""

SEARCH_POSES = tuple(itertools.product(SEARCH_TURNS_DEG, SEARCH_SCALES))
"""All of them, (turn, scale)."""

CLEAR_SCORE = 0.85
"""Score at which the search stops: no other card comes near."""

HOPELESS_SCORE = 0.25
"""Score of the upright pose below which no other is tried. Of 104 pairs that reached
`vision.tracking.association.MIN_SAME` none had less than 0.3, of 2,741 pairs of different cards
94% have."""
WIDE_TURNS_DEG = (0.0, -4.0, 4.0, -8.0, 8.0)
"""Turns of the wide search: a card that is hung anew hangs as it likes."""

WIDE_COARSE = 0.5
"""Scale of the wide search's first look: an eighth of the work."""

MIN_COARSE = 0.4
"""Score of the first look below which there is no second: of 1,560 pairs of
different cards 99% stay below 0.46 in full, of moved cards 5% below 0.64."""

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
    on_target : ndarray of shape (2, 3), float64
        Affine map from pixels of the patch to pixels of the target.
    """

    score: float
    on_target: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Posed:
    """A patch, turned and scaled, to be laid on others.

    Parameters
    ----------
    patch : ndarray of shape (H, W), uint8
        As it is.
    pose : ndarray of shape (2, 3), float64
        Affine map from its pixels.
    inner : ndarray of shape (h, w), float32, or None
        Its middle in that pose, normalised; None if it is blank.
    """

    patch: Patch
    pose: npt.NDArray[np.float64]
    inner: Floats | None


def upright(patch: Patch) -> Posed:
    """Return a patch neither turned nor scaled: the likeliest pose.

    Parameters
    ----------
    patch : ndarray of shape (H, W), uint8
    """
    return _posed(patch, *SEARCH_POSES[0])


def fit_upright(target: Floats, posed: Posed) -> Fit:
    """Lay a patch on a target of equal size, by a small shift only.

    Parameters
    ----------
    target : ndarray of shape (H, W), float32
        A patch, `normalised`.
    posed : Posed
        The `upright` patch.

    Returns
    -------
    Fit
        Its score is -1 where either is blank.
    """
    if float(target.std()) < MIN_STRUCTURE:
        return Fit(-1.0, posed.pose)
    return _best_shift(target, posed)


def fit_nearby(target: Floats, posed: Posed) -> Fit:
    """Lay a patch on a target of equal size, by a small shift, turn and scale.

    Parameters
    ----------
    target : ndarray of shape (H, W), float32
        A patch, `normalised`.
    posed : Posed
        The `upright` patch; its other poses are tried where it is neither clear nor
        hopeless.

    Returns
    -------
    Fit
        Its score is -1 where either is blank.
    """
    best = fit_upright(target, posed)
    if best.score < HOPELESS_SCORE:
        return best
    for turn, scale in SEARCH_POSES[1:]:
        if best.score >= CLEAR_SCORE:
            break
        fit = _best_shift(target, _posed(posed.patch, turn, scale))
        best = max(best, fit, key=lambda entry: entry.score)
    return best


def fit_anywhere(target: Patch, patch: Patch, scale_xy: tuple[float, float]) -> Fit:
    """Lay a patch on a target with which it may share a part only.

    For outlines that cut a card off or hold more than the card. Cards keep their
    size when they are hung elsewhere, so the scale is known and not searched.

    Parameters
    ----------
    target, patch : ndarray of shape (H, W), uint8
    scale_xy : tuple of float
        Pixels of the target per pixel of the patch, along x and along y.

    Returns
    -------
    Fit
        The score is over the shared part; -1 where too little is shared.
    """
    small = cv2.resize(
        target, None, fx=WIDE_COARSE, fy=WIDE_COARSE, interpolation=cv2.INTER_AREA
    )
    half = (scale_xy[0] * WIDE_COARSE, scale_xy[1] * WIDE_COARSE)
    sigma = NORMALISE_SIGMA * target.shape[1] / patch.shape[1]
    coarse = normalised(np.asarray(small, np.uint8), sigma * WIDE_COARSE)
    looks = [
        (_best_overlap(coarse, patch, half, turn, sigma * WIDE_COARSE).score, turn)
        for turn in WIDE_TURNS_DEG
    ]
    score, turn = max(looks)
    if score < MIN_COARSE:
        return Fit(-1.0, np.eye(2, 3))
    return _best_overlap(normalised(target, sigma), patch, scale_xy, turn, sigma)


def normalised(patch: Patch, sigma: float = NORMALISE_SIGMA) -> Floats:
    """Take light and shade out of a patch: local mean 0, local deviation 1.

    Parameters
    ----------
    patch : ndarray of shape (H, W), uint8
    sigma : float
        Neighbourhood, in pixels.
    """
    grey = patch.astype(np.float32)
    offset = grey - cv2.GaussianBlur(grey, (0, 0), sigma)
    spread = np.sqrt(cv2.GaussianBlur(offset * offset, (0, 0), sigma))
    return np.asarray(offset / (spread + NORMALISE_FLOOR), np.float32)


def _pose(patch: Patch, turn_deg: float, scale: float) -> npt.NDArray[np.float64]:
    """Return a turn and scale about a patch's middle."""
    height, width = patch.shape
    return np.asarray(
        cv2.getRotationMatrix2D((width / 2, height / 2), turn_deg, scale), np.float64
    )


def _warped(
    patch: Patch, pose: npt.NDArray[np.float64], size_wh: tuple[int, int]
) -> Patch:
    return np.asarray(
        cv2.warpAffine(patch, pose, size_wh, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def _posed(patch: Patch, turn_deg: float, scale: float) -> Posed:
    """Return a patch in a pose."""
    height, width = patch.shape
    pose = _pose(patch, turn_deg, scale)
    moved = normalised(_warped(patch, pose, (width, height)))
    inner = moved[SEARCH_PX:-SEARCH_PX, SEARCH_PX:-SEARCH_PX]
    # What is left of a blank patch is round-off, which correlates with anything.
    blank = float(inner.std()) < MIN_STRUCTURE
    return Posed(patch, pose, None if blank else inner)


def _best_shift(target: Floats, posed: Posed) -> Fit:
    """Return the best fit of the middle of a posed patch over the target."""
    if posed.inner is None:
        return Fit(-1.0, posed.pose)
    scores = cv2.matchTemplate(target, posed.inner, cv2.TM_CCOEFF_NORMED)
    return _shifted(np.asarray(scores, np.float32), posed.pose, SEARCH_PX, SEARCH_PX)


def _best_overlap(
    field: Floats,
    patch: Patch,
    scale_xy: tuple[float, float],
    turn_deg: float,
    sigma: float,
) -> Fit:
    """Return the best fit of a scaled and turned patch, which may stick out.

    On a target that was `normalised` with the same neighbourhood.
    """
    pose, size_wh = _scaled_pose(patch, scale_xy, turn_deg)
    ink = normalised(_warped(patch, pose, size_wh), sigma)
    if min(float(ink.std()), float(field.std())) < MIN_STRUCTURE:
        return Fit(-1.0, pose)
    room_x, room_y = size_wh[0] // 2, size_wh[1] // 2
    return _shifted(_overlap_scores(field, ink, room_x, room_y), pose, room_x, room_y)


def _scaled_pose(
    patch: Patch, scale_xy: tuple[float, float], turn_deg: float
) -> tuple[npt.NDArray[np.float64], tuple[int, int]]:
    """Return how a patch is scaled and turned, and the size that it then has."""
    height, width = patch.shape
    size_wh = (
        max(8, round(width * scale_xy[0])),
        max(8, round(height * scale_xy[1])),
    )
    middle = (size_wh[0] / 2, size_wh[1] / 2)
    turn = cv2.getRotationMatrix2D(middle, turn_deg, 1.0)
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


def _shifted(
    scores: Floats, pose: npt.NDArray[np.float64], room_x: int, room_y: int
) -> Fit:
    """Return the best of the scores as a fit, the pose shifted there."""
    _, score, _, (x, y) = cv2.minMaxLoc(scores)
    on_target = pose.copy()
    on_target[:, 2] += (x - room_x, y - room_y)
    return Fit(float(score), on_target)
