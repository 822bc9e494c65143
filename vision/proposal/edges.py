"""Where the edges of columns and rows are: lines between headings."""

from collections.abc import Sequence

import numpy as np

from vision.image.arrays import Vector

LINE = 0.03
"""Spread of a line's segments about it, in cells: a printed one has two edges, tape is
a tenth of a cell wide."""

WITHIN = 0.15
"""Cells to each side of where an edge is expected within which a line is taken for it."""

WITHIN_LAST = 0.35
"""The same of the last edge: no heading beyond it tells how large the last row is."""

ENOUGH = 0.08
"""Part of the board's length that a line's segments must have: cards cover the rest."""

COUNTS = 0.5
"""Part of the board's length from which more of a line says no more: one strong line,
the board's rim, is not to shift all."""

MIDDLE = 0.01
"""How much of the board's length being midway between headings counts, for each heading:
it decides where there are no lines."""

NEAR = 0.3
"""Share by which a line at the end of its reach counts less than one in the middle."""


def edges_of(
    headings: Sequence[float], lines: tuple[Vector, Vector], length: float
) -> tuple[float, ...]:
    """Return the edges around headings: one before each, one after the last.

    Headings stand anywhere in their rows, each in the same way: of all distances to the
    edges, the one at which there are the most lines; then each edge moves to its line.

    Takes where two headings or more stand, ascending, on the plane of the board; where
    segments of lines lie on it, and how long each is, (N,); and the board's length along
    the lines.
    """
    places = np.asarray(headings)
    gaps = np.diff(places)
    pitch = float(np.median(gaps))
    before = np.concatenate([gaps[:1], gaps])
    shifts = np.arange(-0.95, 0.06, 0.01)
    guesses = [
        np.append(places + shift * before, places[-1] + (1 + shift) * before[-1])
        for shift in shifts
    ]
    worth = [
        np.clip(
            _line_at(guess, lines, LINE * pitch) - ENOUGH * length, 0, COUNTS * length
        ).sum()
        + MIDDLE * length * len(places) * (1 - abs(shift + 0.5))
        for guess, shift in zip(guesses, shifts, strict=True)
    ]
    guess = guesses[int(np.argmax(worth))]
    reach = np.full(len(guess), WITHIN)
    reach[-1] = WITHIN_LAST
    return tuple(
        _moved(edge, lines, pitch, within, ENOUGH * length)
        for edge, within in zip(guess, reach, strict=True)
    )


def _moved(
    edge: float,
    lines: tuple[Vector, Vector],
    pitch: float,
    within: float,
    enough: float,
) -> float:
    """Return where the line is that is meant by an edge; as it is, if there is none."""
    off = np.linspace(-within, within, 121)
    seen = _line_at(edge + off * pitch, lines, LINE / 2 * pitch)
    if seen.max() < enough:
        return float(edge)
    best = np.argmax(seen * (1 - NEAR * np.abs(off) / within))
    return float(edge + off[best] * pitch)


def _line_at(places: Vector, lines: tuple[Vector, Vector], spread: float) -> Vector:
    """Return how much of a line there is at each place: lengths, by nearness."""
    across, lengths = lines
    off = (places[:, None] - across[None]) / spread
    return np.asarray((lengths * np.exp(-(off**2) / 2)).sum(axis=1))
