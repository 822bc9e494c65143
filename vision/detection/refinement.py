"""Refinement: a card's sides are moved to where its paper ends.

The network knows a card's corners to within some hundredths of its size, and sees tilted
cards too upright; letters that a cut touches are misread. Along each side the picture is
asked where the colour of the card's own paper stops: the step is the mean over the whole
side, so that writing, which is foreign on both of its sides, counts for nothing. Each
end of a side moves by itself, from the card as the network saw it and from copies of it
that are turned; the start from which the paper ends most clearly wins. Where no step is
seen, as on a card that lies on others of its colour, a side stays where it was; unless
the paper goes on, ends further out, and the network sees a card there that is no other
one: a card that hangs over a bright line is often found up to that line only. So is a form
up to a rule that is printed across it, below its title: there the step counts for nothing.

Where a pin, a sticker or a bright line runs across a card, the network can see two. They are
one if the cards of this board are alike and both are smaller, but together just as large.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations

import cv2
import numpy as np
import numpy.typing as npt

from vision.detection.detector import STRIDE, CardMaps, Detection
from vision.image.arrays import Floats, Image

TURNS_DEG = (0, -15, 15)
"""Turns from which is started; `REACH` covers what lies between them. The first of equal
ones is taken."""

REACH, STEP, WINDOW = 0.08, 0.01, 3
"""How far a side's end may move, and between places that are tried, in parts of the
card's size (root of its area); steps on both sides of a place that are compared."""

SAMPLES, ENDS = 16, 0.08
"""Places along a side, and the part at each end that has none: corners are curled."""

FOREIGN = 40.0
"""Distance in Lab (8 bits) from which a colour is not at all that of the paper."""

DISTRUST = 16.0
"""By how much a move counts against a step: at `REACH`, as a tenth of the contrast.
From 8 to 32, drawn cards are refined alike, as with more turns, samples or steps."""


FAINT, PLAIN, FURTHER = 0.15, 0.35, (0.12, 0.24, 0.36)
"""Step below which a side is not seen to end, by how much more it must do further out,
and how far out that is sought, in parts of the card's size."""

CARD_THERE, OTHERS_THERE = 0.5, 0.3
"""Of what is added: the least mean of the network's mask, the most that others cover."""

MANY, ALIKE = 5, 0.15
"""Cards from which a board has a usual size, and how far off it half of them are at most,
in the logarithm of a side."""

PART, BOTH, USUAL = 0.8, 0.6, 0.2
"""Area of a part at most and of both at least, in parts of the usual card's, and how far off
its sides those of the joined card are at most, as `ALIKE`."""


def whole(found: Sequence[Detection]) -> tuple[Detection, ...]:
    """Join those that are two parts of one card; the surer one gives the rest."""
    if len(found) < MANY:
        return tuple(found)
    sides = _sides(np.stack([card.corners for card in found]))
    usual = np.median(sides, axis=0)
    off = np.abs(np.log(np.maximum(sides, 1) / usual)).max(axis=1)
    if np.median(off) > ALIKE:
        return tuple(found)
    shares = sides.prod(axis=1) / usual.prod()
    cards = dict(enumerate(found))
    parts = set(np.flatnonzero(shares < PART).tolist())
    for one, two in combinations(sorted(parts), 2):
        if {one, two} <= parts and shares[one] + shares[two] > BOTH:
            corners = _around(found[one].corners, found[two].corners)
            joint = np.maximum(_sides(corners[None])[0], 1)
            if np.abs(np.log(joint / usual)).max() < USUAL:
                surer = max((found[one], found[two]), key=lambda card: card.score)
                cards[one] = replace(surer, corners=corners)
                del cards[two]
                parts -= {one, two}
    return tuple(cards.values())


def _sides(quads: Floats) -> Floats:
    """Return the mean width and height of quads, (N, 2)."""
    lengths = np.linalg.norm(np.roll(quads, -1, axis=1) - quads, axis=2)
    return np.asarray((lengths[:, :2] + lengths[:, 2:]) / 2)


def _around(one: Floats, two: Floats) -> Floats:
    """Return the corners of the card of which two quads are parts: the outer ones."""
    both = np.stack([one, two])
    away = np.linalg.norm(both - both.mean(axis=(0, 1)), axis=2)
    return np.asarray(both[away.argmax(axis=0), np.arange(4)], np.float32)


