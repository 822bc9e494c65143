"""A capture page in a real browser, behind a line that fails as networks do."""

import socket
import threading
from collections import deque
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from server.app import app_of
from vision.image.photo import encode_png

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "locale": "en-GB",
}
CUT_AT = 200_000

PAGES = {
    "portal": Response("<h1>Hotel Wi-Fi</h1>", 200, content_type="text/html"),
    "moved": Response("", 302, {"Location": "/portal"}),
    "proxy": Response("<h1>Bad gateway</h1>", 502, content_type="text/html"),
    "other json": Response('{"ok": true}', 200, content_type="application/json"),
    "too large": Response("<h1>nginx</h1>", 413, content_type="text/html"),
    "busy": Response(
        '{"message": "Others are sending.", "hint": "Wait."}',
        503,
        content_type="application/json",
    ),
}


@dataclass
class Line:
    """What is between a phone and its server: one fault for each request that sends.

    ``cut`` breaks off in the middle, ``lost`` after all of it has arrived, ``hang``
    answers nothing; the names of `PAGES` answer in the server's place. ``""`` is none,
    and ``away`` is one for everything, until it is set to False.
    """

    app: object
    faults: deque = field(default_factory=deque)
    away: bool = False
    asked: list = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ, start_response):
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path == "/portal":
            return PAGES["portal"](environ, start_response)
        if self.away:
            return self._cut(environ)
        if not path.startswith(("/photos/parts/", "/capture/photos/")):
            return self.app(environ, start_response)
        self.asked.append((method, environ["QUERY_STRING"]))
        fault = self.faults.popleft() if method == "POST" and self.faults else ""
        if fault in PAGES:
            self._read(environ)
            return PAGES[fault](environ, start_response)
        if fault == "hang":
            self.released.wait(30)
        if fault == "cut":
            environ["wsgi.input"].read(min(CUT_AT, int(environ["CONTENT_LENGTH"])))
        if fault == "lost":
            list(self.app(environ, start_response))
        return self._cut(environ) if fault else self.app(environ, start_response)

    @staticmethod
    def _read(environ):
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))

    @staticmethod
    def _cut(environ):
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return []


@pytest.fixture
def line(site):
    return Line(app_of(site))


@pytest.fixture
def start(line):
    """Start the server, on the port that it had."""
    running = []

    def stop():
        for server, thread in running:
            server.shutdown()
            thread.join()
            server.server_close()
        running.clear()

    def start(port=0):
        stop()
        server = make_server("127.0.0.1", port, line, threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        running.append((server, thread))
        return server.port

    start.stop = stop
    yield start
    line.released.set()
    stop()


@pytest.fixture
def phone(browser, site, start):
    """The capture page on Sam's phone; what its scripts complain of is an error."""
    port, errors = start(), []
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"http://127.0.0.1:{port}/sign-in/{site.tokens.issue('staff', 'Sam')}")
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def picture():
    """A photo file of 750 kB, its own for each number: two parts."""

    def picture(number):
        pixels = np.random.default_rng(number).integers(0, 256, (500, 500, 3), np.uint8)
        data = BytesIO(encode_png(pixels)).getvalue()
        return {"name": f"{number}.png", "mimeType": "image/png", "buffer": data}

    return picture
