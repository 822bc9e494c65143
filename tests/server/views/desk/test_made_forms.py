import pytest

from calibration.geometry import Rect
from calibration.layout import CellId
from server.errors import CorrectionError
from server.schedule.corrections.cell_state import MarkCells
from server.schedule.corrections.typed import Texts
from server.views.desk.made_forms import (
    cell_from,
    halves_from,
    marked_cells_from,
    rect_from,
    texts_from,
    until_from,
)

TEN, ELEVEN, ONE = "10:00-11:00", "11:00-12:00", "13:00-14:00"


@pytest.fixture
def layout(profile):
    return profile.boards[0].layout


def test_title_and_host_have_one_line_and_control_characters_go():
    form = {"title": " A\r\nB\x00 ", "description": " One\r\nTwo \x07", "host": "\tBo"}

    assert texts_from(form) == Texts("A B", "One\nTwo", "Bo")
    assert texts_from({}) == Texts()


@pytest.mark.parametrize("form", [{}, {"room": "Room 301"}, {"room": "A", "slot": TEN}])
def test_a_place_is_a_cell_of_the_board(layout, form):
    with pytest.raises(CorrectionError, match="both a room and an hour"):
        cell_from(form, layout)


def test_an_end_is_left_out_for_that_of_the_slot(layout):
    cell = cell_from({"room": "Room 301", "slot": TEN}, layout)

    assert cell == CellId("Room 301", TEN)
    assert [until_from({"until": end}, cell, layout) for end in ("", "12:00")] == [
        None,
        "12:00",
    ]


@pytest.mark.parametrize(
    ("text", "rect"),
    [
        ("0.1,0.2,0.3,0.4", Rect(0.1, 0.2, 0.3, 0.4)),
        (" -1, -0.5 ,2,1e3", Rect(0, 0, 1, 1)),
    ],
)
def test_a_rect_is_cut_off_at_the_picture(text, rect):
    assert rect_from({"rect": text}) == rect


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Nothing was marked"),
        ("0,0,1", "Nothing was marked"),
        ("0,0,1,nan", "Nothing was marked"),
        ("0,0,1,<script>", "Nothing was marked"),
        ("0.5,0,0.505,1", "too small"),
        ("1,1,0,0", "too small"),
        ("2,0,3,1", "too small"),
    ],
)
def test_what_is_no_rect_says_so(text, message):
    with pytest.raises(CorrectionError, match=message):
        rect_from({"rect": text})


@pytest.mark.parametrize(
    ("form", "halves"),
    [
        (
            {"line": "0.2,0,0.4,1"},
            (Rect(0, 0, 0.3, 1), Rect(0.3, 0, 1, 1)),
        ),
        (
            {"line": "1,0.75,0,0.75"},
            (Rect(0, 0, 1, 0.75), Rect(0, 0.75, 1, 1)),
        ),
        (
            {"line": "0.5,0,0.5,1", "keep": "second"},
            (Rect(0.5, 0, 1, 1), Rect(0, 0, 0.5, 1)),
        ),
    ],
)
def test_a_card_is_parted_by_a_line(form, halves):
    for rect, expected in zip(halves_from(form), halves, strict=True):
        assert rect.to_quad().to_array() == pytest.approx(expected.to_quad().to_array())


@pytest.mark.parametrize(
    ("rooms", "slots", "to_slot", "cells"),
    [
        (["Room 301"], [TEN], "", [("Room 301", TEN)]),
        (["Room 301"], [TEN], ONE, [("Room 301", slot) for slot in (TEN, ELEVEN, ONE)]),
        (["Room 301"], [ONE], ELEVEN, [("Room 301", ELEVEN), ("Room 301", ONE)]),
        (
            ["Room 302", "Room 301"],
            [ONE, TEN],
            "",
            [(room, slot) for slot in (TEN, ONE) for room in ("Room 301", "Room 302")],
        ),
    ],
)
def test_cells_are_all_rooms_in_all_slots(layout, rooms, slots, to_slot, cells):
    form = {"state": "blocked", "reason": " Press ", "to_slot": to_slot}

    change = marked_cells_from(form, rooms, slots, layout)

    assert set(change.cells) == {CellId(*cell) for cell in cells}
    assert len(change.cells) == len(cells)
    assert (change.state, change.reason) == ("blocked", "Press")


def test_only_what_is_blocked_has_a_reason(layout):
    form = {"state": "free", "reason": "Press"}

    assert marked_cells_from(form, ["Room 301"], [TEN], layout) == MarkCells(
        (CellId("Room 301", TEN),), "free"
    )


@pytest.mark.parametrize(
    ("form", "rooms", "slots", "message"),
    [
        ({"state": "gone"}, ["Room 301"], [TEN], "Say what these places are"),
        ({"state": "free"}, ["Room 999"], [TEN], "Room 999, 10:00-11:00 is no place"),
        ({"state": "free"}, ["Room 301"], ["noon"], "Room 301, noon is no place"),
        (
            {"state": "free", "to_slot": "noon"},
            ["Room 301"],
            [TEN],
            "Room 301, noon is no place",
        ),
    ],
)
def test_cells_that_are_not_on_the_board_are_refused(
    layout, form, rooms, slots, message
):
    with pytest.raises(CorrectionError, match=message):
        marked_cells_from(form, rooms, slots, layout)
