"""The public face: draw a board, photograph it, know the truth.

>>> board = random_board(7, rooms=4, slots=4, cards=9, tags=True)
>>> photo = render(board, random_standpoint(7), photo_wh=(1600, 1200))
>>> photo.truth.corners_photo  # doctest: +SKIP
"""

import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np
from PIL import Image as PillowImage

from calibration.geometry import Quad
from sample_boards.board import DrawnBoard
from sample_boards.camera import Standpoint, photograph, project, random_standpoint
from sample_boards.drawing import draw_board
from sample_boards.light import Light, Sensor, lit, random_light, random_sensor, sensed
from sample_boards.paper import Image
from sample_boards.people import Person, random_people, stand_in_front
from sample_boards.random_boards import change_cards, random_board
from sample_boards.surroundings import draw_room
from sample_boards.truth import BoardTruth
from sample_boards.witness import witness

__all__ = [
    "Conditions",
    "Light",
    "Person",
    "RenderedPhoto",
    "Sensor",
    "Standpoint",
    "change_cards",
    "random_board",
    "random_conditions",
    "random_light",
    "random_people",
    "random_sensor",
    "random_standpoint",
    "render",
]

FULL_PHOTO_WH: Final = (4032, 3024)
"""Size of a phone's 12 MP photo."""

BOARD_OVERSAMPLING: Final = 1.1
"""Pixels of the drawn board per pixel of the photo, where the photo is finest."""

ORIENTATION_TAG: Final = 0x0112
DATE_TAG: Final = 0x9003
OFFSET_TAG: Final = 0x9011
EXIF_IFD: Final = 0x8769
MAKE_TAG: Final = 0x010F

QUARTER_TURNS: Final = {1: 0, 6: 1, 3: 2, 8: 3}
"""Counter-clockwise quarter turns that make a stored picture of each orientation."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Everything around a photo that is not the board or the standpoint.

    Parameters
    ----------
    light : Light
        Light and exposure.
    sensor : Sensor
        Blur, noise and compression.
    people : tuple of Person
        Who stands in front, the nearest last.
    room_seed : int
        The room behind the board.
    """

    light: Light = field(default_factory=Light)
    sensor: Sensor = field(default_factory=Sensor)
    people: tuple[Person, ...] = ()
    room_seed: int = 0


def random_conditions(seed: int, *, people: int = 0, glare: bool = False) -> Conditions:
    """Return light, sensor and people by seed.

    Parameters
    ----------
    seed : int
        Equal seeds make equal conditions.
    people : int
        How many stand in front.
    glare : bool
        Whether a lamp is mirrored in the board.
    """
    return Conditions(
        light=random_light(seed, glare=glare),
        sensor=random_sensor(seed),
        people=random_people(seed, people),
        room_seed=seed,
    )


@dataclass(frozen=True, slots=True, eq=False)
class RenderedPhoto:
    """A photograph of a drawn board.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        The upright photo, BGR, before compression.
    truth : BoardTruth
        Everything that is true of it.
    jpeg_quality : int
        Quality of its file.
    taken_at : datetime or None
        When it was taken, with its offset.
    """

    pixels: Image
    truth: BoardTruth
    jpeg_quality: int = 80
    taken_at: datetime | None = None

    def jpeg(self, *, orientation: int = 1) -> bytes:
        """Return the photo as a phone's file.

        Parameters
        ----------
        orientation : {1, 3, 6, 8}
            EXIF orientation that the file is stored with.
        """
        turned = np.rot90(self.pixels, QUARTER_TURNS[orientation])
        picture = PillowImage.fromarray(np.ascontiguousarray(turned[..., ::-1]))
        exif = PillowImage.Exif()
        exif[MAKE_TAG] = "Boardcast sample"
        exif[ORIENTATION_TAG] = orientation
        if self.taken_at is not None:
            offset = self.taken_at.strftime("%z")
            exif.get_ifd(EXIF_IFD)[DATE_TAG] = self.taken_at.strftime(
                "%Y:%m:%d %H:%M:%S"
            )
            exif.get_ifd(EXIF_IFD)[OFFSET_TAG] = f"{offset[:3]}:{offset[3:]}"
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=self.jpeg_quality, exif=exif, optimize=True)
        return file.getvalue()


def render(
    board: DrawnBoard,
    standpoint: Standpoint,
    conditions: Conditions | None = None,
    *,
    photo_wh: tuple[int, int] = FULL_PHOTO_WH,
    seed: int = 0,
    taken_at: datetime | None = None,
) -> RenderedPhoto:
    """Draw a board and photograph it.

    Parameters
    ----------
    board : DrawnBoard
        The board.
    standpoint : Standpoint
        Where from.
    conditions : Conditions, optional
        Light, sensor, people, room.
    photo_wh : tuple of int
        Size of the photo; the board is drawn as finely as it needs.
    seed : int
        Noise of the sensor.
    taken_at : datetime, optional
        When; with its offset from UTC.

    Returns
    -------
    RenderedPhoto
        Photo and truth; equal arguments make equal bytes.

    Raises
    ------
    ValueError
        If `taken_at` has no offset.
    """
    if taken_at is not None and taken_at.tzinfo is None:
        msg = f"expected a time with its offset, got {taken_at}"
        raise ValueError(msg)
    px_per_mm = _needed_scale(board, standpoint, photo_wh)
    return take(
        board,
        (draw_board(board, px_per_mm), px_per_mm),
        standpoint,
        conditions or Conditions(),
        photo_wh=photo_wh,
        seed=seed,
        taken_at=taken_at,
    )


def take(
    board: DrawnBoard,
    drawn: tuple[Image, float],
    standpoint: Standpoint,
    conditions: Conditions,
    *,
    photo_wh: tuple[int, int],
    seed: int,
    taken_at: datetime | None = None,
) -> RenderedPhoto:
    """Photograph a board that is drawn.

    Parameters
    ----------
    board : DrawnBoard
        The board.
    drawn : ndarray of shape (H, W, 3), uint8, and float
        From `draw_board`, and its pixels per millimetre.
    standpoint, conditions, photo_wh, seed, taken_at
        See `render`.
    """
    picture, px_per_mm = drawn
    projection = project(board.size_px(px_per_mm), standpoint, photo_wh)
    room = draw_room(photo_wh, conditions.room_seed)
    seen = photograph(picture, room, projection)
    peopled, hidden = stand_in_front(seen, conditions.people)
    rng = np.random.default_rng([seed, 61])
    pixels = sensed(lit(peopled, conditions.light), conditions.sensor, rng)
    pixels.flags.writeable = False
    return RenderedPhoto(
        pixels=pixels,
        truth=witness(
            board,
            px_per_mm,
            projection,
            hidden,
            taken_at=taken_at.isoformat() if taken_at else "",
        ),
        jpeg_quality=conditions.sensor.jpeg_quality,
        taken_at=taken_at,
    )


def _needed_scale(
    board: DrawnBoard, standpoint: Standpoint, photo_wh: tuple[int, int]
) -> float:
    """Return board pixels per millimetre so that the photo loses no detail."""
    size = board.size_px(1.0)
    projection = project(size, standpoint, photo_wh)
    area = board.cell_area_mm
    inner = Quad.from_array(area.to_quad().to_array())
    corners = projection.photo_from_board(inner.to_array())
    edges = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    lengths = np.array([area.width, area.height, area.width, area.height])
    return round(float((edges / lengths).max()) * BOARD_OVERSAMPLING, 3)
