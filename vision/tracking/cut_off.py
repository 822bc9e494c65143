"""Cards that reach out of the photo."""

import numpy as np

from calibration.geometry import Quad, Rect

EDGE_SHARE = 0.08
"""How near the photo's edge, in units of a card's size, the outline of a card ends
that the edge cuts off."""


def ends_at_edge(quad_photo: Quad, photo_wh: tuple[int, int]) -> bool:
    """Tell whether an outline ends where the photo does."""
    corners = quad_photo.to_array()
    reach = EDGE_SHARE * np.sqrt(quad_photo.area)
    near = (corners < reach) | (corners > np.subtract(photo_wh, 1 + reach))
    return bool(near.any())


def outside_share(quad_photo: Quad, photo_wh: tuple[int, int]) -> float:
    """Return the part of an outline that the photo does not reach, 0 to 1."""
    frame = Rect(0, 0, *photo_wh).to_quad()
    return 1 - quad_photo.overlap(frame) / quad_photo.area
