import datetime as dt
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from calibration.event import Board, Event, Profile, ReferencePhoto
from calibration.geometry import Rect
from calibration.layout import CellId, Layout, Slot
from server.setup.choices import FIRST_ROOMS, FIRST_SLOTS, Start, start_of
from server.setup.drafts import Wishes
from server.setup.sheets import Sheet, sheet_of
from vision.proposal import LayoutProposal

FRIDAY, SATURDAY = dt.date(2027, 5, 14), dt.date(2027, 5, 15)
PHOTO_WH = (1000, 800)
AREA = Rect(100, 200, 900, 700).to_quad()
LAYOUT = Layout(
    ("A", "B"),
    (Slot.parse("10:00-11:00"),),
    column_edges=(0, 0.4, 1),
    blocked={CellId("A", "10:00-11:00"): "Keynote"},
)
BOARD = Board(
    "friday",
    "Friday",
    FRIDAY,
    LAYOUT,
    tags=(0, 1, 2, 3),
    reference=ReferencePhoto(Path("friday.jpg"), AREA),
)
PROFILE = Profile(Event("PyCon", ZoneInfo("UTC"), "os"), (BOARD,))
SEEN = LayoutProposal(
    Rect(0, 0, 500, 400).to_quad(), Layout(("C",), (Slot.parse("9:00-10:00"),))
)


def start(proposal=None, profile=None, taken_on=FRIDAY, wishes=None, wh=PHOTO_WH):
    return start_of(wishes or Wishes(), proposal, profile, taken_on, wh)


def test_nothing_known_begins_with_a_grid_in_the_middle_and_says_so():
    begun = start()

    assert begun == Start(
        (
            Sheet(
                board="",
                title="Board",
                slug="board",
                date=FRIDAY,
                rooms=FIRST_ROOMS,
                slots=FIRST_SLOTS,
                rooms_along="columns",
                corners=((150, 120), (850, 120), (850, 680), (150, 680)),
                column_edges=(0, 1 / 3, 2 / 3, 1),
                row_edges=(0, 0.25, 0.5, 0.75, 1),
                margins=(1, 1, 0.25, 0.25),
            ),
        ),
        "",
        begun.explanation,
    )
    assert "A grid stands in the middle" in begun.explanation


def test_first_board_is_as_the_photo_proposes():
    board = Board("board", "Board", FRIDAY, SEEN.layout)

    assert start(SEEN) == Start((sheet_of(board, SEEN.corners_photo, ""),), "", "")


def test_next_day_starts_from_the_last_one():
    begun = start(profile=PROFILE, taken_on=SATURDAY)
    layout = replace(LAYOUT, blocked={})

    assert begun.sheets == (
        sheet_of(BOARD, AREA, "friday"),
        sheet_of(Board("saturday", "Saturday", SATURDAY, layout), AREA, ""),
    )
    assert begun.chosen == ""
    assert "as event.toml has them" in begun.explanation


def test_photo_that_tells_more_wins_over_the_last_day():
    begun = start(SEEN, PROFILE, SATURDAY)

    assert begun.sheets[-1] == sheet_of(
        Board("saturday", "Saturday", SATURDAY, SEEN.layout), SEEN.corners_photo, ""
    )


def test_corners_of_a_larger_photo_are_not_taken():
    begun = start(profile=PROFILE, taken_on=SATURDAY, wh=(500, 400))

    assert begun.sheets[-1].corners[2] == (425, 340)


def test_second_board_of_a_day_has_an_address_of_its_own():
    begun = start(replace(SEEN, title="Friday"), PROFILE)

    assert [sheet.slug for sheet in begun.sheets] == ["friday", "friday-2"]


@pytest.mark.parametrize(
    ("changes", "chosen"),
    [
        ({}, "friday"),
        ({"taken_on": SATURDAY}, ""),
        ({"taken_on": SATURDAY, "proposal": replace(SEEN, title="Friday")}, "friday"),
        ({"taken_on": SATURDAY, "wishes": Wishes(slug="friday")}, "friday"),
        ({"wishes": Wishes(slug="other")}, ""),
        (
            {
                "taken_on": SATURDAY,
                "profile": replace(PROFILE, boards=(replace(BOARD, reference=None),)),
            },
            "friday",
        ),
    ],
    ids=["its day", "another day", "its heading", "said", "said new", "no photo yet"],
)
def test_board_that_is_most_likely_meant_is_chosen(changes, chosen):
    assert start(**{"profile": PROFILE} | changes).chosen == chosen


def test_wishes_are_of_the_board_that_is_meant():
    rooms = Wishes(slug="friday", rooms=("X", "Y"))

    begun = start(profile=PROFILE, wishes=rooms)

    assert [sheet.rooms for sheet in begun.sheets] == [("X", "Y"), ("A", "B")]
