"""What changed on a card since it was read: tile by tile, ink against ink.

A changed host or a struck title leaves the likeness of a whole card as it is. So
the two looks are laid on each other, and each tile is asked for ink that the
other look does not explain. Alignment: G. Evangelidis, E. Psarakis, "Parametric
image alignment using enhanced correlation coefficient maximization", PAMI 2008.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision.tracking.correlation import Floats, Patch

PAPER_PX = 19
"""Neighbourhood whose brightest part is paper, in patch pixels: no stroke and no
letter is as wide."""

ALIGN_STEPS, ALIGN_PRECISION = 30, 1e-3
ALIGN_BLUR_PX = 5
"""Rounds, change of correlation at which they end, and blur of the alignment:
it begins within two patch pixels."""

MIN_ALIGNED = 0.5
"""Correlation of aligned ink below which nothing is said about tiles. Of 394
pairs in other light, from elsewhere, edited or not, none was below 0.74."""

MARGIN = 0.07
"""Part of a patch at each edge that is left out: it may show what is behind."""

FULL_INK_PERCENTILE = 97.0
"""Percentile of ink that counts as one full stroke: pens differ, cards are
mostly paper."""

MIN_FULL_INK = 0.1
"""Darkness of a full stroke, of 1, below which it is not blown up: noise."""

MOST_INK = 1.3
"""Limit of ink in full strokes: where pens cross or a stain is."""

SLACK_PX = 1
"""Patch pixels that ink may lie off: what alignment and paper that bends leave."""

TILE_PX = 4
"""Side of a tile: the width of a stroke through a title and about half a letter.
Tiles of 6 px saw fewer struck titles (AUC .971 against .984)."""

MIN_CHANGED_INK = 0.18
"""Share of a tile that ink not explained fills when somebody edited the card. Of
drawn cards in other light, from elsewhere and blurred it finds 88% of 115 struck
titles and 91% of 79 changed hosts in the first photo that shows them, and 6% of 200
unchanged cards; an edit that is missed stays to be found in the next photo."""

COVERED_PAPER_PX = 9
"""As `PAPER_PX` where something in front is sought: narrow things count, too."""

LIGHT_FLOOR = 4.0
"""Grey levels that are added to both looks: ratios of black mean nothing."""

MAX_LIGHT_STEP = 0.2
"""Change of a tile's light against the card's, as a logarithm, from which
something is in front of it, or its shadow on it."""

SLOPE_ROUNDS = 3
"""Fits of the light's slope, each to the half that lay nearest to the last one."""

MAX_COVERED = 0.002
"""Part of a card over which something may lie in front. It takes 1% of cards that
nothing hides for hidden, which are then read from the next photo. Of 44 cards with a
head or an arm in front, 18 have enough strange ink and 4 of them pass this, too."""


Values = npt.NDArray[np.float64]
"""Values of pixels, (N,) float64."""

Mask = npt.NDArray[np.bool_]
"""Where something is, (H, W) bool."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two looks of one card.

    Parameters
    ----------
    aligned : float
        Correlation of their ink, -1 to 1; -1 if they could not be laid on each
        other, and then nothing else is known.
    covered : float
        Part of the card whose light changed as if something were in front.
    changed_ink : float
        The most ink in a tile, 0 to about 1, that came or went.
    """

    aligned: float
    covered: float
    changed_ink: float

    @property
    def comparable(self) -> bool:
        """Whether the whole card is seen in both looks."""
        return self.aligned >= MIN_ALIGNED and self.covered <= MAX_COVERED

    @property
    def edited(self) -> bool:
        """Whether somebody wrote on the card; False where that cannot be told."""
        return self.comparable and self.changed_ink >= MIN_CHANGED_INK


UNKNOWN = Comparison(-1.0, 1.0, 0.0)
"""Of looks that cannot be laid on each other."""


def compare(then: Patch, now: Patch) -> Comparison:
    """Compare two looks of a card, tile by tile.

    Parameters
    ----------
    then, now : ndarray of shape (H, W), uint8
        The card as it was when it was read and as it is, of one outline to
        within two pixels.
    """
    ink_then, ink_now = ink_of(then), ink_of(now)
    pose, aligned = _aligned(ink_then, ink_now)
    if aligned < MIN_ALIGNED:
        return UNKNOWN
    inner = _inner(now, pose)
    if not inner.any():
        return UNKNOWN
    return Comparison(
        aligned,
        _covered(then, _laid(now, pose), inner),
        float(changed_ink(ink_then, _laid(ink_now, pose), inner)),
    )


def ink_of(patches: Patch) -> Floats:
    """Return how dark each pixel is against its paper, 0 to 1.

    Parameters
    ----------
    patches : ndarray of shape (H, W[, N]), uint8
        One patch, or several of one size.

    Returns
    -------
    ndarray of that shape, float32
    """
    grey = patches.astype(np.float32)
    paper = cv2.GaussianBlur(_paper(grey, PAPER_PX), (0, 0), PAPER_PX / 3)
    paper = np.maximum(paper, 8).reshape(grey.shape)
    return np.asarray(np.clip(1 - grey / paper, 0, 1), np.float32)


