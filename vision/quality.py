"""Remarks on a photo that do not stop the reading, in words for staff."""

from collections.abc import Sequence

from calibration.geometry import Quad
from vision.ocr.engine import Image
from vision.reading import CellReading, Finding
from vision.rectify import Registration

DARK_LEVEL = 50
"""Mean grey level below which pens become hard to tell from paper."""

BRIGHT_SHARE = 0.25
"""Part of the board at the sensor's limit from which it is overexposed."""

MIN_COVERAGE = 0.97
"""Part of the cell area that a photo of the whole board shows."""

MIN_CELL_PHOTO_PX = 90
"""Mean side of a cell in the photo below which handwriting is mere dots:
letters are about a fifteenth of it, and 5 px letters still read (FINDINGS 5)."""


def assess(
    board_pixels: Image, registration: Registration, cells: Sequence[CellReading]
) -> tuple[Finding, ...]:
    """Return what staff should know about a photo.

    Parameters
    ----------
    board_pixels : ndarray of shape (H, W, 3), uint8, BGR
        The straight picture.
    registration : Registration
    cells : sequence of CellReading
    """
    remarks = (
        _light(board_pixels),
        _cut_off(registration),
        _too_far(registration),
        _in_front(cells),
    )
    return tuple(remark for remark in remarks if remark is not None)


def _light(board_pixels: Image) -> Finding | None:
    """Remark on a dark or overexposed board."""
    small = board_pixels[::8, ::8]
    levels = small[small.max(axis=2) > 0]
    if len(levels) == 0:
        return None
    if float(levels.mean()) < DARK_LEVEL:
        return Finding(
            "dark", "The photo is dark. Switch on the light and take it again."
        )
    if float((levels.min(axis=1) >= 254).mean()) > BRIGHT_SHARE:  # noqa: PLR2004  (8 bit)
        return Finding(
            "overexposed",
            "The photo is overexposed. Tap on the board before you take it again.",
        )
    return None


def _cut_off(registration: Registration) -> Finding | None:
    """Remark on a board that reaches out of the photo."""
    if registration.coverage >= MIN_COVERAGE:
        return None
    area = Quad.from_array(
        registration.projection.photo_from_board(
            registration.cell_area.to_quad().to_array()
        )
    )
    width, height = registration.projection.lens.photo_wh
    bounds = area.bounds
    over = {
        "left": -bounds.left / width,
        "top": -bounds.top / height,
        "right": (bounds.right - width) / width,
        "bottom": (bounds.bottom - height) / height,
    }
    side = max(over, key=lambda name: over[name])
    return Finding(
        "cut_off",
        f"The board is cut off at the {side}: {registration.coverage:.0%} of it is "
        "in the photo. The rest stays as it was.",
    )


def _too_far(registration: Registration) -> Finding | None:
    """Remark on cells too small to be read."""
    layout = registration.board.layout
    area = registration.projection.photo_from_board(
        registration.cell_area.to_quad().to_array()
    )
    cell_px = (Quad.from_array(area).area / len(layout.cells)) ** 0.5
    if cell_px >= MIN_CELL_PHOTO_PX:
        return None
    return Finding(
        "too_far",
        f"A cell is only {cell_px:.0f} pixels wide in the photo. Go closer, or take "
        "a larger picture.",
    )


def _in_front(cells: Sequence[CellReading]) -> Finding | None:
    """Remark on cells that something hides."""
    covered = tuple(entry.cell for entry in cells if entry.state == "covered")
    if not covered:
        return None
    first, others = covered[0], len(covered) - 1
    more = f" and {others} more cell{'s' if others > 1 else ''}" if others else ""
    return Finding(
        "covered",
        f"{first.room}, {first.slot}{more} cannot be seen for certain. If somebody "
        "stands in front, take it again; what was there before stays published.",
        covered,
    )
