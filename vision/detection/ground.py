"""Which colours of a board are its background.

Four witnesses. Cards avoid the lines of the grid, the background does not: a
colour that is as common along the lines as in the middle of the cells is
background. Cards are rectangles: a colour whose pieces are rectangles of a
card's size, other than the cells themselves, is a card's even so. Something
fills a free cell to its edge, unwritten: if no background does (wide tape hides
it along the lines), the colour that does is background too. And what whole
cards lie on is background.
"""

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Rect
from vision.detection.blobs import MAX_AREA, MIN_AREA, disc
from vision.detection.grid import Grid
from vision.image.arrays import Mask

STRIP_SHARE = 0.08
"""Half width of the strip along the grid's lines, in cells."""

CENTRE_SHARE = 0.25
"""Distance from the lines at which the middle of a cell begins, in cells."""

MIN_BACKGROUND_RATIO = 0.75
"""Strip share over middle share from which a colour is background; a board
without cards gives 1, cards give 0.1 to 0.7."""

MIN_STRIP_SHARE = 0.004
"""A colour that covers less of the strips gives no evidence: it stays a card's."""

MIN_HOLE = 0.15
"""Size in cells of a hole in a colour that a whole card makes: ink, stickers
and pins make smaller ones."""

MIN_ENCLOSED = 0.08
"""Part of a colour's area that such holes have from which it is background:
wide tape along the lines hides the background there, but cards lie on it."""

MIN_CARD_FILL, MAX_CARD_ASPECT = 0.75, 5.0
"""Part of its rectangle that a card's piece of colour fills at least, stickers
and curled edges taken away, and its longest side in shortest ones."""

MIN_CARD_SHARE = 0.6
"""Part of a colour that such pieces make up from which it is a card's."""

CELL_TOLERANCE = 0.12
"""How far in cells a free cell's ground may end before the lines: wider than
half a strip of tape."""

RING_FROM, RING_TO = 0.1, 0.2
"""Distance from the lines, in cells, of the ring that tells what fills a cell."""

MIN_RING = 0.6
"""Part of the ring that a colour fills in a cell which it fills."""

MIN_FILLED_CELLS = 0.12
"""Part of the cells that background must fill on any board with a free cell."""

MIN_GROUND_CELLS = 2
"""Cells that a colour must fill to be the ground that is missing."""

MAX_GROUND_INK = 0.01
"""Part of a free cell's middle that may look like ink; writing covers more."""


def background_of(
    labels: npt.NDArray[np.uint8], count: int, grid: Grid, seen: Mask, ink: Mask
) -> Mask:
    """Tell which of a board's colours are background.

    Parameters
    ----------
    labels : ndarray of shape (H, W), uint8
        Index of each pixel's colour.
    count : int
        How many colours there are.
    grid : Grid
    seen : ndarray of shape (H, W), bool
        Where the photo reaches.
    ink : ndarray of shape (H, W), bool
        Where thin strokes are.

    Returns
    -------
    ndarray of shape (count,), bool
    """
    distance = grid.distance(labels.shape)
    inside = (distance >= 0) & seen
    strip = inside & (distance < STRIP_SHARE)
    middle = inside & (distance > CENTRE_SHARE)
    background = _along_lines(labels, strip, middle, count)
    for label in np.flatnonzero(background):
        mask = np.asarray((labels == label) & inside, np.bool_)
        background[label] = _card_share(mask, grid) < MIN_CARD_SHARE
    ring = inside & (distance >= RING_FROM) & (distance < RING_TO)
    filled = _filled_cells(labels, ring, grid, count)
    if filled[:, background].any(axis=1).mean() < MIN_FILLED_CELLS:
        cell = grid.cell_index(labels.shape)
        written = _written_cells(ink, middle, cell, grid.cell_count)
        background |= _missing_ground(filled & ~background, written)
    return background | _enclosing(labels, background, grid.cell_px)


