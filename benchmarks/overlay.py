"""Pictures of what was found on a board, for people to look at."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from calibration.geometry import Quad
from vision.image.arrays import Image
from vision.image.photo import encode_png

CYAN, RED, GREEN, MAGENTA = (
    (255, 255, 0),
    (0, 0, 255),
    (0, 220, 0),
    (255, 0, 255),
)
"""Blue, green, red: of true cards found and missed, of found cards right and wrong."""

LONG_SIDE_PX = 2000
"""Of the pictures at most."""


def write_overlay(
    path: Path,
    pixels: Image,
    true: Sequence[tuple[Quad, bool]],
    found: Sequence[tuple[Quad, bool]],
) -> None:
    """Write a picture with the outlines of true and of found cards.

    Parameters
    ----------
    path : Path
        Of a PNG.
    pixels : ndarray of shape (H, W, 3), uint8, BGR
    true : sequence of (Quad, bool)
        Outlines in pixels, and whether each was found.
    found : sequence of (Quad, bool)
        Outlines in pixels, and whether each is a true card in its cell.
    """
    scale = min(1.0, LONG_SIDE_PX / max(pixels.shape[:2]))
    canvas = np.asarray(
        cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA),
        np.uint8,
    )
    for quads, colours in ((true, (RED, CYAN)), (found, (MAGENTA, GREEN))):
        for quad, good in quads:
            corners = np.round(quad.to_array() * scale).astype(np.int32)
            cv2.polylines(canvas, [corners], True, colours[good], 2, cv2.LINE_AA)  # noqa: FBT003  (cv2)
    path.write_bytes(encode_png(canvas))
