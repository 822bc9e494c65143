"""Pictures, boards and engines that the tests of vision share."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pytest
from PIL import Image as PilImage
from PIL import ImageDraw, ImageFont

from calibration.event import Board
from calibration.geometry import Rect
from calibration.homography import Homography
from calibration.layout import CellId, Layout, Slot
from calibration.lens import Projection
from sample_boards.board import DrawnBoard
from sample_boards.render import (
    Conditions,
    RenderedPhoto,
    Standpoint,
    change_cards,
    random_board,
    random_conditions,
    render,
)
from sample_boards.truth import BoardTruth
from vision.cards import Colour, KnownCard, Line, ReadCard, Reading
from vision.image.arrays import Image
from vision.image.photo import Photo
from vision.recognition.engine import OcrEngine
from vision.registration.frame import Registration, registration_from_area
from vision.registration.rectify import RectifiedBoard, rectify

PAPER = (246, 243, 236)
INK = (32, 28, 30)


@dataclass(frozen=True)
class ScriptedEngine:
    """Reads what it was told to, by the colour of a crop's middle."""

    script: Mapping[Colour, Sequence[str]]
    name: str = "scripted 1"

    def read(self, crops: Sequence[Image]) -> Sequence[Reading]:
        return [Reading(self._lines(crop)) for crop in crops]

    def _lines(self, crop: Image) -> Sequence[Line]:
        """Lay lines in rows of equal height across the crop."""
        height, width = crop.shape[:2]
        texts = self.script.get(tuple(crop[height // 2, width // 2].tolist()), ())
        step = height / max(1, len(texts))
        return tuple(
            Line(text, 0.9, Rect(0, step * row, width, step * (row + 1)).to_quad())
            for row, text in enumerate(texts)
        )


@pytest.fixture
def scripted_engine() -> Callable[[Mapping[Colour, Sequence[str]]], OcrEngine]:
    return ScriptedEngine


@pytest.fixture(scope="session")
def printed_card() -> Callable[..., Image]:
    """Draw lines of print on paper: (texts, size_wh, letters_px) to a crop."""

    def draw(
        texts: Sequence[str],
        size_wh: tuple[int, int] = (360, 200),
        letters_px: int = 40,
    ) -> Image:
        sheet = PilImage.new("RGB", size_wh, PAPER)
        pen = ImageDraw.Draw(sheet)
        font = ImageFont.load_default(letters_px)
        for index, text in enumerate(texts):
            pen.text((20, 20 + index * letters_px * 1.5), text, INK, font)
        return np.ascontiguousarray(np.asarray(sheet)[:, :, ::-1])

    return draw


SMALL_WH = (1000, 750)
"""Photos of the boards below: cells of some 170 px, at a tenth of the time."""


@dataclass(frozen=True)
class Scene:
    """A photo of a drawn board, and what is true of it."""

    drawn: DrawnBoard
    board: Board
    photo: Photo
    truth: BoardTruth

    @property
    def registration(self) -> Registration:
        """Where the board really is: made from the truth, not found."""
        return true_registration(self.board, self.truth)

    @property
    def straight(self) -> RectifiedBoard:
        return rectify(self.photo, self.registration)

    def with_pixels(self, pixels: Image) -> "Scene":
        """The same scene, its photo painted over."""
        return replace(self, photo=Photo.from_pixels(pixels))


def true_registration(board: Board, truth: BoardTruth) -> Registration:
    area = truth.cell_area_board
    unit_from_board = Homography.scaling(
        1 / area.width, 1 / area.height
    ) @ Homography.translation(-area.left, -area.top)
    return registration_from_area(
        board,
        "tags",
        Projection(
            unit_from_board @ truth.projection.homography, truth.projection.lens
        ),
        aspect=area.width / area.height,
        residual_px=0.0,
    )


def board_of(drawn: DrawnBoard) -> Board:
    return Board(
        slug=drawn.slug,
        title=drawn.title,
        date=dt.date(2024, 5, 17),
        layout=Layout(
            drawn.rooms,
            tuple(Slot.parse(slot) for slot in drawn.slots),
            blocked={CellId(b.room, b.slot): b.reason for b in drawn.blocked},
        ),
        tags=(0, 1, 2, 3) if drawn.tags else None,
    )


@lru_cache(maxsize=16)
def scene_of(
    drawn: DrawnBoard,
    standpoint: Standpoint,
    conditions: Conditions | None = None,
    photo_wh: tuple[int, int] = SMALL_WH,
) -> Scene:
    photo: RenderedPhoto = render(drawn, standpoint, conditions, photo_wh=photo_wh)
    return Scene(drawn, board_of(drawn), Photo.from_pixels(photo.pixels), photo.truth)


@pytest.fixture(scope="session")
def photographed() -> Callable[..., Scene]:
    """Photograph a drawn board: (drawn, standpoint, conditions, photo_wh)."""
    return scene_of


@pytest.fixture(scope="session")
def printed_scene() -> Scene:
    """Eight index cards on a printed board of 4 x 4, from almost the front."""
    drawn = random_board(3, rooms=4, slots=4, cards=8)
    standpoint = Standpoint(yaw_deg=6, pitch_deg=-3, fill=0.92)
    return scene_of(drawn, standpoint, random_conditions(3))


@pytest.fixture(scope="session")
def later_scene(printed_scene: Scene) -> Scene:
    """The same board with other cards, from far to the right, in other light."""
    drawn = change_cards(printed_scene.drawn, 4, 0.6)
    standpoint = Standpoint(yaw_deg=32, pitch_deg=5, roll_deg=3, fill=0.9, k1=-0.02)
    return scene_of(drawn, standpoint, random_conditions(9))


@pytest.fixture(scope="session")
def taped_scene() -> Scene:
    """Sticky notes on a taped board with corner tags."""
    drawn = random_board(6, rooms=4, slots=4, cards=12, tags=True, look="taped")
    standpoint = Standpoint(yaw_deg=-18, pitch_deg=6, roll_deg=-2, fill=0.9)
    return scene_of(drawn, standpoint, random_conditions(6))


@pytest.fixture(scope="session")
def whiteboard_scene() -> Scene:
    """Six sessions written on a whiteboard whose rooms have other names."""
    drawn = random_board(11, rooms=4, slots=4, cards=6, look="whiteboard")
    named = replace(
        drawn,
        slug="whiteboard",
        rooms=("Atrium", "Cellar", "Garden", "Loft"),
        cards=(),
    )
    rooms = dict(zip(drawn.rooms, named.rooms, strict=True))
    cards = tuple(replace(card, room=rooms[card.room]) for card in drawn.cards)
    return scene_of(
        replace(named, cards=cards), Standpoint(yaw_deg=-10), random_conditions(11)
    )


@pytest.fixture(scope="session")
def truth_registration() -> Callable[[Board, BoardTruth], Registration]:
    """Give the registration that is true of a photo."""
    return true_registration


@pytest.fixture(scope="session")
def cell_error() -> Callable[[Registration, BoardTruth], float]:
    """Give how far, in cells, a registration puts the grid's crossings off."""

    def error(registration: Registration, truth: BoardTruth) -> float:
        layout = registration.board.layout
        unit = np.stack(
            np.meshgrid(layout.column_edges, layout.row_edges), axis=-1
        ).reshape(-1, 2)
        area, found = truth.cell_area_board, registration.cell_area
        there = truth.projection.photo_from_board(
            unit * [area.width, area.height] + [area.left, area.top]
        )
        placed = registration.projection.board_from_photo(there)
        placed = (placed - [found.left, found.top]) / [found.width, found.height]
        cells = [len(layout.column_edges) - 1, len(layout.row_edges) - 1]
        return float(np.hypot(*((placed - unit) * cells).T).mean())

    return error


@pytest.fixture(scope="session")
def as_known() -> Callable[[Sequence[ReadCard]], tuple[KnownCard, ...]]:
    """Turn seen cards into known ones, as the store does, with new ids."""

    def known(cards: Sequence[ReadCard]) -> tuple[KnownCard, ...]:
        return tuple(
            KnownCard(
                card.known or f"card-{index}",
                card.descriptor,
                card.quad_area,
                card.reading,
            )
            for index, card in enumerate(cards)
        )

    return known


@pytest.fixture(scope="session")
def odd_pictures() -> Mapping[str, Image]:
    """Pictures that show no board at all, down to a single pixel."""
    rng = np.random.default_rng(0)

    def noise(height: int, width: int) -> Image:
        return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)

    ramp = np.linspace(150, 210, 600).astype(np.uint8)
    return {
        "one black pixel": np.zeros((1, 1, 3), np.uint8),
        "one white pixel": np.full((1, 1, 3), 255, np.uint8),
        "50 x 50 noise": noise(50, 50),
        "one row": noise(1, 500),
        "one column": noise(500, 1),
        "ribbon": noise(3, 2000),
        "noise": noise(400, 600),
        "plain wall": np.ascontiguousarray(
            np.broadcast_to(ramp[None, :, None], (400, 600, 3))
        ),
        "black": np.zeros((400, 600, 3), np.uint8),
    }
