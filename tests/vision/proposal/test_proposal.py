"""Layouts proposed from photos: drawn ones with exact truth, and real ones."""

import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from sample_boards.camera import random_standpoint
from sample_boards.drawing import draw_board
from sample_boards.random_boards import random_board
from sample_boards.render import random_conditions, render
from vision.image.photo import Photo
from vision.proposal import propose_layout
from vision.proposal.said_day import SaidDay
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
    [pytest.param(12, 0, id="empty"), pytest.param(15, 9, id="full")],
)
def test_layout_of_a_drawn_board(seed, cards, models):
    board = random_board(seed, rooms=4, slots=4, cards=cards)
    shot = render(
        board,
        random_standpoint(seed, 30.0),
        random_conditions(seed),
        photo_wh=(1512, 1134),
        seed=seed,
    )

    proposal = propose_layout(Photo.decode(shot.jpeg()).pixels, models)

    assert proposal.layout.rooms == board.rooms
    assert tuple(slot.label for slot in proposal.layout.slots) == board.slots
    corners = shot.truth.corners_photo.to_array()
    assert corner_errors(proposal, corners, 4, 4).max() < 0.1


def test_two_panels_side_by_side_are_one_layout(models):
    board = random_board(12, rooms=6, slots=4, cards=6)
    px_per_mm, gap_mm = 1.4, 60.0
    flat = draw_board(board, px_per_mm)
    cut_mm = board.cell_rect_mm(3, 0).left
    cut = round(cut_mm * px_per_mm)
    wall = np.full((flat.shape[0], round(gap_mm * px_per_mm), 3), 150, np.uint8)
    panels = np.hstack([flat[:, :cut], wall, flat[:, cut:]])
    photo = cv2.copyMakeBorder(
        panels, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=(150, 150, 150)
    )

    proposal = propose_layout(photo, models)

    layout = proposal.layout
    assert layout.rooms == board.rooms
    assert tuple(slot.label for slot in layout.slots) == board.slots
    # Each line between rooms is that of its panel; between the panels it is in the gap.
    corners = proposal.corners_photo.to_array()
    left, right = corners[[0, 3], 0].mean(), corners[[1, 2], 0].mean()
    seen = (left + (right - left) * np.array(layout.column_edges) - 60) / px_per_mm
    edges = board.cell_area_mm.left + board.cell_mm[0] * np.arange(7)
    edges[4:] += gap_mm
    assert np.abs(np.delete(seen - edges, 3)).max() < 0.1 * board.cell_mm[0]
    assert edges[3] - 15 < seen[3] < edges[3] + gap_mm + 15


def test_day_above_the_cells_is_the_boards(models):
    flat = draw_board(random_board(12, rooms=4, slots=4, cards=0), 1.4)
    grey = (200, 200, 200)
    photo = cv2.copyMakeBorder(flat, 160, 60, 60, 60, cv2.BORDER_CONSTANT, value=grey)
    face = cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(photo, "Saturday, 18 May", (400, 110), face, 3, (0, 0, 0), 7)
    # A card says another day.
    cv2.putText(photo, "21 June", (600, photo.shape[0] // 2), face, 2, (0, 0, 0), 5)

    proposal = propose_layout(photo, models)

    assert proposal.day == SaidDay(weekday=5, month_day=(5, 18))


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