def _along_lines(
    labels: npt.NDArray[np.uint8], strip: Mask, middle: Mask, count: int
) -> Mask:
    """Tell which colours are as common along the lines as between, (count,)."""
    on_strip = np.bincount(labels[strip], minlength=count) / max(1, strip.sum())
    in_middle = np.bincount(labels[middle], minlength=count) / max(1, middle.sum())
    ratio = on_strip / np.maximum(in_middle, 1e-9)
    return np.asarray(
        (ratio >= MIN_BACKGROUND_RATIO) & (on_strip >= MIN_STRIP_SHARE), np.bool_
    )


def _card_share(mask: Mask, grid: Grid) -> float:
    """Return the part of a colour whose pieces are rectangles like cards, 0 to 1."""
    kernel = disc(0.05 * grid.cell_px)
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, kernel)
    contours, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    pieces = [np.asarray(contour, np.int32) for contour in contours]
    cards = [cv2.contourArea(piece) for piece in pieces if _is_card(piece, grid)]
    return float(sum(cards)) / max(1, int(mask.sum()))


def _is_card(contour: npt.NDArray[np.int32], grid: Grid) -> bool:
    """Tell whether a piece of colour is a rectangle as cards are, and no cell."""
    area = cv2.contourArea(contour)
    unit = grid.cell_px**2
    if not MIN_AREA * unit <= area <= MAX_AREA * unit:
        return False
    long_px, short_px = sorted(cv2.minAreaRect(contour)[1], reverse=True)
    if area < MIN_CARD_FILL * long_px * short_px:
        return False
    left, top, width, height = cv2.boundingRect(contour)
    bounds = Rect(left, top, left + width, top + height)
    return long_px <= MAX_CARD_ASPECT * short_px and not grid.is_cell_shaped(
        bounds, CELL_TOLERANCE
    )


def _filled_cells(
    labels: npt.NDArray[np.uint8], ring: Mask, grid: Grid, count: int
) -> Mask:
    """Tell which colours fill which cells to their edge, shape (cells, count)."""
    cells = grid.cell_index(labels.shape)[ring].astype(np.intp)
    codes = cells * count + labels[ring]
    counts = np.bincount(codes, minlength=grid.cell_count * count)
    table = counts.reshape(grid.cell_count, count)
    total = np.maximum(table.sum(axis=1, keepdims=True), 1)
    return np.asarray(table / total >= MIN_RING, np.bool_)


def _written_cells(
    ink: Mask, middle: Mask, cell: npt.NDArray[np.int32], cell_count: int
) -> Mask:
    """Tell in the middle of which cells something is written, shape (cells,)."""
    size = np.bincount(cell[middle], minlength=cell_count)
    inked = np.bincount(cell[middle & ink], minlength=cell_count)
    return np.asarray(inked > MAX_GROUND_INK * np.maximum(size, 1), np.bool_)


def _missing_ground(filled: Mask, written: Mask) -> Mask:
    """Return the colours that fill cells in which mostly nothing is written."""
    cells = filled.sum(axis=0)
    bare = (filled & ~written[:, None]).sum(axis=0)
    return np.asarray((bare >= MIN_GROUND_CELLS) & (bare * 2 > cells), np.bool_)


def _enclosing(labels: npt.NDArray[np.uint8], background: Mask, cell_px: float) -> Mask:
    """Tell which colours have whole cards lying on them, shape (C,)."""
    found = np.zeros(len(background), np.bool_)
    for label in np.flatnonzero(~background):
        mask = (labels == label).astype(np.uint8)
        contours, nesting = cv2.findContours(
            mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE
        )
        areas = [cv2.contourArea(contour) for contour in contours]
        holes = (
            sum(
                area
                for area, (_, _, _, parent) in zip(areas, nesting[0], strict=True)
                if parent >= 0 and area >= MIN_HOLE * cell_px**2
            )
            if contours
            else 0.0
        )
        found[label] = holes > MIN_ENCLOSED * max(1, int(mask.sum()))
    return found
