"""A board that reaches out of the photo."""

from vision.reading import Finding
from vision.registration.frame import Registration

MIN_COVERAGE = 0.97
"""Part of the cell area that a photo of the whole board shows."""


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
