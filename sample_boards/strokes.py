"""From letterforms to strokes: what a pen tip draws, as polylines."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sample_boards.letterforms import forms_of

Stroke = npt.NDArray[np.float64]
"""Way of a pen tip, (N, 2) float64."""

SAMPLES_PER_SPAN = 6
"""Points that a curve gets between two points of a letterform."""


@dataclass(frozen=True, slots=True, eq=False)
class FormStroke:
    """One stroke of a letterform before it is bent into a curve.

    Parameters
    ----------
    points : ndarray of shape (N, 2), float64
        Points in letterform units, y up.
    corners : tuple of bool
        Whether the curve breaks at each point.
    """

    points: Stroke
    corners: tuple[bool, ...]


@lru_cache(maxsize=1024)
def parse_form(letter: str, index: int) -> tuple[FormStroke, ...]:
    """Return the strokes of one form of a letter.

    Parameters
    ----------
    letter : str
        One character.
    index : int
        Which of its forms; taken modulo their number.
    """
    forms = forms_of(letter)
    return tuple(
        _parse_stroke(stroke) for stroke in forms[index % len(forms)].split(";")
    )


def _parse_stroke(text: str) -> FormStroke:
    words = text.split()
    points = np.array(
        [[float(part) for part in word.lstrip("*").split(",")] for word in words]
    )
    points.flags.writeable = False
    return FormStroke(points, tuple(word.startswith("*") for word in words))


def curve(points: Stroke, corners: tuple[bool, ...]) -> Stroke:
    """Run a Catmull-Rom curve through points, broken at corners.

    Parameters
    ----------
    points : ndarray of shape (N, 2)
        Points in any frame, N >= 2.
    corners : tuple of bool
        Whether the curve breaks at each point.

    Returns
    -------
    ndarray of shape (M, 2), float64
        Points along the curve; first and last are the given ones.
    """
    breaks = [
        0,
        *(i for i in range(1, len(points) - 1) if corners[i]),
        len(points) - 1,
    ]
    pieces = [_catmull_rom(points[start : end + 1]) for start, end in pairwise(breaks)]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _catmull_rom(points: Stroke) -> Stroke:
    if len(points) == 2:
        steps = np.linspace(0, 1, SAMPLES_PER_SPAN + 1)[:, None]
        return np.asarray(points[0] * (1 - steps) + points[1] * steps)
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    before, start, end, after = (
        padded[i : len(padded) - 3 + i][:, None, :] for i in range(4)
    )
    t = np.linspace(0, 1, SAMPLES_PER_SPAN, endpoint=False)[None, :, None]
    spans = 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )
    return np.vstack([spans.reshape(-1, 2), points[-1]])


def rounded(stroke: Stroke, sigma: float) -> Stroke:
    """Smooth a stroke along its way, as a quick hand rounds its corners.

    Parameters
    ----------
    stroke : ndarray of shape (N, 2)
        A stroke; its ends stay where they are.
    sigma : float
        Standard deviation of the smoothing in points; 0 leaves it as it is.
    """
    reach = int(np.ceil(2 * sigma))
    if reach < 1 or len(stroke) < 3:
        return stroke
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    padded = np.pad(stroke, ((reach, reach), (0, 0)), mode="edge")
    smooth = np.column_stack(
        [np.convolve(padded[:, axis], weights, mode="valid") for axis in (0, 1)]
    )
    smooth[0], smooth[-1] = stroke[0], stroke[-1]
    return smooth
