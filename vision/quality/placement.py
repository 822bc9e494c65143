"""How a board lies in its photo: placed by tags alone, beside them, in part, too small."""

from collections.abc import Sequence

import numpy as np

from vision.quality.letters import MIN_CARDS, Letters
from vision.reading import Finding
from vision.registration.frame import Registration

MIN_COVERAGE = 0.97
"""Part of the cell area that a photo of the whole board shows."""

MIN_LETTER_PX = 5.5
"""Height of a letter in the photo below which cards are misread: 85% of shrunk crops
below had lost more than .15 in CER, and 75% of those that had are below."""

MIN_CELL_PX = 60
"""Mean side of a cell in the photo below which lines (9 px and less) are lost."""

PLACES = ("top left", "top right", "bottom right", "bottom left")
"""Where a board's tags belong, in order."""

UNCHECKED = Finding(
    "unchecked",
    "Only the tags say where the board is: no lines and no earlier photo agree. "
    "Check that each tag is at its corner of the cells, and compare the "
    "straight picture's rooms and hours with the board. A reference photo in "
    "event.toml lets Boardcast check it.",
)


def unchecked(registration: Registration) -> Finding | None:
    """Return the finding on a board that nothing but its tags places."""
    return None if registration.checked else UNCHECKED


def tag_moved(registration: Registration) -> Finding | None:
    """Return the finding on a board's moved tags."""
    moved = registration.moved_tags
    if not moved:
        return None
    ids = registration.board.tags or ()
    names = " and ".join(f"tag {tag} ({PLACES[ids.index(tag)]})" for tag in moved)
    names = f"T{names[1:]}"
    return Finding(
        "tag_moved",
        f"{names} moved. The board was placed by "
        "what else it shows: put each tag back at its corner of the cells.",
    )


def cut_off(registration: Registration) -> Finding | None:
    """Tell how much of a board is seen, and at which side the rest would be."""
    if registration.coverage >= MIN_COVERAGE:
        return None
    area = registration.projection.quad_photo(registration.cell_area.to_quad())
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


def far_board(registration: Registration) -> Finding | None:
    """Return the finding on a board whose cells are too small for writing."""
    cell_px = cell_px_of(registration)
    if cell_px >= MIN_CELL_PX:
        return None
    return Finding(
        "too_far",
        f"A cell is only {cell_px:.0f} pixels wide in the photo. Go closer, or take "
        "a larger picture.",
    )


def cell_px_of(registration: Registration) -> float:
    """Return the mean side of a cell in the photo, in its pixels."""
    area = registration.projection.quad_photo(registration.cell_area.to_quad())
    return float((area.area / len(registration.board.layout.cells)) ** 0.5)


def far_cards(letters: Sequence[Letters]) -> Finding | None:
    """Return the finding on cards whose letters are too small, in photo pixels."""
    heights = [one.height_px for one in letters if one.height_px is not None]
    if len(heights) < MIN_CARDS or float(np.median(heights)) >= MIN_LETTER_PX:
        return None
    return Finding(
        "too_far",
        f"Letters are only {int(np.median(heights))} pixels high in the photo; most "
        f"so small are misread. Go closer, or take a larger picture.",
    )
