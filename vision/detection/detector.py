"""The card detector: a small network, and quads from what it says of each pixel.

The network is trained on drawn boards only (`training`, docs/how-cards-are-found.md). Of
each pixel it says whether it is the core of a card, whether it is a card at all, whether
that card is written on, and where its corners are. The pixels of a card's core vote for
its corners, as in EAST (Zhou et al. 2017); votes that agree are averaged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from vision.image.arrays import Floats, Image
from vision.image.network import Network, load_network

STRIDE, MULTIPLE_PX = 4, 64
"""Pixels of the picture a pixel of the network's maps; a multiple of which its sides
are filled up to."""

CORE, MOST_VOTES, AGREEING = 0.4, 6000, 0.5
"""Probability from which a pixel votes; votes of a picture (above, every other
pixel's); IoU of bounds from which two are for the same card."""

MIN_SCORE = 0.6
"""Of a card: probability of its surest pixel, times how many voted, times how much of it
the mask fills. From .55 to .8 the F1 of drawn scenes is the same within .002."""

SAME_CARD, PART_OF_CARD, MIN_SHARED = 0.3, 0.6, 0.02
"""IoU of two cards, and share of the smaller one, from which the less sure is dropped,
and from which an overlap is judged: less is a fold."""

MIN_SIZE_PX, CORE_SHARE, NEARBY = 14, 0.3, 0.15
"""Root of the area of the smallest card; part of a card's area that its core has, as it
was trained; distance, in parts of its size, within which pixels know a corner alike."""


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """A card in a picture: corners, (4, 2), TL, TR, BR, BL, px; how sure, 0 to 1."""

    corners: Floats
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class CardMaps:
    """What the network says of a picture, at a quarter of its size.

    Probabilities, (H, W): of a card's core, of any visible part of a card, of one that
    is written on; and x and y of the corners relative to each pixel's middle, (8, H, W)
    px.
    """

    core: Floats
    mask: Floats
    written: Floats
    corners: Floats


def card_maps(pixels: Image) -> CardMaps:
    """Run the network on a straight board, (H, W, 3) uint8 BGR, cells of 110 px."""
    height, width = pixels.shape[:2]
    down, across = (-side % MULTIPLE_PX for side in (height, width))
    whole = np.pad(pixels, ((0, down), (0, across), (0, 0)))
    maps = _network().run(whole[None])
    maps = maps[:, : -(-height // STRIDE), : -(-width // STRIDE)]
    return CardMaps(maps[0], maps[1], maps[2], maps[3:])


@cache
def _network() -> Network:
    """Load the network once per process."""
    folder = Path(str(files("vision.detection")))
    return load_network(folder / "cards.onnx", memory="kept")


def detections(maps: CardMaps) -> tuple[Detection, ...]:
    """Return the cards that the votes of a picture's pixels agree on, surest first."""
    votes = _votes(maps)
    found: list[Detection] = []
    open_votes = np.ones(len(votes.weights), np.bool_)
    for first in np.argsort(-votes.weights):
        if not open_votes[first]:
            continue
        iou, _ = _overlaps(votes.bounds[first], votes.bounds)
        agreeing = open_votes & (iou > AGREEING)
        agreeing[first] = True
        open_votes &= ~agreeing
        corners = _convex(_agreed(votes, agreeing))
        area = abs(cv2.contourArea(corners.astype(np.float32)))
        if area < MIN_SIZE_PX**2:
            continue
        voters = agreeing.sum() * STRIDE**2 * votes.every / (CORE_SHARE * area)
        inside = _inside(corners, maps.mask.shape)
        if not inside.any():
            continue
        score = (
            float(votes.weights[first])
            * min(1.0, 0.5 + 0.5 * voters)
            * min(1.0, 0.3 + float(maps.mask[inside].mean()))
        )
        if score > MIN_SCORE:
            found.append(Detection(corners.astype(np.float32), score))
    return without_twins(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Votes:
    """What pixels (N, 2) vote for: corners (N, 4, 2), their bounds (N, 4), weights (N,).

    In px of the picture; one pixel in `every` votes.
    """

    pixels: Floats
    corners: Floats
    bounds: Floats
    weights: Floats
    every: int


def _votes(maps: CardMaps) -> _Votes:
    rows, columns = np.nonzero(maps.core > CORE)
    every = -(-len(rows) // MOST_VOTES)
    kept = (rows * 7 + columns * 3) % every == 0
    rows, columns = rows[kept], columns[kept]
    middles = np.stack([columns, rows], axis=1).astype(np.float32)
    middles = middles * STRIDE + np.float32((STRIDE - 1) / 2)
    corners = maps.corners[:, rows, columns].T.reshape(-1, 4, 2) + middles[:, None]
    bounds = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    return _Votes(middles, corners, bounds, maps.core[rows, columns], every)


def _agreed(votes: _Votes, agreeing: npt.NDArray[np.bool_]) -> Floats:
    """Return the corners that votes come to: the nearest pixels know each best."""
    corners, weights = votes.corners[agreeing], votes.weights[agreeing]
    mean = np.average(corners, axis=0, weights=weights)
    size = np.sqrt(max(abs(cv2.contourArea(mean.astype(np.float32))), 1))
    away = np.linalg.norm(votes.pixels[agreeing][:, None] - mean, axis=2) / size
    near = weights[:, None] / (away + NEARBY) ** 2
    return np.asarray(
        (corners * near[..., None]).sum(axis=0) / near.sum(axis=0)[:, None]
    )


def _convex(corners: Floats) -> Floats:
    """Return corners that make a card: as they are, or else their bounds."""
    sides = np.roll(corners, -1, axis=0) - corners
    following = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * following[:, 1] - sides[:, 1] * following[:, 0]
    if (turns > 1).all():
        return corners
    left, top, right, bottom = _bounds(corners)
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


def _overlaps(one: Floats, others: Floats) -> tuple[Floats, Floats]:
    """Return IoU of bounds with others, and their overlap as a share of the smaller."""
    low, high = np.maximum(one[:2], others[:, :2]), np.minimum(one[2:], others[:, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=1)
    area, areas = (
        (one[2:] - one[:2]).prod(),
        (others[:, 2:] - others[:, :2]).prod(axis=1),
    )
    return (
        shared / np.maximum(area + areas - shared, 1),
        shared / np.maximum(np.minimum(area, areas), 1),
    )


def _inside(corners: Floats, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Return the inner part of a card on the maps, (H, W)."""
    middle = corners.mean(axis=0)
    inner = ((corners - middle) * 0.8 + middle + 0.5) / STRIDE - 0.5
    canvas = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(canvas, np.rint(inner * 16).astype(np.int32), 1, cv2.LINE_8, 4)
    return canvas > 0


def without_twins(found: Sequence[Detection]) -> tuple[Detection, ...]:
    """Drop what is found twice, and parts of what is found whole."""
    kept: list[Detection] = []
    for card in sorted(found, key=lambda card: -card.score):
        if kept:
            bounds = np.stack([_bounds(other.corners) for other in kept])
            iou, part = _overlaps(_bounds(card.corners), bounds)
            if (iou > SAME_CARD).any() or (part > PART_OF_CARD).any():
                continue
        kept.append(card)
    return tuple(kept)


def _bounds(corners: Floats) -> Floats:
    return np.concatenate([corners.min(axis=0), corners.max(axis=0)])


def lying_on(maps: CardMaps, cards: Sequence[Detection]) -> tuple[tuple[int, ...], ...]:
    """Return for each card of a picture the indices of those that lie on it.

    Where two overlap, each pixel says where the corners of the upper one are.
    """
    above: list[list[int]] = [[] for _ in cards]
    for index, other in _near(cards):
        card, earlier = cards[index], cards[other]
        shared = _shared(card, earlier, maps.mask.shape)
        if shared.sum() * STRIDE**2 < min(_area(card), _area(earlier)) * MIN_SHARED:
            continue
        upper = _nearer(maps, shared, card, earlier)
        above[other if upper else index].append(index if upper else other)
    return tuple(tuple(sorted(one)) for one in above)


def _near(cards: Sequence[Detection]) -> list[list[int]]:
    """Return the pairs of cards of which the bounds overlap, the second one earlier."""
    corners = np.array([card.corners for card in cards]).reshape(-1, 4, 2)
    low, high = corners.min(axis=1), corners.max(axis=1)
    starts, ends = np.maximum(low[:, None], low), np.minimum(high[:, None], high)
    return np.argwhere(np.tril((starts < ends).all(axis=2), -1)).tolist()


def _nearer(
    maps: CardMaps, where: npt.NDArray[np.bool_], card: Detection, other: Detection
) -> bool:
    """Tell whether corners seen from there are rather the first card's."""
    rows, columns = np.nonzero(where)
    middles = np.stack([columns, rows], axis=1) * STRIDE + (STRIDE - 1) / 2
    seen = maps.corners[:, rows, columns].T.reshape(-1, 4, 2) + middles[:, None]
    off, other_off = (
        np.linalg.norm(seen - one.corners, axis=2).mean(axis=1) for one in (card, other)
    )
    return bool(np.median(off - other_off) < 0)


def _shared(
    one: Detection, other: Detection, shape: tuple[int, ...]
) -> npt.NDArray[np.bool_]:
    canvases = np.zeros((2, *shape), np.uint8)
    for canvas, card in zip(canvases, (one, other), strict=True):
        cv2.fillConvexPoly(canvas, np.rint(card.corners / STRIDE).astype(np.int32), 1)
    return np.asarray(canvases.all(axis=0), np.bool_)


def _area(card: Detection) -> float:
    return float(abs(cv2.contourArea(card.corners)))
