"""Somebody in front of the board: told with evidence only, by the cells behind."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from calibration.geometry import Rect
from calibration.homography import Homography
from sample_boards.people import Person, stand_in_front
from vision.detection import CardSurvey, cell_rects, find_cards
from vision.image.colour import ColourMap
from vision.image.rectify import warp
from vision.image.small_board import Shrunk
from vision.pipeline import read_board
from vision.quality.front import in_front, somebody
from vision.reading import CellReading, Finding
from vision.recognition.null import NullEngine

BOARD, COAT = 0, 1


@pytest.fixture(scope="module")
def registration(printed_scene):
    return printed_scene.registration


@pytest.fixture(scope="module")
def survey(registration):
    """Make a survey without cards of a board on which something else lies in rects.

    The rects are in cells, from the top left corner of the cell area.
    """
    area = registration.cell_area
    columns = len(registration.board.layout.column_edges) - 1
    rows = len(registration.board.layout.row_edges) - 1
    width, height = registration.size_wh

    def make(*rects, background=(True, False)):
        labels = np.full((height, width), BOARD, np.uint8)
        for rect in rects:
            left, right = (
                max(0, round(area.left + x * area.width / columns))
                for x in (rect.left, rect.right)
            )
            top, bottom = (
                max(0, round(area.top + y * area.height / rows))
                for y in (rect.top, rect.bottom)
            )
            labels[top:bottom, left:right] = COAT
        pixels = np.zeros((height, width, 3), np.uint8)
        colours = ColourMap(labels, np.array(background))
        return CardSurvey((), colours, 1.0, Shrunk(pixels, pixels, 255.0, area, 1.0))

    return make


def unproven(registration):
    return [CellReading(cell, "covered") for cell in cell_rects(registration)]


def test_somebody_who_reaches_in_from_below_hides_the_cells_behind(
    registration, survey
):
    cells = registration.board.layout.cells
    behind = (cells[5], cells[9], cells[13])

    finding = in_front(
        registration, survey(Rect(1.1, 1.2, 1.9, 4.5)), unproven(registration)
    )

    assert finding == Finding(
        "covered",
        "Somebody is in front of Room 302 at 11:00, Room 302 at 12:00 and Room 302 "
        "at 13:00. What was there before stays published; take it again when the way "
        "is clear.",
        behind,
    )


@pytest.mark.parametrize(
    "rects",
    [
        pytest.param((), id="nothing"),
        pytest.param((Rect(1, 1, 3, 3),), id="something on the board"),
        pytest.param((Rect(1.4, 0, 1.5, 4),), id="a strip of tape"),
        pytest.param((Rect(3.6, 1.2, 4.5, 1.9),), id="half a card over the edge"),
        pytest.param((Rect(-1, -1, 9, 9),), id="a ground that was not made out"),
        pytest.param((Rect(-1, 0, 0.1, 4),), id="headings"),
    ],
)
def test_cells_that_merely_lack_evidence_are_not_remarked_on(
    registration, survey, rects
):
    assert in_front(registration, survey(*rects), unproven(registration)) is None


def test_cells_that_are_known_all_the_same_are_not_named(registration, survey):
    standing = survey(Rect(1.1, 1.2, 1.9, 4.5))
    known = [CellReading(cell, "taken") for cell in cell_rects(registration)]

    assert in_front(registration, standing, known) is None


def test_a_card_is_nobody(printed_scene, registration, survey):
    standing = survey(Rect(1.1, 1.2, 1.9, 4.5))
    card = replace(
        find_cards(printed_scene.straight).cards[0],
        quad_board=Rect(0, 0, *registration.size_wh).to_quad(),
    )

    assert not somebody(registration, replace(standing, cards=(card,))).any()


def test_somebody_in_a_photo_is_found_and_nobody_is_in_a_clear_one(printed_scene):
    person = Person(0.55, 0.4, 0.2, seed=4)
    pixels, hidden = stand_in_front(printed_scene.photo.pixels, (person,))
    straight = printed_scene.with_pixels(pixels).straight
    survey = find_cards(straight)

    found = somebody(straight.registration, survey)

    true = cv2.resize(
        warp(
            np.dstack([hidden] * 3),
            straight.registration.projection,
            Homography.identity(),
            straight.registration.size_wh,
        )[..., 0],
        found.shape[::-1],
    )
    assert (true[found] > 0).mean() > 0.9
    clear = find_cards(printed_scene.straight)
    assert not somebody(printed_scene.registration, clear).any()


def test_somebody_in_front_is_remarked_on_before_any_card_is_read(
    printed_scene, scripted_engine
):
    person = Person(0.55, 0.4, 0.2, seed=4)
    pixels, _ = stand_in_front(printed_scene.photo.pixels, (person,))
    scene = printed_scene.with_pixels(pixels)
    happened = []

    observation = read_board(
        scene.photo,
        scene.straight,
        scripted_engine({}),
        progress=lambda done, _: happened.append(done),
        remark=happened.append,
    )

    (said,) = (one for one in observation.reading.findings if one.code == "covered")
    assert happened[:2] == [(said,), 0]
    assert sum(one == (said,) for one in happened) == 1


def test_nobody_in_front_is_no_remark(printed_scene):
    happened = []

    read_board(
        printed_scene.photo,
        printed_scene.straight,
        NullEngine(),
        remark=happened.append,
    )

    assert happened == []
