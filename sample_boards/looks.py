"""Grounds: what a board looks like before the first card hangs on it."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from calibration.geometry import Rect
from sample_boards.board import DrawnBoard, Look
from sample_boards.cards import Card
from sample_boards.paper import Image, noise, plain, shaded, with_ink
from sample_boards.pens import BOARD_MARKER, INKS, Colour, Mask, draw_ink
from sample_boards.printing import print_text
from sample_boards.strokes import Stroke, curve

GREEN: Final[Colour] = (46, 50, 22)
TAN: Final[Colour] = (138, 172, 190)
PRINT_DARK: Final[Colour] = (36, 32, 30)
LINE_WHITE: Final[Colour] = (226, 224, 220)
BROWN: Final[Colour] = (92, 128, 164)
TAPE: Final[Colour] = (176, 210, 222)
ENAMEL: Final[Colour] = (236, 236, 232)

LINE_MM: Final = 2.6
"""Width of a printed line."""

TAPE_MM: Final = 15.0
"""Width of masking tape."""


def hour_words(slot: str) -> str:
    """Return a slot's start as it is printed: ``14:00-15:00`` is 2 over PM."""
    start = slot.split("-", maxsplit=1)[0]
    hour, minute = (int(part) for part in start.split(":"))
    half = "AM" if hour < 12 else "PM"
    shown = str(hour % 12 or 12) + (f":{minute:02}" if minute else "")
    return f"{shown}\n{half}"


def draw_ground(board: DrawnBoard, px_per_mm: float) -> Image:
    """Draw a board without cards and tags.

    Parameters
    ----------
    board : DrawnBoard
        The board.
    px_per_mm : float
        Scale of the picture.

    Returns
    -------
    ndarray of shape (H, W, 3), uint8
        The whole board, edge to edge.
    """
    rng = np.random.default_rng([board.seed, 1])
    return _GROUNDS[board.look](board, px_per_mm, rng)


def _fill(image: Image, rect_mm: Rect, colour: Image, px_per_mm: float) -> None:
    left, top = round(rect_mm.left * px_per_mm), round(rect_mm.top * px_per_mm)
    right, bottom = round(rect_mm.right * px_per_mm), round(rect_mm.bottom * px_per_mm)
    image[top:bottom, left:right] = colour[top:bottom, left:right]


def _edges_mm(board: DrawnBoard) -> tuple[list[float], list[float]]:
    area = board.cell_area_mm
    columns = [area.left + i * board.cell_mm[0] for i in range(len(board.rooms) + 1)]
    rows = [area.top + i * board.cell_mm[1] for i in range(len(board.slots) + 1)]
    return columns, rows


def _printed(board: DrawnBoard, px_per_mm: float, rng: np.random.Generator) -> Image:
    size_wh = board.size_px(px_per_mm)
    image = plain(size_wh, GREEN, rng, grain=0.05, px_per_mm=px_per_mm)
    tan = plain(size_wh, TAN, rng, grain=0.03, px_per_mm=px_per_mm)
    area = board.cell_area_mm
    left, top = board.margins_mm[:2]
    _fill(image, Rect(left, area.top, area.left, area.bottom), tan, px_per_mm)
    _fill(image, Rect(area.left, top, area.right, area.top), tan, px_per_mm)
    if board.lines:
        _print_lines(image, board, px_per_mm)
    columns, rows = _edges_mm(board)
    for i, room in enumerate(board.rooms):
        centre = ((columns[i] + columns[i + 1]) / 2, (top + area.top) / 2)
        _print_mm(image, room.replace(" ", "\n", 1), centre, 23, px_per_mm)
    for i, slot in enumerate(board.slots):
        centre = ((left + area.left) / 2, (rows[i] + rows[i + 1]) / 2)
        _print_mm(image, hour_words(slot), centre, 31, px_per_mm)
    return image


def _print_mm(
    image: Image,
    text: str,
    centre_mm: tuple[float, float],
    height_mm: float,
    px_per_mm: float,
) -> None:
    centre_px = (centre_mm[0] * px_per_mm, centre_mm[1] * px_per_mm)
    print_text(image, text, centre_px, height_mm * px_per_mm, PRINT_DARK)


