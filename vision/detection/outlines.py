"""From coloured blobs to the outlines of cards: one rectangle each.

A blob that is a rectangle is a card. One that is not (cards over cards of the
same colour) is covered with rectangles of the size that the board's other
cards have. What is neither, nor of a colour that cards have, is a passer-by.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from calibration.geometry import Points, Quad, Rect
from vision.detection.blobs import (
    MAX_AREA,
    MIN_AREA,
    Blob,
    blobs,
    drawn,
    fitted_rectangle,
    hull_points,
    moved,
    pieces_by_colour,
    tidy,
)
from vision.detection.cover import MIN_OWN_FILL, cover, near_outline, support
from vision.detection.divide import divided
from vision.detection.edges import rectangle_edges
from vision.detection.sizes import Size, fits, typical_size
from vision.detection.trust import Outline, trusted, without_doubles
from vision.detection.views import Search
from vision.image.arrays import Image, Mask, window_of
from vision.image.colour import ColourMap
from vision.image.parallel import on_both_cores

MAX_ASPECT = 5.0
"""Longest card: a long side of five short ones; tape and edges are longer."""

MIN_FILL = 0.80
"""Part of a rectangle that must be foreground for it to be a card: pins, ink
that the smoothing left, torn corners and curled edges take the rest."""

MAX_SPILL = 0.2
"""What a blob may have beside its rectangle, in rectangles: a hand, a shadow, but
not another card."""

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

MIN_COVER_EDGES = 0.55
"""Part of a covering rectangle's outline that must be an edge in the picture: on
top of its blob's outline, cards over cards have edges of their own."""

MAX_BETWEEN = 0.06
"""Part of a blob that may lie between cards of different colours and be of neither."""

MAX_ON_IT = 0.5
"""Part of a piece of another colour that may lie on a card's own rectangle: more is a
sticker."""

MIN_DOUBLE = 1.15
"""Area in typical cards from which a card may be two over each other."""

CLEAN_FIT, MIN_GAIN = 0.93, 0.03
"""Shared over joint area of blob and rectangle from which it is one card for sure,
and by how much two cards must explain it better than one."""

MAX_MAIN = 0.85
"""Part of a blob from which its largest piece of one colour is all of it: the rest
are stickers, shades and light spots."""

MIN_ON_AREA = 0.3
"""Part of a colour in a blob that must lie on the cell area: a strip of
headings grows together with the cards below it."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What all blobs of a board share.

    Parameters
    ----------
    colours : ColourMap
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        The shrunk board.
    foreground : ndarray of shape (H, W), bool
        Where no background is, tidied.
    cell_px : float
        Geometric mean of a cell's sides in pixels.
    """

    colours: ColourMap
    pixels: Image
    foreground: Mask
    cell_px: float


def card_quads(
    pixels: Image,
    search: Search,
    area: Mask,
    cell_px: float,
    hung: Sequence[Outline] = (),
) -> tuple[Quad, ...]:
    """Return the outlines of the coloured cards on a board.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        The shrunk board.
    search : Search
        Where to look in these pixels.
    area : ndarray of shape (H, W), bool
        The cell area: what lies mostly outside is no card.
    cell_px : float
        Geometric mean of a cell's sides in pixels.
    hung : sequence of Outline
        Cards that need not be looked for; they tell what cards look like.

    Returns
    -------
    tuple of Quad
        In these pixels, without those of `hung`.
    """
    colours = search.near.colours
    foreground, grown = _in_windows(search, cell_px)
    scene = Scene(colours, pixels, foreground, cell_px)
    whole = [blob for one in grown for blob in _without_headings(one, scene, area)]
    pieces = on_both_cores(lambda blob: pieces_by_colour(blob, colours, cell_px), whole)
    parts = [
        part
        for blob, own in zip(whole, pieces, strict=True)
        for part in (own or (blob,))
    ]
    singles = on_both_cores(lambda part: _as_card(part, scene), parts)
    straight = [
        outline.quad
        for outline in (*hung, *singles)
        if outline is not None and outline.straight
    ]
    typical = typical_size(straight)
    bounds = _bounds(search.around)
    in_each = on_both_cores(
        lambda both: _cards_of(*both, scene, typical), zip(whole, pieces, strict=True)
    )
    found = [
        replace(outline, apart=not _reaches_in(blob, bounds))
        for blob, outlines in zip(whole, in_each, strict=True)
        for outline in outlines
    ]
    alike = typical is not None and typical.alike
    kept = trusted(found, pixels, typical, one_size=alike, hung=hung)
    return without_doubles(kept, typical)


def _in_windows(search: Search, cell_px: float) -> tuple[Mask, list[Blob]]:
    """Return where no background is, tidied, and its pieces: window by window."""
    colours = search.near.colours
    foreground = np.asarray(colours.foreground & search.where, np.bool_)

    def look(window: Rect) -> list[Blob]:
        part = window_of(foreground, window)
        part[:] = tidy(part, cell_px)
        left, top = round(window.left), round(window.top)
        return [
            Blob(blob.mask, blob.left + left, blob.top + top)
            for blob in blobs(part, cell_px)
        ]

    pieces = on_both_cores(look, search.windows)
    return foreground, [blob for part in pieces for blob in part]


