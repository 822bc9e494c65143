"""Requests to an ASGI application, without a server in between."""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask, template_rendered

from server.app import app_of
from server.asgi.application import Application
from server.auth import RATES
from server.rates import Rates
from server.site import Site


@dataclass(frozen=True)
class Reply:
    """What was answered."""

    status: int
    headers: dict[str, str]
    body: bytes


async def ask(
    application,
    path,
    method="GET",
    headers=None,
    body=b"",
    *,
    client="203.0.113.7",
    query=b"",
) -> Reply:
    """Ask an application as an ASGI server does."""
    sent = []
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        return left.pop() if left else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    given = {"host": "localhost", **(headers or {})}
    if method not in {"GET", "HEAD", "OPTIONS"}:
        given = {"content-length": str(len(body)), **given}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": [(name.encode(), text.encode()) for name, text in given.items()],
        "client": (client, 4711),
        "server": ("localhost", 8000),
    }
    await application(scope, receive, send)
    start, rest = sent
    names = {name.decode(): text.decode() for name, text in start["headers"]}
    # As granian does: it reads the file itself.
    body = rest["body"] if "body" in rest else Path(rest["path"]).read_bytes()  # noqa: ASYNC240  (nothing else waits)
    return Reply(start["status"], names, body)


@dataclass
class Clock:
    """The site's clock, which a test sets."""

    now: dt.datetime

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture(autouse=True)
def _loop_of_ones_own() -> Iterator[None]:
    """Let asyncio run here, too, once a browser was used in this process.

    Playwright's own loop counts as running in its thread for as long as the browser does,
    though it waits; no test of this folder uses the browser.
    """
    waiting = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(waiting)


@pytest.fixture
def clock(site) -> Clock:
    return Clock(site.clock())


@pytest.fixture
def ticking(site, clock) -> Site:
    return replace(site, clock=clock)


@pytest.fixture
def app(ticking) -> Flask:
    return app_of(ticking)


@pytest.fixture
def rates(app) -> Rates:
    return app.extensions[RATES]


@pytest.fixture
def application(ticking, app) -> Application:
    return Application(ticking, app)


@pytest.fixture
def rendered(app) -> list[str]:
    """Names of the templates that were made into pages."""
    names = []

    def note(_, template, **__):
        names.append(template.name)

    with template_rendered.connected_to(note, app):
        yield names


@pytest.fixture
def asked(application) -> Callable[..., Reply]:
    """Ask the site's application one request after the other, in one loop."""
    with asyncio.Runner() as runner:

        def asked(path, *args, by=application, **kwargs):
            return runner.run(ask(by, path, *args, **kwargs))

        yield asked
