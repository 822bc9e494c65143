import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.errors import FieldError
from calibration.event import Board, Margins
from calibration.geometry import Rect
from calibration.layout import Layout, Slot
from server.setup.drafts import Wishes, board_of
from server.setup.sheets import parse_sheet, sheet_of, wishes_of

PHOTO_WH = (1000, 800)
SENT = {
    "board": "",
    "title": " Friday ",
    "slug": "friday",
    "date": "2027-05-14",
    "rooms": ["Room 1", "Aula "],
    "slots": ["10:00 \N{EN DASH} 11:00"],
    "rooms_along": "columns",
    "corners": [[100, 200], [900, 200], [900, 700], [100, 700]],
    "column_edges": [0, 0.4, 1],
    "row_edges": [0, 1],
    "margins": [1, 1, 0.25, 0.25],
}


def test_sheet_says_what_a_person_wishes():
    assert wishes_of(parse_sheet(SENT), PHOTO_WH) == Wishes(
        slug="friday",
        title="Friday",
        date=dt.date(2027, 5, 14),
        rooms=("Room 1", "Aula"),
        slots=("10:00-11:00",),
        rooms_along="columns",
        corners_photo=Rect(100, 200, 900, 700).to_quad(),
        column_edges=(0, 0.4, 1),
        row_edges=(0, 1),
        margins=Margins(),
    )


def test_board_of_event_toml_keeps_its_slug():
    sheet = parse_sheet(SENT | {"board": "day-1", "slug": "other"})

    assert wishes_of(sheet, PHOTO_WH).slug == "day-1"


@pytest.mark.parametrize(
    ("change", "key", "told"),
    [
        ({"date": ""}, ("date",), "expected a day"),
        ({"title": " "}, ("title",), "expected a name"),
        ({"rooms": ["A", "A "]}, ("rooms", 1), "once"),
        ({"rooms": ["", "B"]}, ("rooms", 0), "expected a name"),
        ({"slots": []}, ("slots",), "at least one"),
        ({"column_edges": [0, 1.2, 1]}, ("column_edges", 1), "has passed"),
        ({"column_edges": [0, 0.5, 0.4, 1]}, ("column_edges", 2), "has passed"),
        ({"corners": [[0, 0], [9, 0], [9, 9]]}, ("corners",), "make no board"),
        (
            {"corners": [[100, 200], [900, 200], [300, 400], [100, 700]]},
            ("corners",),
            "make no board",
        ),
        (
            {"corners": [[900, 200], [100, 200], [900, 700], [100, 700]]},
            ("corners",),
            "make no board",
        ),
        (
            {"corners": [[100, 200], [1300, 200], [900, 700], [100, 700]]},
            ("corners", 1),
            "outside of the photo",
        ),
        ({"margins": [1, 9, 0, 0]}, ("margins", 1), "cells from 0 to 5"),
        ({"margins": [1, None, 0, 0]}, ("margins", 1), "number of cells"),
        ({"rooms_along": "up"}, ("rooms_along",), "columns"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_place(change, key, told):
    with pytest.raises(FieldError, match=told) as refused:
        wishes_of(parse_sheet(SENT | change), PHOTO_WH)

    assert refused.value.key == key


def test_overlapping_hours_are_refused_at_theirs():
    sheet = parse_sheet(
        SENT | {"slots": ["10:00-11:00", "10:30-11:30"], "row_edges": [0, 0.5, 1]}
    )

    with pytest.raises(FieldError) as refused:
        wishes_of(sheet, PHOTO_WH)

    assert refused.value.key == ("slots", 1)


@given(
    rooms=st.integers(1, 6),
    hours=st.integers(1, 6),
    along=st.sampled_from(["columns", "rows"]),
    known=st.sampled_from(["", "friday"]),
)
def test_sheet_of_a_board_comes_back_as_the_board(rooms, hours, along, known):
    layout = Layout(
        tuple(f"Room {number}" for number in range(rooms)),
        tuple(Slot.parse(f"{hour:02}:00-{hour:02}:45") for hour in range(9, 9 + hours)),
        along,
    )
    board = Board("friday", "Friday", dt.date(2027, 5, 14), layout)
    area = Rect(10.5, 20, 500, 400).to_quad()

    sheet = sheet_of(board, area, known)
    wishes = wishes_of(parse_sheet(sheet.model_dump(mode="json")), PHOTO_WH)

    assert (board_of(wishes, None, None, sheet.date), wishes.corners_photo) == (
        board,
        area,
    )
