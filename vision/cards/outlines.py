"""From coloured blobs to the outlines of cards: one rectangle each.

A blob that is a rectangle is a card. One that is not (cards over cards of the
same colour) is covered with rectangles of the size that the board's other
cards have. What is neither, nor of a colour that cards have, is a passer-by.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from calibration.geometry import Points, Quad
from vision.cards.blobs import (
    MAX_AREA,
    MIN_AREA,
    Blob,
    blobs,
    drawn,
    hull_points,
    moved,
    pieces_by_colour,
    tidy,
)
from vision.cards.cover import MIN_OWN_FILL, Size, cover, near_outline, support
from vision.cards.colours import ColourMap, Mask

MAX_ASPECT = 5.0
"""Longest card: a long side of five short ones; tape and edges are longer."""

MIN_FILL = 0.80
"""Part of a rectangle that must be foreground for it to be a card: pins, ink
that the smoothing left, torn corners and curled edges take the rest."""

MIN_STRAIGHT = 0.6
"""Part of a rectangle's outline that a blob's own must follow to be straight."""

MIN_ROUND_FILL = 0.70
"""Part of its rectangle that a blob without dents must fill: circles (pi / 4),
ovals and clouds."""

MIN_SOLIDITY = 0.88
"""Area over area of the convex hull from which a blob has no dents."""

TORN_TOLERANCE = 0.25
"""How far the sides of a torn card may be off the typical ones."""

MIN_TORN_HULL, MIN_TORN_FILL = 0.82, 0.5
"""Part of its rectangle that a torn card's hull and the card itself must fill."""

MAX_GROWTH = 1.45
"""A side longer than this many typical sides may be more than one card."""

MIN_GROWTH = 0.55
"""A side shorter than this many typical sides is a fragment, on a board whose
cards are all of one size."""

MIN_ON_AREA = 0.3
"""Part of a colour in a blob that must lie on the cell area: a strip of
headings grows together with the cards below it."""

MAX_REMNANT = 0.4
"""Part of an odd shape that straight cards cover from which it is theirs."""

MAX_OVERLAP = 0.6
"""Intersection over union from which two outlines are the same card."""

MIN_TYPICAL = 3
"""Cards needed to know the typical size."""

