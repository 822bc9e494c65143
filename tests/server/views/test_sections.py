import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from server.views.sections import sections_of

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def sections_at(profile):
    def sections_at(release, day, hour, minute=0):
        now = dt.datetime(2024, 5, day, hour, minute, tzinfo=NEW_YORK)
        board = profile.boards[0]
        return sections_of(release.schedule, board, now, NEW_YORK)

    return sections_at


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        pytest.param((16, 12), ["later 10", "later 11", "later 13"], id="day-before"),
        pytest.param((17, 9), ["next 10", "later 11", "later 13"], id="morning"),
        pytest.param((17, 10), ["now 10", "next 11", "later 13"], id="first-slot"),
        pytest.param((17, 10, 59), ["now 10", "next 11", "later 13"], id="its-end"),
        pytest.param((17, 11), ["now 11", "next 13", "past 10"], id="second-slot"),
        pytest.param((17, 12), ["next 13", "past 10", "past 11"], id="lunch-gap"),
        pytest.param((17, 13), ["now 13", "past 10", "past 11"], id="last-slot"),
        pytest.param((17, 14), ["past 10", "past 11", "past 13"], id="over"),
    ],
)
def test_sections_are_now_next_later_past(friday, sections_at, moment, expected):
    sections = sections_at(friday, *moment)

    assert [f"{entry.phase} {entry.starts_at.hour}" for entry in sections] == expected


def test_section_tells_each_room_by_what_is_known_of_it(friday, sections_at):
    ten, eleven, one = sections_at(friday, 17, 9)

    assert [session.id for session in ten.sessions] == ["aa0000000001", "bb0000000002"]
    assert (ten.free, ten.covered, ten.unseen) == (("Room 303",), (), ())
    assert (eleven.free, eleven.covered, eleven.unseen) == (
        (),
        ("Room 302",),
        ("Room 303",),
    )
    assert one.blocked == (("Room 303", "Keynote overflow"),)


def test_section_lists_what_goes_on_from_before(seeder, make_post, sections_at):
    release = seeder.photo(make_post("aa0000000001", until="12:00"))

    ten, eleven, one = sections_at(release, 17, 9)

    assert [len(entry.sessions) for entry in (ten, eleven, one)] == [1, 0, 0]
    assert [session.id for session in eleven.running] == ["aa0000000001"]
    assert (ten.running, one.running) == ((), ())
