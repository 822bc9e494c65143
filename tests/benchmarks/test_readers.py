import cv2
import numpy as np
import pytest

from benchmarks.metrics import FoundCard
from benchmarks.readers import (
    along_true_outlines,
    boardcast,
    cut_bounds,
    deal_lines,
    sticky_notes,
    whole_photo,
)
from benchmarks.rivals import find_sticky_notes, line_of, whole_photo_readers
from calibration.geometry import Rect
from vision.cards import Line


@pytest.fixture
def line():
    """Make a line of 20 x 10 px around a point."""

    def make(text, x, y):
        return Line(text, 0.9, Rect(x - 10, y - 5, x + 10, y + 5).to_quad())

    return make


def test_lines_are_dealt_to_the_card_they_lie_on(line, true_card):
    cards = [true_card(0, 0), true_card(80, 0, ("B", "1")), true_card(500, 0)]
    lines = [line("second", 50, 60), line("first", 50, 20), line("both", 98, 40)]

    dealt = deal_lines([*lines, line("beside", 300, 300)], cards)

    assert [card.text for card in dealt] == ["first\nsecond", "both", ""]
    assert [card.bounds_photo for card in dealt] == [c.bounds_photo for c in cards]
    assert [card.cell for card in dealt] == [card.cell for card in cards]


def test_whole_photo_is_read_once_for_all_cards(case, line):
    card = case.cards[0]
    centre = card.bounds_photo.centre
    reader = whole_photo("rival", lambda _: (line("Chess", centre.x, centre.y),))

    (read,) = reader.read(case)

    assert read[0] == FoundCard(card.bounds_photo, card.cell, "Chess")
    assert {entry.text for entry in read[1:]} == {""}


def test_settled_reading_is_that_of_the_thorough_engine_where_in_doubt(case, engine):
    sure, unsure = engine("Chess", chance=0.95), engine("Chss", chance=0.3)
    thorough = engine("Checkers", chance=0.95)

    doubted, settled = boardcast(unsure, thorough).read(case)
    kept, still = boardcast(sure, thorough).read(case)

    assert {card.cell for card in doubted} == {card.cell for card in case.cards}
    assert {(card.text, card.confidence) for card in doubted} == {("Chss", 0.3)}
    assert {(card.text, card.confidence) for card in settled} == {("Checkers", 0.95)}
    assert {card.text for card in (*kept, *still)} == {"Chess"}


def test_cards_are_read_along_their_true_outlines(case, engine):
    reader = along_true_outlines(
        engine("Chss", chance=0.3), engine("Chess", chance=0.8)
    )

    first, settled = reader.read(case)

    assert first == tuple(
        FoundCard(card.bounds_photo, card.cell, "Chss", 0.3) for card in case.cards
    )
    assert {(card.text, card.confidence) for card in settled} == {("Chess", 0.8)}


@pytest.mark.parametrize(
    ("bounds", "size_wh"),
    [
        (Rect(10, 20, 30, 25), (20, 5)),
        (Rect(-10, -20, 30, 25), (30, 25)),
        (Rect(90, 40, 130, 80), (10, 10)),
        (Rect(200, 100, 300, 200), (1, 1)),
        (Rect(10.2, 20.2, 10.4, 20.4), (1, 1)),
    ],
    ids=["inside", "past-top-left", "past-bottom-right", "outside", "thin"],
)
def test_cut_along_bounds_is_never_empty(bounds, size_wh):
    cut = cut_bounds(np.zeros((50, 100, 3), np.uint8), bounds)

    assert (cut.shape[1], cut.shape[0]) == size_wh


def test_sticky_notes_go_into_the_cell_at_their_middle(case, engine):
    (read,) = sticky_notes(engine()).read(case)

    assert {card.text for card in read} <= {"Knitting"}
    assert {card.cell for card in read} <= {*case.board.layout.cells, None}


def test_bright_notes_are_found_and_the_rest_is_not():
    wall = np.full((600, 800, 3), 190, np.uint8)
    wall[100:200, 100:220] = (0, 220, 250)  # a note
    wall[100:200, 400:520] = (250, 250, 250)  # white paper
    wall[400:420, 100:500] = (0, 220, 250)  # a strip
    wall[500:504, 600:604] = (0, 220, 250)  # a speck

    (found,) = find_sticky_notes(wall)

    assert found.bounds.iou(Rect(100, 100, 220, 200)) > 0.95


@pytest.mark.parametrize(
    ("text", "corners"),
    [
        (" ", [[0, 0], [9, 0], [9, 9], [0, 9]]),
        ("\x00", [[0, 0], [9, 0], [9, 9], [0, 9]]),
        ("a", [[0, 0], [9, 0], [9, 0], [0, 0]]),
    ],
    ids=["blank", "control", "no-height"],
)
def test_line_with_nothing_in_it_is_none(text, corners):
    assert line_of(text, 0.5, corners) is None


def test_cell_at_a_point_of_the_photo(case):
    for card in case.cards:
        assert case.cell_at(card.bounds_photo.centre) == card.cell
    assert (
        case.cell_at(
            case.area_from_photo.quad_photo(Rect(-0.2, 0.4, -0.1, 0.6).to_quad()).centre
        )
        is None
    )


@pytest.mark.ocr
def test_programs_read_a_whole_photo():
    picture = np.full((200, 640, 3), 255, np.uint8)
    place, black = (40, 120), (0, 0, 0)
    cv2.putText(picture, "Knitting", place, cv2.FONT_HERSHEY_SIMPLEX, 3, black, 6)

    readers, absent = whole_photo_readers()

    assert len(readers) + len(absent) == 2
    for name, read in readers.items():
        (line,) = read(picture)
        assert line.text == "Knitting", name
        assert 100 < line.quad_crop.centre.x < 540
        assert 60 < line.quad_crop.centre.y < 140
