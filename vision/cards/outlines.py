"""From coloured blobs to the outlines of cards: one rectangle each.

A blob that is a rectangle is a card. One that is not (cards over cards of the
same colour) is covered with rectangles of the size that the board's other
cards have, each along an edge of the blob.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Points, Quad
from vision.cards.palette import ColourMap, Mask

Scalar = TypeVar("Scalar", bound=np.generic)

MIN_AREA, MAX_AREA = 0.04, 4.0
"""Size of a card in cells (product of the sides)."""

MAX_ASPECT = 5.0
"""Longest card: a long side of five short ones; tape and edges are longer."""

MIN_FILL = 0.80
"""Part of a rectangle that must be foreground for it to be a card: pins, ink
that the smoothing left, torn corners and curled edges take the rest."""

MIN_ROUND_FILL = 0.70
"""The same for a blob without dents: circles (pi / 4), ovals and clouds."""

MIN_SOLIDITY = 0.88
"""Area over area of the convex hull from which a blob has no dents."""

MIN_OWN_FILL = 0.35
"""Part of a rectangle that must be of the card's own colour: the rest may be
covered by other cards."""

TORN_TOLERANCE = 0.25
"""How far the sides of a torn card may be off the typical ones."""

MIN_TORN_HULL, MIN_TORN_FILL = 0.82, 0.5
"""Part of its rectangle that a torn card's hull and the card itself must fill."""

MAX_GROWTH = 1.45
"""A side longer than this many typical sides is more than one card, if a
closer look finds a seam."""

MIN_SUPPORT = 0.4
"""Part of a covering rectangle's outline that must lie on the blob's own."""

MIN_COVER_FILL = 0.6
"""Part of a covering rectangle that must be foreground: less than of a blob that
stands alone, for writing across touching edges cannot be healed."""

NEW_WEIGHT = 2.0
"""Worth of covering something new beside lying on the blob's outline."""

MIN_NEW = 0.3
"""Part of a covering rectangle that no earlier one covers."""

CLOSE_SHARE, OPEN_SHARE = 0.05, 0.06
"""Sizes in cells of the gaps (ink, rules) that are closed and of the bridges
and threads (tape, shadows) that are cut."""

HEAL_SHARE = 0.2
"""Width in cells of the notches in a blob's edge that are closed."""

EDGE_TOLERANCE = 0.03
"""How far in cells an outline may be off and still count as the same."""

MAX_OVERLAP = 0.6
"""Intersection over union from which two outlines are the same card."""

MIN_TYPICAL = 3
"""Cards needed to know the typical size."""


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


@dataclass(frozen=True, slots=True)
class Size:
    """Typical sides of a board's cards in pixels, long and short."""

    long_px: float
    short_px: float


def card_quads(colours: ColourMap, cell_px: float) -> tuple[Quad, ...]:
    """Return the outlines of the coloured cards on a board.

    Parameters
    ----------
    colours : ColourMap
    cell_px : float
        Geometric mean of a cell's sides in pixels.

    Returns
    -------
    tuple of Quad
        In pixels of the colour map.
    """
    foreground = _tidy(colours.foreground, cell_px)
    blobs = tuple(_blobs(foreground, cell_px))
    pieces = {blob: _pieces_by_colour(blob, colours, cell_px) for blob in blobs}
    typical = _typical(
        [
            quad
            for blob in blobs
            for part in (pieces[blob] or (blob,))
            if (quad := _as_card(part, foreground, cell_px)) is not None
        ]
    )
    quads: list[Quad] = []
    for blob in blobs:
        quads.extend(_cards_of(blob, pieces[blob], foreground, typical, cell_px))
    return _without_doubles(quads)


def _cards_of(
    blob: Blob,
    pieces: Sequence[Blob],
    foreground: Mask,
    typical: Size | None,
    cell_px: float,
) -> tuple[Quad, ...]:
    """Return the cards in a blob: itself, its pieces, or what covers them."""
    single = _as_card(blob, foreground, cell_px)
    if single is not None and (typical is None or _fits(single, typical)):
        return (single,)
    if typical is not None and (torn := _as_torn_card(blob, typical)) is not None:
        return (torn,)
    found = [
        quad
        for piece in pieces
        if len(pieces) > 1
        for quad in _cards_of(piece, (), foreground, typical, cell_px)
    ]
    if typical is None:
        return tuple(found) or ((single,) if single is not None else ())
    cover = _cover(blob, found, foreground, typical, cell_px)
    if len(cover) > 1 or single is None:
        return cover
    return (single,)


