"""Votes: sticker dots on a card, counted.

A dot is a disc of one colour that differs from the paper, of a size that stickers have.
Strokes vanish when the picture is opened; discs that touch are told apart by the peaks
of the distance transform (S. Beucher and C. Lantuéjoul, 1979). Dots that are drawn are
not counted, and what is doubtful is none (docs/how-cards-are-read.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from vision.image.arrays import Floats, Image, Mask, resized
from vision.image.colour import lab_of

SHORT_SIDE_PX = 240
"""To which a card's short side is brought: the smallest dot is then 19 pixels wide."""

SMALLEST, LARGEST = 0.08, 0.36
"""Widths of a dot in short sides of its card: stickers of 8 to 25 mm."""

SMALLEST_OF_INK = 0.11
"""The same for dots in the colour of the writing: bowls of small letters run full."""

LEAST_WIDTH_PX = 7.0
"""Width in the photo below which a dot cannot be told from letters that run together."""

LEAST_DIFFERENCE, LIGHTNESS_SHARE = 22.0, 0.6
"""Distance in CIE L*a*b* from which a colour is not the paper's in one light, and how
much lightness counts in it: shadows change it alone."""

PEAK, RIDGE_STEPS, ANGLES = 0.06, 24, 36
"""Of a dot's radius, by which it must rise above the ridge to the next dot; places of
that ridge, and around a rim, that are looked at."""

INSIDE, OUTSIDE = 0.4, 1.25
"""Radii of a dot up to which its own colour is seen, and at which what is around it."""

LEAST_EDGED, LEAST_EDGED_DOUBTFUL = 0.6, 0.85
"""Shares of the places around a rim that must be of another colour, for a dot may lie
on letters; and of one that is cut or in the colour of the writing."""

FASTENED = 0.17
"""Part of a card's short side from its top edge, and from its lower corners, where pins
and magnets are: a dot there is a vote only if there is one like it elsewhere."""

ALIKE = 0.25
"""By how much the radii of dots from one sheet seem to differ."""

STROKE_PX = round(0.8 * SMALLEST * SHORT_SIDE_PX)
"""What is thinner is writing."""

OWN, OWN_SHARE = 40.0, 0.6
"""Distance from a dot's colour, and share of the way to the paper's, that are its own."""

GLINT, LEAST_COVERED = 0.1, 0.65
"""Area of a glint in squares of the smallest dot's width; share of what a disc lies in
that discs cover."""

PAD = round(LARGEST * SHORT_SIDE_PX / 2)
"""Pixels around a card that mirror it."""

Colour = npt.NDArray[np.float32]
"""L*a*b*, lightness weighted by `LIGHTNESS_SHARE`, shape (3,)."""


class _Disc(NamedTuple):
    """A round place: centre and radius in pixels."""

    x: float
    y: float
    radius: float


def count_votes(crop: Image) -> int:
    """Return how many sticker dots are on a card.

    Parameters
    ----------
    crop : ndarray of shape (H, W, 3), uint8, BGR
        The card, edge to edge.
    """
    scale = SHORT_SIDE_PX / min(crop.shape[:2])
    card = resized(crop, scale)
    height, width = card.shape[:2]
    # A dot that sticks out is cut at the edge: its mirror image makes it whole.
    pixels = cv2.copyMakeBorder(card, PAD, PAD, PAD, PAD, cv2.BORDER_REFLECT)
    lab = lab_of(np.asarray(pixels, np.uint8)) * (LIGHTNESS_SHARE, 1, 1)
    dots = _dots(np.asarray(lab, np.float32), LEAST_WIDTH_PX * scale)
    return sum(not _fastens(dot, dots, (width, height)) for dot in dots)


