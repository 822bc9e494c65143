"""Somebody in front of the board: only with evidence, by the cells behind."""

import cv2
import numpy as np
import pytest

from calibration.geometry import Rect
from calibration.homography import Homography
from sample_boards.people import Person, stand_in_front
from vision.detection import find_cards
from vision.image.warp import warp
from vision.occupancy.background import find_background
from vision.pipeline import read_board
from vision.quality.covered import covered, occlusion
from vision.reading import CellReading, Finding
from vision.trace import Callbacks

STANDING = Rect(1.1, 1.2, 1.9, 4.5)
"""Before the second room from the second hour on, in cells."""


@pytest.fixture(scope="module")
def registration(printed_scene):
    return printed_scene.registration


@pytest.fixture(scope="module")
def masked(registration):
    """Make a mask of rects, which are in cells from the cell area's top left."""
    area = registration.cell_area
    width, height = registration.size_wh

    def make(*rects):
        mask = np.zeros((height, width), np.bool_)
        for rect in rects:
            left, right = (
                max(0, round(area.left + x * area.width / 4))
                for x in (rect.left, rect.right)
            )
            top, bottom = (
                max(0, round(area.top + y * area.height / 4))
                for y in (rect.top, rect.bottom)
            )
            mask[top:bottom, left:right] = True
        return mask

    return make


def assess(registration, foreground, cards, state="covered"):
    cells = [CellReading(cell, state) for cell in registration.cell_rects]
    return covered(registration, foreground, cards, cells)


def test_somebody_who_reaches_in_from_below_hides_the_cells_behind(
    registration, masked
):
    cells = registration.board.layout.cells

    assert assess(registration, masked(STANDING), masked()) == Finding(
        "covered",
        "Somebody is in front of Room 302 at 11:00, Room 302 at 12:00 and Room "
        "302 at 13:00. What was there before stays published; take it again when "
        "the way is clear.",
        (cells[5], cells[9], cells[13]),
    )


@pytest.mark.parametrize(
    "rects",
    [
        pytest.param((), id="nothing"),
        pytest.param((Rect(1, 1, 3, 3),), id="something on the board"),
        pytest.param((Rect(1.4, 0, 1.5, 4),), id="a strip of tape"),
        pytest.param((Rect(3.6, 1.2, 4.5, 1.9),), id="half a card over the edge"),
        pytest.param((Rect(-1, -1, 9, 9),), id="a background that was not made out"),
        pytest.param((Rect(-1, 0, 0.1, 4),), id="headings"),
    ],
)
def test_cells_that_merely_lack_evidence_are_not_named(registration, masked, rects):
    assert assess(registration, masked(*rects), masked()) is None


def test_cells_that_are_known_all_the_same_are_not_named(registration, masked):
    assert assess(registration, masked(STANDING), masked(), "taken") is None


def test_a_card_is_nobody(registration, masked):
    assert assess(registration, masked(STANDING), masked(Rect(1, 1, 2, 5))) is None


@pytest.fixture(scope="module")
def crowded(printed_scene):
    """The scene with somebody in front, and where in the photo they are."""
    person = Person(0.55, 0.4, 0.2, seed=4)
    pixels, hidden = stand_in_front(printed_scene.photo.pixels, (person,))
    return printed_scene.with_pixels(pixels), hidden


def test_somebody_in_a_photo_is_found(crowded):
    scene, hidden = crowded
    registration = scene.registration
    survey = find_cards(scene.straight)
    background = find_background(registration, survey.working, survey.mask)
    foreground = background.seen & ~background.bare

    found = occlusion(registration, foreground, survey.mask)

    true = warp(
        np.dstack([hidden] * 3),
        registration.projection,
        Homography.identity(),
        registration.size_wh,
    )
    true = cv2.resize(true[..., 0], found.shape[::-1])
    assert found.any()
    assert (true[found] > 0).mean() > 0.9


def test_staff_hear_of_somebody_in_front_before_any_card_is_read(
    crowded, scripted_engine
):
    scene, _ = crowded
    happened = []

    observation = read_board(
        scene.photo,
        scene.straight,
        scripted_engine({}),
        callbacks=Callbacks(
            progress=lambda done, _: happened.append(done),
            on_findings=happened.append,
        ),
    )

    (said,) = (one for one in observation.reading.findings if one.code == "covered")
    assert happened[:2] == [(said,), 0]
    assert sum(one == (said,) for one in happened) == 1


def test_of_a_good_photo_staff_hear_nothing(printed_scene, scripted_engine):
    happened = []

    observation = read_board(
        printed_scene.photo,
        printed_scene.straight,
        scripted_engine({}),
        callbacks=Callbacks(on_findings=happened.append),
    )

    assert (happened, observation.reading.findings) == ([], ())
