"""What a changed event.toml means for what is published."""

from dataclasses import replace

import pytest

from calibration.layout import Slot
from calibration.profile import Profile, save_profile
from server.errors import ReloadRefusedError
from server.event_file import read_event_file
from server.publish.event_change import (
    LostPlace,
    RenamedPlace,
    change_to,
    check_addresses,
    check_nothing_lost,
    take_up,
)
from server.store.profiles import newest_profile, newest_version
from server.store.releases import latest_release


def with_friday(profile, **layout):
    friday, saturday = profile.boards
    changed = replace(friday, layout=replace(friday.layout, column_edges=(), **layout))
    return Profile(profile.event, (changed, saturday))


@pytest.fixture
def change(site):
    """Give what it means that the file says another profile."""

    def run(profile):
        save_profile(profile, site.settings.profile_path)
        with site.database.write() as session:
            return change_to(session, read_event_file(site.settings.profile_path))

    return run


@pytest.fixture
def published(journey, scripted):
    """A board with two sessions at ten, in both rooms."""
    journey.send("noon")
    journey.work(scripted.SHOTS)
    return journey


def test_file_that_says_the_same_changes_nothing(change, profile):
    assert change(profile) is None


@pytest.mark.parametrize(
    ("layout", "lost"),
    [
        ({"rooms": ("Room 301", "Room 302", "Aula")}, ()),
        (
            {"rooms": ("Aula", "Room 302")},
            (LostPlace("Friday", "room", "Room 301", 1),),
        ),
        (
            {"slots": tuple(map(Slot.parse, ("10:00-10:30", "11:00-12:00")))},
            (LostPlace("Friday", "slot", "10:00-11:00", 2),),
        ),
        (
            {
                "slots": tuple(map(Slot.parse, ("10:00-11:00", "12:00-13:00"))),
                "blocked": {},
            },
            (LostPlace("Friday", "slot", "11:00-12:00", 0),),
        ),
    ],
    ids=["added", "renamed", "shortened", "empty"],
)
@pytest.mark.usefixtures("published")
def test_places_that_are_gone_are_named_with_what_hangs_there(
    layout, lost, change, profile
):
    assert change(with_friday(profile, **layout)).lost == lost


@pytest.mark.usefixtures("published")
def test_board_that_is_gone_is_named_with_its_sessions(change, profile):
    found = change(Profile(profile.event, profile.boards[1:]))

    assert found.lost == (LostPlace("Friday", "board", "Friday", 2),)
    with pytest.raises(ReloadRefusedError) as error:
        check_nothing_lost(found)
    assert error.value.message == (
        'The board "Friday" is gone from event.toml; 2 sessions hang there.'
    )


@pytest.mark.usefixtures("published")
def test_place_where_something_hangs_is_not_taken_away(change, profile):
    renamed = change(with_friday(profile, rooms=("Aula", "Room 302")))

    with pytest.raises(ReloadRefusedError) as error:
        check_nothing_lost(renamed)

    assert str(error.value) == (
        '"Room 301" of Friday (1 session hangs there) is now called "Aula"? '
        "If so, take it up with boardcast reload --renamed: sessions and corrections "
        "stay. If these are other places, with boardcast reload --yes: sessions whose "
        "room or slot is gone are taken down, and their cards wait at the desk to be "
        "moved or hidden."
    )


@pytest.mark.usefixtures("published")
def test_room_that_is_taken_away_asks_for_a_word(change, profile):
    removed = change(with_friday(profile, rooms=("Room 302",)))

    assert removed.in_place == ()
    with pytest.raises(ReloadRefusedError, match="Put the old names back") as error:
        check_nothing_lost(removed)
    assert error.value.message == (
        'The room "Room 301" of Friday is gone from event.toml; 1 session hangs there.'
    )


@pytest.mark.parametrize(
    ("layout", "asked"),
    [
        (
            {"rooms": ("Room 302", "Room 301")},
            [("room", "Room 301", "Room 302", 1), ("room", "Room 302", "Room 301", 1)],
        ),
        (
            {"slots": tuple(map(Slot.parse, ("10:15-11:15", "11:15-12:15")))},
            [("slot", "10:00-11:00", "10:15-11:15", 2)],
        ),
        ({"rooms": ("Room 301", "Room 302", "Aula")}, []),
    ],
    ids=["exchanged", "later", "added"],
)
@pytest.mark.usefixtures("published")
def test_another_name_in_a_place_where_sessions_hang_is_asked_about(
    layout, asked, change, profile
):
    found = change(with_friday(profile, blocked={}, **layout))

    assert found.in_place == tuple(RenamedPlace("Friday", *entry) for entry in asked)


def test_place_where_nothing_hangs_may_go(change, profile):
    check_nothing_lost(change(with_friday(profile, rooms=("Aula", "Room 302"))))


def test_short_path_cannot_change_while_the_site_runs(change, profile):
    event = replace(profile.event, short_path="spaces")

    with pytest.raises(ReloadRefusedError, match="from os to spaces"):
        check_addresses(change(Profile(event, profile.boards)))


def test_change_publishes_the_boards_that_it_changes(published, change, profile, site):
    found = change(with_friday(profile, rooms=("Room 301", "Room 302", "Aula")))

    with site.database.write() as session:
        accepted, boards = take_up(session, found, site.clock())

    release = published.ask(latest_release, "friday")
    assert (accepted.version, boards) == (2, ("friday",))
    assert release.cause == "event changed"
    assert {cell.cell.room for cell in release.schedule.cells} == {
        "Room 301",
        "Room 302",
        "Aula",
    }
    assert len(release.schedule.sessions) == 2


@pytest.mark.usefixtures("published")
def test_change_of_a_title_publishes_nothing(change, profile, site):
    friday, saturday = profile.boards
    found = change(Profile(profile.event, (replace(friday, title="Day 1"), saturday)))

    with site.database.write() as session:
        accepted, boards = take_up(session, found, site.clock())

    assert (accepted.profile.boards[0].title, boards) == ("Day 1", ())


def test_change_that_breaks_off_leaves_the_old_version(
    published, change, profile, site, monkeypatch
):
    found = change(with_friday(profile, rooms=("Aula", "Room 302")))
    monkeypatch.setattr("server.publish.event_change.publish", _break)

    with pytest.raises(ZeroDivisionError), site.database.write() as session:
        take_up(session, found, site.clock())

    assert published.ask(newest_version) == 1
    assert published.ask(newest_profile).profile == profile


def _break(*_args, **_kwargs):
    raise ZeroDivisionError
