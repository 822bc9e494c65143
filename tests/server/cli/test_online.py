"""The commands of an event whose boards are online."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from calibration.profile import load_profile, save_profile
from sample_boards.events import PYCON_TW_2021
from sample_boards.today import held_today
from server.cli.demo import play
from server.cli.last_serve import LastServe
from server.cli.starting import notes
from server.config import settings_from
from server.site import Site
from server.store.releases import latest_release
from server.views.moment import board_span


@pytest.fixture
def served(tmp_path):
    """Serve the sample event, hosted in one of the ways; return its options."""

    def served(hosting="open"):
        profile = load_profile(PYCON_TW_2021.profile_path)
        boards = tuple(replace(one, hosting=hosting) for one in profile.boards)
        path = tmp_path / "event.toml"
        save_profile(replace(profile, boards=boards), path)
        options = {"profile_path": path, "data_dir": tmp_path / "data"}
        LastServe.of(settings_from({}, options)).write(tmp_path / "data")
        return ("--event", path, "--data", tmp_path / "data")

    return served


@pytest.mark.parametrize(
    ("hosting", "path"),
    [("open", "/host"), ("moderated", "/host"), ("token", "/sign-in/")],
)
def test_hosts_get_a_link_and_its_code(run, served, hosting, path):
    result = run("invite", "host", *served(hosting))

    assert result.stdout.startswith(f"http://localhost:8000{path}")
    assert len(result.stderr.splitlines()) > 10


def test_hosts_of_a_board_with_a_wall_get_none(run, folder):
    options = {"profile_path": folder / "event.toml", "data_dir": folder}
    LastServe.of(settings_from({}, options)).write(folder)

    result = run("invite", "host", "--event", folder / "event.toml", "--data", folder)

    assert result.exit_code == 2
    assert result.stderr.startswith("No board of this event is online")


def test_doctor_misses_no_photo(run, served):
    result = run("doctor", "--engine", "none", *served(), "--json")

    found = [one for one in json.loads(result.stdout)["found"] if one["topic"] == "reference"]  # fmt: skip
    assert [(one["state"], one["message"]) for one in found] == [
        ("ok", f"Day {day} is online: it needs no photo. Hosting: open.")
        for day in (1, 2)
    ]


def test_serve_misses_no_photo(served):
    _, path, _, data = served()
    site = Site.open(settings_from({}, {"profile_path": path, "data_dir": data}))

    assert [note for note in notes(site, {}) if "photo" in note] == []
    site.database.close()


def test_nothing_is_printed_for_a_wall_that_is_not_there(run, served, tmp_path):
    result = run("kit", tmp_path / "kit.pdf", *served())

    assert result.exit_code == 1
    assert "there is nothing to print" in result.stderr


def test_no_photo_calibrates_a_board_that_is_online(run, served):
    _, path, *_ = served()
    photo = Path(__file__).parents[3] / "sample_boards/whiteboard/1-whiteboard.jpg"

    result = run("calibrate", photo, "--event", path, "--board", "day-1", "--dry-run")

    assert result.exit_code == 1
    assert result.stderr.startswith("The board day-1 is online: no photo shows it.")


def test_demo_begins_with_what_hosts_filled_in(tmp_path):
    now = dt.datetime(2026, 12, 1, 13, 20, tzinfo=dt.UTC)
    event = held_today(PYCON_TW_2021, now, tmp_path / "pycon_tw_2021")
    options = {"profile_path": event.profile_path, "data_dir": tmp_path}
    site = Site.open(settings_from({}, options))

    for _ in range(2):
        play(site, event)

    with site.database.read() as session:
        releases = [latest_release(session, one.slug) for one in site.profile.boards]
    site.database.close()
    opens = board_span(site.profile.boards[0], site.profile.event.timezone)[0]
    assert dt.timedelta(0) <= now - opens < dt.timedelta(hours=1)
    assert [len(one.schedule.sessions) for one in releases] == [3, 2]
