import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from calibration.layout import Layout, Slot
from server.schedule.sessions import build_schedule
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


@pytest.mark.parametrize(
    ("timezone", "day"),
    [
        ("Europe/Vienna", "2027-03-28"),
        ("Europe/Vienna", "2027-10-31"),
        ("America/New_York", "2027-11-07"),
        ("America/Havana", "2027-11-07"),
        ("Australia/Lord_Howe", "2027-04-04"),
    ],
)
def test_what_is_on_now_is_the_hour_on_the_wall_when_clocks_change(
    profile, timezone, day
):
    zone, date = ZoneInfo(timezone), dt.date.fromisoformat(day)
    skipped = 2 if day == "2027-03-28" else None
    hours = [hour for hour in range(24) if hour != skipped]
    slots = tuple(Slot.parse(f"{hour:02}:00-{hour + 1:02}:00") for hour in hours)
    board = replace(profile.boards[0], date=date, layout=Layout(("A",), slots))
    schedule = build_schedule((), (), board, zone, {})

    midnight = dt.datetime.combine(date, dt.time(), zone).astimezone(dt.UTC)
    moments = [midnight + dt.timedelta(minutes=30 * step) for step in range(52)]
    today = [moment for moment in moments if moment.astimezone(zone).date() == date]
    on_now = [
        [
            section.starts_at.hour
            for section in sections_of(schedule, board, moment, zone)
            if section.phase == "now"
        ]
        for moment in today
    ]

    assert len(today) in {46, 49, 50}
    assert on_now == [[moment.astimezone(zone).hour] for moment in today]


def test_section_tells_each_room_by_what_is_known_of_it(friday, sections_at):
    ten, eleven, one = sections_at(friday, 17, 9)

    assert [session.id for session in ten.sessions] == ["aa0000000001", "bb0000000002"]
    assert (ten.free, ten.covered, ten.unseen) == (("Room 303",), (), ())
    assert (eleven.free, eleven.covered, eleven.unseen) == (
        (),
        ("Room 302",),
        ("Room 303",),
    )
    assert one.blocked == ((("Room 303",), "Keynote overflow"),)


def test_section_lists_what_goes_on_from_before(seeder, make_post, sections_at):
    release = seeder.photo(make_post("aa0000000001", until="12:00"))

    ten, eleven, one = sections_at(release, 17, 9)

    assert [len(entry.sessions) for entry in (ten, eleven, one)] == [1, 0, 0]
    assert [session.id for session in eleven.running] == ["aa0000000001"]
    assert (ten.running, one.running) == ((), ())
