"""What a board needs: its next photo, and the parts that nobody has seen."""

import datetime as dt
from dataclasses import replace

import pytest

from calibration.geometry import Rect
from calibration.layout import CellId
from server.store.pictures import BoardPicture
from server.store.values import Picture, PictureSize
from server.views.capture.drawing import drawing_of
from server.views.capture.needs import MissingPart, missing_parts

SLOTS = ("10:00-11:00", "11:00-12:00", "13:00-14:00")


@pytest.fixture
def page(client, sign_in, read_page):
    def page():
        sign_in("staff", "Tom")
        return read_page(client.get("/capture/today").text)

    return page


@pytest.mark.usefixtures("friday")
def test_next_photo_is_due_when_the_last_one_is_too_old(page, clock):
    clock.at(10, 40)
    shown = page()
    assert shown["due-later"] == ["Next photo of Friday by 10:42."]
    assert shown.attributes("p", "data-due") == ["2024-05-17T14:42:00+00:00"]

    clock.at(10, 42)
    assert page()["due-now"] == [
        "Time for the next photo of Friday: the last one is of 09:42."
    ]
    clock.at(14, 0)  # the last slot is over
    assert page()["due"] == []
    clock.at(9, 0, day=18)
    assert page()["due-now"] == ["Time for the first photo of Saturday."]


def test_what_close_ups_left_out_is_said_and_drawn(page, seeder, make_post):
    cells = {
        (room, slot): "free" for room in ("Room 301", "Room 302") for slot in SLOTS
    }
    seeder.photo(
        make_post("aa0000000001"),
        cells={**cells, ("Room 301", "10:00-11:00"): "taken",
               ("Room 302", "13:00-14:00"): "unseen"},
    )  # fmt: skip

    shown = page()

    assert shown["missing-parts"] == ["Room 302: 13:00 Room 303: all hours"]
    assert shown.attributes("rect", "x") == ["800.0", "800.0", "400.0"]
    assert shown["text"] == ["?"] * 3


@pytest.mark.usefixtures("friday")
def test_nothing_is_missing_of_a_board_that_was_seen_whole(page, seeder, profile):
    layout = profile.board("friday").layout
    seeder.photo(
        at=seeder.site.clock(),
        cells={(cell.room, cell.slot): "free" for cell in layout.cells},
    )

    assert page()["missing-parts"] == []


def test_what_lies_outside_of_the_picture_is_drawn_beside_it(profile):
    layout = profile.board("friday").layout
    size = PictureSize("0" * 64, 800, 400, "image/jpeg")
    now = dt.datetime(2024, 5, 17, tzinfo=dt.UTC)
    # The picture shows the left half of the cells, with a rim of a tenth of them.
    frame = Rect(-0.1, 0, 0.5, 1)
    picture = BoardPicture("p", now, Picture((size,)), frame)

    drawing = drawing_of(picture, layout, {CellId("Room 303", "10:00-11:00"): "?"})

    assert drawing.view == Rect(0, 0, 2200, 600)
    assert drawing.marks[0].place == Rect(1533.3, 0, 2200, 200)
    unknown = replace(picture, frame=None)
    assert drawing_of(unknown, layout, {layout.cells[0]: "?"}).marks == ()
    assert drawing_of(None, layout, {}) is None


def test_blocked_cells_do_not_keep_a_room_from_being_all_missing(profile):
    layout = profile.board("friday").layout
    unseen = [cell for cell in layout.cells if cell.room == "Room 303"][:2]

    assert missing_parts(layout, unseen) == (MissingPart("Room 303", ()),)
    assert missing_parts(layout, unseen[:1]) == (
        MissingPart("Room 303", ("10:00-11:00",)),
    )