def _dots(lab: Floats, least_width_px: float) -> dict[_Disc, Colour]:
    """Return the dots of a card, its picture padded by `PAD`, and their colours.

    First among all that is not paper; then among what has the colours that were found.
    Centres are counted from the card's corner.
    """
    paper = np.median(lab[PAD:-PAD, PAD:-PAD].reshape(-1, 3), axis=0)
    other = _differs(lab, paper, LEAST_DIFFERENCE)
    broad = _without_strokes(other)
    strokes = lab[other & ~broad]
    ink = np.median(strokes, axis=0) if len(strokes) else paper
    found: dict[_Disc, Colour] = {}
    for colour in _apart(_round_ones(lab, broad, paper, ink).values()):
        # What is of this colour rather than of the paper's.
        least = min(OWN, OWN_SHARE * float(np.linalg.norm(colour - paper)))
        own = _without_strokes(_with_holes_filled(~_differs(lab, colour, least)))
        alike = _round_ones(lab, own, paper, ink)
        found |= {disc: alike[disc] for disc in _that_fill(own, list(alike))}
    return {
        disc._replace(x=disc.x - PAD, y=disc.y - PAD): colour
        for disc, colour in found.items()
        if 2 * disc.radius >= least_width_px
    }


def _apart(colours: Iterable[Colour]) -> list[Colour]:
    kinds: list[Colour] = []
    for colour in colours:
        if all(_differs(colour, kind, LEAST_DIFFERENCE) for kind in kinds):
            kinds.append(colour)
    return kinds


def _with_holes_filled(mask: Mask) -> Mask:
    """Return a mask without small holes: glints on dots."""
    _, holes = cv2.connectedComponents((~mask).astype(np.uint8), connectivity=4)
    small = np.bincount(holes.ravel()) < GLINT * (SMALLEST * SHORT_SIDE_PX) ** 2
    return np.asarray(mask | small[holes], np.bool_)


def _round_ones(
    lab: Floats, broad: Mask, paper: Colour, ink: Colour
) -> dict[_Disc, Colour]:
    """Return discs in a mask that look like dots, and their colours."""
    discs = _discs(broad)
    height, width = broad.shape
    found: dict[_Disc, Colour] = {}
    for disc in discs:
        colour = _colour_of(lab, disc)
        away = float(np.linalg.norm(colour - paper))
        # Halfway to the paper at most: there a rim is, however blurred.
        step = min(LEAST_DIFFERENCE, away / 2)
        inky = np.linalg.norm(colour - ink) < step
        smallest = SMALLEST_OF_INK if inky else SMALLEST
        from_edge = min(disc.x, width - disc.x, disc.y, height - disc.y) - PAD
        doubtful = inky or from_edge < disc.radius
        least = LEAST_EDGED_DOUBTFUL if doubtful else LEAST_EDGED
        if (
            smallest <= 2 * disc.radius / SHORT_SIDE_PX <= LARGEST
            and away > LEAST_DIFFERENCE
            and _edged(lab, disc, colour, step, discs) >= least
        ):
            found[disc] = colour
    return found


def _that_fill(broad: Mask, discs: Sequence[_Disc]) -> list[_Disc]:
    """Return those discs that make up what they lie in, with the others there.

    A letter or a picture holds discs, but is more than these.
    """
    _, parts = cv2.connectedComponents(broad.astype(np.uint8))
    covered = np.zeros(broad.shape, np.uint8)
    for disc in discs:
        centre = round(disc.x), round(disc.y)
        cv2.circle(covered, centre, round(disc.radius), 1, cv2.FILLED)
    covered, parts = covered[PAD:-PAD, PAD:-PAD], parts[PAD:-PAD, PAD:-PAD]
    sizes = np.bincount(parts.ravel())
    filled = np.bincount(parts[covered > 0], minlength=len(sizes))
    return [
        disc
        for disc in discs
        for part in [parts[round(disc.y) - PAD, round(disc.x) - PAD]]
        if filled[part] >= LEAST_COVERED * sizes[part]
    ]


