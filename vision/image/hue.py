"""When two colours are one hue: paper in the shade stays the same paper."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

SHADES = (0.4, 1.2)
"""Chroma of a card's paper in the shade of its own curl and in full light, as parts of
the card's: its hue stays."""

MAX_TINGE = 15.0
"""Euclidean distance in a and b of CIELAB (OpenCV's 8 bits) up to which two colours are
of one hue: noise and white balance stay below, other colours of paper are at 30."""


def of_hue(tinge: Floats, own: Floats) -> npt.NDArray[np.bool_]:
    """Return where a colour is a card's own, lighter or darker.

    Parameters
    ----------
    tinge : ndarray of shape (..., 2), float32
        a and b of CIELAB (OpenCV's 8 bits), 0 is neutral.
    own : ndarray of shape (2,), float32
        The card's.

    Returns
    -------
    ndarray of shape (...), bool
    """
    square = max(float(own @ own), 1.0)
    shade = np.clip(tinge @ (own / square), *SHADES)
    off_a, off_b = (tinge[..., axis] - shade * own[axis] for axis in (0, 1))
    return np.asarray(off_a * off_a + off_b * off_b <= MAX_TINGE**2, np.bool_)
