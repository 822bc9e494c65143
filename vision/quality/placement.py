"""How a board was placed in its photo: by tags alone, beside them, in part."""

from vision.reading import Finding
from vision.registration.frame import Registration

MIN_COVERAGE = 0.97
"""Part of the cell area that a photo of the whole board shows."""

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
