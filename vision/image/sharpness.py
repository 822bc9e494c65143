"""How legible a card is in a crop, against other crops of the same card."""

import cv2
import numpy as np

from vision.image.arrays import Floats, Grey, Image, grey_of

WIDTH_PX = 480
"""Width to which every crop is brought: engines gain nothing above it."""

NOISE_SIGMA = 1.2
"""Gaussian before the Laplacian, in pixels: without it noise is measured."""

LIGHT_SIGMA = 24.0
"""Neighbourhood whose mean is a card's light, in pixels: two or three letters."""

LIGHT_STEP_PX = 8
"""Pixels averaged to one before that mean is taken."""

MARGIN = 0.06
"""Part of a crop at each edge that is left out: it may show what is behind."""


def sharpness_of(crop: Image) -> float:
    """Return contrast and scale of the letters in a crop, at least 0, without a unit.

    The variance of the Laplacian (J. Pech-Pacheco et al., "Diatom autofocusing in
    brightfield microscopy", ICPR 2000) at equal scale, relative to the light:
    proportional to the square of the letters' contrast. Only crops of one card can be
    compared.

    Parameters
    ----------
    crop : ndarray of shape (H, W, 3), uint8, BGR
        Upright.
    """
    grey = grey_of(crop)
    height, width = grey.shape
    larger = width < WIDTH_PX
    level = cv2.resize(
        grey,
        (WIDTH_PX, max(1, round(height * WIDTH_PX / width))),
        interpolation=cv2.INTER_CUBIC if larger else cv2.INTER_AREA,
    ).astype(np.float32)
    light = _light(grey, (level.shape[1], level.shape[0]))
    flat = cv2.GaussianBlur(level / (light + 1), (0, 0), NOISE_SIGMA)
    edges = cv2.Laplacian(flat, cv2.CV_32F)
    rows, columns = (round(MARGIN * side) for side in edges.shape)
    inner = edges[rows : edges.shape[0] - rows, columns : edges.shape[1] - columns]
    # The variance, by OpenCV's sums: NumPy takes five times as long.
    squares = cv2.norm(inner, cv2.NORM_L2SQR) / max(1, inner.size)
    return float(squares - cv2.mean(inner)[0] ** 2) * 1e4


def _light(grey: Grey, size_wh: tuple[int, int]) -> Floats:
    """Return the mean of each pixel's neighbourhood at another size, (H, W)."""
    small_wh = (-(-size_wh[0] // LIGHT_STEP_PX), -(-size_wh[1] // LIGHT_STEP_PX))
    small = cv2.resize(grey, small_wh, interpolation=cv2.INTER_AREA)
    light = cv2.GaussianBlur(
        small.astype(np.float32), (0, 0), LIGHT_SIGMA / LIGHT_STEP_PX
    )
    large = cv2.resize(light, size_wh, interpolation=cv2.INTER_LINEAR)
    return np.asarray(large, np.float32)
