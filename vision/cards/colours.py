"""A board's pixels sorted by colour: what the stages of card finding share."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ColourMap:
    """A board's pixels sorted by colour.

    Parameters
    ----------
    labels : ndarray of shape (H, W), uint8
        Index of each pixel's colour.
    background : ndarray of shape (C,), bool
        Which colours are background.
    """

    labels: npt.NDArray[np.uint8]
    background: Mask

    @property
    def foreground(self) -> Mask:
        """Where no background is, shape (H, W)."""
        return ~self.background[self.labels]
