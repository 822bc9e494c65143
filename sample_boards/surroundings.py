"""The room behind the board: a wall, a floor, things, all out of focus."""

from typing import Final

import cv2
import numpy as np

from sample_boards.paper import Image, noise
from sample_boards.pens import Colour

WALLS: Final[tuple[Colour, ...]] = (
    (196, 204, 210), (168, 180, 190), (150, 158, 150), (206, 200, 190), (120, 136, 156),
)  # fmt: skip
"""Colours of walls."""

FLOORS: Final[tuple[Colour, ...]] = ((70, 84, 104), (88, 90, 92), (92, 76, 62))
"""Colours of floors."""


def draw_room(photo_wh: tuple[int, int], seed: int) -> Image:
    """Draw the room that a board stands in.

    Parameters
    ----------
    photo_wh : tuple of int
        Size of the photo.
    seed : int
        Equal seeds make equal rooms.

    Returns
    -------
    ndarray of shape (H, W, 3), uint8
        The room, blurred.
    """
    # Drawn at a quarter of the size: all of it is out of focus.
    width, height = photo_wh[0] // 4 + 1, photo_wh[1] // 4 + 1
    rng = np.random.default_rng([seed, 51])
    room = np.full((height, width, 3), WALLS[rng.integers(len(WALLS))], np.float32)
    floor_y = round(height * rng.uniform(0.9, 0.96))
    room[floor_y:] = FLOORS[rng.integers(len(FLOORS))]
    room[floor_y - max(2, height // 60) : floor_y] *= 0.6
    for _ in range(rng.integers(4, 9)):
        _put_thing(room, rng)
    tone = 1 + 0.04 * noise((width, height), width / 6, rng)
    room *= tone[..., None]
    soft = cv2.GaussianBlur(room, (0, 0), max(1.0, width / 220))
    return np.asarray(
        np.clip(cv2.resize(soft, photo_wh, interpolation=cv2.INTER_LINEAR), 0, 255),
        dtype=np.uint8,
    )


def _put_thing(room: np.ndarray, rng: np.random.Generator) -> None:
    """Put a door, a poster, a chair or a lamp somewhere along the edges."""
    height, width = room.shape[:2]
    side = rng.choice([rng.uniform(-0.04, 0.06), rng.uniform(0.9, 1.0)])
    left = round(width * side)
    top = round(height * rng.uniform(-0.05, 0.75))
    right = left + round(width * rng.uniform(0.03, 0.1))
    bottom = top + round(height * rng.uniform(0.12, 0.6))
    grey = rng.uniform(60, 215)
    colour = tuple(float(part) for part in grey + rng.uniform(-22, 22, 3))
    cv2.rectangle(room, (left, top), (right, bottom), colour, -1)
    if rng.random() < 0.5:
        inner = tuple(part * 0.8 for part in colour)
        inset = max(1, (right - left) // 6)
        cv2.rectangle(
            room,
            (left + inset, top + inset),
            (right - inset, bottom - inset),
            inner,
            -1,
        )
