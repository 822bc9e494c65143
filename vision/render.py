"""Pictures for people: the rectified board with what was found and read on it."""

from collections.abc import Sequence

import cv2
import numpy as np

from calibration.geometry import Quad
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

STROKE_SHARE = 1 / 700
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
        left, bottom = card.corners[3].tolist()
        write_text(canvas, left, bottom, f"{card.score:.2f}", CARD_COLOUR)
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
        write_text(canvas, rect.left, rect.top, entry.state, colour)
    for card in reading.cards:
        quad = projection.quad_board(card.quad_photo)
        _outline(canvas, quad, CARD_COLOUR, 2)
        for line in card.lines:
            _outline(canvas, projection.quad_board(line.quad_photo), LINE_COLOUR, 1)
        bounds = quad.bounds
        write_text(canvas, bounds.left, bounds.bottom, _caption(card), CARD_COLOUR)
    return canvas


def _caption(card: CardReading) -> str:
    cell = f"{card.cell.room} {card.cell.slot}" if card.cell else "beside the cells"
    return f"{cell} {card.confidence:.2f}\n{card.text}"


def _outline(canvas: Image, quad: Quad, colour: Colour, weight: int) -> None:
    thickness = max(1, round(weight * STROKE_SHARE * max(canvas.shape)))
    corners = np.rint(quad.to_array()).astype(np.int32)
    cv2.polylines(canvas, [corners], isClosed=True, color=colour, thickness=thickness)


def write_text(
    canvas: Image, left: float, top: float, text: str, colour: Colour
) -> None:
    """Write lines of text onto a canvas, on a light backdrop, below a point."""
    size = max(10, round(TEXT_SHARE * max(canvas.shape)))
    face = cv2.FontFace("sans")
    for index, line in enumerate(text.split("\n")):
        origin = (round(left), round(top + (index + 1) * size * LINE_HEIGHT))
        x, y, width, height = cv2.getTextSize((0, 0), line, origin, face, size)
        backdrop = canvas[max(0, y) : y + height + 2, max(0, x) : x + width]
        backdrop[:] = backdrop // 4 + BACKDROP_LEVEL
        cv2.putText(canvas, line, origin, colour, face, size)