def _differs(lab: Floats, colour: Colour, least: float) -> Mask:
    return np.asarray(np.linalg.norm(lab - colour, axis=-1) > least, np.bool_)


def _without_strokes(other: Mask) -> Mask:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (STROKE_PX, STROKE_PX))
    return np.asarray(
        cv2.morphologyEx(other.astype(np.uint8), cv2.MORPH_OPEN, kernel), np.bool_
    )


def _discs(broad: Mask) -> list[_Disc]:
    """Return the largest discs that fit into a mask, their centres on the card."""
    inside = broad.astype(np.uint8)
    depth = np.asarray(
        cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE), np.float32
    )
    highest = (depth >= cv2.dilate(depth, np.ones((3, 3)))) & (depth > STROKE_PX / 2)
    peaks = np.argwhere(highest[PAD:-PAD, PAD:-PAD]) + PAD
    found: list[_Disc] = []
    for y, x in sorted(peaks.tolist(), key=lambda place: -depth[tuple(place)]):
        disc = _Disc(float(x), float(y), float(depth[y, x]))
        if not any(_is_same(depth, disc, one) for one in found):
            found.append(disc)
    return found


def _is_same(depth: Floats, disc: _Disc, larger: _Disc) -> bool:
    """Tell whether there is no ridge between a disc and a larger one.

    Nor is it another one if its centre is in the larger: nobody hides half a vote.
    """
    if np.hypot(disc.x - larger.x, disc.y - larger.y) < larger.radius:
        return True
    steps = np.linspace(0, 1, RIDGE_STEPS)
    x = np.rint(disc.x + (larger.x - disc.x) * steps).astype(int)
    y = np.rint(disc.y + (larger.y - disc.y) * steps).astype(int)
    return bool(depth[y, x].min() > (1 - PEAK) * disc.radius)


def _colour_of(lab: Floats, disc: _Disc) -> Colour:
    reach = INSIDE * disc.radius
    left, right = round(disc.x - reach), round(disc.x + reach) + 1
    top, bottom = round(disc.y - reach), round(disc.y + reach) + 1
    window = lab[max(0, top) : bottom, max(0, left) : right]
    return np.asarray(np.median(window.reshape(-1, 3), axis=0), np.float32)


def _edged(
    lab: Floats, disc: _Disc, colour: Colour, step: float, discs: Sequence[_Disc]
) -> float:
    """Return the share of a disc's rim outside which there is another colour.

    Where other discs lie beside it, or the card ends, there is no rim.
    """
    angles = np.arange(ANGLES) * 2 * np.pi / ANGLES
    x = np.rint(disc.x + OUTSIDE * disc.radius * np.cos(angles)).astype(int)
    y = np.rint(disc.y + OUTSIDE * disc.radius * np.sin(angles)).astype(int)
    height, width = lab.shape[:2]
    free = (x >= PAD) & (x < width - PAD) & (y >= PAD) & (y < height - PAD)
    for one in discs:
        free &= (np.hypot(x - one.x, y - one.y) > one.radius) | (one == disc)
    seen = lab[y[free], x[free]]
    return float(_differs(seen, colour, step).mean()) if free.any() else 0.0


def _fastens(
    dot: _Disc, dots: Mapping[_Disc, Colour], size_wh: tuple[int, int]
) -> bool:
    """Tell whether a dot is a pin or magnet: where these are, and none like it elsewhere.

    What is fastened at its lower corners is so at its top, too.
    """
    near = FASTENED * min(size_wh)
    at_top = elsewhere = False
    for one, colour in dots.items():
        if (
            abs(one.radius - dot.radius) < ALIKE * dot.radius
            and np.linalg.norm(colour - dots[dot]) < LEAST_DIFFERENCE
        ):
            at_side = min(one.x, size_wh[0] - one.x) < near
            at_corner = at_side and size_wh[1] - one.y < near
            at_top |= one.y < near
            elsewhere |= one.y >= near and not at_corner
    return at_top and not elsewhere
