"""The size that a board's cards usually have, and what is too large or too small."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.geometry import Points, Quad

MIN_TYPICAL = 3
"""Cards needed to know the typical size."""

MIN_UNIFORM, MAX_SPREAD = 5, 0.25
"""Cards needed, and how far their middle half may differ in size, for a board
to count as one of cards of one size."""

MAX_GROWTH = 1.45
"""A side longer than this many typical sides may be more than one card."""

MIN_GROWTH = 0.55
"""A side shorter than this many typical sides is a fragment, on a board whose
cards are all of one size."""

MIN_SCRAP = 0.2
"""Smallest card in typical ones, where cards are of several sizes."""


@dataclass(frozen=True, slots=True)
class Size:
    """Typical sides of a board's cards.

    Parameters
    ----------
    long_px, short_px : float
        In pixels.
    alike : bool
        Whether all of its cards are of that size.
    """

    long_px: float
    short_px: float
    alike: bool = False


def typical_size(quads: Sequence[Quad]) -> Size | None:
    """Return the sides usual among most of the paper, None of too few cards.

    Medians by area: scraps are many and say little.
    """
    if len(quads) < MIN_TYPICAL:
        return None
    sizes = np.array([sorted(quad.size_wh) for quad in quads])
    short_px, long_px = (
        _weighted_median(sides, sizes.prod(axis=1)) for sides in sizes.T
    )
    return Size(long_px, short_px, uniform(quads))


def _weighted_median(values: Points, weights: Points) -> float:
    """Return the value that half of the weight lies below."""
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


def uniform(quads: Sequence[Quad]) -> bool:
    """Tell whether a board's cards are all of one size."""
    if len(quads) < MIN_UNIFORM:
        return False
    sizes = np.sort(np.sqrt([quad.area for quad in quads]))
    low, middle, high = np.percentile(sizes, [25, 50, 75])
    return bool((high - low) / middle <= MAX_SPREAD)


def fits(quad: Quad, typical: Size) -> bool:
    """Tell whether a quad is not larger than one typical card."""
    short_px, long_px = sorted(quad.size_wh)
    return (
        long_px <= MAX_GROWTH * typical.long_px
        and short_px <= MAX_GROWTH * typical.short_px
    )


def is_fragment(quad: Quad, typical: Size) -> bool:
    """Tell whether a quad is too small for a card on a board of one size of cards."""
    short_px, long_px = sorted(quad.size_wh)
    return (
        long_px < MIN_GROWTH * typical.long_px
        or short_px < MIN_GROWTH * typical.short_px
    )


def is_scrap(quad: Quad, typical: Size) -> bool:
    """Tell whether a quad is too small for a card on any board: a tag, a dot."""
    return quad.area < MIN_SCRAP * typical.long_px * typical.short_px
