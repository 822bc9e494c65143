"""Cells that are less even than bare ones of their board: something is on them.

A card of nearly the board's own colour shows no edge in a soft or dark photo, and
its colours are the board's. Yet its cell has more colours than the cells beside it
that are free. How many a free one has depends on the board: painted steel is
even, brown paper is not.
"""

from collections.abc import Collection, Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from calibration.geometry import Rect

Key = TypeVar("Key")

ALWAYS_EVEN = 3.5
"""Spread of colours (CIELAB) up to which a cell is even on any board. Of 22 free cells
of two real boards the largest is 3.3; of 8 cards of a board's own colour that were
taken for bare board on drawn boards out of focus, the smallest is 3.8. Of 324 others,
of any colour, in dark and soft photos, one was still taken for it."""

MOST_UNEVEN = 3.0
"""Times the spread of the evenest cell that another free one may have: of a board of
brown paper in sunlight it is 1.8."""


def spread_of(lab: npt.NDArray[np.float32], rect: Rect) -> float:
    """Return how much colours differ in a place: their standard deviation.

    Parameters
    ----------
    lab : ndarray of shape (H, W, 3), float32
        CIELAB colours.
    rect : Rect
        The place, in the same pixels.

    Returns
    -------
    float
        0 where the picture does not reach.
    """
    window = lab[
        max(0, round(rect.top)) : max(0, round(rect.bottom)),
        max(0, round(rect.left)) : max(0, round(rect.right)),
    ]
    if window.size == 0:
        return 0.0
    return float(np.sqrt(window.reshape(-1, 3).var(axis=0).sum()))


def uneven(spreads: Mapping[Key, float], places: Collection[Key]) -> frozenset[Key]:
    """Return the places that are less even than the evenest of them allows.

    Parameters
    ----------
    spreads : mapping to float
        Of each place, see `spread_of`; a place without is even.
    places : collection
        What looks bare.
    """
    evenest = min((spreads.get(place, 0.0) for place in places), default=0.0)
    most = max(ALWAYS_EVEN, MOST_UNEVEN * evenest)
    return frozenset(place for place in places if spreads.get(place, 0.0) > most)