def _bounds(mask: Mask) -> Rect:
    """Return the bounding rect of a mask, empty if the mask is."""
    columns = np.flatnonzero(mask.any(axis=0))
    rows = np.flatnonzero(mask.any(axis=1))
    if len(columns) == 0:
        return Rect(0, 0, 0, 0)
    return Rect(columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)


def _reaches_in(blob: Blob, bounds: Rect) -> bool:
    """Tell whether a blob goes on beyond the part of the board that is looked at."""
    height, width = blob.mask.shape
    return bool(
        blob.left <= bounds.left
        or blob.top <= bounds.top
        or blob.left + width >= bounds.right
        or blob.top + height >= bounds.bottom
    )


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
    if single is not None and (typical is None or fits(single.quad, typical)):
        return _or_two(single, blob, pieces, scene, typical)
    if typical is not None and (torn := _as_torn_card(blob, scene, typical)):
        return [torn]
    largest = max((piece.area for piece in pieces), default=0)
    several = len(pieces) > 1 and largest < MAX_MAIN * blob.area
    if single is not None and single.straight and typical is not None and not several:
        parts = divided(single, scene.pixels, typical)
        if len(parts) > 1:
            return parts
        return _or_two(single, blob, pieces, scene, typical)
    if _is_strip(blob):
        return []
    found = [
        outline
        for piece in pieces
        if several
        for outline in _cards_of(piece, (), scene, typical)
    ]
    if typical is not None:
        found.extend(_covering(blob, found, scene, typical))
    return found if found or single is None else [single]


def _covering(
    blob: Blob, known: Sequence[Outline], scene: Scene, typical: Size
) -> list[Outline]:
    """Return typical cards that cover the rest of a blob and have edges there."""
    quads = [outline.quad for outline in known]
    return [
        Outline(quad, _colour_in(blob.box_of(quad), blob, scene), straight=True)
        for quad in cover(blob, quads, scene.foreground, typical, scene.cell_px)
        if rectangle_edges(scene.pixels, quad.to_array()).mean() >= MIN_COVER_EDGES
    ]


def _or_two(
    single: Outline,
    blob: Blob,
    pieces: Sequence[Blob],
    scene: Scene,
    typical: Size | None,
) -> list[Outline]:
    """Return a card, or the cards over each other that explain its blob better."""
    if typical is None:
        return [single]
    if single.quad.area < MIN_DOUBLE * typical.long_px * typical.short_px:
        return [single]
    alone = _explained(blob, [single])
    by_colour = [
        outline
        for piece in pieces
        if (outline := _as_card(piece, scene)) and fits(outline.quad, typical)
    ]
    if _two_papers(by_colour) and _explained(blob, by_colour) >= alone - MAX_BETWEEN:
        return by_colour
    if alone >= CLEAN_FIT:
        return [single]
    for several in (by_colour, _covering(blob, (), scene, typical)):
        if len(several) > 1 and _explained(blob, several) >= alone + MIN_GAIN:
            return several
    return [single]


def _two_papers(outlines: Sequence[Outline]) -> bool:
    """Tell whether rectangles of different colours are cards, not stickers on one."""
    return (
        len(outlines) > 1
        and all(outline.straight for outline in outlines)
        and all(
            one.quad.overlap(other.quad)
            < MAX_ON_IT * min(one.quad.area, other.quad.area)
            for one, other in itertools.combinations(outlines, 2)
        )
    )


def _explained(blob: Blob, outlines: Sequence[Outline]) -> float:
    """Return how well cards explain a blob: shared over joint area, 0 to 1."""
    covered = np.zeros(blob.mask.shape, np.bool_)
    outside = 0.0
    for outline in outlines:
        inside = drawn(blob.box_of(outline.quad), blob.mask.shape)
        covered |= inside
        outside += max(0.0, outline.quad.area - float(inside.sum()))
    shared = float((covered & blob.mask).sum())
    return shared / max(1.0, float((covered | blob.mask).sum()) + outside)


def _is_strip(blob: Blob) -> bool:
    """Tell whether a blob is one long strip: a break for all rooms, or tape."""
    corners = fitted_rectangle(blob.mask)
    short_px, long_px = sorted(np.hypot(*(corners[1:3] - corners[:2]).T))
    filled = blob.area >= MIN_FILL * long_px * short_px
    return bool(filled and long_px > MAX_ASPECT * max(1.0, short_px))


def _as_card(blob: Blob, scene: Scene) -> Outline | None:
    """Return the outline of a blob that is one card, None if it is not."""
    hull = hull_points(blob.mask)
    corners = fitted_rectangle(blob.mask)
    short_px, long_px = sorted(np.hypot(*(corners[1:3] - corners[:2]).T))
    if short_px < 1 or long_px / short_px > MAX_ASPECT:
        return None
    if not MIN_AREA <= long_px * short_px / scene.cell_px**2 <= MAX_AREA:
        return None
    inside = drawn(corners, blob.mask.shape)
    size = max(1, int(inside.sum()))
    if float((blob.mask & ~inside).sum()) > MAX_SPILL * size:
        return None
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
