"""Which outlines are cards: what has neither edges nor the colour of paper is not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from calibration.geometry import Quad, Rect
from vision.detection.edges import rectangle_edges
from vision.detection.sizes import Size, is_fragment, is_scrap
from vision.image.arrays import Image

MAX_REMNANT = 0.4
"""Part of an odd shape that straight cards cover from which it is theirs."""

MAX_OVERLAP = 0.6
"""Intersection over union from which two outlines are the same card."""

MIN_SIDES = (0.0, 0.55, 0.65, 0.65)
"""Part of each side along which a card has an edge, the poorest side first: one may
lie under another card or in the shade. Of real cards 98% pass."""

MIN_ALL_SIDES = 0.95
"""The same of every side of a card much smaller than the board's others: what a
passer-by leaves of a card has a side that is somebody's outline."""

MIN_SMALL = 0.35
"""Sides of such a card in typical ones: less is a label."""

GROWN, MIN_TOUCHED, MAX_ON_OTHER = 0.15, 0.03, 0.5
"""By which part of its sides such a card is grown to touch others, which part of that
must then lie on another card, and which part of itself may: a small card hangs over the
edge of a larger one, a sticker lies on it. Of 128 boards' small rectangles that is true
of six, real cards all."""

MIN_ODD = 2
"""Odd shapes of one colour that make it paper's, on a board without straight cards."""

MIN_PART, MAX_JOINED = 0.4, 1.2
"""Part of the smaller of two outlines that both share, and sides of a rectangle
around both in typical ones, up to which they are parts of one card."""

MAX_INSIDE, MAX_INSIDE_SIZE = 0.7, 0.7
"""Part of a small outline that lies in a larger one, and its size in larger ones,
from which it is writing or a sticker on that card."""


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
    apart : bool
        Whether it lies apart from whatever reaches in from beside the board.
    """

    quad: Quad
    colour: int
    straight: bool
    apart: bool = True


def trusted(
    found: Sequence[Outline],
    pixels: Image,
    typical: Size | None,
    *,
    one_size: bool,
    hung: Sequence[Outline] = (),
) -> list[Quad]:
    """Return the outlines that are those of cards.

    Left out are scraps, what has no edges, odd shapes of a colour that no straight
    card has, and what hangs together with things beside the board (passers-by)
    and is not of such a colour either.

    Parameters
    ----------
    found : sequence of Outline
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        The shrunk board.
    typical : Size or None
        Of the board's cards, if there are enough of them.
    one_size : bool
        Whether all cards of the board are of that size.
    hung : sequence of Outline
        Cards that are trusted already.
    """
    edged = _of_card_size(
        [outline for outline in found if _has_edges(outline.quad, pixels)],
        pixels,
        typical,
        one_size=one_size,
    )
    straight = [outline for outline in (*hung, *edged) if outline.straight]
    paper = {outline.colour for outline in straight if outline.apart}
    colours = [outline.colour for outline in edged]
    # A head is one odd shape; a board of round cards has several of a colour.
    round_paper = {c for c in colours if not paper and colours.count(c) >= MIN_ODD}
    return [
        outline.quad
        for outline in edged
        if (
            outline.colour in paper
            and (outline.straight or not _is_remnant(outline, straight))
        )
        or (outline.apart and (outline.straight or outline.colour in round_paper))
    ]


def _of_card_size(
    found: Sequence[Outline], pixels: Image, typical: Size | None, *, one_size: bool
) -> list[Outline]:
    """Return the outlines that are not too small for cards of this board."""
    large = [
        outline
        for outline in found
        if not _too_small(outline.quad, typical, one_size=one_size)
    ]
    if typical is None or len(large) == len(found):
        return large
    return [
        outline
        for outline in found
        if outline in large or _is_small_card(outline, large, pixels, typical)
    ]


def _is_small_card(
    outline: Outline, large: Sequence[Outline], pixels: Image, typical: Size
) -> bool:
    """Tell whether something small is a whole card that hangs over a large one."""
    quad = outline.quad
    short_px, long_px = sorted(quad.size_wh)
    if (
        not (outline.straight and outline.apart)
        or is_scrap(quad, typical)
        or min(short_px / typical.short_px, long_px / typical.long_px) < MIN_SMALL
    ):
        return False
    corners = quad.to_array()
    grown = Quad.from_array(corners + (corners - quad.centre) * GROWN)
    others = [other.quad for other in large]
    touched = max((grown.overlap(other) for other in others), default=0.0)
    shared = max((quad.overlap(other) for other in others), default=0.0)
    if touched < MIN_TOUCHED * grown.area or shared > MAX_ON_OTHER * quad.area:
        return False
    return bool((rectangle_edges(pixels, corners) >= MIN_ALL_SIDES).all())


def _too_small(quad: Quad, typical: Size | None, *, one_size: bool) -> bool:
    """Tell whether a quad is smaller than this board's cards can be."""
    if typical is None:
        return False
    return is_scrap(quad, typical) or (one_size and is_fragment(quad, typical))


