"""``boardcast serve`` with its real processes, attacked from outside."""

import io
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from server.cli.serve import Stopped, _listen_to_signals
from server.store.profiles import newest_version
from server.store.releases import latest_release

ROOT = Path(__file__).parents[3]


def wait_for(condition, within_s=60):
    """Wait until something holds, and return it."""
    ends = time.monotonic() + within_s
    while time.monotonic() < ends:
        if found := condition():
            return found
        time.sleep(0.05)
    raise TimeoutError


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def serving(folder, port, tmp_path):
    """Start the site; give its process and what it writes."""
    log = tmp_path / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "server", "serve", "--engine", "none"),
                *("--event", folder / "event.toml", "--data", folder / "data"),
                *("--port", str(port)),
            ],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    yield process, log.read_text
    process.kill()
    process.wait()


@pytest.fixture
def ask(port):
    """Ask the site; give status and text, or nothing while it does not answer."""

    def get(path):
        with (
            suppress(OSError, HTTPException),
            closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection,
        ):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        return None

    return get


def worker_of(supervisor):
    """Return the id of a worker's process, from Linux's own list."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            parent = int(
                (path.parent / "stat").read_text().rpartition(")")[2].split()[1]
            )
            if parent == supervisor and b"server.intake.worker" in path.read_bytes():
                return int(path.parent.name)
    return None


def test_broken_and_renamed_event_while_processes_die(
    serving, ask, folder, journey, run
):
    """Refused, the old one goes on; then taken up whole, by all processes."""
    journey.send("noon")
    journey.work(journey.scripted.SHOTS)
    process, log = serving
    ready = (200, '{"faults":[],"ready":true}\n')
    wait_for(lambda: ask("/health/ready") == ready)
    file = folder / "event.toml"
    good = file.read_text()

    file.write_text("version = ")
    wait_for(lambda: "Board " in log())
    process.send_signal(signal.SIGHUP)
    wait_for(lambda: "event.toml is not taken up" in log())
    killed = wait_for(lambda: worker_of(process.pid))
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: "ended with SIGKILL; starting it again" in log())
    assert ask("/os/friday")[0] == 200
    assert journey.ask(newest_version) == 1

    file.write_text(good.replace("Room 302", "Aula"))
    assert run("reload", "--data", folder / "data").exit_code == 1
    assert "Aula" not in ask("/os/friday")[1]
    assert run("reload", "--data", folder / "data", "--yes").exit_code == 0
    wait_for(lambda: "Aula" in ask("/os/friday")[1])
    sessions = journey.ask(latest_release, "friday").schedule.sessions
    assert [entry.title for entry in sessions] == ["Knitting"]

    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert ask("/health/live") is None
    assert "Traceback" not in log()


@pytest.fixture
def handlers():
    """Leave the signals of this process as they were."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
def test_hangup_reloads_where_no_terminal_is_attached(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr("sys.stdout", io.StringIO())
    monkeypatch.setattr("sys.stderr", io.StringIO())
    hangups = _listen_to_signals()

    signal.raise_signal(signal.SIGHUP)

    assert hangups.qsize() == 1


@pytest.mark.usefixtures("handlers")
def test_hangup_ends_the_site_whose_window_was_closed(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stdin", terminal)
    _listen_to_signals()

    with pytest.raises(Stopped):
        signal.raise_signal(signal.SIGHUP)


@pytest.mark.usefixtures("handlers")
def test_hangup_that_is_ignored_stays_ignored():
    """As nohup sets it."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    _listen_to_signals()

    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