def light_of(patches: Patch | Floats) -> Floats:
    """Return the logarithm of the light on the paper around each pixel.

    Parameters
    ----------
    patches : ndarray of shape (H, W[, N])
        One patch, or several of one size, in grey levels.

    Returns
    -------
    ndarray of that shape, float32
    """
    grey = patches.astype(np.float32) + LIGHT_FLOOR
    return np.asarray(np.log(_paper(grey, COVERED_PAPER_PX)), np.float32)


def changed_ink(then: Floats, now: Floats, inner: Mask) -> Values:
    """Return the most ink in a tile of one look that the other does not explain.

    Parameters
    ----------
    then, now : ndarray of shape (H, W[, N]), float32
        Ink of one patch, or of several, laid on each other.
    inner : ndarray of shape (H, W), bool
        Where to look.

    Returns
    -------
    ndarray of shape () or (N,), float64
    """
    before, after = _in_strokes(then, inner), _in_strokes(now, inner)
    came, went = after - _spread(before), before - _spread(after)
    return np.maximum(_fullest_tile(came, inner), _fullest_tile(went, inner))


def _spread(ink: Floats) -> Floats:
    """Return ink grown by what it may lie off."""
    near = np.ones((2 * SLACK_PX + 1, 2 * SLACK_PX + 1), np.uint8)
    return np.asarray(cv2.dilate(ink, near), np.float32).reshape(ink.shape)


def _fullest_tile(ink: Floats, inner: Mask) -> Values:
    """Return the most ink above 0 in a tile, shape () or (N,)."""
    seen = np.maximum(0, ink)
    seen[~inner] = 0
    tiles = cv2.blur(seen, (TILE_PX, TILE_PX), borderType=cv2.BORDER_CONSTANT)
    fullest = tiles.reshape(ink.shape).max(axis=(0, 1))
    return np.asarray(fullest, np.float64)


def _paper(grey: Floats, side_px: int) -> Floats:
    """Return the brightness of the paper around each pixel."""
    kernel = np.ones((side_px, side_px), np.uint8)
    smooth = cv2.GaussianBlur(grey, (0, 0), 1)
    paper = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, kernel)
    return np.asarray(paper, np.float32).reshape(grey.shape)


def _aligned(then: Floats, now: Floats) -> tuple[npt.NDArray[np.float32], float]:
    """Return pixels of `now` from pixels of `then`, and how well they agree."""
    criteria = (
        cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT,
        ALIGN_STEPS,
        ALIGN_PRECISION,
    )
    start = np.eye(2, 3, dtype=np.float32)
    if min(float(then.std()), float(now.std())) < MIN_FULL_INK / 10:
        return start, -1.0
    try:
        score, pose = cv2.findTransformECC(
            cv2.GaussianBlur(then, (0, 0), 1),
            cv2.GaussianBlur(now, (0, 0), 1),
            start,
            cv2.MOTION_AFFINE,
            criteria,
            np.full(then.shape, 255, np.uint8),
            ALIGN_BLUR_PX,
        )
    except cv2.error:
        # It did not converge: the looks have nothing in common.
        return np.eye(2, 3, dtype=np.float32), -1.0
    return np.asarray(pose, np.float32), float(score)


def _laid(now: npt.NDArray[np.generic], pose: npt.NDArray[np.float32]) -> Floats:
    """Return a picture laid on the look of then; 0 where it does not reach."""
    height, width = now.shape
    return np.asarray(
        cv2.warpAffine(
            now.astype(np.float32),
            pose,
            (width, height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        ),
        np.float32,
    )


def inner_of(shape: tuple[int, ...]) -> Mask:
    """Return where a patch shows the card and nothing of what may be behind.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the patch first.

    Returns
    -------
    ndarray of shape (H, W), bool
    """
    height, width = shape[:2]
    rows, columns = round(MARGIN * height), round(MARGIN * width)
    inner = np.zeros((height, width), np.bool_)
    inner[rows : height - rows, columns : width - columns] = True
    return inner


def _inner(now: Patch, pose: npt.NDArray[np.float32]) -> Mask:
    """Return where both looks show the card, its edges left out."""
    reached = _laid(np.ones_like(now), pose) >= 1
    return np.asarray(inner_of(now.shape) & reached, np.bool_)


def _covered(then: Patch, now: Floats, inner: Mask) -> float:
    """Return the part of a card whose light changed otherwise than the card's."""
    change = light_of(now) - light_of(then)
    if float(np.ptp(change[inner])) <= MAX_LIGHT_STEP:
        return 0.0
    return float((_off_plane(change, inner) > MAX_LIGHT_STEP).mean())


def _off_plane(field: Floats, inner: Mask) -> Values:
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


def _in_strokes(ink: Floats, inner: Mask) -> Floats:
    """Return ink in units of a full stroke of its own pen and light."""
    full = np.percentile(ink[inner], FULL_INK_PERCENTILE, axis=0)
    return np.asarray(np.minimum(ink / np.maximum(full, MIN_FULL_INK), MOST_INK))
