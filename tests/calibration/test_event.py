"""Several days on one wall."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.errors import FieldError
from calibration.event import Board, Event, Profile, likeliest_first
from calibration.layout import Layout, Slot

ZONE = ZoneInfo("America/New_York")
EVENT = Event("PyCon US 2024", ZONE, "os")


def board_on(day, *slots, slug="", tags=(0, 1, 2, 3)):
    date = dt.date(2024, 5, day)
    layout = Layout(("Lobby",), tuple(map(Slot.parse, slots or ["10:00-11:00"])))
    slug = slug or f"day-{day}"
    return Board(slug, slug, date, layout, tags)


WALL = (board_on(17, "20:00-24:00", "00:00-02:00"), board_on(18), board_on(21))


def order(moment, boards=WALL):
    return [board.date.day for board in likeliest_first(boards, moment, ZONE)]


def test_boards_of_three_days_share_the_tags_of_one_wall():
    assert Profile(EVENT, WALL).boards == WALL


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (board_on(17, slug="other"), 'tag 0 already belongs to the board "day-17" of'),
        (board_on(18, tags=(1, 0, 2, 3)), "the same four tags in the same order"),
        (board_on(18, tags=(9, 8, 7, 3)), "tag 3 already belongs to the board"),
    ],
)
def test_tags_that_do_not_say_which_board_it_is_are_refused(second, message):
    with pytest.raises(FieldError) as refusal:
        Profile(EVENT, (WALL[0], second))

    assert message in refusal.value.message


@pytest.mark.parametrize(
    ("local", "days"),
    [
        pytest.param("2024-05-17T09:00", [17, 18, 21], id="first day"),
        pytest.param("2024-05-18T01:59", [17, 18, 21], id="evening goes on"),
        pytest.param("2024-05-18T02:00", [18, 17, 21], id="evening is over"),
        pytest.param("2024-05-21T23:59", [21, 18, 17], id="last minute"),
        pytest.param("2024-05-01T12:00", [17, 18, 21], id="before"),
        pytest.param("2024-05-19T12:00", [18, 21, 17], id="nearest of two"),
        pytest.param("2024-06-19T12:00", [21, 18, 17], id="after"),
    ],
)
def test_the_day_of_a_photo_comes_first(local, days):
    moment = dt.datetime.fromisoformat(local).replace(tzinfo=ZONE)

    assert order(moment) == days
    assert order(moment.astimezone(dt.UTC)) == days


def test_of_days_as_near_the_one_to_come_is_likelier():
    noon = dt.datetime(2024, 5, 19, 12, tzinfo=ZONE)

    assert order(noon, [board_on(18), board_on(20)]) == [20, 18]


@given(st.permutations([board_on(day, slug=slug) for day in (17, 18) for slug in "ab"]))
def test_boards_of_one_day_keep_their_order(boards):
    moment = dt.datetime(2024, 5, 18, 12, tzinfo=ZONE)
    untagged = [replace(board, tags=None) for board in boards]

    ordered = likeliest_first(untagged, moment, ZONE)

    assert ordered == tuple(
        board for day in (18, 17) for board in untagged if board.date.day == day
    )
