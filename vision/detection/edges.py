"""Straight edges on the board's picture: where one paper ends and another begins.

Ink makes edges, too, but none that run straight from end to end.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Point, Points
from vision.image.arrays import Image
from vision.image.colour import brightest_channel

MIN_STEP = 8.0
"""Difference in a channel (0 to 255) over two pixels that makes an edge; a photo's
noise at this size is 2 or 3."""

SEARCH_PX = 5
"""How far beside its expected place an edge is looked for."""

END_SHARE = 0.08
"""Part at either end of a side that is not looked at: corners are round or bent."""

BESIDE_PX, LEAN_PX = 8, 4
"""How far beside its expected place, and how much farther at one end than at the
other, an edge is looked for of which the place is guessed."""

OFF_COST, LEAN_COST = 0.0005, 0.002
"""Part of an edge that each of these pixels counts for: of equal edges the nearest."""


def edge_share(pixels: Image, start: Points, end: Points) -> float:
    """Return along which part of a straight way an edge runs, 0 to 1.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        The board.
    start, end : ndarray of shape (2,), float64
        Ends of the way, in its pixels.
    """
    steps = _steps(pixels, start, end, SEARCH_PX)
    skipped = round(END_SHARE * steps.shape[1])
    inner = steps[:, skipped : steps.shape[1] - skipped]
    return float(inner.mean(axis=1).max()) if inner.size else 0.0


def rectangle_edges(pixels: Image, corners: Points) -> npt.NDArray[np.float64]:
    """Return the part of each side of a rectangle along which there is an edge.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
    corners : ndarray of shape (4, 2), float64
        In order around the rectangle.

    Returns
    -------
    ndarray of shape (4,), float64
        From corner 0 to 1, 1 to 2 and so on.
    """
    return np.array(
        [
            edge_share(pixels, start, end)
            for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True)
        ]
    )


@dataclass(frozen=True, slots=True)
class PaperEdge:
    """The clearest edge beside a way.

    Parameters
    ----------
    share : float
        Along which part of it the edge runs, 0 to 1.
    start, end : Point
        Its ends, in pixels of the picture.
    """

    share: float
    start: Point
    end: Point

    @property
    def length_px(self) -> float:
        """Distance of its ends."""
        return float(np.hypot(self.end.x - self.start.x, self.end.y - self.start.y))


def edge_beside(pixels: Image, start: Points, end: Points) -> PaperEdge:
    """Return the clearest edge beside a way, even one that leans against it.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
    start, end : ndarray of shape (2,), float64
        Ends of the way, in its pixels; at least a pixel apart.
    """
    reach_px = BESIDE_PX + LEAN_PX // 2
    steps = _steps(pixels, start, end, reach_px)
    column = np.arange(steps.shape[1])
    part = (column + 0.5) / len(column) - 0.5
    offs = np.arange(-BESIDE_PX, BESIDE_PX + 1)
    leans = range(-LEAN_PX, LEAN_PX + 1)
    # Of each lean: the part of each parallel along which there are edges.
    shares = np.array(
        [
            steps[
                offs[:, None] + reach_px + np.rint(lean * part).astype(int), column
            ].mean(axis=1)
            for lean in leans
        ]
    )
    costs = LEAN_COST * np.abs(leans)[:, None] + OFF_COST * np.abs(offs)
    lean_at, off_at = np.unravel_index(int((shares - costs).argmax()), shares.shape)
    along = (end - start) / np.hypot(*(end - start))
    across = np.array([-along[1], along[0]])
    ends = (
        end_px + across * (offs[off_at] + side * leans[lean_at] / 2)
        for end_px, side in ((start, -1), (end, 1))
    )
    return PaperEdge(
        float(shares[lean_at, off_at]), *(Point(float(x), float(y)) for x, y in ends)
    )


def _steps(
    pixels: Image, start: Points, end: Points, reach_px: int
) -> npt.NDArray[np.bool_]:
    """Return where there are edges across a way, shape (2 * reach + 1, length)."""
    clear = step_sizes(pixels, start, end, reach_px) >= MIN_STEP
    # An edge may wander by a pixel.
    return np.asarray(clear[2:] | clear[1:-1] | clear[:-2], np.bool_)


def step_sizes(
    pixels: Image, start: Points, end: Points, reach_px: int, over_px: int = 2
) -> npt.NDArray[np.uint8]:
    """Return how much colours differ across a way, beside it and on it.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
    start, end : ndarray of shape (2,), float64
        Ends of the way, in its pixels.
    reach_px : int
        How far beside it steps are looked at.
    over_px : int
        Distance of what is compared: a multiple of 2.

    Returns
    -------
    ndarray of shape (2 * reach_px + 3, length), uint8
        The largest difference in a channel.
    """
    way = np.asarray(end, np.float64) - start
    length = float(np.hypot(*way))
    if length < 1:
        return np.zeros((2 * reach_px + 3, 0), np.uint8)
    along = way / length
    across = np.array([-along[1], along[0]])
    beside_px = reach_px + 1 + over_px // 2
    origin = start - across * beside_px
    source = np.column_stack([along, across, origin])
    strip = cv2.warpAffine(
        pixels,
        source,
        (max(1, round(length)), 2 * beside_px + 1),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    steps = cv2.absdiff(strip[over_px:], strip[:-over_px])
    return brightest_channel(np.asarray(steps, np.uint8))
