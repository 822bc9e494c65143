"""A capture page in a real browser, behind a line that fails as networks do."""

import socket
import threading
from collections import deque
from dataclasses import dataclass, field
from io import BytesIO
from shutil import which

import cv2
import numpy as np
import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from server.app import app_of
from server.views.capture.frames import AIMING
from vision.image.photo import encode_jpeg, encode_png

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
    app = app_of(site)
    yield Line(app)
    app.extensions[AIMING].close()


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


VIDEO_WH = (1280, 720)
AREA_PX = [(240, 110), (1040, 110), (1040, 610), (240, 610)]
"""Corners of Friday's cells in the video."""

TAG_PX = 60


@pytest.fixture
def board_on_video(tmp_path):
    """A file for Chromium's fake camera: Friday's board with its four tags."""
    width, height = VIDEO_WH
    pixels = np.full((height, width, 3), 225, np.uint8)
    (left, top), _, (right, bottom), _ = AREA_PX
    for share in range(4):
        x, y = (left + share * (right - left) // 3, top + share * (bottom - top) // 3)
        cv2.line(pixels, (x, top), (x, bottom), (60, 60, 60), 3)
        cv2.line(pixels, (left, y), (right, y), (60, 60, 60), 3)
    words = np.random.default_rng(1).integers(0, 2, (20, 60), np.uint8) * 255
    for x in (left + 20, right - 140):
        pixels[top + 40 : top + 80, x : x + 120] = cv2.resize(
            words, (120, 40), interpolation=cv2.INTER_NEAREST
        )[..., None]
    tags = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    for tag, (x, y) in enumerate(AREA_PX):
        # Just outside of the corner, its inner corner on it.
        x0 = x - TAG_PX if x == left else x
        y0 = y - TAG_PX if y == top else y
        tile = cv2.aruco.generateImageMarker(tags, tag, TAG_PX)
        pixels[y0 : y0 + TAG_PX, x0 : x0 + TAG_PX] = tile[..., None]
    file = tmp_path / "board.mjpeg"
    file.write_bytes(encode_jpeg(pixels, 95) * 30)
    return file


@pytest.fixture
def area_in_video():
    """Corners of Friday's cells as shares of the video's width and height."""
    return np.array(AREA_PX) / VIDEO_WH


@pytest.fixture
def aimed(browser, board_on_video, site, start):
    """The capture page on a phone whose camera shows the board."""
    args = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    args += ["--no-sandbox", f"--use-file-for-fake-video-capture={board_on_video}"]
    path = which("chromium") or which("chromium-browser")
    phone = browser.browser_type.launch(executable_path=path, args=args)
    page = phone.new_page(viewport=PHONE["viewport"])
    page.goto(f"http://127.0.0.1:{start()}/sign-in/{site.tokens.issue('staff', 'Sam')}")
    yield page
    phone.close()
