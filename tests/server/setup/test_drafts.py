import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from calibration.event import Board, RoomFacts
from calibration.geometry import Rect
from calibration.layout import CellId, Layout, Slot
from server.errors import SetupError
from server.setup.drafts import Wishes, drafted, first_profile, slug_of, with_board
from vision.proposal import LayoutProposal
from vision.proposal.said_day import SaidDay

TAKEN_ON = dt.date(2027, 5, 14)
AREA = Rect(100, 200, 900, 700).to_quad()
TEN, ELEVEN = Slot.parse("10:00-11:00"), Slot.parse("11:00-12:00")
SEEN = LayoutProposal(
    AREA,
    Layout(("Roam 301", "Room 302"), (TEN, ELEVEN), column_edges=(0, 0.4, 1)),
    "Friday",
)
BEFORE = Board(
    "day-1",
    "Day 1",
    dt.date(2026, 5, 15),
    Layout(
        ("Room 301", "Room 302"),
        (TEN, ELEVEN),
        blocked={CellId("Room 301", "10:00-11:00"): "Keynote"},
    ),
    tags=(0, 1, 2, 3),
    votes="dots",
)


def test_new_board_is_as_the_photo_proposes():
    assert drafted(Wishes(), SEEN, None, TAKEN_ON) == (
        Board("friday", "Friday", TAKEN_ON, SEEN.layout),
        AREA,
    )


def test_day_of_a_new_board_is_the_one_that_stands_on_it():
    seen = replace(SEEN, day=SaidDay(weekday=5, month_day=(5, 15)))

    new, _ = drafted(Wishes(), seen, None, TAKEN_ON)
    said, _ = drafted(Wishes(date=TAKEN_ON), seen, None, TAKEN_ON)
    known, _ = drafted(Wishes(), seen, BEFORE, TAKEN_ON)

    assert new.date == dt.date(2027, 5, 15)
    assert (said.date, known.date) == (TAKEN_ON, BEFORE.date)


def test_board_of_event_toml_keeps_its_names_and_gets_the_photo_s_lines():
    board, area = drafted(Wishes(), SEEN, BEFORE, TAKEN_ON)

    assert area == AREA
    assert board == replace(
        BEFORE, layout=replace(BEFORE.layout, column_edges=(0, 0.4, 1))
    )


def test_photo_that_shows_more_rooms_than_event_toml_has_new_names():
    seen = replace(SEEN, layout=Layout(("A", "B", "C"), (TEN, ELEVEN)))

    board, _ = drafted(Wishes(), seen, BEFORE, TAKEN_ON)

    assert board.layout == Layout(("A", "B", "C"), (TEN, ELEVEN))


def test_what_a_person_says_holds():
    corners = Rect(0, 0, 50, 50).to_quad()
    wishes = Wishes(
        slug="sat",
        title="Saturday",
        date=dt.date(2027, 5, 15),
        rooms=("Aula", "Lab"),
        slots=("09:00-10:00", "10:00-11:00", "11:00-12:00"),
        corners_photo=corners,
        row_edges=(0, 0.2, 0.6, 1),
    )

    assert drafted(wishes, SEEN, None, TAKEN_ON) == (
        Board(
            "sat",
            "Saturday",
            dt.date(2027, 5, 15),
            Layout(
                ("Aula", "Lab"),
                (Slot.parse("09:00-10:00"), TEN, ELEVEN),
                row_edges=(0, 0.2, 0.6, 1),
            ),
        ),
        corners,
    )


@pytest.mark.parametrize(
    ("wishes", "proposal", "message"),
    [
        pytest.param(
            Wishes(), None, "headings of hours and rooms were not", id="nothing"
        ),
        pytest.param(
            Wishes(corners_photo=AREA),
            None,
            "rooms: expected at least one",
            id="no-rooms",
        ),
        pytest.param(
            Wishes(slots=("10-11",)), SEEN, 'expected "HH:MM-HH:MM"', id="no-hour"
        ),
        pytest.param(
            Wishes(column_edges=(0, 0.5, 0.4, 1)), SEEN, "column_edges", id="edges"
        ),
        pytest.param(Wishes(slug="Ö"), SEEN, "slug: expected a-z", id="slug"),
    ],
)
def test_what_makes_no_sense_is_refused(wishes, proposal, message):
    with pytest.raises(SetupError, match=message):
        drafted(wishes, proposal, None, TAKEN_ON)


def test_board_takes_its_own_place_in_the_profile_or_the_last():
    profile = first_profile("PyCon", ZoneInfo("Europe/Vienna"), BEFORE)
    changed = replace(BEFORE, title="First day")
    other = replace(BEFORE, slug="day-2", tags=(4, 5, 6, 7))

    assert with_board(profile, changed).boards == (changed,)
    assert with_board(profile, other).boards == (BEFORE, other)


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Friday", "friday"), ("Día 1!", "dia-1"), ("星期五", "board")],
)
def test_slug_of_a_title(title, slug):
    assert slug_of(title) == slug


def test_blocked_cell_stays_blocked_under_its_room_s_new_name():
    renamed, _ = drafted(Wishes(rooms=("Aula", "Room 302")), SEEN, BEFORE, TAKEN_ON)
    fewer, _ = drafted(Wishes(rooms=("Room 302",)), SEEN, BEFORE, TAKEN_ON)

    assert renamed.layout.blocked == {CellId("Aula", "10:00-11:00"): "Keynote"}
    assert fewer.layout.blocked == {}


def test_what_rooms_are_is_as_event_toml_says_else_as_their_headings():
    seen = replace(SEEN, capacities={"Roam 301": 42, "Room 302": 48})
    before = replace(BEFORE, facts={"Room 302": RoomFacts("hall", 50)})

    new, _ = drafted(Wishes(rooms=("Aula", "Room 302")), seen, None, TAKEN_ON)
    known, _ = drafted(Wishes(), seen, before, TAKEN_ON)

    assert new.facts == {
        "Aula": RoomFacts("room", 42),
        "Room 302": RoomFacts("room", 48),
    }
    assert known.facts == {
        "Room 301": RoomFacts("room", 42),
        "Room 302": RoomFacts("hall", 50),
    }
