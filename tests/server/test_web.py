"""The web process itself, as crowds and slow senders meet it; on 127.0.0.1 only."""

import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from calibration.profile import save_profile
from server.site import Site

ROOT = Path(__file__).parents[2]
CROWD = 300
"""Browsers that keep their connections open: more than twice what once was the end."""

HELD = 60
"""Of each kind of connection that is never done: as many as there once were threads."""

ANSWER_WITHIN_S = 20


@pytest.fixture(scope="module")
def site(profile, scripted, tmp_path_factory):
    """One site for all tests: to start its web takes longer than they do."""
    folder = tmp_path_factory.mktemp("site")
    save_profile(profile, folder / "event.toml")
    opened = Site.open(scripted.settings_in(folder))
    yield opened
    opened.database.close()


@pytest.fixture(scope="module")
def port(site):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = replace(site.settings, port=port)
    process = subprocess.Popen(
        [sys.executable, "-m", "server.web"],
        cwd=ROOT,
        env={**settings.to_environ(), "PYTHONPATH": str(ROOT), "PATH": ""},
    )
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.05)
    yield port
    process.terminate()
    process.wait(20)


def connect(port, stack):
    opened = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_WITHIN_S)
    return stack.enter_context(opened)


def ask(connection, path="/os.version"):
    """Ask on an open connection; the status."""
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return status_of(connection)


def status_of(connection):
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536)
    head, body = answer.split(b"\r\n\r\n", 1)
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return int(head.split(b" ", 2)[1])


def upload(token):
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    return (
        f"POST /photos HTTP/1.1\r\nHost: localhost\r\n{authorization}"
        "Content-Type: multipart/form-data; boundary=x\r\n"
        "Content-Length: 5000000\r\n\r\n--x\r\n"
    ).encode()


def test_crowd_keeps_its_connections_and_everybody_is_answered(port):
    with ExitStack() as stack:
        browsers = [connect(port, stack) for _ in range(CROWD)]
        statuses = [ask(browser) for _ in range(2) for browser in browsers]
        new = ask(connect(port, stack), "/os")

    assert (set(statuses), new) == ({200}, 200)


def test_connections_that_are_never_done_keep_nobody_waiting(port, site):
    openings = [
        b"",
        b"GET /os HTTP/1.1\r\nHost: localhost\r\nX: ",
        upload(""),
        upload("nonsense"),
        upload(site.tokens.issue("staff")),
    ]
    with ExitStack() as stack:
        held = [
            [connect(port, stack) for _ in range(HELD)] for _ in range(len(openings))
        ]
        for connections, opening in zip(held, openings, strict=True):
            for connection in connections:
                connection.sendall(opening)
        refused = {status_of(connection) for connection in held[2] + held[3]}
        browser = connect(port, stack)
        answers = [ask(browser, path) for path in ("/os", "/os.version", "/capture")]

    # Who may send is known before a body is read; wrong ones are too many at once.
    assert refused == {401, 429}
    assert answers == [200, 200, 401]
