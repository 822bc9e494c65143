"""Covering blobs of several cards with rectangles of the size cards have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Points, Quad
from vision.detection.blobs import Blob, drawn, moved
from vision.detection.sizes import Size
from vision.image.arrays import Mask

MIN_SUPPORT = 0.4
"""Part of a covering rectangle's outline that must lie on the blob's own."""

MIN_COVER_FILL = 0.6
"""Part of a covering rectangle that must be foreground: less than of a blob that
stands alone, for writing across touching edges cannot be healed."""

MIN_OWN_FILL = 0.35
"""Part of a rectangle that must be of the card's own colour: the rest may be
covered by other cards."""

NEW_WEIGHT = 2.0
"""Worth of covering something new beside lying on the blob's outline."""

MIN_NEW = 0.3
"""Part of a covering rectangle that no earlier one covers."""

EDGE_TOLERANCE = 0.03
"""How far in cells an outline may be off and still count as the same."""


def cover(
    blob: Blob,
    found: Sequence[Quad],
    foreground: Mask,
    typical: Size,
    cell_px: float,
) -> tuple[Quad, ...]:
    """Cover what is left of a blob with rectangles of the typical size, greedily.

    Parameters
    ----------
    blob : Blob
    found : sequence of Quad
        Cards in the blob that are known already.
    foreground : ndarray of shape (H, W), bool
        Of the whole board.
    typical : Size
    cell_px : float

    Returns
    -------
    tuple of Quad
        The cards that were not known.
    """
    uncovered = blob.mask.copy()
    for quad in found:
        uncovered &= ~drawn(quad.to_array() - [blob.left, blob.top], uncovered.shape)
    quads: list[Quad] = []
    candidates = _supported(blob, foreground, typical, cell_px)
    while candidates:
        scores = [
            candidate.support + NEW_WEIGHT * new
            if (new := candidate.share_of(uncovered)) >= MIN_NEW
            else 0.0
            for candidate in candidates
        ]
        best = int(np.argmax(scores))
        if scores[best] == 0:
            break
        quads.append(moved(candidates[best].corners, blob))
        uncovered &= ~candidates[best].inside
    return tuple(quads)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A rectangle of the typical size along an edge of a blob.

    Parameters
    ----------
    corners : ndarray of shape (4, 2), float64
        In the blob's bounding box.
    inside : ndarray of shape (H, W), bool
        What of it lies in the bounding box.
    support : float
        Part of its outline that is the blob's own, 0 to 1.
    """

    corners: Points
    inside: Mask
    support: float

    def share_of(self, mask: Mask) -> float:
        """Return the part of the rectangle that a mask fills."""
        area = max(1.0, float(cv2.contourArea(self.corners.astype(np.float32))))
        return float((self.inside & mask).sum()) / area


def _supported(
    blob: Blob, foreground: Mask, typical: Size, cell_px: float
) -> list[Candidate]:
    """Return the candidates that the blob fills and whose outline it shares."""
    near = near_outline(blob.mask, cell_px)
    filled = blob.window(foreground) | blob.mask
    kept = []
    for corners in _candidates(outer_contour(blob.mask), typical, cell_px):
        shared = support(corners, near)
        if shared < MIN_SUPPORT:
            continue
        candidate = Candidate(corners, drawn(corners, blob.mask.shape), shared)
        if (
            candidate.share_of(filled) >= MIN_COVER_FILL
            and candidate.share_of(blob.mask) >= MIN_OWN_FILL
        ):
            kept.append(candidate)
    return kept


def outer_contour(mask: Mask) -> npt.NDArray[np.int32]:
    """Return the outer contour of a mask, (N, 1, 2)."""
    contours, _ = cv2.findContours(
        mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    return np.asarray(max(contours, key=cv2.contourArea), dtype=np.int32)


def near_outline(mask: Mask, cell_px: float) -> Mask:
    """Return where a mask's outer contour is close by, of the mask's shape."""
    canvas = np.zeros(mask.shape, np.uint8)
    thickness = max(1, round(2 * EDGE_TOLERANCE * cell_px))
    cv2.polylines(
        canvas, [outer_contour(mask)], isClosed=True, color=1, thickness=thickness
    )
    return canvas.astype(np.bool_)


def _candidates(
    outline: npt.NDArray[np.int32], typical: Size, cell_px: float
) -> Iterator[Points]:
    """Yield corners (4, 2) of rectangles that lie along edges of an outline."""
    polygon = cv2.approxPolyDP(outline, EDGE_TOLERANCE * cell_px, closed=True)
    corners = np.asarray(polygon, np.float64).reshape(-1, 2)
    if cv2.contourArea(corners.astype(np.float32), oriented=True) < 0:
        corners = corners[::-1]
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        length = float(np.hypot(*(end - start)))
        if length < typical.short_px / 3:
            continue
        along = (end - start) / length
        inward = np.array([-along[1], along[0]])
        for side, depth in (
            (typical.long_px, typical.short_px),
            (typical.short_px, typical.long_px),
        ):
            for origin in (start, end - along * side):
                yield np.array(
                    [
                        origin,
                        origin + along * side,
                        origin + along * side + inward * depth,
                        origin + inward * depth,
                    ]
                )


def support(corners: Points, near: Mask) -> float:
    """Return the part of a rectangle's outline that lies near the blob's own."""
    canvas = np.zeros(near.shape, np.uint8)
    cv2.polylines(
        canvas, [np.rint(corners).astype(np.int32)], isClosed=True, color=1, thickness=1
    )
    line = canvas.astype(np.bool_)
    perimeter = float(np.hypot(*(np.roll(corners, -1, axis=0) - corners).T).sum())
    return float((line & near).sum()) / max(1.0, perimeter * 0.9)
