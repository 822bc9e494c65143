"""Which cells are taken, free, covered or not in the photo at all.

A cell is free only with positive evidence: the bare board is seen in it, and
the lines around it too where the board has lines (FINDINGS section 5).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Quad, Rect
from calibration.layout import CellId
from vision.cards import CardSurvey, cell_rects
from vision.cards.colours import Mask, brightest_channel, lab_of
from vision.evenness import spread_of, uneven
from vision.exposure import brightened, paper_level
from vision.identity import Fate
from vision.ocr.engine import Image
from vision.reading import CellReading, CellState
from vision.rectify import RectifiedBoard

MIN_BACKGROUND = 0.9
"""Part of a cell (or of a card's old place) that must be bare board."""

MAX_SHADE = 20.0
"""CIELAB distance of two background colours that can be one in another light."""

MIN_SEEN = 0.9
"""Part of it that must lie in the photo for anything to be said."""

MIN_LINES = 3
"""Of a cell's four lines, those that must be visible on a board with lines."""

MIN_SPREAD = 0.3
"""Part of the grid's lines along which a background colour must be found to
count as bare board: a passer-by's coat is found at a few only."""

MIN_LINE_CONTRAST = 6.0
"""CIELAB difference between a line and its sides from which it is a line."""

LINE_BAND = 0.1
"""Half width in cells of the band in which a line is looked for: wider than
half a strip of tape."""

SURE_LINES = 0.4
"""Part of the grid's lines that must stand out for the board to have lines."""

MIN_BAND_PX = 4
"""Narrower bands have no middle beside their sides."""

INSET = 0.12
"""Part of a cell left out along its lines when its inside is judged: half a strip
of tape, stuck a little askew."""

MIN_LIGHT = 40.0
"""Level of the brightest hundredth of a board, of 255, from which bare board is told
from cards of its colour."""

MIN_TRACE = 5
"""Step in a channel (0 to 255) over two pixels, once smoothed, that something on
the board makes: the outline of a card of the board's own colour, faint writing.
Of a photo's own noise only the largest steps come near."""

TRACE_SIGMA_PX = 1.0
"""Smoothing before steps are taken, in pixels of the shrunk board."""

MAX_TRACES = 0.14
"""Part of a bare place that may have such steps. On real and drawn boards 99% of
the free cells have fewer than 0.08; cards of the board's own colour over 0.2."""

MAX_TINT, MAX_LIGHT = 6.0, 20.0
"""CIELAB distance in hue and chroma, and in lightness, of a background colour that
is found at a few lines only from one that is found everywhere: the same ground in
another light."""


Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class BareBoard:
    """Where the bare board is seen.

    Parameters
    ----------
    bare : ndarray of shape (H, W), bool
        Of the shrunk board.
    labels : ndarray of shape (H, W), uint8
        Index of each pixel's colour.
    colours : ndarray of shape (C, 3), float64
        Mean CIELAB colour of each index.
    seen : ndarray of shape (H, W), bool
        Where the photo reaches.
    traces : ndarray of shape (H, W), bool
        Where there are edges of anything, however faint.
    lines : mapping of CellId to int
        How many of the cell's four lines are visible; empty on a board
        without lines.
    scale : float
        Pixels of the masks per board pixel.
    spreads : mapping of CellId to float
        How much colours differ inside of each cell.
    """

    bare: Mask
    labels: npt.NDArray[np.uint8]
    colours: npt.NDArray[np.float64]
    seen: Mask
    traces: Mask
    lines: Mapping[CellId, int]
    scale: float
    spreads: Mapping[CellId, float] = field(default_factory=dict)


def bare_board(board: RectifiedBoard, survey: CardSurvey) -> BareBoard:
    """Tell where the bare board is seen in a straightened photo."""
    small, light = _in_light(board, survey)
    lab = lab_of(small)
    rects = {
        cell: _scaled(rect, survey.scale)
        for cell, rect in cell_rects(board.registration).items()
    }
    colours = _mean_colours(
        survey.colours.labels,
        lab,
        len(survey.colours.background),
    )
    seen = np.asarray(brightest_channel(small) > 0, np.bool_)
    segments = {cell: _seen_segments(rect, seen) for cell, rect in rects.items()}
    return BareBoard(
        _spread_background(survey, segments, colours) & (light >= MIN_LIGHT),
        survey.colours.labels,
        colours,
        seen,
        _traces(small),
        _visible_lines(lab, segments),
        survey.scale,
        {cell: spread_of(lab, _inner(rect)) for cell, rect in rects.items()},
    )


def _in_light(board: RectifiedBoard, survey: CardSurvey) -> tuple[Image, float]:
    """Return the shrunk board as in good light, and the level that it really has."""
    height, width = survey.colours.labels.shape
    small = cv2.resize(board.pixels, (width, height), interpolation=cv2.INTER_AREA)
    pixels = np.asarray(small, np.uint8)
    area = _scaled(board.registration.cell_area, survey.scale)
    return brightened(pixels, area), paper_level(pixels, area)


def read_cells(
    board: RectifiedBoard, taken: Collection[CellId], evidence: BareBoard
) -> tuple[CellReading, ...]:
    """Return the state of every cell, row by row.

    Parameters
    ----------
    board : RectifiedBoard
    taken : collection of CellId
        The cells of the board's cards.
    evidence : BareBoard
    """
    layout = board.registration.board.layout
    states: dict[CellId, CellState] = {
        cell: "taken"
        if cell in taken
        else "blocked"
        if cell in layout.blocked
        else _empty_state(cell, rect, evidence)
        for cell, rect in cell_rects(board.registration).items()
    }
    free = [cell for cell, state in states.items() if state == "free"]
    for cell in uneven(evidence.spreads, free):
        states[cell] = "covered"
    return tuple(CellReading(cell, state) for cell, state in states.items())


def fate_of(quad_board: Quad, cells: Sequence[CellId], evidence: BareBoard) -> Fate:
    """Return what became of a card that was not found again.

    Parameters
    ----------
    quad_board : Quad
        Where it was, in board pixels.
    cells : sequence of CellId
        The cell or cells that it lay in.
    evidence : BareBoard
    """
    inside = _quad_mask(quad_board, evidence)
    if not inside.any() or evidence.seen[inside].mean() < MIN_SEEN:
        return "unseen"
    if not _is_bare(inside, evidence):
        return "covered"
    # Neighbours hide lines too: half of them are enough beside a bare place.
    enough = MIN_LINES - 1
    if evidence.lines and any(evidence.lines.get(cell, 0) < enough for cell in cells):
        return "covered"
    return "gone"


def _empty_state(cell: CellId, rect: Rect, evidence: BareBoard) -> CellState:
    """Return the state of a cell without a card."""
    inside = _quad_mask(_inner(rect).to_quad(), evidence)
    if not inside.any() or evidence.seen[inside].mean() < MIN_SEEN:
        return "unseen"
    if not _is_bare(inside, evidence):
        return "covered"
    if evidence.lines and evidence.lines.get(cell, 0) < MIN_LINES:
        return "covered"
    return "free"


def _inner(rect: Rect) -> Rect:
    """Return a cell without what may lie along its lines."""
    margin = INSET * min(rect.width, rect.height)
    return Rect(
        rect.left + margin, rect.top + margin, rect.right - margin, rect.bottom - margin
    )


def _is_bare(inside: Mask, evidence: BareBoard) -> bool:
    """Tell whether a place is bare board without a trace of anything on it."""
    return (
        _bare_share(inside, evidence) >= MIN_BACKGROUND
        and float(evidence.traces[inside].mean()) <= MAX_TRACES
    )


def _bare_share(inside: Mask, evidence: BareBoard) -> float:
    """Return the part of a place that is bare board of one colour, 0 to 1.

    One colour in another light counts as one. A card whose colour the board
    has elsewhere (grey as the edge of its lines) is another than what is
    around it.
    """
    labels = evidence.labels[inside & evidence.bare]
    if len(labels) == 0:
        return 0.0
    counts = np.bincount(labels, minlength=len(evidence.colours))
    offset = evidence.colours - evidence.colours[counts.argmax()]
    alike = np.linalg.norm(offset, axis=1) <= MAX_SHADE
    return float(counts[alike].sum()) / float(inside.sum())


def _traces(pixels: Image) -> Mask:
    """Return where the picture has edges of anything, faint ones too, (H, W)."""
    smooth = np.asarray(cv2.GaussianBlur(pixels, (0, 0), TRACE_SIGMA_PX), np.uint8)
    steps = np.zeros(pixels.shape[:2], np.uint8)
    steps[:, 1:-1] = _steps(smooth[:, 2:], smooth[:, :-2])
    steps[1:-1] = np.maximum(steps[1:-1], _steps(smooth[2:], smooth[:-2]))
    return np.asarray(steps >= MIN_TRACE, np.bool_)


def _steps(one: Image, other: Image) -> npt.NDArray[np.uint8]:
    """Return the largest difference in a channel of two pictures, (H, W)."""
    return brightest_channel(np.asarray(cv2.absdiff(one, other), np.uint8))


def _mean_colours(
    labels: npt.NDArray[np.uint8], lab: npt.NDArray[np.float32], count: int
) -> npt.NDArray[np.float64]:
    """Return the mean CIELAB colour of each of `count` labels, shape (C, 3)."""
    flat = labels.ravel()
    counts = np.maximum(np.bincount(flat, minlength=count), 1)
    sums = [
        np.bincount(flat, weights=lab[..., axis].ravel(), minlength=count)
        for axis in range(3)
    ]
    return np.column_stack([total / counts for total in sums])


def _quad_mask(quad_board: Quad, evidence: BareBoard) -> Mask:
    """Return the inside of a quad on the shrunk board."""
    canvas = np.zeros(evidence.bare.shape, np.uint8)
    corners = np.rint(quad_board.to_array() * evidence.scale).astype(np.int32)
    cv2.fillConvexPoly(canvas, corners, 1)
    return canvas.astype(np.bool_)


def _scaled(rect: Rect, scale: float) -> Rect:
    """Return a rect in pixels of another scale."""
    return Rect(
        rect.left * scale, rect.top * scale, rect.right * scale, rect.bottom * scale
    )


def _segments(rect: Rect) -> tuple[Quad, Quad, Quad, Quad]:
    """Return thin rects along the four lines of a cell: left, top, right, bottom."""
    across, down = LINE_BAND * rect.width, LINE_BAND * rect.height
    left, top, right, bottom = rect.left, rect.top, rect.right, rect.bottom
    return (
        Rect(left - across, top + down, left + across, bottom - down).to_quad(),
        Rect(left + across, top - down, right - across, top + down).to_quad(),
        Rect(right - across, top + down, right + across, bottom - down).to_quad(),
        Rect(left + across, bottom - down, right - across, bottom + down).to_quad(),
    )


def _seen_segments(rect: Rect, seen: Mask) -> dict[int, Rect]:
    """Return, by index in `_segments`, the bands that the photo shows.

    What a close-up leaves out says nothing of what the board is like.
    """
    bands = {index: quad.bounds for index, quad in enumerate(_segments(rect))}
    shown = {index: _window(seen, band) for index, band in bands.items()}
    return {
        index: bands[index]
        for index, window in shown.items()
        if window.size and window.mean() >= MIN_SEEN
    }


def _window(whole: npt.NDArray[Scalar], bounds: Rect) -> npt.NDArray[Scalar]:
    """Return the part of a picture (H, W[, C]) in a rect, empty outside of it."""
    return whole[
        max(0, round(bounds.top)) : max(0, round(bounds.bottom)),
        max(0, round(bounds.left)) : max(0, round(bounds.right)),
    ]


def _spread_background(
    survey: CardSurvey,
    segments: Mapping[CellId, Mapping[int, Rect]],
    means: npt.NDArray[np.float64],
) -> Mask:
    """Return where a background colour is that is found all over what is shown.

    Or the same ground in another light, which falls on some of its lines only.
    """
    colours = survey.colours
    present = [np.zeros(len(colours.background), np.bool_)]
    for bands in segments.values():
        for band in bands.values():
            labels = _window(colours.labels, band)
            counts = np.bincount(labels.ravel(), minlength=len(colours.background))
            present.append(counts > 0.1 * max(1, labels.size))
    spread = np.mean(present[1:] or present, axis=0)
    everywhere = colours.background & (spread >= MIN_SPREAD)
    apart = np.abs(means[:, None] - means[None, everywhere])
    alike = (apart[..., 0] <= MAX_LIGHT) & (
        np.hypot(apart[..., 1], apart[..., 2]) <= MAX_TINT
    )
    ground = everywhere | (colours.background & alike.any(axis=1))
    return np.asarray(ground[colours.labels], np.bool_)


def _visible_lines(
    lab: npt.NDArray[np.float32], segments: Mapping[CellId, Mapping[int, Rect]]
) -> dict[CellId, int]:
    """Return how many of each cell's four lines are visible.

    A line is a stripe in the band around its place that differs from both
    sides. Empty if too few lines stand out, of those that the photo shows, for
    the board to have any.
    """
    contrasts = {
        cell: [
            _stripe_contrast(lab, band, upright=index % 2 == 0)
            for index, band in bands.items()
        ]
        for cell, bands in segments.items()
    }
    values = np.array([value for row in contrasts.values() for value in row])
    clear = values >= MIN_LINE_CONTRAST
    if not len(values) or clear.mean() < SURE_LINES:
        return {}
    usual = float(np.median(values[clear]))
    return {
        cell: sum(value >= max(MIN_LINE_CONTRAST, usual / 3) for value in row)
        for cell, row in contrasts.items()
    }


def _stripe_contrast(
    lab: npt.NDArray[np.float32], bounds: Rect, *, upright: bool
) -> float:
    """Return how much a stripe along a band differs from the band's sides.

    The profile across the band is the median along it, so that what crosses
    it (writing, a pin) does not count; 0 outside of the picture.
    """
    window = _window(lab, bounds)
    if min(window.shape[:2]) < MIN_BAND_PX:
        return 0.0
    profile = np.median(window, axis=0 if upright else 1)
    first, last = profile[0], profile[-1]
    # Distance from the way between the two sides' colours: a mere edge (a card,
    # a heading's ground) stays on that way, a line leaves it.
    way = last - first
    along = (profile - first) @ way / max(float(way @ way), 1e-6)
    nearest = first + np.clip(along, 0, 1)[:, None] * way
    return float(np.linalg.norm(profile - nearest, axis=1).max())
