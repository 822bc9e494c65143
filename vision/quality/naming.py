"""The cells that a finding is about, and their names in its sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from calibration.geometry import Rect
from calibration.layout import CellId
from vision.image.arrays import Image, Mask, window_of

MAX_NAMED = 2
"""Cells named in one finding, which lists all."""


@dataclass(frozen=True, slots=True, eq=False)
class CardCrop:
    """A card's crop, (H, W, 3) uint8 BGR, and its cell; None where it is not named."""

    cell: CellId | None
    pixels: Image


def cells_under(
    mask: Mask, rects: Mapping[CellId, Rect], min_share: float
) -> tuple[CellId, ...]:
    """Return the cells of which a mask (H, W) covers a part, given their rects in it."""
    windows = {cell: window_of(mask, rect) for cell, rect in rects.items()}
    return tuple(
        cell
        for cell, window in windows.items()
        if window.size and window.mean() >= min_share
    )


def name_cells(cells: Sequence[CellId]) -> str:
    """Name one or more cells, as in ``Room 302 at 10:00, Room 303 at 11:00 and 5 more``."""
    # "and 1 more" is no shorter than its name.
    named = len(cells) if len(cells) <= MAX_NAMED + 1 else MAX_NAMED
    names = [f"{cell.room} at {cell.slot.split('-')[0]}" for cell in cells[:named]]
    if len(cells) > named:
        return f"{', '.join(names)} and {len(cells) - named} more"
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
