"""The order in which pieces of text are read.

Pieces (a line, a part of one, a letter) become lines from top to bottom, columns one
after the other. All is measured in letter heights, along the card's own baseline.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from vision.cards import Line

MAX_TILT_DEG, MIN_BASELINE_ASPECT = 45.0, 1.5
"""Beyond this, and squarer (initials, numbers), a piece does not give the baseline."""

MIN_ROW_OVERLAP, MAX_ROW_COVER, COLUMN_GAP = 0.5, 0.5, 0.8
"""Part of the lower piece's height that two share on one line; of the other's width
that one covers where they stand above each other; least gap between two columns, in
median line heights: .6 to 1 are alike."""

MIN_COLUMN_LINES, MIN_TABLE_LINES, MIN_BESIDE = 2, 5, 0.5
"""Lines of each of two columns; lines of both from which they are believed even where
their lines are at equal heights; part of the lower one that stands beside the other."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line and its bounds along the baseline, in pixels, y down."""

    line: Line
    bounds: Rect


def reading_order(pieces: Iterable[Line]) -> tuple[Line, ...]:
    """Join pieces of text, in any order, into lines and put these in reading order.

    Top to bottom, a left column before the right one. A line's quad holds its pieces,
    its confidence is their mean weighted by characters.
    """
    given = sorted(pieces, key=_canonical)
    if not given:
        return ()
    tilt_deg = _tilt_deg([line.quad_crop for line in given])
    straight = _rotation(-tilt_deg)
    level = [_Piece(line, _level(line.quad_crop, straight)) for line in given]
    height = float(np.median([piece.bounds.height for piece in level]))
    return tuple(
        _joined(row, straight.inverse)
        for block in _blocks(level, COLUMN_GAP * height)
        for row in _rows(block)
    )


def _canonical(line: Line) -> tuple[tuple[float, ...], str, float]:
    corners = line.quad_crop.to_array().ravel().tolist()
    return tuple(corners), line.text, line.confidence


def _tilt_deg(quads: Sequence[Quad]) -> float:
    """Direction of the text, clockwise: the median piece by length."""
    votes = [(0.0, 0.0)]
    for quad in quads:
        width, height = quad.size_wh
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = quad.to_array().tolist()
        angle = math.degrees(math.atan2(y1 - y0 + y2 - y3, x1 - x0 + x2 - x3))
        if width >= MIN_BASELINE_ASPECT * height and abs(angle) <= MAX_TILT_DEG:
            votes.append((angle, width))
    angles, widths = np.array(sorted(votes)).T
    reached = np.cumsum(widths)
    return float(angles[np.searchsorted(reached, reached[-1] / 2)])


def _rotation(angle_deg: float) -> Homography:
    angle = math.radians(angle_deg)
    cos, sin = math.cos(angle), math.sin(angle)
    return Homography(np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]]))


def _level(quad: Quad, straight: Homography) -> Rect:
    """Bounds along the baseline, of the quad's own size around its centre.

    Not those of its corners: what tilts more would grow into its neighbours' lines.
    """
    width, height = quad.size_wh
    if abs(quad.top_right.y - quad.top_left.y) > abs(
        quad.top_right.x - quad.top_left.x
    ):
        width, height = height, width
    ((x, y),) = straight.apply([quad.centre]).tolist()
    return Rect(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _blocks(pieces: Sequence[_Piece], gap: float) -> Iterator[Sequence[_Piece]]:
    """Split where two columns stand side by side, and each of them again."""
    found = max(
        (_columns(pieces, piece.bounds.left - gap, gap) for piece in pieces),
        key=lambda bands: sum(len(left) + len(right) for left, right in bands if right),
    )
    if not any(right for _, right in found):
        yield pieces
        return
    for columns in found:
        for column in columns:
            if column:
                yield from _blocks(column, gap)


_Band = tuple[Sequence[_Piece], Sequence[_Piece]]
"""Left and right column of a horizontal band; text over the full width is all left."""


def _columns(pieces: Sequence[_Piece], left: float, gap: float) -> list[_Band]:
    """Cut into bands at the pieces that cross the channel from left to left + gap."""
    right = left + gap
    by_height = sorted(pieces, key=lambda piece: piece.bounds.centre.y)
    bands: list[_Band] = []
    for crosses, run in groupby(
        by_height,
        key=lambda piece: piece.bounds.left < right and piece.bounds.right > left,
    ):
        band = list(run)
        one = [piece for piece in band if piece.bounds.right <= left]
        two = [piece for piece in band if piece.bounds.left >= right]
        if crosses or not _are_columns(one, two):
            one, two = band, []
        if bands and not two and not bands[-1][1]:
            # Neighbours without columns stay one, so that their rows stay whole.
            bands[-1] = ([*bands[-1][0], *one], [])
        else:
            bands.append((one, two))
    return bands


def _are_columns(one: Sequence[_Piece], two: Sequence[_Piece]) -> bool:
    """Whether both sides have lines of their own, beside each other.

    Four lines are two columns only if they interleave; else they are two with a space.
    """
    counts = len(_rows(one)), len(_rows(two))
    if min(counts) < MIN_COLUMN_LINES:
        return False
    left, right = (Rect.around(piece.bounds for piece in side) for side in (one, two))
    beside = min(left.bottom, right.bottom) - max(left.top, right.top)
    if beside < MIN_BESIDE * min(left.height, right.height):
        return False
    interleaved = len(_rows([*one, *two])) > max(counts)
    return sum(counts) >= MIN_TABLE_LINES or interleaved


def _rows(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Group pieces into lines, from left to right: lines may climb."""
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.bounds.left):
        best = max(rows, key=lambda row: _fit(row[-1], piece), default=None)
        if best is not None and _fit(best[-1], piece) >= MIN_ROW_OVERLAP:
            best.append(piece)
        else:
            rows.append([piece])
    return sorted(rows, key=_middle)


def _fit(before: _Piece, after: _Piece) -> float:
    """Shared part of the lower piece's height; 0 if one is above, or struck alone."""
    one, two = before.bounds, after.bounds
    covered = one.right - two.left
    if before.line.struck != after.line.struck:
        return 0.0
    if covered > MAX_ROW_COVER * min(one.width, two.width):
        return 0.0
    shared = min(one.bottom, two.bottom) - max(one.top, two.top)
    return shared / min(one.height, two.height)


def _middle(row: Sequence[_Piece]) -> float:
    widths = [piece.bounds.width for piece in row]
    return float(np.average([piece.bounds.centre.y for piece in row], weights=widths))


def _joined(row: Sequence[_Piece], tilted: Homography) -> Line:
    if len(row) == 1:
        return row[0].line
    around = Rect.around(piece.bounds for piece in row)
    lines = [piece.line for piece in row]
    weights = [len(line.text) for line in lines]
    confidence = np.average([line.confidence for line in lines], weights=weights)
    return Line(
        " ".join(line.text for line in lines),
        min(1.0, float(confidence)),
        tilted.apply_quad(around.to_quad()),
        lines[0].struck,
        lines[0].heading,
    )
