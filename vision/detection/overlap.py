"""Which of two cards that overlap lies on top: the one whose corners are seen there."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from vision.detection.detector import STRIDE, CardMaps, Detection

MIN_SHARED = 0.02
"""Part of the smaller card from which an overlap is judged: less is a fold."""


def lying_on(maps: CardMaps, cards: Sequence[Detection]) -> tuple[tuple[int, ...], ...]:
    """Return for each card of a picture the indices of those that lie on it.

    Each pixel says where the corners of the card are that is seen there. Where two
    cards overlap, that is the upper one.
    """
    above: list[list[int]] = [[] for _ in cards]
    for index, other in near(cards):
        card, earlier = cards[index], cards[other]
        shared = _shared(card, earlier, maps.mask.shape)
        if shared.sum() * STRIDE**2 < min(_area(card), _area(earlier)) * MIN_SHARED:
            continue
        upper = _nearer(maps, shared, card, earlier)
        above[other if upper else index].append(index if upper else other)
    return tuple(tuple(sorted(one)) for one in above)


def near(cards: Sequence[Detection]) -> list[list[int]]:
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
    """Return where two cards overlap on the maps."""
    canvases = np.zeros((2, *shape), np.uint8)
    for canvas, card in zip(canvases, (one, other), strict=True):
        cv2.fillConvexPoly(canvas, np.rint(card.corners / STRIDE).astype(np.int32), 1)
    return np.asarray(canvases.all(axis=0), np.bool_)


def _area(card: Detection) -> float:
    return float(abs(cv2.contourArea(card.corners)))
