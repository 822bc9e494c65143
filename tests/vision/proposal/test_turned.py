"""Photos that lie on their side or upside down are proposed upright."""

import os
from pathlib import Path

import numpy as np
import pytest

from calibration.geometry import Rect
from sample_boards.camera import random_standpoint
from sample_boards.random_boards import random_board
from sample_boards.render import random_conditions, render
from vision.image.photo import Photo
from vision.proposal import propose_layout
from vision.proposal.turned import quarter_turns, turned, turned_back
from vision.recognition.rapid_models import load_text_models, wheel_models

REAL = Path(
    os.environ.get("BOARDCAST_BOARDS", Path(__file__).parents[4] / "shared" / "boards")
)


@pytest.fixture(scope="module")
def models():
    return load_text_models(wheel_models())


@pytest.fixture(scope="module")
def shot():
    board = random_board(12, rooms=3, slots=3, cards=2)
    return board, render(
        board,
        random_standpoint(12, 20.0),
        random_conditions(12),
        photo_wh=(1200, 900),
        seed=12,
    )


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_quad_comes_back_to_where_it_was(turns):
    pixels = np.zeros((60, 100, 3), np.uint8)
    pixels[10:20, 30:50] = 255

    quad = turned_back(Rect(30, 10, 50, 20).to_quad(), 0, (100, 60))
    rows, columns = np.nonzero(turned(pixels, turns)[..., 0])
    seen = Rect(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)

    assert turned_back(seen.to_quad(), turns, (100, 60)).bounds == quad.bounds


@pytest.mark.parametrize("lies", [1, 2, 3])
def test_photo_is_set_upright(shot, models, lies):
    _, rendered = shot

    assert quarter_turns(turned(rendered.pixels, lies), models) == 4 - lies


@pytest.mark.skipif(not REAL.is_dir(), reason="needs the photographs of ../shared")
def test_real_photo_is_set_upright(models):
    pixels = Photo.decode((REAL / "foss-backstage-2025/photo.jpg").read_bytes()).pixels

    found = [quarter_turns(turned(pixels, lies), models) for lies in (1, 2, 3)]

    assert found == [3, 2, 1]


def test_photo_without_text_is_upright(models):
    assert quarter_turns(np.full((200, 300, 3), 128, np.uint8), models) == 0


def test_board_on_a_photo_that_lies_on_its_side_is_the_same(shot, models):
    board, rendered = shot
    photo = Photo.decode(rendered.jpeg())

    proposal = propose_layout(turned(photo.pixels, 3), models)

    assert proposal.layout.rooms == board.rooms
    assert tuple(slot.label for slot in proposal.layout.slots) == board.slots
    # Its first corner is the top left one of the board, wherever it lies.
    corners = turned_back(rendered.truth.corners_photo, 1, (900, 1200)).to_array()
    off = np.linalg.norm(proposal.corners_photo.to_array() - corners, axis=1)
    assert off.max() < 30
