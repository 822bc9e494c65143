import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from calibration.layout import Layout, Slot
from server.views.moment import (
    board_that_matters,
    clock_text,
    page_version,
    stale_from,
)

NEW_YORK = ZoneInfo("America/New_York")


def local(day, hour, minute=0):
    return dt.datetime(2024, 5, day, hour, minute, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("now", "slug"),
    [
        pytest.param(local(1, 12), "friday", id="weeks-before"),
        pytest.param(local(16, 23, 59), "friday", id="the-night-before"),
        pytest.param(local(17, 10, 30), "friday", id="under-way"),
        pytest.param(local(17, 14), "friday", id="last-slot-just-ended"),
        pytest.param(local(17, 23, 59), "friday", id="its-evening"),
        pytest.param(local(18, 0), "saturday", id="midnight"),
        pytest.param(local(18, 23, 59), "saturday", id="last-evening"),
        pytest.param(local(25, 12), "saturday", id="a-week-after"),
        pytest.param(
            dt.datetime(2024, 5, 18, 3, 30, tzinfo=dt.UTC), "friday", id="by-event-zone"
        ),
    ],
)
def test_board_that_matters_is_todays_else_the_next_else_the_last(profile, now, slug):
    boards = tuple(reversed(profile.boards))

    assert board_that_matters(boards, now, NEW_YORK).slug == slug


def with_slots(board, slug, *labels, date=None):
    layout = Layout(rooms=("Room 1",), slots=tuple(map(Slot.parse, labels)))
    return replace(board, slug=slug, layout=layout, date=date or board.date)


def test_board_that_matters_of_one_day_is_the_one_not_over(profile):
    morning = with_slots(profile.boards[0], "morning", "09:00-12:00")
    evening = with_slots(profile.boards[0], "evening", "13:00-18:00")

    def at(*time):
        return board_that_matters((morning, evening), local(*time), NEW_YORK).slug

    assert (at(17, 11), at(17, 12), at(17, 19)) == ("morning", "evening", "evening")


def test_board_that_matters_of_a_wall_and_one_online_is_the_wall(profile):
    wall = with_slots(profile.boards[0], "wall", "10:00-16:00")
    online = replace(wall, slug="online", reference=None, tags=None, online=True)
    early = with_slots(online, "early", "08:00-12:00")
    late = with_slots(online, "late", "10:00-22:00")

    def at(*time):
        boards = (early, online, late, wall)
        return board_that_matters(boards, local(*time), NEW_YORK).slug

    assert (at(16, 12), at(17, 9), at(17, 11)) == ("wall", "wall", "wall")
    assert (at(17, 17), at(17, 23)) == ("late", "wall")


def test_board_that_matters_after_midnight_is_the_one_still_on(profile):
    night = with_slots(profile.boards[0], "night", "22:00-02:00")
    morning = with_slots(
        profile.boards[1], "next", "09:00-12:00", date=dt.date(2024, 5, 18)
    )

    def at(*time):
        return board_that_matters((night, morning), local(*time), NEW_YORK).slug

    assert (at(18, 1, 59), at(18, 2)) == ("night", "next")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(local(16, 12), None, id="day-before"),
        pytest.param(local(17, 8), local(17, 10, 42), id="that-morning"),
        pytest.param(local(17, 13, 59), local(17, 10, 42), id="last-minute"),
        pytest.param(local(17, 14), None, id="over"),
    ],
)
def test_photo_gets_stale_only_while_its_board_is_in_use(profile, now, expected):
    taken_at = local(17, 9, 42)

    assert stale_from(taken_at, profile.boards[0], now, NEW_YORK) == expected


def test_page_version_changes_with_a_release_and_with_each_slot(profile):
    board = profile.boards[0]
    moments = [
        local(16, 12), local(17, 0), local(17, 9, 59), local(17, 10), local(17, 11),
        local(17, 12), local(17, 13), local(17, 14), local(25, 0),
    ]  # fmt: skip

    versions = [page_version(board, 3, 1, now, NEW_YORK) for now in moments]

    assert versions == [
        "friday.3.0.1", "friday.3.1.1", "friday.3.1.1", "friday.3.2.1", "friday.3.4.1",
        "friday.3.5.1", "friday.3.6.1", "friday.3.7.1", "friday.3.7.1",
    ]  # fmt: skip
    assert page_version(board, 4, 1, moments[0], NEW_YORK) == "friday.4.0.1"
    assert page_version(board, 3, 2, moments[0], NEW_YORK) == "friday.3.0.2"


@pytest.mark.parametrize(
    ("now", "text"),
    [
        pytest.param(local(17, 11), "09:42", id="same-day"),
        pytest.param(local(18, 0), "Fri 17 May, 09:42", id="next-day"),
        pytest.param(
            dt.datetime(2024, 5, 18, 2, tzinfo=dt.UTC), "09:42", id="same-day-there"
        ),
    ],
)
def test_clock_text_names_the_day_only_if_it_is_another(now, text):
    assert clock_text(local(17, 9, 42), now, NEW_YORK) == text