def _print_lines(image: Image, board: DrawnBoard, px_per_mm: float) -> None:
    columns, rows = _edges_mm(board)
    left, top = board.margins_mm[:2]
    mask = np.zeros(image.shape[:2], np.uint8)
    for x in columns:
        _line(mask, (x, top), (x, rows[-1]), px_per_mm)
    for y in rows:
        _line(mask, (left, y), (columns[-1], y), px_per_mm)
    _line(mask, (columns[0], top), (columns[-1], top), px_per_mm)
    _line(mask, (left, rows[0]), (left, rows[-1]), px_per_mm)
    _lay(image, mask, LINE_WHITE)


def _lay(image: Image, mask: Mask, colour: Colour) -> None:
    """Lay a colour over a picture by opacity, in place."""
    under = image[mask > 0].astype(np.float32)
    alpha = mask[mask > 0][:, None].astype(np.float32) / 255
    laid = under + (np.array(colour, np.float32) - under) * alpha
    image[mask > 0] = np.rint(laid).astype(np.uint8)


def _line(
    mask: Mask, start_mm: tuple[float, float], end_mm: tuple[float, float], scale: float
) -> None:
    """Draw a straight printed line whose width may be a fraction of a pixel."""
    half = LINE_MM / 2
    low = np.array([start_mm[0] - half, start_mm[1] - half]) * scale
    high = np.array([end_mm[0] + half, end_mm[1] + half]) * scale
    corners = [
        [low[0], low[1]],
        [high[0], low[1]],
        [high[0], high[1]],
        [low[0], high[1]],
    ]
    fixed = np.rint(np.array(corners) * 16).astype(np.int32)
    cv2.fillConvexPoly(mask, fixed, 255, cv2.LINE_AA, 4)


def _taped(board: DrawnBoard, px_per_mm: float, rng: np.random.Generator) -> Image:
    size_wh = board.size_px(px_per_mm)
    image = plain(size_wh, BROWN, rng, blotch=0.03, grain=0.03, px_per_mm=px_per_mm)
    image = shaded(image, _creases(size_wh, px_per_mm, rng))
    if not board.lines:
        return image
    columns, rows = _edges_mm(board)
    area = board.cell_area_mm
    for x in columns[:-1]:
        _tape(image, (x, area.top - 20), (x, area.bottom + 8), px_per_mm, rng)
    for y in rows:
        _tape(image, (board.margins_mm[0], y), (area.right, y), px_per_mm, rng)
    return image


