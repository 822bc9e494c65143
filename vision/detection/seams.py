"""Seams: where one card ends and another of its colour begins, within a rectangle."""

import itertools

import numpy as np
import numpy.typing as npt

from calibration.geometry import Points
from vision.detection.edges import step_sizes
from vision.image.arrays import Image

Steps = npt.NDArray[np.float64]

TILTS = (-0.06, -0.03, 0.0, 0.03, 0.06)
"""Slopes at which seams are looked for, against the sides of the whole."""

STEP_PX = 3
"""Distance of the places at which seams are looked for."""

MIN_SEAM = 8.0
"""Step (0 to 255) over two pixels that a seam has along nearly all of each of its
parts."""

LEAD = 1.8
"""Times the steps elsewhere that a seam's is: a ruled card has rules all over."""

ELSEWHERE_PX, ELSEWHERE_PERCENTILE = 9, 80
"""What lies farther from a seam, and which of the steps there count as usual."""

MAX_GAPS = 0.2
"""Part of a seam that ink or a pin may hide; a line of writing has more gaps."""

PARTS = (0.03, 0.1, 0.37, 0.63, 0.9, 0.97)
"""Bounds of the parts of a seam that must all be clear: underlined writing does not
reach the paper's edges."""

MARGIN = 0.22
"""Part of a length at either end in which there is no seam: a card's own edge."""

DUE_OVER_PX = 4
"""Distance of what is compared where a seam is due: its shade is wider than a rule."""

MIN_DUE, LEAD_DUE = 8.0, 1.3
"""What `MIN_SEAM` and `LEAD` are there: of 35 drawn long cards none has a seam of more
than 6 and, ruled ones, of more than 1.18 times their rules."""

DUE_MARGIN = 0.1
"""What `MARGIN` is there: rules close to a card's edge count as usual, too."""


def seam(pixels: Image, corners: Points) -> float | None:
    """Return where a rectangle falls into two along its first side.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
    corners : ndarray of shape (4, 2), float64
        The side from corner 0 to corner 1 is the one that is divided.

    Returns
    -------
    float or None
        Part of the first side, 0 to 1, at the clearest seam; None without one.
    """
    places = _places(corners, MARGIN)
    steps = _steps_at(pixels, corners, places, 2)
    best = int(steps.argmax())
    usual = _usual(steps, places, best, _length(corners))
    return float(places[best]) if steps[best] >= max(MIN_SEAM, LEAD * usual) else None


def due_seam(
    pixels: Image, corners: Points, larger: tuple[float, float]
) -> float | None:
    """Return where a rectangle falls into two, where it must if it is two cards.

    A seam that would not be noticed anywhere is believed where it leaves a whole card.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
    corners : ndarray of shape (4, 2), float64
        The side from corner 0 to corner 1 is the one that is divided.
    larger : tuple of float
        From what to what part of that side the larger card may take, on either side.

    Returns
    -------
    float or None
        Part of the first side, 0 to 1; None without a seam there.
    """
    places = _places(corners, DUE_MARGIN)
    taken = np.maximum(places, 1 - places)
    due = (taken >= larger[0]) & (taken <= larger[1])
    if not due.any():
        return None
    steps = _steps_at(pixels, corners, places, DUE_OVER_PX)
    best = int(np.where(due, steps, -1.0).argmax())
    usual = _usual(steps, places, best, _length(corners))
    clear = steps[best] >= max(MIN_DUE, LEAD_DUE * usual)
    return float(places[best]) if clear else None


def _length(corners: Points) -> float:
    """Return the length of the first side."""
    return float(np.hypot(*(corners[1] - corners[0])))


def _places(corners: Points, margin: float) -> Steps:
    """Return parts of the first side at which seams are looked for."""
    count = max(2, round((1 - 2 * margin) * _length(corners) / STEP_PX))
    return np.linspace(margin, 1 - margin, count)


def _steps_at(pixels: Image, corners: Points, places: Steps, over_px: int) -> Steps:
    """Return the step of the clearest seam at each place, straight or tilted."""
    first, second, third, fourth = corners
    depth = float(np.hypot(*(fourth - first)))
    lean = np.array(TILTS) * depth / _length(corners) / 2
    return np.array(
        [
            max(
                _least_step(
                    pixels,
                    first + (second - first) * (place - tilt),
                    fourth + (third - fourth) * (place + tilt),
                    over_px,
                )
                for tilt in lean
            )
            for place in places
        ]
    )


def _usual(steps: Steps, places: Steps, best: int, length_px: float) -> float:
    """Return the step that is usual elsewhere, 0 if there is no elsewhere."""
    elsewhere = steps[np.abs(places - places[best]) * length_px > ELSEWHERE_PX]
    if not len(elsewhere):
        return 0.0
    return float(np.percentile(elsewhere, ELSEWHERE_PERCENTILE))


def _least_step(pixels: Image, start: Points, end: Points, over_px: int) -> float:
    """Return the step that nearly all of each part of a way has at least."""
    steps = step_sizes(pixels, start, end, 1, over_px).max(axis=0)
    cuts = np.rint(np.array(PARTS) * len(steps)).astype(int)
    return min(_nearly_least(steps[low:high]) for low, high in itertools.pairwise(cuts))


def _nearly_least(steps: npt.NDArray[np.uint8]) -> float:
    """Return what all steps but a few gaps reach, 0 without steps."""
    if not steps.size:
        return 0.0
    gaps = int(MAX_GAPS * len(steps))
    return float(np.partition(steps, gaps)[gaps])
