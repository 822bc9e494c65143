"""A photo with the grid of a layout drawn in, for a person to look at."""

import cv2

from calibration.geometry import Points, Quad, Rect
from calibration.homography import Homography
from calibration.layout import Layout
from vision.image.arrays import Image

STROKE_SHARE = 1 / 500
"""Width of drawn lines in units of the picture's long side."""

COLUMN_COLOUR, ROW_COLOUR = (40, 40, 230), (200, 40, 200)
"""BGR."""


def draw_layout(pixels: Image, corners_photo: Quad, layout: Layout) -> Image:
    """Return a photo with the edges of columns and rows.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
    corners_photo : Quad
        Of the cell area.
    layout : Layout
    """
    canvas = pixels.copy()
    photo_from_area = Homography.from_quads(
        target=corners_photo, source=Rect(0, 0, 1, 1).to_quad()
    )
    for x in layout.column_edges:
        _line(canvas, photo_from_area.apply([[x, 0], [x, 1]]), COLUMN_COLOUR)
    for y in layout.row_edges:
        _line(canvas, photo_from_area.apply([[0, y], [1, y]]), ROW_COLOUR)
    return canvas


def _line(canvas: Image, ends: Points, colour: tuple[int, int, int]) -> None:
    width = max(1, round(max(canvas.shape[:2]) * STROKE_SHARE))
    (x, y), (end_x, end_y) = ends.round().astype(int).tolist()
    cv2.line(canvas, (x, y), (end_x, end_y), colour, width, cv2.LINE_AA)
