"""event.toml is taken up once; whatever happens to the file, all know the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from calibration.errors import ProfileError
from calibration.geometry import Rect
from calibration.profile import Profile, ReferencePhoto, save_profile
from server.errors import ProfileChangedError
from server.event_file import read_event_file
from server.intake.claims import Worker
from server.intake.loop import work_once
from server.intake.sight import accepted_reference
from server.intake.worker import newest
from server.publish.event_change import change_to, take_up
from server.publish.releases import publish
from server.schedule.corrections.edit import Edit
from server.site import EXTENSION, Follower, Site
from server.store.corrections import append_correction
from server.store.releases import latest_number, latest_release
from vision.errors import NotAnImageError, ReferenceMissingError


@pytest.fixture
def file(site):
    """The site's event.toml."""
    return site.settings.profile_path


@pytest.fixture
def reload(site):
    """Take the file up as another process does, whatever it takes down."""

    def run():
        with site.database.write() as session:
            change = change_to(session, read_event_file(site.settings.profile_path))
            return take_up(session, change, site.clock())

    return run


def rename(file, old="Room 301", new="Aula"):
    file.write_text(file.read_text().replace(old, new))


def titles(journey):
    release = journey.ask(latest_release, "friday")
    return {session.title: session.cell.room for session in release.schedule.sessions}


def test_renamed_room_in_the_file_takes_no_session_down(journey, scripted, site, file):
    """The file was changed, every worker was killed, one card was corrected."""
    journey.send("noon")
    journey.work(scripted.SHOTS)
    before = titles(journey)
    rename(file)

    reopened = Site.open(site.settings)
    again = replace(journey, site=replace(reopened, clock=site.clock))
    card = journey.ask(latest_release, "friday").schedule.sessions[0].id
    again.change(
        append_correction,
        "friday",
        Edit(card, host="Zoe"),
        author="Ada",
        made_at=site.clock(),
    )

    hosts = [s.host for s in journey.ask(latest_release, "friday").schedule.sessions]
    assert sorted(hosts) == ["Maya", "Zoe"]
    assert before == {"Knitting": "Room 301", "Type checking": "Room 302"}
    assert titles(journey) == before
    reopened.database.close()


def test_broken_file_stops_no_process_that_starts_again(site, file):
    file.write_text("version = ")

    reopened = Site.open(site.settings)

    assert (reopened.profile, reopened.profile_version) == (site.profile, 1)
    reopened.database.close()


def test_broken_file_is_refused_where_nothing_was_taken_up_yet(folder, scripted):
    (folder / "event.toml").write_text("version = ")

    with pytest.raises(ProfileError, match="line 1"):
        Site.open(scripted.settings_in(folder))


def test_site_follows_what_is_taken_up(site, file, reload):
    assert site.newest() is site
    rename(file)
    assert site.newest() is site

    reload()

    followed = site.newest()
    assert followed.profile_version == 2
    assert followed.profile.boards[0].layout.rooms == ("Aula", "Room 302")
    assert followed.database is site.database


def test_follower_looks_no_more_often_than_it_is_told(site, file, reload):
    hasty, patient = Follower(site, 0), Follower(site, 3600)
    rename(file)
    reload()

    versions = [
        entry.profile_version
        for entry in (hasty.recent(), patient.recent(), patient.newest())
    ]

    assert versions == [2, 1, 2]


def test_follower_goes_on_with_what_it_knows_where_the_database_does_not(site):
    follower = Follower(site, 0)
    site.database.close()
    for path in site.settings.data_dir.glob("boardcast.db*"):
        path.unlink()
    site.settings.data_dir.joinpath("boardcast.db").mkdir()

    assert follower.recent() is site


def test_web_shows_a_renamed_room_once_it_is_taken_up(
    site, file, reload, client, journey
):
    """Also who has not looked since: the release is newer than the event that it knew."""
    journey.send("morning")
    journey.work(journey.scripted.SHOTS)
    client.application.extensions[EXTENSION] = Follower(site, 3600)
    rename(file)
    before = client.get("/os/friday").text
    reload()
    after = client.get("/os/friday").text

    assert ("Room 301" in before, "Aula" in before) == (True, False)
    assert ("Room 301" in after, "Aula" in after) == (False, True)


def test_nothing_is_published_with_rooms_that_no_longer_hold(
    journey, scripted, site, file, reload
):
    """A step or a save that began before the change: nothing of it is kept."""
    journey.send("morning")
    journey.work(scripted.SHOTS)
    rename(file)
    reload()
    number = journey.ask(latest_number, "friday")

    with pytest.raises(ProfileChangedError), site.database.write() as session:
        publish(session, site.profile, "friday", cause="correction", at=site.clock())

    assert journey.ask(latest_number, "friday") == number


def test_step_under_way_is_done_again_with_the_version_that_holds_now(
    journey, scripted, site, file, reload
):
    sent = journey.send("morning")
    plain, tries = scripted.vision_of(scripted.SHOTS), []

    def straighten(photo, boards):
        tries.append(boards[0].layout.rooms)
        if len(tries) == 1:
            rename(file, "Room 302", "Aula")
            reload()
        return plain.straighten(photo, boards)

    worker = Worker(site, replace(plain, straighten=straighten), "test")
    assert work_once(worker, "straighten")
    between = journey.photo(sent).state
    assert work_once(replace(worker, site=site.newest()), "straighten")

    assert tries == [("Room 301", "Room 302"), ("Room 301", "Aula")]
    assert (between, journey.photo(sent).state) == ("received", "straightened")


def test_worker_follows_between_two_steps(site, file, reload, monkeypatch):
    monkeypatch.setattr("server.intake.worker.faulthandler", _NoAlarm())
    worker = Worker(site, None, "test")
    unchanged = newest(worker)
    rename(file)
    reload()

    followed = newest(worker)

    assert unchanged is worker
    assert (followed.site.profile_version, followed.owner) == (2, "test")


class _NoAlarm:
    def dump_traceback_later(self, _seconds, *, exit):  # noqa: A002  (its name)
        assert exit


def test_reference_photo_is_used_as_it_was_taken_up(folder, scripted, profile):
    """Deleted or replaced, the file changes nothing before a reload."""
    path = folder / "friday.png"
    path.write_bytes(scripted.photo_bytes("grey 90"))
    reference = ReferencePhoto(Path(path.name), Rect(0, 0, 90, 90).to_quad())
    friday, saturday = profile.boards
    boards = (replace(friday, tags=None, reference=reference), saturday)
    save_profile(Profile(profile.event, boards), folder / "event.toml")
    site = Site.open(scripted.settings_in(folder))
    path.unlink()

    kept = accepted_reference(site)(site.profile.boards[0])

    assert kept == scripted.photo_bytes("grey 90")
    with pytest.raises(ReferenceMissingError):
        read_event_file(folder / "event.toml")
    path.write_text("no photo")
    with pytest.raises(NotAnImageError):
        read_event_file(folder / "event.toml")
    site.database.close()
