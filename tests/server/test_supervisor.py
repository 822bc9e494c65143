import os
import signal
import socket
import sys
import time

import pytest

from server.errors import SettingsError
from server.store.leases import MAX_CRASHES, claim
from server.supervisor import Job, check_free, end_of, jobs, supervised


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
    web, *others = jobs(engine)

    assert (web.name, web.command("me")[1:]) == ("web", ("-m", "server.web"))
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
    ends = time.monotonic() + 20
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


def test_process_that_is_killed_is_started_again(site, tmp_path):
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
