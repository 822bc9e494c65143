"""Pictures for people: the straight board with what was found and read on it."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from calibration.geometry import Quad
from vision.cards import FoundCard, cell_rects
from vision.ocr.engine import Image
from vision.reading import BoardReading, CardReading, CellState
from vision.rectify import RectifiedBoard

Colour = tuple[int, int, int]
"""Blue, green, red."""

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

TEXT_SHARE = 1 / 85
"""Height of text in the same units."""


def draw_cards(board: RectifiedBoard, cards: Sequence[FoundCard]) -> Image:
    """Return the straight board with the outlines of the cards.

    Returns
    -------
    ndarray of shape (H, W, 3), uint8, BGR
    """
    canvas = board.pixels.copy()
    for card in cards:
        _outline(canvas, card.quad_board, CARD_COLOUR, 2)
    return canvas


def render_overlay(board: RectifiedBoard, reading: BoardReading) -> Image:
    """Return the straight board with cells, cards, lines and their text.

    Parameters
    ----------
    board : RectifiedBoard
    reading : BoardReading
        Of the same photo.

    Returns
    -------
    ndarray of shape (H, W, 3), uint8, BGR
    """
    canvas = board.pixels.copy()
    projection = board.registration.projection
    rects = cell_rects(board.registration)
    labels: list[tuple[float, float, str, Colour]] = []
    for entry in reading.cells:
        rect = rects[entry.cell]
        colour = STATE_COLOURS[entry.state]
        _outline(canvas, rect.to_quad(), GRID_COLOUR, 1)
        labels.append((rect.left, rect.top, entry.state, colour))
    for card in reading.cards:
        quad = projection.quad_board(card.quad_photo)
        _outline(canvas, quad, CARD_COLOUR, 2)
        for line in card.lines:
            _outline(canvas, projection.quad_board(line.quad_photo), LINE_COLOUR, 1)
        bounds = quad.bounds
        labels.append((bounds.left, bounds.bottom, _caption(card), CARD_COLOUR))
    return _with_text(canvas, labels)


def _caption(card: CardReading) -> str:
    """Return what was read of a card, for its lower edge."""
    cell = f"{card.cell.room} {card.cell.slot}" if card.cell else "beside the cells"
    return f"{cell} {card.confidence:.2f}\n{card.text}"


def _outline(canvas: Image, quad: Quad, colour: Colour, weight: int) -> None:
    """Draw a quad onto a canvas."""
    thickness = max(1, round(weight * STROKE_SHARE * max(canvas.shape)))
    corners = np.rint(quad.to_array()).astype(np.int32)
    cv2.polylines(canvas, [corners], isClosed=True, color=colour, thickness=thickness)


def _with_text(
    canvas: Image, labels: Sequence[tuple[float, float, str, Colour]]
) -> npt.NDArray[np.uint8]:
    """Write labels (left, top, text, colour) onto a canvas, on light ground."""
    picture = PillowImage.fromarray(canvas[:, :, ::-1])
    draw = ImageDraw.Draw(picture, "RGBA")
    font = ImageFont.load_default(max(10, round(TEXT_SHARE * max(canvas.shape))))
    for left, top, text, (blue, green, red) in labels:
        box = draw.multiline_textbbox((left, top), text, font=font)
        draw.rectangle(box, fill=(255, 255, 255, 200))
        draw.multiline_text((left, top), text, font=font, fill=(red, green, blue, 255))
    return np.ascontiguousarray(np.asarray(picture, np.uint8)[:, :, ::-1])