def _has_edges(quad: Quad, pixels: Image) -> bool:
    """Tell whether there are edges along nearly all of a quad's outline."""
    sides = np.sort(rectangle_edges(pixels, quad.to_array()))
    return bool((sides >= MIN_SIDES).all())


def _is_remnant(outline: Outline, straight: Sequence[Outline]) -> bool:
    """Tell whether an odd shape is a shaded part of cards already found."""
    shared = sum(outline.quad.overlap(other.quad) for other in straight)
    return shared > MAX_REMNANT * outline.quad.area


def without_doubles(quads: Sequence[Quad], typical: Size | None) -> tuple[Quad, ...]:
    """Leave out each quad that an earlier one nearly equals, and small ones inside.

    Parts of one card, in light and in shade, become one.
    """
    kept: list[tuple[Quad, Rect]] = []
    for quad in _joined(quads, typical):
        if all(quad.iou(other) < MAX_OVERLAP for other in _near(quad.bounds, kept)):
            kept.append((quad, quad.bounds))
    return tuple(
        quad
        for quad, bounds in kept
        if not any(_lies_on(quad, other) for other in _near(bounds, kept))
    )


def _near(bounds: Rect, others: Sequence[tuple[Quad, Rect]]) -> Iterator[Quad]:
    """Yield the quads whose bounds share anything with these: few of a board's."""
    return (quad for quad, around in others if bounds.overlap(around) > 0)


def _joined(quads: Sequence[Quad], typical: Size | None) -> list[Quad]:
    """Join quads that share much of their area and are one card's size together."""
    joined: list[Quad] = []
    for quad in quads:
        bounds = quad.bounds
        for index, other in enumerate(joined):
            near = bounds.overlap(other.bounds) > 0
            shared = near and quad.overlap(other) > MIN_PART * min(
                quad.area, other.area
            )
            both = _around(quad, other) if shared and typical else None
            if both is not None and typical is not None and _is_one(both, typical):
                joined[index] = both
                break
        else:
            joined.append(quad)
    return joined


def _around(quad: Quad, other: Quad) -> Quad:
    """Return the smallest rectangle around two quads."""
    points = np.concatenate([quad.to_array(), other.to_array()]).astype(np.float32)
    return Quad.from_unordered(cv2.boxPoints(cv2.minAreaRect(points)))


def _is_one(quad: Quad, typical: Size) -> bool:
    """Tell whether a quad is no larger than one card."""
    short_px, long_px = sorted(quad.size_wh)
    return (
        long_px <= MAX_JOINED * typical.long_px
        and short_px <= MAX_JOINED * typical.short_px
    )


def _lies_on(quad: Quad, other: Quad) -> bool:
    """Tell whether a quad is a small thing on a card."""
    return quad.area < MAX_INSIDE_SIZE * other.area and (
        quad.overlap(other) > MAX_INSIDE * quad.area
    )
