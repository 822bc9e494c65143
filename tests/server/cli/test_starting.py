import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from calibration.profile import load_profile
from server.cli.last_serve import LastServe
from server.cli.starting import (
    KNOWN,
    check_path,
    check_settings,
    notes,
    started,
    unknown_variables,
)
from server.config import Settings
from server.errors import SettingsError

SOURCES = Path(__file__).parents[3] / "server"


@pytest.fixture
def settings(folder):
    return Settings(folder / "event.toml", folder / "data", secret_key="k" * 32)


@pytest.mark.parametrize(
    ("changes", "message", "hint"),
    [
        (
            {"max_upload_bytes": 64},
            "With max_upload_bytes = 64 no photo fits.",
            "in bytes",
        ),
        (
            {"secure_cookies": True},
            "With secure_cookies nobody can sign in at http://localhost:8000.",
            "https://",
        ),
        (
            {"trusted_hosts": ("pycon.example", ".pycon.example")},
            (
                "Nobody could open http://localhost:8000: its host is not one of the "
                "trusted hosts, pycon.example, .pycon.example."
            ),
            "--public-url",
        ),
        (
            {"blob_url": "memory:///"},
            "Photos in memory:/// would be gone with the process.",
            "bucket",
        ),
        (
            {"blob_url": "file://photos/2027"},
            "Expected a folder as file:///folder, got file://photos/2027.",
            "three slashes",
        ),
        (
            {"blob_url": "file:photos"},
            "Expected a folder as file:///folder, got file:photos.",
            "three slashes",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_settings_with_which_nothing_works_are_refused(
    settings, changes, message, hint
):
    with pytest.raises(SettingsError) as error:
        check_settings(replace(settings, **changes))

    assert error.value.message == message
    assert hint in error.value.hint


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"public_url": "https://pycon.example", "trusted_hosts": ("pycon.example",)},
        {"public_url": "https://a.pycon.example", "trusted_hosts": (".pycon.example",)},
        {"public_url": "https://pycon.example", "secure_cookies": True},
        {"blob_url": "s3://bucket/folder"},
    ],
    ids=str,
)
def test_settings_that_work_are_taken(settings, changes):
    check_settings(replace(settings, **changes))


def test_every_variable_of_the_sources_is_known():
    words = {
        word.strip("\"'`.,:;()*")
        for path in SOURCES.rglob("*.py")
        for word in path.read_text().split()
    }

    named = {word for word in words if word.startswith("BOARDCAST_") and word[10:]}
    assert named - KNOWN <= {"BOARDCAST_CHAT_"}
    assert unknown_variables(dict.fromkeys(KNOWN, "x")) == {}


def test_misspelt_variables_are_said_with_the_nearest_name():
    environ = {
        "BOARDCAST_PUBLICURL": "https://x.example",
        "BOARDCAST_TRUSTED_HOST": "x",
        "BOARDCAST_ZZZZZZ": "x",
        "BOARDCAST_PORT": "8000",
        "HOME": "/root",
    }

    assert unknown_variables(environ) == {
        "BOARDCAST_PUBLICURL": "BOARDCAST_PUBLIC_URL",
        "BOARDCAST_TRUSTED_HOST": "BOARDCAST_TRUSTED_HOSTS",
        "BOARDCAST_ZZZZZZ": "",
    }


def test_site_in_order_has_no_notes(site, settings):
    assert list(notes(replace(site, settings=settings), {})) == []


def test_notes_name_what_no_photo_gets_past(site, settings, profile):
    friday, saturday = profile.boards
    bare = replace(profile, boards=(replace(friday, tags=None), saturday))
    past = dt.datetime(2027, 5, 17, tzinfo=dt.UTC)

    here = replace(
        site,
        profile=bare,
        clock=lambda: past,
        settings=replace(settings, secret_key="x"),
    )

    assert list(notes(here, {"BOARDCAST_TOKENS": "x"})) == [
        "Nothing reads the variable BOARDCAST_TOKENS; did you mean BOARDCAST_TOKEN?",
        (
            "The secret key has fewer than 16 characters: sign-in links can be forged. "
            "Leave BOARDCAST_SECRET_KEY out, and one is made."
        ),
        (
            'No photo of the board "friday" can be read: it has neither tags nor a '
            "reference photo. Give it one of them in event.toml."
        ),
        (
            "Every board's day is over; the last was 2024-05-18. "
            "Check the dates in event.toml."
        ),
    ]


def test_second_serve_on_a_data_folder_is_said(settings, capsys):
    with started(settings):
        LastServe.of(settings).write(settings.data_dir)
        first = capsys.readouterr().err
        with started(replace(settings, port=8001)):
            second = capsys.readouterr().err
    with started(settings):
        third = capsys.readouterr().err

    assert (first, third) == ("", "")
    assert second.startswith(f"Another boardcast serve works on {settings.data_dir},")


def test_second_serve_with_another_event_is_refused(settings, folder):
    (folder / "other.toml").write_bytes((folder / "event.toml").read_bytes())
    other = replace(settings, profile_path=folder / "other.toml")

    with started(settings):
        LastServe.of(settings).write(settings.data_dir)
        with pytest.raises(SettingsError, match="with another event"), started(other):
            pass
    with started(other):
        pass


@pytest.mark.parametrize("part", ["data", "data/serve.lock"])
def test_data_folder_that_cannot_be_written_is_refused(settings, folder, part):
    (folder / "data").mkdir()
    if part == "data":
        (folder / "data").rmdir()
        (folder / "data").write_text("a file")
    else:
        (folder / part).mkdir()

    with pytest.raises(SettingsError, match="cannot be used"), started(settings):
        pass


def test_what_is_remembered_of_a_serve_comes_back(settings):
    settings.data_dir.mkdir()
    assert LastServe.read(settings.data_dir) is None

    LastServe.of(settings).write(settings.data_dir)

    assert LastServe.read(settings.data_dir) == LastServe.of(settings)
    assert (
        settings.secret_key not in (settings.data_dir / "last-serve.json").read_text()
    )


def test_what_is_remembered_but_damaged_is_refused(settings):
    settings.data_dir.mkdir()
    (settings.data_dir / "last-serve.json").write_text("{")

    with pytest.raises(SettingsError, match="cannot be read"):
        LastServe.read(settings.data_dir)


def test_sample_events_have_no_notes_but_their_dates(site, settings):
    events = Path(__file__).parents[3].glob("sample_boards/*/event.toml")
    for path in events:
        here = replace(site, profile=load_profile(path), settings=settings)
        assert [text for text in notes(here, {}) if "day is over" not in text] == []


@pytest.mark.parametrize("path", ["os", "os/friday", "b", "static/x", "desk"])
def test_public_path_that_is_one_of_the_sites_own_is_refused(path, settings):
    below = replace(settings, public_url=f"https://x.example/{path}")

    with pytest.raises(SettingsError, match="which is one of the site's own"):
        check_path(below, "os")


@pytest.mark.parametrize("path", ["", "/spaces", "/ospaces", "/x/os"])
def test_public_path_of_another_name_is_not_refused(path, settings):
    check_path(replace(settings, public_url=f"https://x.example{path}"), "os")
