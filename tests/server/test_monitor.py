"""What systemd and the log are told."""

import logging
import socket
import threading

import pytest

from server.errors import StorageError
from server.health import Fault
from server.logs import DATE, LINE, OneLine
from server.monitor import LOOK_EVERY_S, damage_of, look_every_s, monitored, tell
from server.pulse import Pulse
from server.systemd import notify

DISK = Fault("disk", "The data folder has 1 MiB left.")
SILENT = Fault("processes", "The process read has not worked for 99 s.")


@pytest.fixture
def heard(tmp_path, monkeypatch):
    """Give what systemd hears, message by message."""
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(str(path))
        channel.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        yield lambda: channel.recv(1000).decode().split("\n")


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        ((), ["STATUS=Ready.", "WATCHDOG=1"]),
        # A restart makes no room; without one the board is still shown.
        ((DISK,), [f"STATUS={DISK.message}", "WATCHDOG=1"]),
        ((SILENT,), [f"STATUS={SILENT.message}"]),
        ((DISK, SILENT), [f"STATUS={DISK.message} {SILENT.message}"]),
    ],
    ids=["ready", "disk", "silent", "both"],
)
def test_watchdog_is_not_pinged_where_a_restart_would_help(found, lines, heard):
    tell(found, ())

    assert heard() == lines


def test_log_says_what_is_wrong_once_and_when_it_is_over(caplog):
    caplog.set_level(logging.INFO)

    for found, before in (((DISK,), ()), ((DISK,), (DISK,)), ((), (DISK,))):
        tell(found, before)

    assert caplog.messages == [DISK.message, "Ready."]


def test_systemd_is_told_from_begin_to_end(site, heard, monkeypatch):
    monkeypatch.setenv("WATCHDOG_USEC", "60000")
    pulse = Pulse.create([])

    with monitored(site, pulse, _never):
        told = [heard(), heard()]
    while (last := heard()) != ["STOPPING=1"]:
        assert "WATCHDOG=1" in last

    assert told == [["READY=1", "STATUS=Ready."], ["STATUS=Ready.", "WATCHDOG=1"]]
    pulse.close()


def _never():
    raise AssertionError


def damage(site, alarmed):
    """Overwrite the database, and wait until that was noticed."""
    site.database.close()
    for path in site.settings.data_dir.glob("boardcast.db*"):
        # In its place: who looks meanwhile takes an empty file for a new database.
        with path.open("r+b") as stream:
            stream.write(b"no database at all" * 1000)
    assert alarmed.wait(20)


def test_damaged_database_ends_the_site_though_no_process_dies(site, monkeypatch):
    monkeypatch.setattr("server.monitor.LOOK_EVERY_S", 0.01)
    pulse, alarmed = Pulse.create([]), threading.Event()

    with (
        pytest.raises(StorageError, match="The database is damaged"),
        monitored(site, pulse, alarmed.set),
    ):
        damage(site, alarmed)
    pulse.close()


def test_database_that_is_away_is_not_damaged(site):
    site.database.close()
    for path in site.settings.data_dir.glob("boardcast.db*"):
        path.unlink()
    (site.settings.data_dir / "boardcast.db").mkdir()

    assert damage_of(site.database) is None


@pytest.mark.parametrize(
    ("environ", "every_s"),
    [
        ({}, LOOK_EVERY_S),
        ({"WATCHDOG_USEC": "6000000"}, 2.0),
        ({"WATCHDOG_USEC": "600000000"}, LOOK_EVERY_S),
    ],
)
def test_looks_are_often_enough_for_the_watchdog(environ, every_s):
    assert look_every_s(environ) == every_s


def test_nobody_is_told_where_nobody_listens(tmp_path):
    notify("READY=1", environ={})
    notify("READY=1", environ={"NOTIFY_SOCKET": str(tmp_path / "gone")})


def test_message_of_several_lines_is_logged_in_one():
    record = logging.LogRecord(
        "server.x", logging.INFO, "", 0, "signed in: %s", ("Eve\n2026 INFO Ada",), None
    )

    line = OneLine(LINE, DATE).format(record)

    assert line.split(" ", 1)[1] == "INFO server.x: signed in: Eve\\n2026 INFO Ada"