def _without_doubles(quads: Sequence[Quad]) -> tuple[Quad, ...]:
    """Leave out each quad that an earlier one nearly equals."""
    kept: list[Quad] = []
    for quad in quads:
        if all(quad.iou(other) < MAX_OVERLAP for other in kept):
            kept.append(quad)
    return tuple(kept)


def _tidy(mask: Mask, cell_px: float) -> Mask:
    """Close ink, fill holes, cut threads."""
    closed = cv2.morphologyEx(
        mask.astype(np.uint8), cv2.MORPH_CLOSE, _disc(CLOSE_SHARE * cell_px)
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
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, _disc(OPEN_SHARE * cell_px))
    return np.asarray(opened, dtype=np.bool_)


def _disc(diameter_px: float) -> npt.NDArray[np.uint8]:
    """Return a round structuring element."""
    side = max(3, round(diameter_px) | 1)
    return np.asarray(
        cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), dtype=np.uint8
    )


def _blobs(mask: Mask, cell_px: float) -> Iterator[Blob]:
    """Yield the connected pieces of a mask that are large enough for a card."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=4
    )
    for index in range(1, count):
        left, top, width, height, area = (int(value) for value in stats[index])
        if area >= MIN_AREA * cell_px**2:
            window = labels[top : top + height, left : left + width] == index
            yield Blob(_healed(window, cell_px), left, top)


def _healed(mask: Mask, cell_px: float) -> Mask:
    """Close the notches that writing at its edge leaves in a single blob.

    Wider than `_tidy` dares: here nothing can grow together with a neighbour.
    """
    reach = round(HEAL_SHARE * cell_px)
    padded = np.pad(mask.astype(np.uint8), reach)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, _disc(HEAL_SHARE * cell_px))
    return np.asarray(closed[reach:-reach, reach:-reach], dtype=np.bool_)


def _pieces_by_colour(
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
        piece = _tidy(own, cell_px)
        pieces.extend(
            Blob(part.mask, part.left + blob.left, part.top + blob.top)
            for part in _blobs(piece, cell_px)
        )
    return tuple(pieces)


def _hull_points(mask: Mask) -> npt.NDArray[np.float32]:
    """Return the convex hull of a mask's pixels, (N, 1, 2)."""
    rows, columns = np.nonzero(mask)
    points = np.column_stack([columns, rows]).astype(np.float32)
    return np.asarray(cv2.convexHull(points), dtype=np.float32)


def _as_card(blob: Blob, foreground: Mask, cell_px: float) -> Quad | None:
    """Return the outline of a blob that is one card, None if it is not."""
    hull = _hull_points(blob.mask)
    rectangle = cv2.minAreaRect(hull)
    long_px, short_px = max(rectangle[1]), min(rectangle[1])
    if short_px < 1 or long_px / short_px > MAX_ASPECT:
        return None
    if not MIN_AREA <= long_px * short_px / cell_px**2 <= MAX_AREA:
        return None
    inside = _drawn(cv2.boxPoints(rectangle), blob.mask.shape)
    size = max(1, int(inside.sum()))
    own = blob.area / size
    fill = float(((blob.window(foreground) | blob.mask) & inside).sum()) / size
    solidity = blob.area / max(1.0, cv2.contourArea(hull))
    round_enough = solidity >= MIN_SOLIDITY and own >= MIN_ROUND_FILL
    if (fill >= MIN_FILL and own >= MIN_OWN_FILL) or round_enough:
        return _moved(cv2.boxPoints(rectangle), blob)
    return None


