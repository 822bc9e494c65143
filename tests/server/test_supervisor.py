import os
import signal
import socket
import sys
import threading
import time
from contextlib import closing, suppress
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from calibration.errors import BoardcastError
from server.errors import ProcessLostError, SettingsError
from server.orphans import UNUSABLE
from server.store.leases import MAX_CRASHES, claim
from server.supervisor import (
    Job,
    Patience,
    check_free,
    end_of,
    jobs,
    supervised,
)

HASTY = Patience(restart_s=0.01, silent_s=2, ask_every_s=0.3, ask_for_s=2)
"""A child gives its signs of life every half second; a busy machine delays them."""

HASTY_END = Patience(restart_s=0.01, failed_starts=1)

ALIVE = """
from server.orphans import exit_with_parent
from server.pulse import Pulse
exit_with_parent(os.environ)
Pulse.of(os.environ).ready()
"""


@pytest.mark.parametrize(
    ("return_code", "end"),
    [
        (0, "stop"),
        (1, "crash"),
        (70, "crash"),
        (-signal.SIGSEGV, "crash"),
        (-signal.SIGABRT, "crash"),
        (-signal.SIGKILL, "kill"),
        (-signal.SIGTERM, "kill"),
    ],
)
def test_end_of_a_process_by_its_return_code(return_code, end):
    assert end_of(return_code) == end


@pytest.mark.parametrize(
    ("engine", "workers"),
    [
        ("rapidocr", {"straighten": "straighten", "read": "read,settle"}),
        (
            "chat",
            {"straighten": "straighten", "read": "read", "settle": "settle"},
        ),
    ],
)
def test_only_a_chat_server_is_asked_in_a_process_of_its_own(engine, workers):
    web, *others = jobs(engine, "http://127.0.0.1:8000")

    assert (web.name, web.command("me")[1:]) == ("web", ("-m", "server.web"))
    assert web.asked_at == "http://127.0.0.1:8000/health/live"
    assert {entry.name: entry.command("me")[1:] for entry in others} == {
        name: ("-m", "server.intake.worker", lanes, "me")
        for name, lanes in workers.items()
    }


def job(tmp_path, code):
    """A process that adds a line with its id to a file and then runs code."""
    note = f"import os, time; open({str(tmp_path / 'log')!r}, 'a').write(f'{{os.getpid()}}\\n')"
    return Job("test", lambda _owner: (sys.executable, "-c", f"{note}\n{code}"))


def started(tmp_path, count):
    """Wait until a process was started so often; return their ids."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        path = tmp_path / "log"
        ids = path.read_text().split() if path.exists() else []
        if len(ids) >= count:
            return [int(entry) for entry in ids]
        time.sleep(0.02)
    raise TimeoutError


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("waits", ["waitid", "poll"])
def test_process_that_is_killed_is_started_again(waits, site, tmp_path, monkeypatch):
    if waits == "poll":  # as on macOS before Python 3.13
        monkeypatch.delattr(os, "waitid")
    with supervised(site.settings, [job(tmp_path, "time.sleep(60)")]):
        (first,) = started(tmp_path, 1)
        os.kill(first, signal.SIGKILL)
        ids = started(tmp_path, 2)
        assert not is_alive(first)
        assert is_alive(ids[1])

    assert not is_alive(ids[1])


def test_process_that_cannot_be_started_is_tried_again(site, tmp_path):
    """As when memory is short for a moment."""
    tries = []

    def command(_owner):
        tries.append(1)
        good = job(tmp_path, "time.sleep(60)").command("")
        return ("/nowhere/python",) if len(tries) == 1 else good

    with supervised(site.settings, [Job("test", command)]):
        assert started(tmp_path, 1)


def test_processes_get_the_settings(site, tmp_path):
    code = f"open({str(tmp_path / 'out')!r}, 'w').write(os.environ['BOARDCAST_DATA_DIR']); time.sleep(60)"
    with supervised(site.settings, [job(tmp_path, code)]):
        started(tmp_path, 1)
        while not (tmp_path / "out").exists() or not (tmp_path / "out").read_text():
            time.sleep(0.02)

    assert (tmp_path / "out").read_text() == str(site.settings.data_dir)


def test_photo_of_a_worker_that_crashed_is_free_at_once(journey, site):
    sent = journey.send("morning")
    owners = []

    def command(owner):
        owners.append(owner)
        with site.database.write() as session:
            claim(session, "received", owner, site.clock())
        return (sys.executable, "-c", "import os; os.abort()")

    with supervised(site.settings, [Job("test", command)]):
        ends = time.monotonic() + 30
        while journey.photo(sent).state != "failed" and time.monotonic() < ends:
            time.sleep(0.05)

    assert journey.photo(sent).state == "failed"
    assert len(set(owners)) == len(owners) >= MAX_CRASHES


def test_address_that_this_machine_does_not_have_is_refused_as_such():
    with pytest.raises(SettingsError, match=r"cannot listen on 192\.0\.2\.7"):
        check_free("192.0.2.7", 8000)


def test_port_that_needs_rights_is_not_called_taken(monkeypatch):
    class Forbidden(socket.socket):
        def bind(self, _address):
            raise PermissionError

    monkeypatch.setattr(socket, "socket", Forbidden)

    with pytest.raises(SettingsError, match="may not listen on port 80"):
        check_free("127.0.0.1", 80)


def wait_for(condition, within_s=60):
    """Wait until something holds, and return it."""
    ends = time.monotonic() + within_s
    while time.monotonic() < ends:
        if found := condition():
            return found
        time.sleep(0.02)
    raise TimeoutError


def is_gone(pid):
    """Say whether a process is dead; one that nobody has waited for is, too."""
    with suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text()
        return stat.rpartition(")")[2].split()[0] == "Z"
    return True


def test_process_that_is_stopped_is_replaced(site, tmp_path):
    code = f"{ALIVE}\ntime.sleep(60)"
    with supervised(site.settings, [job(tmp_path, code)], patience=HASTY) as pulse:
        (first,) = started(tmp_path, 1)
        wait_for(lambda: pulse.is_ready("test"))
        os.kill(first, signal.SIGSTOP)
        started(tmp_path, 2)
        assert is_gone(first)
        assert pulse.restarts("test") >= 1


def test_process_that_never_is_ready_is_replaced(site, tmp_path):
    patience = Patience(restart_s=0.01, start_s=0.5)
    with supervised(
        site.settings, [job(tmp_path, "time.sleep(60)")], patience=patience
    ):
        first = started(tmp_path, 2)[0]
        assert is_gone(first)


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_nothing_is_left_of_a_process_that_is_replaced(end, site, tmp_path):
    """Its own child is stopped and would keep the port."""
    code = f"""
