"""Connected pieces of colour on a board, and cleaning them up."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Points, Quad
from vision.image.arrays import Mask
from vision.image.colour import ColourMap

Scalar = TypeVar("Scalar", bound=np.generic)

MIN_AREA, MAX_AREA = 0.04, 4.0
"""Size of a card in cells (product of the sides)."""

CLOSE_SHARE, OPEN_SHARE = 0.05, 0.06
"""Sizes in cells of the gaps (ink, rules) that are closed and of the bridges
and threads (tape, shadows) that are cut."""

HEAL_SHARE = 0.2
"""Width in cells of the notches in a blob's edge that are closed."""


FIT_TURNS_DEG = (-6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0)
"""Turns against the smallest rectangle around a blob at which one is fitted: a
bulge or a lifted corner turns the smallest one by this much."""

FIT_POINTS = 4_000
"""Pixels of a blob from which a rectangle is fitted: more change it by less than
a pixel."""

MIN_DENSITY = 0.5
"""Part of the usual width that a row of a blob must have to lie in its rectangle."""


@dataclass(frozen=True, slots=True, eq=False)
class Blob:
    """A connected piece of one colour, or of several.

    Parameters
    ----------
    mask : ndarray of shape (H, W), bool
        Of the bounding box only.
    left, top : int
        Where the bounding box lies on the board.
    """

    mask: Mask
    left: int
    top: int

    @property
    def area(self) -> int:
        """Pixels."""
        return int(self.mask.sum())

    def window(self, whole: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
        """Return the part of a board-sized array in this blob's bounding box."""
        height, width = self.mask.shape
        return whole[self.top : self.top + height, self.left : self.left + width]

    def box_of(self, quad: Quad) -> Points:
        """Return a quad's corners (4, 2) in pixels of the bounding box."""
        corners: Points = quad.to_array() - np.array([self.left + 0.5, self.top + 0.5])
        return corners


def tidy(mask: Mask, cell_px: float) -> Mask:
    """Close ink, fill holes, cut threads."""
    closed = cv2.morphologyEx(
        mask.astype(np.uint8), cv2.MORPH_CLOSE, disc(CLOSE_SHARE * cell_px)
    )
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    # Only holes smaller than a card are ink: a frame around the board is not.
    cv2.drawContours(
        closed,
        [c for c in contours if cv2.contourArea(c) < MAX_AREA * cell_px**2],
        -1,
        1,
        cv2.FILLED,
    )
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, disc(OPEN_SHARE * cell_px))
    return np.asarray(opened, dtype=np.bool_)


def disc(diameter_px: float) -> npt.NDArray[np.uint8]:
    """Return a round structuring element."""
    side = max(3, round(diameter_px) | 1)
    return np.asarray(
        cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), dtype=np.uint8
    )


