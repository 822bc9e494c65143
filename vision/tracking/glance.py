"""Known cards at a glance: which of them certainly are as they were.

Laid on each other as they are, two looks of a card that hangs as it hung explain each
other's ink, and the light on them differs by a slope. To see that takes no search, and
no more pixels than a patch has; and all cards are looked at in the same few steps.
Who does not pass at a glance may still be as it was: it takes a closer look.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Quad
from vision.tracking.appearance import PATCH_WH
from vision.tracking.change_detection import (
    MAX_LIGHT_STEP,
    MIN_FULL_INK,
    Mask,
    changed_ink,
    ink_of,
    inner_of,
    light_of,
)
from vision.tracking.correlation import Floats, Patch

MOST_UNEXPLAINED = 0.12
"""Share of a tile that ink not explained may fill. Two thirds of what makes a card
edited (`vision.tracking.change_detection.MIN_CHANGED_INK`), for at a glance strokes are a little fainter;
nine in ten of the cards that a closer look finds unchanged pass, be it from another
standpoint."""

MIN_INK_SPREAD = MIN_FULL_INK / 10
"""Deviation of its ink below which a card is blank: as at a closer look."""

FINER = 2
"""Pixels along either side that are averaged to one of the patch."""

Patches = npt.NDArray[np.uint8]
"""Patches of several cards, (H, W, N) uint8."""


def same_at_a_glance(
    picture: Patch, places: Sequence[Quad], looks: Sequence[Patch]
) -> Mask:
    """Tell which cards certainly are as they were.

    Parameters
    ----------
    picture : ndarray of shape (H, W), uint8
        The board, grey; at least as fine as patches are.
    places : sequence of Quad
        Where the cards were, in its pixels.
    looks : sequence of ndarray of shape (h, w), uint8
        Their patches.

    Returns
    -------
    ndarray of shape (N,), bool
    """
    same = np.zeros(len(looks), np.bool_)
    usual = [index for index, look in enumerate(looks) if look.shape == PATCH_WH[::-1]]
    if usual:
        then = np.stack([looks[index] for index in usual], axis=-1)
        now = _patches(picture, [places[index] for index in usual])
        same[usual] = _explain_each_other(then, now)
    return same


def _patches(picture: Patch, places: Sequence[Quad]) -> Patches:
    """Return what a picture shows in each of some places."""
    width, height = PATCH_WH
    fine_wh = (FINER * width, FINER * height)
    # OpenCV's pixels have whole numbers for centres, ours for corners.
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32) * fine_wh - 0.5
    patches = []
    for place in places:
        picture_from_patch = cv2.getPerspectiveTransform(
            corners.astype(np.float32), (place.to_array() - 0.5).astype(np.float32)
        )
        fine = cv2.warpPerspective(
            picture,
            picture_from_patch,
            fine_wh,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        patches.append(cv2.resize(fine, PATCH_WH, interpolation=cv2.INTER_AREA))
    return np.asarray(np.stack(patches, axis=-1), np.uint8)


def _explain_each_other(then: Patches, now: Patches) -> Mask:
    """Tell which patches have the ink and the light of their counterparts, (N,)."""
    inner = inner_of(then.shape)
    ink_then, ink_now = ink_of(then), ink_of(now)
    written = ink_then.std(axis=(0, 1)) >= MIN_INK_SPREAD
    explained = changed_ink(ink_then, ink_now, inner) <= MOST_UNEXPLAINED
    lit = _off_slope(light_of(now) - light_of(then), inner) <= MAX_LIGHT_STEP
    return np.asarray(written & explained & lit, np.bool_)


def _off_slope(fields: Floats, inner: Mask) -> Floats:
    """Return how far some inner value of each field is off its own slope, (N,)."""
    rows, columns = np.nonzero(inner)
    slope = np.stack([np.ones(len(rows)), rows, columns]).astype(np.float32)
    values = fields[inner]
    weights = np.linalg.solve(slope @ slope.T, slope @ values)
    off = values - slope.T @ weights.astype(np.float32)
    return np.asarray(np.abs(off).max(axis=0), np.float32)