def _creases(
    size_wh: tuple[int, int], px_per_mm: float, rng: np.random.Generator
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Return light on paper from a roll: soft waves and two folds."""
    tone = 1 + 0.05 * noise(size_wh, 160 * px_per_mm, rng)
    for _ in range(3):
        at = rng.uniform(0.1, 0.9) * size_wh[0]
        x = (np.arange(size_wh[0], dtype=np.float32) - at) / (3 * px_per_mm)
        tone += (0.07 * x * np.exp(-(x**2)))[None, :]
    return np.asarray(tone, dtype=np.float32)


def _tape(
    image: Image,
    start_mm: tuple[float, float],
    end_mm: tuple[float, float],
    px_per_mm: float,
    rng: np.random.Generator,
) -> None:
    """Stick a strip of tape, a little askew and torn at its ends."""
    start = np.array(start_mm) + rng.uniform(-3, 3, 2)
    end = np.array(end_mm) + rng.uniform(-3, 3, 2)
    along = (end - start) / np.hypot(*(end - start))
    across = np.array([-along[1], along[0]]) * TAPE_MM / 2
    torn = [rng.uniform(-3, 3) for _ in range(6)]
    ring = [start - across * (1 - i * 0.5) + along * torn[i] for i in range(5)]
    ring += [end + across * (1 - i * 0.5) + along * torn[i] for i in range(5)]
    mask = np.zeros(image.shape[:2], np.uint8)
    fixed = np.rint(np.array(ring) * px_per_mm * 16).astype(np.int32)
    cv2.fillPoly(mask, [fixed], 205, cv2.LINE_AA, 4)
    streaks = noise((image.shape[1], image.shape[0]), 5 * px_per_mm, rng)
    mask = np.asarray(mask * np.clip(1 - 0.05 * streaks, 0, 1.2), dtype=np.uint8)
    _lay(image, mask, TAPE)


def _whiteboard(board: DrawnBoard, px_per_mm: float, rng: np.random.Generator) -> Image:
    size_wh = board.size_px(px_per_mm)
    image = plain(size_wh, ENAMEL, rng, blotch=0.008, grain=0.003, px_per_mm=px_per_mm)
    image = _smudged(image, px_per_mm, rng)
    if board.lines:
        strokes = _hand_lines(board, rng)
        ink = draw_ink(strokes, BOARD_MARKER, size_wh, px_per_mm, rng)
        image = with_ink(image, ink, INKS["blue"])
    frame = round(9 * px_per_mm)
    metal = plain(size_wh, (150, 152, 152), rng, px_per_mm=px_per_mm)
    for part in (np.s_[:frame], np.s_[-frame:], np.s_[:, :frame], np.s_[:, -frame:]):
        image[part] = metal[part]
    return image


def _smudged(image: Image, px_per_mm: float, rng: np.random.Generator) -> Image:
    """Leave what the cloth did not take off."""
    mask = np.zeros(image.shape[:2], np.uint8)
    for _ in range(7):
        centre = rng.uniform((0, 0), (image.shape[1], image.shape[0]))
        axes = rng.uniform(15, 60, 2) * px_per_mm
        cv2.ellipse(
            mask,
            (round(float(centre[0])), round(float(centre[1]))),
            (round(float(axes[0])), round(float(axes[1]))),
            float(rng.uniform(0, 180)),
            0,
            360,
            int(rng.integers(12, 42)),
            -1,
        )
    soft = cv2.GaussianBlur(mask, (0, 0), 12 * px_per_mm)
    return with_ink(image, np.asarray(soft, dtype=np.uint8), (200, 150, 110))


def _hand_lines(board: DrawnBoard, rng: np.random.Generator) -> list[Stroke]:
    columns, rows = _edges_mm(board)
    left, top = board.margins_mm[:2]
    ends = [((x, top), (x, rows[-1])) for x in columns[:-1]]
    ends += [((left, y), (columns[-1], y)) for y in rows[:-1]]
    return [_hand_line(start, end, rng) for start, end in ends]


def _hand_line(
    start: tuple[float, float], end: tuple[float, float], rng: np.random.Generator
) -> Stroke:
    points = np.linspace(start, end, 9) + rng.normal(0, 1.6, (9, 2))
    return curve(points, (False,) * 9)


def heading_cards(board: DrawnBoard) -> tuple[Card, ...]:
    """Return the headings of a board whose headings are written by hand.

    Returns
    -------
    tuple of Card
        Paper ovals on a taped board, writing on a whiteboard; none on a
        printed one. They are no sessions: room and slot are empty.
    """
    if board.look == "printed":
        return ()
    columns, rows = _edges_mm(board)
    area = board.cell_area_mm
    paper = board.look == "taped"
    rooms = [
        _heading(
            board,
            f"room-{i}",
            room,
            centre_mm=(
                (columns[i] + columns[i + 1]) / 2,
                area.top - board.head_mm * 0.56,
            ),
            size_mm=(board.head_mm * 1.5, board.head_mm * 0.86),
            colour=(52, 132, 240) if paper else None,
        )
        for i, room in enumerate(board.rooms)
    ]
    slots = [
        _heading(
            board,
            f"slot-{i}",
            slot.replace("-", " - "),
            centre_mm=(
                area.left - board.hours_mm * 0.54,
                (rows[i] + rows[i + 1]) / 2,
            ),
            size_mm=(board.hours_mm * 0.8, board.hours_mm * 0.46),
            colour=(206, 178, 116) if paper else None,
        )
        for i, slot in enumerate(board.slots)
    ]
    return (*rooms, *slots)


def _heading(
    board: DrawnBoard,
    name: str,
    text: str,
    *,
    centre_mm: tuple[float, float],
    size_mm: tuple[float, float],
    colour: Colour | None,
) -> Card:
    seed = board.seed * 100 + sum(ord(letter) for letter in name)
    rng = np.random.default_rng([seed, 4])
    return Card(
        card_id=f"heading-{name}",
        title=text,
        room="",
        slot="",
        centre_mm=(
            centre_mm[0] + rng.uniform(-3, 3),
            centre_mm[1] + rng.uniform(-3, 3),
        ),
        size_mm=size_mm,
        tilt_deg=float(rng.normal(0, 1.5)),
        colour=colour,
        hand="linked",
        pen="bullet marker" if colour else "board marker",
        ink="black" if colour else "blue",
        shape="ellipse" if colour else "rect",
        centred=True,
        writer=board.seed,
        seed=seed,
    )


_GROUNDS: Final[
    dict[Look, Callable[[DrawnBoard, float, np.random.Generator], Image]]
] = {"printed": _printed, "taped": _taped, "whiteboard": _whiteboard}
