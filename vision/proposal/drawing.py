"""Pictures of a layout: its columns and rows on the photo, or on the straight board."""

from collections.abc import Sequence

import cv2
import numpy as np

from calibration.event import Board
from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import Layout
from vision.cards import Colour
from vision.image.arrays import Image
from vision.render import LINE_COLOUR, write_text

COLUMN_COLOUR: Colour = (40, 40, 230)
ROW_COLOUR: Colour = (200, 40, 200)
BESIDE_PHOTO: Colour = (235, 235, 235)

STROKE_SHARE = 1 / 500
"""Width of drawn lines in units of the picture's long side."""


def draw_layout(pixels: Image, corners_photo: Quad, layout: Layout) -> Image:
    """Return a photo with the edges of a layout's columns and rows.

    Takes the corners of the cell area in the photo, (H, W, 3) uint8 BGR.
    """
    canvas = pixels.copy()
    photo_from_area = Homography.from_quads(
        target=corners_photo, source=Rect(0, 0, 1, 1).to_quad()
    )
    width = max(1, round(max(canvas.shape[:2]) * STROKE_SHARE))
    for edges, colour, axis in (
        (layout.column_edges, COLUMN_COLOUR, 0),
        (layout.row_edges, ROW_COLOUR, 1),
    ):
        for edge in edges:
            ends = np.array([[edge, 0], [edge, 1]])[:, :: 1 - 2 * axis]
            start, end = photo_from_area.apply(ends).round().astype(int).tolist()
            cv2.line(canvas, start, end, colour, width, cv2.LINE_AA)
    return canvas


def draw_grid_as_said(
    pixels: Image,
    corners: Sequence[tuple[float, float]],
    column_edges: Sequence[float],
    row_edges: Sequence[float],
) -> Image:
    """Return a photo with a grid that need make no sense: its corners are numbered.

    Takes the corners in the photo, (H, W, 3) uint8 BGR, from the top left clockwise, and
    fractions of the cell area. The picture reaches to corners beside the photo, up to
    half of its long side away; lines stand up to a whole grid beside theirs.
    """
    height, width = pixels.shape[:2]
    most = max(height, width) // 2
    points = np.clip(corners, -most, np.add((width, height), most)).round().astype(int)
    left, top = np.maximum(0, -points.min(axis=0)).tolist()
    right, bottom = np.maximum(0, points.max(axis=0) - (width, height)).tolist()
    size = (top + height + bottom, left + width + right, 3)
    canvas = np.full(size, BESIDE_PHOTO, np.uint8)
    canvas[top : top + height, left : left + width] = pixels
    area = np.add(points, (left, top))
    stroke = max(1, round(max(canvas.shape[:2]) * STROKE_SHARE))
    for edges, colour, sides in (
        (column_edges, COLUMN_COLOUR, area[[0, 1, 3, 2]]),
        (row_edges, ROW_COLOUR, area[[0, 3, 1, 2]]),
    ):
        first, last = sides[::2], sides[1::2]
        for edge in edges:
            along = float(np.clip(np.nan_to_num(edge), -1, 2))
            start, end = np.rint(first + along * (last - first)).astype(int).tolist()
            cv2.line(canvas, start, end, colour, stroke, cv2.LINE_AA)
            write_text(canvas, start[0], start[1], f"{edge:g}", colour)
    outline = area.astype(np.int32)
    cv2.polylines(
        canvas, [outline], isClosed=True, color=LINE_COLOUR, thickness=2 * stroke
    )
    for number, (x, y) in enumerate(area.tolist(), start=1):
        cv2.circle(canvas, (x, y), 4 * stroke, LINE_COLOUR, -1)
        write_text(canvas, x, y, str(number), LINE_COLOUR)
    return canvas


def draw_straightened(
    pixels: Image, corners_photo: Quad, board: Board, side_px: int
) -> Image:
    """Return a board as seen from straight on, with its cells' edges.

    Takes a photo, (H, W, 3) uint8 BGR, the corners of the cell area in it and how long
    the area's long side shall be.
    """
    layout, margins = board.layout, board.margins
    wh = np.array(corners_photo.size_wh)
    wh *= side_px / wh.max()
    x, y = wh / (len(layout.column_edges) - 1, len(layout.row_edges) - 1)
    left, top = margins.left * x, margins.top * y
    area = Rect(left, top, left + wh[0], top + wh[1])
    straight_from_photo = Homography.from_quads(
        target=area.to_quad(), source=corners_photo
    )
    size_wh = (
        round(area.right + margins.right * x),
        round(area.bottom + margins.bottom * y),
    )
    straight = cv2.warpPerspective(pixels, straight_from_photo.matrix, size_wh)
    return draw_layout(np.asarray(straight, np.uint8), area.to_quad(), layout)
