"""Pictures for people: the rectified board with what was found and read on it."""

from collections.abc import Sequence

import cv2
import numpy as np

from calibration.event import Board
from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import Layout
from vision.cards import Colour, DetectedCard
from vision.detection.detector import CardMaps, Detection
from vision.image.arrays import Image
from vision.reading import BoardReading, CardReading, CellState
from vision.registration.rectify import RectifiedBoard

CARD_COLOUR: Colour = (40, 40, 230)
LINE_COLOUR: Colour = (230, 90, 20)
GRID_COLOUR: Colour = (200, 160, 0)
STATE_COLOURS: dict[CellState, Colour] = {
    "taken": (200, 160, 0),
    "free": (60, 180, 60),
    "blocked": (90, 90, 90),
    "covered": (0, 140, 255),
    "unseen": (160, 160, 160),
}

COLUMN_COLOUR: Colour = (40, 40, 230)
ROW_COLOUR: Colour = (200, 40, 200)
BESIDE_PHOTO: Colour = (235, 235, 235)

STROKE_SHARE, LAYOUT_STROKE_SHARE = 1 / 700, 1 / 500
"""Width of drawn lines in units of the picture's long side."""

TEXT_SHARE, LINE_HEIGHT, BACKDROP_LEVEL = 1 / 85, 1.2, 190
"""Height of text in the same units, distance of its lines in that; three quarters of
the grey behind it."""

MAPS_SHARE = 0.6
"""How much of the network's maps is mixed into its picture."""


def draw_cards(board: RectifiedBoard, cards: Sequence[DetectedCard]) -> Image:
    """Return the rectified board with the outlines of the cards."""
    canvas = board.pixels.copy()
    for card in cards:
        _outline(canvas, card.quad_board, CARD_COLOUR, 2)
    return canvas


def draw_maps(picture: Image, maps: CardMaps, found: Sequence[Detection]) -> Image:
    """Return the network's picture and, beside it, its maps; the cards on both.

    Core in red, the rest of the mask in green, writing in blue; each card with its
    score.
    """
    width = picture.shape[1]
    levels = np.dstack([maps.written * maps.mask, maps.mask, maps.core])
    large = cv2.resize(levels, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    mixed = picture * np.float32(1 - MAPS_SHARE) + large * np.float32(255 * MAPS_SHARE)
    canvas = np.hstack([picture, mixed.astype(np.uint8)])
    for card in found:
        for shift in (0, width):
            quad = Quad.from_array(card.corners + np.array([shift, 0]))
            _outline(canvas, quad, CARD_COLOUR, 1)
        caption = f"{card.score:.2f} {card.written:.2f}"
        left, bottom = card.corners[3].tolist()
        _write(canvas, left, bottom, caption, CARD_COLOUR)
    return canvas


def render_overlay(board: RectifiedBoard, reading: BoardReading) -> Image:
    """Return the rectified board with cells, cards, lines and their text."""
    canvas = board.pixels.copy()
    projection = board.registration.projection
    rects = board.registration.cell_rects
    for entry in reading.cells:
        rect = rects[entry.cell]
        colour = STATE_COLOURS[entry.state]
        _outline(canvas, rect.to_quad(), GRID_COLOUR, 1)
        _write(canvas, rect.left, rect.top, entry.state, colour)
    for card in reading.cards:
        quad = projection.quad_board(card.quad_photo)
        _outline(canvas, quad, CARD_COLOUR, 2)
        for line in card.lines:
            _outline(canvas, projection.quad_board(line.quad_photo), LINE_COLOUR, 1)
        bounds = quad.bounds
        _write(canvas, bounds.left, bounds.bottom, _caption(card), CARD_COLOUR)
    return canvas


def draw_layout(pixels: Image, corners_photo: Quad, layout: Layout) -> Image:
    """Return a photo with the edges of a layout's columns and rows.

    Takes the corners of the cell area in the photo, (H, W, 3) uint8 BGR.
    """
    canvas = pixels.copy()
    photo_from_area = Homography.from_quads(
        target=corners_photo, source=Rect(0, 0, 1, 1).to_quad()
    )
    width = max(1, round(max(canvas.shape[:2]) * LAYOUT_STROKE_SHARE))
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
    half of its long side away.
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
    stroke = max(1, round(max(canvas.shape[:2]) * LAYOUT_STROKE_SHARE))
    for edges, colour, sides in (
        (column_edges, COLUMN_COLOUR, area[[0, 1, 3, 2]]),
        (row_edges, ROW_COLOUR, area[[0, 3, 1, 2]]),
    ):
        first, last = sides[::2], sides[1::2]
        for edge in edges:
            start, end = np.rint(first + edge * (last - first)).astype(int).tolist()
            cv2.line(canvas, start, end, colour, stroke, cv2.LINE_AA)
            _write(canvas, start[0], start[1], f"{edge:g}", colour)
    outline = area.astype(np.int32)
    cv2.polylines(
        canvas, [outline], isClosed=True, color=LINE_COLOUR, thickness=2 * stroke
    )
    for number, (x, y) in enumerate(area.tolist(), start=1):
        cv2.circle(canvas, (x, y), 4 * stroke, LINE_COLOUR, -1)
        _write(canvas, x, y, str(number), LINE_COLOUR)
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


def _caption(card: CardReading) -> str:
    cell = f"{card.cell.room} {card.cell.slot}" if card.cell else "beside the cells"
    return f"{cell} {card.confidence:.2f}\n{card.text}"


def _outline(canvas: Image, quad: Quad, colour: Colour, weight: int) -> None:
    thickness = max(1, round(weight * STROKE_SHARE * max(canvas.shape)))
    corners = np.rint(quad.to_array()).astype(np.int32)
    cv2.polylines(canvas, [corners], isClosed=True, color=colour, thickness=thickness)


def _write(canvas: Image, left: float, top: float, text: str, colour: Colour) -> None:
    """Write lines of text onto a canvas, on a light backdrop, below a point."""
    size = max(10, round(TEXT_SHARE * max(canvas.shape)))
    face = cv2.FontFace("sans")
    for index, line in enumerate(text.split("\n")):
        origin = (round(left), round(top + (index + 1) * size * LINE_HEIGHT))
        x, y, width, height = cv2.getTextSize((0, 0), line, origin, face, size)
        backdrop = canvas[max(0, y) : y + height + 2, max(0, x) : x + width]
        backdrop[:] = backdrop // 4 + BACKDROP_LEVEL
        cv2.putText(canvas, line, origin, colour, face, size)
