"""What the pipeline makes of cards, whoever finds and reads them: without a network."""

import datetime as dt
from dataclasses import replace
from functools import partial

import cv2
import numpy as np
import pytest

from calibration.event import Board
from calibration.geometry import Rect
from calibration.homography import Homography
from calibration.layout import CellId, Layout, Slot
from calibration.lens import Projection, RadialLens
from vision.cards import DetectedCard
from vision.detection import CardSurvey
from vision.detection.detector import CardMaps
from vision.image.arrays import window_of
from vision.image.photo import Photo
from vision.pipeline import read_board
from vision.registration.frame import Registration
from vision.registration.rectify import at_working_scale, rectify

RED, GREEN = (60, 60, 220), (60, 200, 60)
FIRST, SECOND = CellId("Hall", "10:00-11:00"), CellId("Cellar", "11:00-12:00")
SCRIPT = {RED: ("Knitting", "Maya"), GREEN: ("Typing",)}


def survey_of(cells, board):
    """Find a card of a colour, half as large as its cell, in the middle of each."""
    working = at_working_scale(board)
    mask = np.zeros(working.pixels.shape[:2], np.bool_)
    cards = []
    for cell, colour in cells.items():
        rect = board.registration.cell_rects[cell]
        across, down = rect.width / 4, rect.height / 4
        middle = Rect(
            rect.left + across, rect.top + down, rect.right - across, rect.bottom - down
        )
        cards.append(DetectedCard(middle.to_quad(), cell, colour, "card"))
        window_of(mask, middle.scaled(working.scale))[:] = True
    nothing = np.zeros((1, 1), np.float32)
    maps = CardMaps(nothing, nothing, nothing, np.zeros((8, 1, 1), np.float32))
    picture = np.zeros((4, 4, 3), np.uint8)
    return CardSurvey(tuple(cards), mask, working, picture, maps, ())


@pytest.fixture
def straight_photo():
    """Return a photo of a brown board of 2 x 2 cells, from the front, with cards."""
    layout = Layout(
        ("Hall", "Cellar"), tuple(map(Slot.parse, ("10:00-11:00", "11:00-12:00")))
    )
    board = Board("friday", "Friday", dt.date(2024, 5, 17), layout)

    def show(cards):
        pixels = np.full((400, 600, 3), (90, 120, 150), np.uint8)
        registration = Registration(
            board=board,
            method="tags",
            projection=Projection(Homography.identity(), RadialLens(0.0, (600, 400))),
            size_wh=(600, 400),
            cell_area=Rect(0, 0, 600, 400),
            residual_px=0.0,
            coverage=1.0,
        )
        for cell, colour in cards.items():
            rect = registration.cell_rects[cell]
            x, y = round(rect.left), round(rect.top)
            pixels[y + 50 : y + 150, x + 75 : x + 225] = colour
            place, face = (x + 85, y + 85), cv2.FONT_HERSHEY_SIMPLEX
            cv2.putText(pixels, SCRIPT[colour][0], place, face, 0.8, (20, 20, 20), 2)
        photo = Photo.from_pixels(pixels)
        return photo, rectify(photo, registration)

    return show


@pytest.fixture
def reading(straight_photo, scripted_engine):
    """Read a photo of {cell: colour of its card}, by what is scripted."""

    def read(cards, known=()):
        engine = scripted_engine(SCRIPT)
        photo, straight = straight_photo(cards)
        detector = partial(survey_of, cards)
        return read_board(photo, straight, engine, known=known, detector=detector)

    return read


def test_cards_are_read_where_the_detector_finds_them(reading):
    seen = reading({FIRST: RED, SECOND: GREEN})

    assert [
        (card.cell, card.text, card.colour, card.engine) for card in seen.reading.cards
    ] == [
        (FIRST, "Knitting\nMaya", "#dc3c3c", "scripted 1"),
        (SECOND, "Typing", "#3cc83c", "scripted 1"),
    ]
    assert {entry.cell: entry.state for entry in seen.reading.cells} == {
        FIRST: "taken",
        CellId("Cellar", "10:00-11:00"): "free",
        CellId("Hall", "11:00-12:00"): "free",
        SECOND: "taken",
    }


def test_card_that_the_detector_misses_is_gone_where_the_board_is_bare(
    reading, as_known
):
    known = as_known(reading({FIRST: RED, SECOND: GREEN}).cards)

    later = reading({FIRST: RED}, known)

    assert [(missing.id, missing.fate) for missing in later.missing] == [
        (known[1].id, "gone")
    ]


def test_observation_holds_the_cards_of_its_reading_in_their_order(reading):
    seen = reading({FIRST: RED, SECOND: GREEN})

    with pytest.raises(ValueError, match="expected the cards of the reading"):
        replace(seen, cards=seen.cards[::-1])


def test_board_on_which_nothing_is_found_has_no_cards(reading):
    seen = reading({})

    assert (seen.cards, seen.missing, seen.reading.cards) == ((), (), ())
    assert {entry.state for entry in seen.reading.cells} == {"free"}
