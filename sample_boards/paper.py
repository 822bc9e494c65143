"""Surfaces: paper, cloth and paint, as pictures with a little life in them."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from sample_boards.pens import Colour, Mask

Image = npt.NDArray[np.uint8]
"""A picture, (H, W, 3) uint8 BGR."""

INDEX_CARD_COLOURS: Final[dict[str, Colour]] = {
    "orange": (58, 176, 250),
    "lime": (72, 240, 176),
    "blue": (238, 168, 44),
    "purple": (214, 96, 140),
    "pink": (150, 72, 246),
}
"""The five colours of ruled index cards."""

NOTE_COLOURS: Final[dict[str, Colour]] = {
    "yellow": (96, 232, 250),
    "pink": (176, 130, 250),
    "blue": (236, 200, 120),
    "green": (130, 226, 170),
    "orange": (86, 168, 250),
    "white": (244, 246, 246),
}
"""Sticky notes and plain cards."""


def noise(
    size_wh: tuple[int, int], scale_px: float, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Return smooth noise of unit deviation.

    Parameters
    ----------
    size_wh : tuple of int
        Size in pixels.
    scale_px : float
        Size of its blobs.
    rng : numpy.random.Generator
        Where it comes from.

    Returns
    -------
    ndarray of shape (H, W), float32
        Mean about 0, deviation about 1.
    """
    width, height = size_wh
    coarse = rng.standard_normal(
        (int(height / scale_px) + 3, int(width / scale_px) + 3), dtype=np.float32
    )
    return np.asarray(
        cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC),
        dtype=np.float32,
    )


def plain(
    size_wh: tuple[int, int],
    colour: Colour,
    rng: np.random.Generator,
    *,
    blotch: float = 0.015,
    grain: float = 0.02,
    px_per_mm: float = 3.0,
) -> Image:
    """Return a surface of one colour.

    Parameters
    ----------
    size_wh : tuple of int
        Size in pixels.
    colour : Colour
        Its colour.
    rng : numpy.random.Generator
        Where its texture comes from.
    blotch, grain : float
        Deviation of brightness over centimetres and over half millimetres.
    px_per_mm : float
        Scale of the surface.
    """
    tone = 1 + blotch * noise(size_wh, 40 * px_per_mm, rng)
    tone += grain * noise(size_wh, max(1.0, 0.6 * px_per_mm), rng)
    return shaded(np.full((size_wh[1], size_wh[0], 3), colour, np.uint8), tone)


def shaded(image: Image, tone: npt.NDArray[np.float32]) -> Image:
    """Multiply a picture with brightness, (H, W) float32, 1 leaves it as it is."""
    return np.asarray(
        cv2.multiply(image, cv2.merge([tone, tone, tone]), dtype=cv2.CV_8U),
        dtype=np.uint8,
    )


def with_ink(image: Image, ink: Mask, colour: Colour) -> Image:
    """Lay ink over a picture.

    Parameters
    ----------
    image : ndarray of shape (H, W, 3), uint8
        What is written on.
    ink : ndarray of shape (H, W), uint8
        Opacity of the ink.
    colour : Colour
        Colour of the ink; it darkens coloured paper a little further.
    """
    touched = ink > 0
    under = image[touched].astype(np.float32)
    alpha = ink[touched][:, None].astype(np.float32) / 255
    stain = np.array(colour, np.float32) * (0.62 + 0.38 / 255 * under)
    inked = image.copy()
    inked[touched] = np.rint(under + (stain - under) * alpha).astype(np.uint8)
    return inked


def blended(under: Image, over: Image, opacity: Mask) -> Image:
    """Lay a picture over another by opacity, (H, W) uint8."""
    alpha = cv2.merge([opacity, opacity, opacity]).astype(np.float32) / 255
    return np.asarray(
        np.rint(under + (over.astype(np.float32) - under) * alpha), dtype=np.uint8
    )
