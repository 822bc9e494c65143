"""Layouts proposed from photos: drawn ones with exact truth, and real ones."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from sample_boards.camera import random_standpoint
from sample_boards.random_boards import random_board
from sample_boards.render import random_conditions, render
from vision.image.photo import Photo
from vision.proposal import propose_layout
from vision.recognition.rapid_models import load_text_models, wheel_models

REAL = Path(
    os.environ.get("BOARDCAST_BOARDS", Path(__file__).parents[4] / "shared" / "boards")
)


@pytest.fixture(scope="module")
def models():
    return load_text_models(wheel_models())


def corner_errors(proposal, corners, rooms, slots):
    """Return how far each corner is off, in cells."""
    sides = corners[1] - corners[0], corners[3] - corners[0]
    cell = [
        np.linalg.norm(side) / count
        for side, count in zip(sides, (rooms, slots), strict=True)
    ]
    off = proposal.corners_photo.to_array() - corners
    return np.abs(off / cell).max(axis=1)


@pytest.mark.parametrize(
    ("seed", "cards"),
    [pytest.param(12, 0, id="empty"), pytest.param(15, 24, id="full")],
)
def test_layout_of_a_drawn_board(seed, cards, models):
    board = random_board(seed, rooms=6, slots=6, cards=cards)
    shot = render(
        board,
        random_standpoint(seed, 30.0),
        random_conditions(seed),
        photo_wh=(2016, 1512),
        seed=seed,
    )

    proposal = propose_layout(Photo.decode(shot.jpeg()).pixels, models)

    assert proposal.layout.rooms == board.rooms
    assert tuple(slot.label for slot in proposal.layout.slots) == board.slots
    corners = shot.truth.corners_photo.to_array()
    assert corner_errors(proposal, corners, 6, 6).max() < 0.1


def test_photo_without_a_board_has_no_layout(models):
    assert propose_layout(np.full((400, 600, 3), 200, np.uint8), models) is None


@pytest.mark.skipif(not REAL.is_dir(), reason="needs the photographs of ../shared")
def test_layout_of_a_real_board(models):
    folder = REAL / "pycon-us-2019-friday"
    truth = json.loads((folder / "layout.json").read_text())

    proposal = propose_layout(
        Photo.decode((folder / "photo.jpg").read_bytes()).pixels, models
    )

    assert proposal.title == "Friday"
    assert list(proposal.layout.rooms) == truth["rooms"]
    assert [slot.label for slot in proposal.layout.slots] == truth["slots"]
    corners = np.array(truth["corners"], float)
    assert corner_errors(proposal, corners, 9, 16).max() < 0.1