def blobs(mask: Mask, cell_px: float) -> Iterator[Blob]:
    """Yield the connected pieces of a mask that are large enough for a card."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=4
    )
    for index in range(1, count):
        left, top, width, height, area = (int(value) for value in stats[index])
        if area >= MIN_AREA * cell_px**2:
            window = labels[top : top + height, left : left + width] == index
            yield Blob(healed(window, cell_px), left, top)


def healed(mask: Mask, cell_px: float) -> Mask:
    """Close the notches that writing at its edge leaves in a single blob.

    Wider than `tidy` dares: here nothing can grow together with a neighbour.
    """
    reach = round(HEAL_SHARE * cell_px)
    padded = np.pad(mask.astype(np.uint8), reach)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, disc(HEAL_SHARE * cell_px))
    return np.asarray(closed[reach:-reach, reach:-reach], dtype=np.bool_)


def pieces_by_colour(
    blob: Blob, colours: ColourMap, cell_px: float
) -> tuple[Blob, ...]:
    """Return the pieces of a blob of touching cards of several colours.

    Pieces too small for a card (a sticker, a light spot) are left out.
    """
    labels = blob.window(colours.labels)
    pieces: list[Blob] = []
    for label in np.unique(labels[blob.mask]):
        if colours.background[label]:
            continue
        own = np.asarray((labels == label) & blob.mask, np.bool_)
        piece = tidy(own, cell_px)
        pieces.extend(
            Blob(part.mask, part.left + blob.left, part.top + blob.top)
            for part in blobs(piece, cell_px)
        )
    return tuple(pieces)


def hull_points(mask: Mask) -> npt.NDArray[np.float32]:
    """Return the convex hull of a mask's pixels, (N, 1, 2)."""
    contours, _ = cv2.findContours(
        mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    return np.asarray(
        cv2.convexHull(np.concatenate(contours).astype(np.float32)), dtype=np.float32
    )


def fitted_rectangle(mask: Mask) -> Points:
    """Return the rectangle that a blob fits best, bulges and bites left aside.

    Parameters
    ----------
    mask : ndarray of shape (H, W), bool
        Not empty.

    Returns
    -------
    ndarray of shape (4, 2), float64
        Its corners in order, in pixels of the mask.
    """
    every = max(1, round(np.sqrt(mask.sum() / FIT_POINTS)))
    rows, columns = np.nonzero(mask[::every, ::every])
    points = np.stack([columns, rows]).astype(np.float64)
    tilt_deg = cv2.minAreaRect(hull_points(mask))[2]
    angles = np.radians(tilt_deg + np.array(FIT_TURNS_DEG))
    cosines, sines = np.cos(angles), np.sin(angles)
    axes = np.stack([cosines, sines, -sines, cosines], axis=1).reshape(-1, 2)
    along = axes @ points
    low, high = _extents(along)
    shared = ((along >= low[:, None]) & (along <= high[:, None])).reshape(
        len(angles), 2, -1
    )
    inside = (shared[:, 0] & shared[:, 1]).sum(axis=1)
    sides = (high - low).reshape(-1, 2)
    union = sides.prod(axis=1) + points.shape[1] - inside
    best = int((inside / np.maximum(union, 1.0)).argmax())
    (left, top), (right, bottom) = low[2 * best :][:2], high[2 * best :][:2]
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    return np.asarray(corners @ axes[2 * best :][:2] * every, np.float64)


def _extents(values: Points) -> tuple[Points, Points]:
    """Return from where to where there are about as many values as usual.

    Parameters
    ----------
    values : ndarray of shape (M, N), float64

    Returns
    -------
    low, high : ndarray of shape (M,), float64
        Of each row.
    """
    row = np.arange(len(values))
    low = np.floor(values.min(axis=1))
    bins = (values - low[:, None]).astype(np.intp)
    width = int(bins.max()) + 1
    counts = np.bincount(
        (bins + row[:, None] * width).ravel(), minlength=len(values) * width
    ).reshape(-1, width)
    ordered = np.sort(counts, axis=1)
    filled = np.count_nonzero(counts, axis=1)
    first = width - filled
    usual = ordered[row, first + (filled - 1) // 2] + ordered[row, first + filled // 2]
    dense = counts >= MIN_DENSITY * usual[:, None] / 2
    start = dense.argmax(axis=1)
    end = width - 1 - dense[:, ::-1].argmax(axis=1)
    return low + start, low + end


def drawn(corners: npt.ArrayLike, shape: tuple[int, ...]) -> Mask:
    """Return the inside of a polygon as a mask."""
    canvas = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(canvas, np.rint(np.asarray(corners)).astype(np.int32), 1)
    return canvas.astype(np.bool_)


def moved(corners: npt.ArrayLike, blob: Blob) -> Quad:
    """Return corners in a blob's bounding box as a quad on the board."""
    return Quad.from_unordered(
        np.asarray(corners, np.float64) + np.array([blob.left + 0.5, blob.top + 0.5])
    )