MIN_UNIFORM, MAX_SPREAD = 5, 0.25
"""Cards needed, and how far their middle half may differ in size, for a board
to count as one of cards of one size."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A card's outline, before it is known whether to trust it.

    Parameters
    ----------
    quad : Quad
        In pixels of the colour map.
    colour : int
        Index of the colour that most of it has.
    straight : bool
        Whether its edges are straight, as those of paper are.
    """

    quad: Quad
    colour: int
    straight: bool


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What all blobs of a board share.

    Parameters
    ----------
    colours : ColourMap
    foreground : ndarray of shape (H, W), bool
        Where no background is, tidied.
    cell_px : float
        Geometric mean of a cell's sides in pixels.
    """

    colours: ColourMap
    foreground: Mask
    cell_px: float


def card_quads(
    colours: ColourMap, where: Mask, area: Mask, cell_px: float
) -> tuple[Quad, ...]:
    """Return the outlines of the coloured cards on a board.

    Parameters
    ----------
    colours : ColourMap
    where : ndarray of shape (H, W), bool
        The part of the board to look at.
    area : ndarray of shape (H, W), bool
        The cell area: what lies mostly outside is no card.
    cell_px : float
        Geometric mean of a cell's sides in pixels.

    Returns
    -------
    tuple of Quad
        In pixels of the colour map.
    """
    foreground = tidy(np.asarray(colours.foreground & where, np.bool_), cell_px)
    scene = Scene(colours, foreground, cell_px)
    whole = [
        blob
        for grown in blobs(foreground, cell_px)
        for blob in _without_headings(grown, scene, area)
    ]
    pieces = [pieces_by_colour(blob, colours, cell_px) for blob in whole]
    parts = [
        part
        for blob, own in zip(whole, pieces, strict=True)
        for part in (own or (blob,))
    ]
    singles = [outline for part in parts if (outline := _as_card(part, scene))]
    straight = [outline.quad for outline in singles if outline.straight]
    typical = _typical(straight)
    found = [
        outline
        for blob, own in zip(whole, pieces, strict=True)
        for outline in _cards_of(blob, own, scene, typical)
    ]
    smallest = typical if _uniform(straight) else None
    return _without_doubles(_trusted(found, smallest))


def _without_headings(blob: Blob, scene: Scene, area: Mask) -> tuple[Blob, ...]:
    """Return what is left of a blob without its colours beside the cell area."""
    labels = blob.window(scene.colours.labels)
    inside = blob.window(area)
    count = len(scene.colours.background)
    all_px = np.bincount(labels[blob.mask], minlength=count)
    inside_px = np.bincount(labels[blob.mask & inside], minlength=count)
    outside = inside_px < MIN_ON_AREA * all_px
    if not outside[labels[blob.mask]].any():
        return (blob,)
    left = tidy(np.asarray(blob.mask & ~outside[labels], np.bool_), scene.cell_px)
    return tuple(
        Blob(part.mask, part.left + blob.left, part.top + blob.top)
        for part in blobs(left, scene.cell_px)
    )


def _cards_of(
    blob: Blob, pieces: Sequence[Blob], scene: Scene, typical: Size | None
) -> list[Outline]:
    """Return the cards in a blob: itself, its pieces, or what covers them."""
    single = _as_card(blob, scene)
    if single is not None and (typical is None or _fits(single.quad, typical)):
        return [single]
    if typical is not None and (torn := _as_torn_card(blob, scene, typical)):
        return [torn]
    found = [
        outline
        for piece in pieces
        if len(pieces) > 1
        for outline in _cards_of(piece, (), scene, typical)
    ]
    if typical is not None:
        quads = [outline.quad for outline in found]
        for quad in cover(blob, quads, scene.foreground, typical, scene.cell_px):
            colour = _colour_in(blob.box_of(quad), blob, scene)
            found.append(Outline(quad, colour, straight=True))
    return found if len(found) > 1 or single is None else [single]


def _trusted(found: Sequence[Outline], smallest: Size | None) -> list[Quad]:
    """Leave out fragments, and odd shapes of a colour that no straight card has."""
    sized = [
        outline
        for outline in found
        if smallest is None or not _is_fragment(outline.quad, smallest)
    ]
    straight = [outline for outline in sized if outline.straight]
    paper = {outline.colour for outline in straight}
    return [
        outline.quad
        for outline in sized
        if outline.straight
        or not paper
        or (outline.colour in paper and not _is_remnant(outline, straight))
    ]


def _is_remnant(outline: Outline, straight: Sequence[Outline]) -> bool:
    """Tell whether an odd shape is a shaded part of cards already found."""
    shared = sum(outline.quad.overlap(other.quad) for other in straight)
    return shared > MAX_REMNANT * outline.quad.area


def _without_doubles(quads: Sequence[Quad]) -> tuple[Quad, ...]:
    """Leave out each quad that an earlier one nearly equals."""
    kept: list[Quad] = []
    for quad in quads:
        if all(quad.iou(other) < MAX_OVERLAP for other in kept):
            kept.append(quad)
    return tuple(kept)


def _as_card(blob: Blob, scene: Scene) -> Outline | None:
    """Return the outline of a blob that is one card, None if it is not."""
    hull = hull_points(blob.mask)
    rectangle = cv2.minAreaRect(hull)
    long_px, short_px = max(rectangle[1]), min(rectangle[1])
    if short_px < 1 or long_px / short_px > MAX_ASPECT:
        return None
    if not MIN_AREA <= long_px * short_px / scene.cell_px**2 <= MAX_AREA:
        return None
    corners = np.asarray(cv2.boxPoints(rectangle), np.float64)
    inside = drawn(corners, blob.mask.shape)
    size = max(1, int(inside.sum()))
    own = blob.area / size
    covered = blob.window(scene.foreground) | blob.mask
    fill = float((covered & inside).sum()) / size
    solid = blob.area / max(1.0, cv2.contourArea(hull)) >= MIN_SOLIDITY
    if (fill >= MIN_FILL and own >= MIN_OWN_FILL) or (solid and own >= MIN_ROUND_FILL):
        return _outline(corners, blob, scene)
    return None


def _as_torn_card(blob: Blob, scene: Scene, typical: Size) -> Outline | None:
    """Return the outline of a blob with large gaps but a typical card's hull.

    Stickers, drawings and curled edges can take half of a card's colour away.
    """
    hull = hull_points(blob.mask)
    rectangle = cv2.minAreaRect(hull)
    long_px, short_px = max(rectangle[1]), min(rectangle[1])
    area = max(1.0, long_px * short_px)
    alike = all(
        abs(side - usual) <= TORN_TOLERANCE * usual
        for side, usual in ((long_px, typical.long_px), (short_px, typical.short_px))
    )
    hull_fill = cv2.contourArea(hull) / area
    if alike and hull_fill >= MIN_TORN_HULL and blob.area / area >= MIN_TORN_FILL:
        return _outline(np.asarray(cv2.boxPoints(rectangle), np.float64), blob, scene)
    return None


def _outline(corners: Points, blob: Blob, scene: Scene) -> Outline:
    """Return a blob's rectangle, corners (4, 2) in its bounding box, as an outline."""
    followed = support(corners, near_outline(blob.mask, scene.cell_px))
    colour = _colour_in(corners, blob, scene)
    return Outline(moved(corners, blob), colour, straight=followed >= MIN_STRAIGHT)


def _colour_in(corners: Points, blob: Blob, scene: Scene) -> int:
    """Return the colour that most of a blob has inside of corners (4, 2)."""
    inside = drawn(corners, blob.mask.shape) & blob.mask
    labels = blob.window(scene.colours.labels)[inside if inside.any() else blob.mask]
    return int(np.bincount(labels).argmax())


def _typical(quads: Sequence[Quad]) -> Size | None:
    """Return the median sides, None if there are too few cards."""
    if len(quads) < MIN_TYPICAL:
        return None
    sizes = np.array([sorted(quad.size_wh) for quad in quads])
    return Size(float(np.median(sizes[:, 1])), float(np.median(sizes[:, 0])))


def _uniform(quads: Sequence[Quad]) -> bool:
    """Tell whether a board's cards are all of one size."""
    if len(quads) < MIN_UNIFORM:
        return False
    sizes = np.sort(np.sqrt([quad.area for quad in quads]))
    low, middle, high = np.percentile(sizes, [25, 50, 75])
    return bool((high - low) / middle <= MAX_SPREAD)


def _fits(quad: Quad, typical: Size) -> bool:
    """Tell whether a quad is not larger than one typical card."""
    short_px, long_px = sorted(quad.size_wh)
    return (
        long_px <= MAX_GROWTH * typical.long_px
        and short_px <= MAX_GROWTH * typical.short_px
    )


def _is_fragment(quad: Quad, typical: Size) -> bool:
    """Tell whether a quad is too small for a card of the typical size."""
    short_px, long_px = sorted(quad.size_wh)
    return (
        long_px < MIN_GROWTH * typical.long_px
        or short_px < MIN_GROWTH * typical.short_px
    )
