"""The server's own process ends and comes back while somebody saves."""

import os
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from server.store.corrections import corrections_of

ROOT = Path(__file__).parents[4]

pytestmark = pytest.mark.browser


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def start(site, port):
    """Start the site's web process; it listens when this returns."""
    settings = replace(site.settings, port=port, public_url=f"http://127.0.0.1:{port}")
    started = []

    def start():
        command = [sys.executable, "-m", "server.web"]
        environ = os.environ | settings.to_environ()
        process = subprocess.Popen(command, cwd=ROOT, env=environ)
        started.append(process)
        while process.poll() is None:
            with (
                suppress(ConnectionError),
                closing(socket.create_connection(("127.0.0.1", port))),
            ):
                return process
            time.sleep(0.05)  # or else this takes the server's turn
        raise ChildProcessError(process.returncode)

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.usefixtures("friday")
def test_save_while_the_server_restarts_arrives_once(window, site, port, start):
    process = start()
    page = window.new()
    token = site.tokens.issue("facilitator", "Ada")
    page.goto(f"http://127.0.0.1:{port}/sign-in/{token}")
    page.goto(f"http://127.0.0.1:{port}/desk/friday")  # today is another day
    title = page.locator("#card-bb0000000002 [name=title]")
    title.fill("Parents in tech")
    process.terminate()
    process.wait()

    title.press("Enter")

    page.locator("#outbox", has_text="The server could not be reached.").wait_for()
    start()
    # That it tries again by itself, after seconds, is tested beside other faults.
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator("#card-bb0000000002", has_text="Checked by Ada").wait_for()
    with site.database.read() as session:
        (act,) = corrections_of(session, "friday")
    assert act.change.fields == {"title": "Parents in tech"}
    window.complaints.clear()