import signal, subprocess, sys
{ALIVE}
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open({str(tmp_path / "children")!r}, "a").write(f"{{child.pid}}\\n")
child.send_signal(signal.SIGSTOP)
time.sleep(60)
"""
    children = tmp_path / "children"
    with supervised(site.settings, [job(tmp_path, code)], patience=HASTY) as pulse:
        (first,) = started(tmp_path, 1)
        wait_for(lambda: children.exists() and children.read_text())
        wait_for(lambda: pulse.is_ready("test"))
        child = int(children.read_text().split()[0])
        os.kill(first, signal.SIGSTOP if end == "stop" else signal.SIGKILL)
        started(tmp_path, 2)
        assert wait_for(lambda: is_gone(child))
    assert all(is_gone(int(pid)) for pid in children.read_text().split())


def test_process_that_is_never_ready_ends_the_site(site, tmp_path):
    alarmed = threading.Event()
    patience = Patience(restart_s=0.01, failed_starts=3)

    with (
        pytest.raises(ProcessLostError) as error,
        supervised(
            site.settings, [job(tmp_path, "raise SystemExit(7)")], alarmed.set, patience
        ),
    ):
        assert alarmed.wait(60)

    assert len(started(tmp_path, 3)) == 3
    assert str(error.value) == (
        "The process test was started 3 times and was never ready; the last time it "
        "ended with exit code 7. The lines above say why; correct it and start the "
        "site again."
    )


OPENS_THE_SITE = """
from server.config import settings_from
from server.orphans import ending_if_unusable
from server.site import Site
with ending_if_unusable():
    Site.open(settings_from(os.environ))
"""
"""What a worker does first, without all that it imports."""


def test_corrupt_database_ends_the_site_with_a_word(site, tmp_path):
    site.database.close()
    for path in site.settings.data_dir.glob("boardcast.db*"):
        path.write_bytes(b"no database at all" * 1000)
    alarmed = threading.Event()

    with (
        pytest.raises(BoardcastError, match="not a database"),
        supervised(
            site.settings, [job(tmp_path, OPENS_THE_SITE)], alarmed.set, HASTY_END
        ),
    ):
        assert alarmed.wait(60)


def test_child_that_cannot_use_what_it_is_given_says_so_in_its_exit_code(
    site, tmp_path, caplog
):
    settings = replace(site.settings, database_url="nonsense")
    alarmed = threading.Event()

    with (
        pytest.raises(SettingsError, match="The database address cannot be used"),
        supervised(settings, [job(tmp_path, OPENS_THE_SITE)], alarmed.set, HASTY_END),
    ):
        assert alarmed.wait(60)

    assert caplog.messages[-1] == (
        f"test ended with exit code {UNUSABLE}; starting it again"
    )


def test_keeper_that_breaks_down_ends_the_site(site):
    """Before, its thread died in silence, and nobody kept the process any more."""
    alarmed = threading.Event()

    def command(_owner):
        raise ZeroDivisionError

    with (
        pytest.raises(ProcessLostError, match="Keeping the process test broke down"),
        supervised(site.settings, [Job("test", command)], alarmed.set),
    ):
        assert alarmed.wait(60)


def children_of(pid):
    """Return the ids of a process's children, from Linux's own list."""
    return [
        int(stat.parent.name)
        for stat in Path("/proc").glob("[0-9]*/stat")
        if parent_in(stat) == pid
    ]


def parent_in(stat):
    with suppress(OSError):
        return int(stat.read_text().rpartition(")")[2].split()[1])


def is_web(pid):
    return b"server.web" in Path(f"/proc/{pid}/cmdline").read_bytes()


def web_processes():
    return [pid for pid in children_of(os.getpid()) if is_web(pid)]


def status_of(port, path):
    """Ask a site on this machine; give the status of its answer, if it answers."""
    with (
        suppress(OSError, HTTPException),
        closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection,
    ):
        connection.request("GET", path)
        return connection.getresponse().status
    return None


def test_web_whose_own_child_is_stopped_is_replaced(site):
    """The first process of granian would wait for it for ever."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (web, *_) = jobs("none", f"http://127.0.0.1:{port}")
    settings = replace(site.settings, port=port)

    with supervised(settings, [web], patience=HASTY) as pulse:
        # On a busy machine it may be between two processes just now.
        wait_for(lambda: pulse.is_ready("web") and web_processes())
        (first,) = web_processes()
        (child,) = children_of(first)
        os.kill(child, signal.SIGSTOP)
        wait_for(lambda: is_gone(first) and status_of(port, "/health/live") == 200)
        assert is_gone(child)
