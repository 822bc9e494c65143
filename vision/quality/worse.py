"""How good a picture of a board is to people's eyes: whether it is much worse."""

from dataclasses import dataclass
from typing import Literal

from vision.quality.blurred import focus_of_places
from vision.quality.placement import cell_px_of
from vision.registration.frame import Registration
from vision.registration.rectify import RectifiedBoard

Worse = Literal["blurred", "smaller"]
"""What is the matter with the worse one."""

SOFT_FOCUS = 1.2
"""Focus below which blur is seen: real boards blurred by 2 px of 3200 have 1.13 to
1.28."""

MIN_LOSS = 0.15
"""Focus lost that is much: boards as they were have 1.30 to 1.58."""

MIN_SCALE = 0.5
"""Of the other one's scale: a quarter of the pixels."""


@dataclass(frozen=True, slots=True)
class PictureQuality:
    """How good a picture is: mean side of a cell in the photo; focus, None if not seen."""

    cell_px: float
    focus: float | None


def quality_of(board: RectifiedBoard) -> PictureQuality:
    """Return how good a rectified board's picture is."""
    registration = board.registration
    focus = focus_of_places(board.pixels, tuple(registration.cell_rects.values()))
    return quality_from(registration, focus[len(focus) // 2] if focus else None)


def quality_from(registration: Registration, focus: float | None) -> PictureQuality:
    """Return how good a picture is whose focus was kept."""
    return PictureQuality(cell_px_of(registration), focus)


def why_worse(new: PictureQuality, last: PictureQuality) -> Worse | None:
    """Return why a picture is much worse than the last one; None if it is not."""
    soft = new.focus is not None and new.focus < SOFT_FOCUS
    lost = (last.focus or 0) - (new.focus or 0)
    if soft and lost >= MIN_LOSS:
        return "blurred"
    return "smaller" if new.cell_px < MIN_SCALE * last.cell_px else None
