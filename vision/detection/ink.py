"""Sessions written straight on the board: the ink in a cell without a card."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
import scipy

from calibration.geometry import Quad, Rect
from vision.image.arrays import Image, Mask, resized
from vision.image.colour import brightest_channel, lab_of

SMOOTH_SHARE = 0.2
"""Width in cells of the median that leaves the bare board: wider than strokes."""

MIN_CONTRAST, NOISE_FACTOR = 14.0, 6.0
"""CIELAB distance from the bare board from which a pixel may be ink; and the same in
units of the board's own noise (median distance)."""

MAX_STROKE_SHARE, LETTER_SHARE, MAX_PIECE_SHARE = 0.022, 0.012, 0.9
"""Half a stroke's width in cells at most (tape is wider), smallest side of a piece of
ink that counts (dust is smaller) and longest (longer ones are joined lines)."""

LINE_SHARE, MAX_ELONGATION = 0.45, 6.0
"""Length in cells from which a straight run is a line of the grid; length over width
from which a piece of ink is a mere stroke."""

OVERHANG_SHARE, WORD_GAP_SHARE, PADDING_SHARE = 0.15, 0.14, 0.03
"""How far in cells writing may reach out of its cell, gap over which pieces of ink
belong together, and board shown around writing in its crop."""

MIN_PIECES, MIN_WIDTH_SHARE, MIN_HEIGHT_SHARE, MIN_WIDTH_TO_HEIGHT = 4, 0.2, 0.05, 0.5
"""Compact pieces of ink that make writing; the smallest, in cells; writing is hardly
ever a narrow column, the edges of tape are."""

MAX_COVERED = 0.15
"""Part of a cell without a card of its own that cards may cover: a card of several cells
has none that is its own."""

CARD_MARGIN_SHARE = 0.08
"""Width in cells around a coloured card in which nothing counts as ink."""


def ink_quads(
    pixels: Image, cells: Sequence[Rect], cards: Sequence[Quad], cell_px: float
) -> tuple[Quad, ...]:
    """Return the outlines of the writing in cells without a card.

    All in pixels; `cell_px` is the geometric mean of a cell's sides.
    """
    empty = _empty(cells, cards)
    if not empty:
        return ()
    pieces = _letters(_standing_out(pixels, cell_px), cards, cell_px)
    found = (_writing(pieces, cell, cell_px) for cell in empty)
    return tuple(rect.to_quad() for rect in found if rect is not None)


def _empty(cells: Sequence[Rect], cards: Sequence[Quad]) -> list[Rect]:
    """Return the cells in which no good part of a card lies, and not much of any."""
    empty = []
    for cell in cells:
        whole = cell.to_quad()
        near = [card for card in cards if card.bounds.overlap(cell) > 0]
        inside = [(card.overlap(whole), card.area) for card in near]
        if (
            all(part <= area / 3 for part, area in inside)
            and sum(part for part, _ in inside) <= MAX_COVERED * whole.area
        ):
            empty.append(cell)
    return empty


def _letters(
    out: Mask, cards: Sequence[Quad], cell_px: float
) -> npt.NDArray[np.float64]:
    """Return the bounds of letters beside cards, (N, 5), as of `_pieces`."""
    ink = _without_lines(_strokes(out, cell_px), cell_px)
    for card in cards:
        outline = np.rint(card.to_array()).astype(np.int32)
        cv2.fillConvexPoly(ink, outline, 0)
        width = round(2 * CARD_MARGIN_SHARE * cell_px)
        cv2.polylines(ink, [outline], isClosed=True, color=0, thickness=width)
    return _pieces(ink, cell_px)


def _standing_out(pixels: Image, cell_px: float) -> Mask:
    """Return where anything stands out from the bare board, (H, W)."""
    # What is bare is smooth: half the size says as much, in a fraction of the time.
    half = resized(pixels, 0.5)
    blurred = cv2.medianBlur(half, max(3, round(SMOOTH_SHARE * cell_px / 2) | 1))
    bare = cv2.resize(blurred, pixels.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    off = lab_of(pixels) - lab_of(np.asarray(bare, np.uint8))
    distance = np.sqrt(np.einsum("hwc,hwc->hw", off, off))
    # A quarter of the pixels tells the noise as well as all.
    noise = float(np.median(distance[::2, ::2]))
    threshold = max(MIN_CONTRAST, NOISE_FACTOR * noise)
    return np.asarray(
        (distance > threshold) & (brightest_channel(pixels) > 0), np.bool_
    )


def _strokes(out: Mask, cell_px: float) -> npt.NDArray[np.uint8]:
    """Return where thin strokes are, of what stands out, 0 or 1."""
    strokes = out.astype(np.uint8)
    # What survives an opening this wide is no stroke.
    wide = max(3, round(2 * MAX_STROKE_SHARE * cell_px) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wide, wide))
    blocks = cv2.morphologyEx(strokes, cv2.MORPH_OPEN, kernel)
    # Grown back, and a fringe more: the edges of tape are as thin as strokes.
    blocks = cv2.dilate(blocks, kernel, iterations=2)
    strokes[blocks > 0] = 0
    return np.asarray(strokes, np.uint8)