def refined(
    pixels: Image, maps: CardMaps, found: Sequence[Detection]
) -> tuple[Detection, ...]:
    """Move the sides of cards to where their paper ends.

    Takes the picture, (H, W, 3) uint8 BGR, in which they were found, and what the network
    says of it; gives the same cards in their order.
    """
    if not found:
        return ()
    picture = np.ascontiguousarray(pixels)
    lab = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2LAB), np.uint8)
    quads = np.stack([card.corners for card in found])
    paper = np.stack([_colour(lab, quad) for quad in quads])
    tried = [_fitted(lab, _turned(quads, degrees), paper) for degrees in TURNS_DEG]
    best = np.argmax([clear.mean(axis=1) for _, clear in tried], axis=0)
    numbers = np.arange(len(found))
    moved = np.stack([corners for corners, _ in tried])[best, numbers]
    clear = np.stack([clear for _, clear in tried])[best, numbers]
    for number, corners in _grown(lab, maps.mask, moved, clear, paper).items():
        moved[number] = corners
    return tuple(
        replace(card, corners=corners)
        for card, corners in zip(found, moved, strict=True)
    )


def _turned(quads: Floats, degrees: float) -> Floats:
    angle = np.deg2rad(degrees)
    turn = [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    middles = quads.mean(axis=1, keepdims=True)
    return np.asarray((quads - middles) @ np.array(turn) + middles, np.float32)


def _fitted(lab: Image, quads: Floats, paper: Floats) -> tuple[Floats, Floats]:
    """Return quads with their sides moved, and how clear each is: (cards, 4), -1 to 1."""
    sizes = np.array([np.sqrt(abs(cv2.contourArea(quad))) for quad in quads])
    ends = np.stack([quads, np.roll(quads, -1, axis=1)], axis=2)
    along = ends[:, :, 1] - ends[:, :, 0]
    length = np.maximum(np.linalg.norm(along, axis=2, keepdims=True), 1)
    outwards = np.stack([along[..., 1], -along[..., 0]], axis=-1) / length
    moves, clear = _moves(_steps(lab, paper, sizes, ends, outwards))
    by = (moves * sizes[:, None, None])[..., None]
    return _crossings(ends + outwards[:, :, None] * by, quads), clear


def _grown(
    lab: Image, mask: Floats, quads: Floats, clear: Floats, paper: Floats
) -> dict[int, Floats]:
    """Return the corners of cards whose paper goes on beyond a side, by their number."""
    covered = [_filled(quad, mask.shape) for quad in quads]

    def free(card: int, quad: Floats) -> bool:
        """Tell whether the network sees a card in what is added, and no other one."""
        added = _filled(quad, mask.shape) & ~covered[card]
        others = sum(
            float((added & other).sum())
            for number, other in enumerate(covered)
            if number != card
        )
        return bool(
            added.any()
            and mask[added].mean() >= CARD_THERE
            and others <= OTHERS_THERE * added.sum()
        )

    # Where the card goes on, the step is a rule's across its paper.
    goes_on = np.array(
        [
            [free(card, _widened(quad, side, FURTHER[0])) for side in range(4)]
            for card, quad in enumerate(quads)
        ]
    )
    ends_here = np.where(goes_on, np.minimum(clear, 0.0), clear)
    sides = [(card, side) for card, side in np.argwhere(ends_here < FAINT).tolist()]
    tries = [(card, side, by) for card, side in sides for by in FURTHER]
    if not tries:
        return {}
    cards = [card for card, _, _ in tries]
    wider = np.stack([_widened(quads[card], side, by) for card, side, by in tries])
    corners, found = _fitted(lab, wider, paper[cards])
    best: dict[int, tuple[float, Floats]] = {}
    for (card, side, _), quad, ends in zip(tries, corners, found, strict=True):
        gain = float(ends[side] - ends_here[card, side])
        if gain >= max(PLAIN, best.get(card, (0.0, quad))[0]) and free(card, quad):
            best[card] = gain, quad
    return {card: quad for card, (_, quad) in best.items()}


def _widened(quad: Floats, side: int, by: float) -> Floats:
    """Return a quad whose side is further out, along the sides beside it."""
    wider, size = quad.copy(), np.sqrt(abs(cv2.contourArea(quad)))
    for corner, inner in ((side, side - 1), ((side + 1) % 4, (side + 2) % 4)):
        way = quad[corner] - quad[inner]
        wider[corner] += way / max(float(np.linalg.norm(way)), 1) * by * size
    return wider


def _filled(quad: Floats, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Return where a quad lies on the network's maps."""
    canvas = np.zeros(shape, np.uint8)
    on_maps = (quad + 0.5) / STRIDE - 0.5
    return cv2.fillConvexPoly(canvas, np.rint(on_maps).astype(np.int32), 1) > 0


def _colour(lab: Image, quad: Floats) -> Floats:
    """Return the median colour of a card's inner part, (3,)."""
    middle = quad.mean(axis=0)
    inner = np.rint((quad - middle) * 0.8 + middle).astype(np.int32)
    left, top = np.maximum(inner.min(axis=0), 0).tolist()
    right, bottom = (inner.max(axis=0) + 1).tolist()
    place = lab[top:bottom, left:right]
    mask = np.zeros(place.shape[:2], np.uint8)
    if mask.size:
        cv2.fillConvexPoly(mask, inner - np.array([left, top], np.int32), 1)
    if not mask.any():
        return np.zeros(3, np.float32)
    return np.asarray(np.median(place[mask > 0], axis=0), np.float32)


def _steps(
    lab: Image, paper: Floats, sizes: Floats, ends: Floats, outwards: Floats
) -> Floats:
    """Return how much paper ends at each place along and across each side.

    (cards, 4 sides, `SAMPLES`, places across), -1 to 1.
    """
    reach = round(REACH / STEP)
    across = (np.arange(-reach - WINDOW, reach + WINDOW) + 0.5) * STEP
    share = np.linspace(ENDS, 1 - ENDS, SAMPLES)[:, None]
    on_side = ends[:, :, None, 0] * (1 - share) + ends[:, :, None, 1] * share
    away = across[None, :] * sizes[:, None]
    points = (
        on_side[:, :, :, None]
        + outwards[:, :, None, None] * away[:, None, None, :, None]
    )
    x, y = (points[..., axis].astype(np.float32) for axis in (0, 1))
    rows = (4 * SAMPLES, len(across))
    # A card at a time: OpenCV's pictures have at most 32,767 rows.
    seen = np.stack(
        [
            cv2.remap(
                lab,
                of_x.reshape(rows),
                of_y.reshape(rows),
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            ).reshape(4, SAMPLES, len(across), 3)
            for of_x, of_y in zip(x, y, strict=True)
        ]
    )
    apart = np.linalg.norm(seen - paper[:, None, None, None], axis=-1)
    foreign = np.minimum(apart / FOREIGN, 1)
    total = np.cumsum(np.pad(foreign, [(0, 0)] * 3 + [(1, 0)]), axis=3)
    at = np.arange(2 * reach + 1) + WINDOW
    outside = total[..., at + WINDOW] - total[..., at]
    inside = total[..., at] - total[..., at - WINDOW]
    return np.asarray((outside - inside) / WINDOW, np.float32)


def _moves(steps: Floats) -> tuple[Floats, Floats]:
    """Return by how much each end of each side moves, and how clearly the paper ends.

    (cards, 4, 2), in parts of the card's size; (cards, 4), -1 to 1.
    """
    places = steps.shape[3]
    moves = (np.arange(places) - places // 2) * STEP
    every = steps.reshape(-1, SAMPLES * places) @ _ways(places)
    every -= (DISTRUST * (moves[:, None] ** 2 + moves**2)).astype(np.float32).ravel()
    every = every.reshape(len(steps), 4, -1)
    best = every.argmax(axis=-1)
    ends = np.stack([moves[best // places], moves[best % places]], axis=-1)
    return ends.astype(np.float32), every.max(axis=-1)


@cache
def _ways(places: int) -> Floats:
    """Return the share that a step has in the mean over each way across a side.

    (`SAMPLES` * places, places * places): ways lead from any place at one end to any at
    the other.
    """
    first, last = np.indices((places, places)).reshape(2, -1)
    share = np.linspace(ENDS, 1 - ENDS, SAMPLES)[:, None]
    at = np.rint(first * (1 - share) + last * share)
    crossed = at[:, None] == np.arange(places)[:, None]
    return np.asarray(crossed.reshape(-1, places**2) / SAMPLES, np.float32)


def _crossings(sides: Floats, quads: Floats) -> Floats:
    """Return where neighbouring sides meet, (cards, 4, 2); quads where they don't."""
    start, way = sides[:, :, 0], sides[:, :, 1] - sides[:, :, 0]
    before, before_way = np.roll(start, 1, axis=1), np.roll(way, 1, axis=1)
    turn = before_way[..., 0] * way[..., 1] - before_way[..., 1] * way[..., 0]
    gap = start - before
    meets = (gap[..., 0] * way[..., 1] - gap[..., 1] * way[..., 0]) / np.where(
        turn > 1, turn, 1
    )
    corners = before + before_way * meets[..., None]
    whole = (turn > 1).all(axis=1)[:, None, None]
    return np.where(whole, corners, quads).astype(np.float32)