def _as_torn_card(blob: Blob, typical: Size) -> Quad | None:
    """Return the outline of a blob with large gaps but a typical card's hull.

    Stickers, drawings and curled edges can take half of a card's colour away.
    """
    hull = _hull_points(blob.mask)
    rectangle = cv2.minAreaRect(hull)
    long_px, short_px = max(rectangle[1]), min(rectangle[1])
    area = max(1.0, long_px * short_px)
    alike = all(
        abs(side - usual) <= TORN_TOLERANCE * usual
        for side, usual in (
            (long_px, typical.long_px),
            (short_px, typical.short_px),
        )
    )
    hull_fill = cv2.contourArea(hull) / area
    if alike and hull_fill >= MIN_TORN_HULL and blob.area / area >= MIN_TORN_FILL:
        return _moved(cv2.boxPoints(rectangle), blob)
    return None


def _drawn(corners: npt.ArrayLike, shape: tuple[int, ...]) -> Mask:
    """Return the inside of a polygon as a mask."""
    canvas = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(canvas, np.rint(np.asarray(corners)).astype(np.int32), 1)
    return canvas.astype(np.bool_)


def _moved(corners: npt.ArrayLike, blob: Blob) -> Quad:
    """Return corners in a blob's bounding box as a quad on the board."""
    return Quad.from_unordered(
        np.asarray(corners, np.float64) + np.array([blob.left + 0.5, blob.top + 0.5])
    )


def _typical(quads: Sequence[Quad]) -> Size | None:
    """Return the median sides, None if there are too few cards."""
    if len(quads) < MIN_TYPICAL:
        return None
    sizes = np.array([sorted(quad.size_wh) for quad in quads])
    return Size(float(np.median(sizes[:, 1])), float(np.median(sizes[:, 0])))


def _fits(quad: Quad, typical: Size) -> bool:
    """Tell whether a quad is not larger than one typical card."""
    short_px, long_px = sorted(quad.size_wh)
    return (
        long_px <= MAX_GROWTH * typical.long_px
        and short_px <= MAX_GROWTH * typical.short_px
    )


def _cover(
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
        Cards in the blob that are known already; they are returned too.
    foreground : ndarray of shape (H, W), bool
        Of the whole board.
    typical : Size
    cell_px : float
    """
    uncovered = blob.mask.copy()
    for quad in found:
        uncovered &= ~_drawn(quad.to_array() - [blob.left, blob.top], uncovered.shape)
    quads = list(found)
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
        quads.append(_moved(candidates[best].corners, blob))
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
    outline = _outline(blob.mask)
    near = _near(outline, blob.mask.shape, EDGE_TOLERANCE * cell_px)
    filled = blob.window(foreground) | blob.mask
    kept = []
    for corners in _candidates(outline, typical, cell_px):
        support = _support(corners, near)
        if support < MIN_SUPPORT:
            continue
        candidate = Candidate(corners, _drawn(corners, blob.mask.shape), support)
        if (
            candidate.share_of(filled) >= MIN_COVER_FILL
            and candidate.share_of(blob.mask) >= MIN_OWN_FILL
        ):
            kept.append(candidate)
    return kept


def _outline(mask: Mask) -> npt.NDArray[np.int32]:
    """Return the outer contour of a mask, (N, 1, 2)."""
    contours, _ = cv2.findContours(
        mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    return np.asarray(max(contours, key=cv2.contourArea), dtype=np.int32)


def _near(
    outline: npt.NDArray[np.int32], shape: tuple[int, ...], distance_px: float
) -> Mask:
    """Return where the outline is not farther than a distance."""
    canvas = np.zeros(shape, np.uint8)
    thickness = max(1, round(2 * distance_px))
    cv2.polylines(canvas, [outline], isClosed=True, color=1, thickness=thickness)
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


def _support(corners: Points, near: Mask) -> float:
    """Return the part of a rectangle's outline that lies near the blob's own."""
    canvas = np.zeros(near.shape, np.uint8)
    cv2.polylines(
        canvas, [np.rint(corners).astype(np.int32)], isClosed=True, color=1, thickness=1
    )
    line = canvas.astype(np.bool_)
    perimeter = float(np.hypot(*(np.roll(corners, -1, axis=0) - corners).T).sum())
    return float((line & near).sum()) / max(1.0, perimeter * 0.9)
