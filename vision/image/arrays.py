"""Arrays of pixels, and parts of them."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from calibration.geometry import Rect

Image = npt.NDArray[np.uint8]
"""(H, W, 3), BGR."""

Mask = npt.NDArray[np.bool_]
"""(H, W)."""

Scalar = TypeVar("Scalar", bound=np.generic)


def window_of(whole: npt.NDArray[Scalar], bounds: Rect) -> npt.NDArray[Scalar]:
    """Return the part of a picture (H, W[, C]) in a rect, empty outside of it.

    A view of the picture, not a copy.
    """
    return whole[
        max(0, round(bounds.top)) : max(0, round(bounds.bottom)),
        max(0, round(bounds.left)) : max(0, round(bounds.right)),
    ]