def _without_lines(
    strokes: npt.NDArray[np.uint8], cell_px: float
) -> npt.NDArray[np.uint8]:
    length = max(3, round(LINE_SHARE * cell_px))
    kept = strokes.copy()
    for shape in ((length, 1), (1, length)):
        kernel = np.ones(shape[::-1], np.uint8)
        # Bridged first, so that a line survives a gap of a pixel.
        bridged = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
        line = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, kernel)
        kept[cv2.dilate(line, np.ones((5, 5), np.uint8)) > 0] = 0
    return kept


def _pieces(ink: npt.NDArray[np.uint8], cell_px: float) -> npt.NDArray[np.float64]:
    """Return the bounds of letters and parts of them, (N, 5).

    Left, top, right, bottom in pixels; 1 for a compact piece, 0 for a stroke.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    kept = []
    for index in range(1, count):
        left, top, width, height, _ = (int(value) for value in stats[index])
        longest = max(width, height)
        if not LETTER_SHARE * cell_px * 2 <= longest <= MAX_PIECE_SHARE * cell_px:
            continue
        elongated = _elongated(labels[top : top + height, left : left + width] == index)
        if longest > LINE_SHARE * cell_px and elongated:
            continue
        kept.append((left, top, left + width, top + height, not elongated))
    return np.array(kept, dtype=np.float64).reshape(-1, 5)


def _elongated(mask: Mask) -> bool:
    """Tell whether a piece is a line rather than letters grown together."""
    rows, columns = np.nonzero(mask)
    points = np.column_stack([columns, rows]).astype(np.float32)
    _, (width, height), _ = cv2.minAreaRect(points)
    return bool(max(width, height) > MAX_ELONGATION * max(1.0, min(width, height)))


def _writing(
    pieces: npt.NDArray[np.float64], cell: Rect, cell_px: float
) -> Rect | None:
    """Return the rect around the writing in a cell, None if there is none."""
    low, high = np.array([cell.left, cell.top]), np.array([cell.right, cell.bottom])
    middles = (pieces[:, :2] + pieces[:, 2:4]) / 2
    inside = pieces[((middles >= low) & (middles < high)).all(axis=1)]
    words = [
        group
        for group in _groups(inside, WORD_GAP_SHARE * cell_px)
        if group[:, 4].sum() >= MIN_PIECES
    ]
    if not words:
        return None
    together = np.concatenate(words)
    padding, over = PADDING_SHARE * cell_px, OVERHANG_SHARE * cell_px
    start = np.maximum(together[:, :2].min(axis=0) - padding, low - over)
    end = np.minimum(together[:, 2:4].max(axis=0) + padding, high + over)
    width, height = (end - start).tolist()
    least = max(MIN_WIDTH_SHARE * cell_px, MIN_WIDTH_TO_HEIGHT * height)
    if width < least or height < MIN_HEIGHT_SHARE * cell_px:
        return None
    return Rect(*start.tolist(), *end.tolist())


def _groups(
    boxes: npt.NDArray[np.float64], gap_px: float
) -> list[npt.NDArray[np.float64]]:
    """Return boxes (N, 5) grouped by gaps no wider than this."""
    if len(boxes) == 0:
        return []
    low, high = boxes[:, :2], boxes[:, 2:4]
    gaps = np.maximum(low[:, None], low) - np.minimum(high[:, None], high)
    linked = (gaps.max(axis=2) <= gap_px).astype(np.int8)
    _, labels = scipy.sparse.csgraph.connected_components(
        scipy.sparse.csr_matrix(linked), directed=False
    )
    return [boxes[labels == label] for label in np.unique(labels)]
