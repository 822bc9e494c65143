"""A board as a camera sees it, rendered twice; the tests vary these cheaply."""

import socket
import threading
from dataclasses import dataclass, field

import numpy as np
import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from sample_boards.light import Light, Sensor
from sample_boards.render import (
    Conditions,
    Standpoint,
    change_cards,
    random_board,
    render,
)
from vision.image.photo import encode_jpeg


@pytest.fixture(scope="session")
def board():
    return random_board(7, rooms=8, slots=6, cards=20)


def bare(board):
    """The board as it is, without light or noise."""
    even = Light(gradient=(0, 0), vignette=0, warmth=0)
    conditions = Conditions(light=even, sensor=Sensor(noise=0, defocus_px=0))
    standpoint = Standpoint(yaw_deg=8, pitch_deg=3)
    return render(board, standpoint, conditions, photo_wh=(960, 720)).pixels


@pytest.fixture(scope="session")
def picture(board):
    return bare(board)


@pytest.fixture(scope="session")
def later(board):
    """The same board with nearly all of its cards moved, removed or replaced."""
    return bare(change_cards(board, 3, 0.9))


CARD_WH = (100, 70)


@pytest.fixture(scope="session")
def changes(picture, later):
    """Steps from one to the other: windows of about a card in which they differ."""
    width, height = CARD_WH
    windows = [
        np.s_[y : y + height, x : x + width]
        for x in range(130, 800, width)
        for y in range(190, 520, height)
    ]
    apart = np.abs(picture.astype(int) - later)
    return [window for window in windows if apart[window].mean() > 15]


MODES = {
    "page": Response("<html>Sign in", content_type="text/html"),
    "missing": Response("", 404),
    "half": Response(b"\xff\xd8\xff\xe0", content_type="image/jpeg"),
}


@dataclass
class CameraServer:
    """A camera in the network, as good as it is just now."""

    picture: bytes
    mode: str = "good"
    asked: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ, start_response):
        self.asked += 1
        if self.mode in MODES:
            return MODES[self.mode](environ, start_response)
        if self.mode == "drop":
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return []
        authorization = Request(environ).authorization
        if self.mode == "digest" and authorization is None:
            asks = {"WWW-Authenticate": 'Digest realm="camera", nonce="1", qop="auth"'}
            return Response("", 401, asks)(environ, start_response)
        if self.mode == "digest" and authorization.type != "digest":
            return Response("", 401, {"WWW-Authenticate": "Digest"})(
                environ, start_response
            )
        kind = "image/jpeg"
        body = [self.picture]
        if self.mode == "drip":
            body = self._dripping()
        if self.mode == "stream":
            kind = "multipart/x-mixed-replace; boundary=frame"
            body = self._streaming()
        return Response(body, content_type=kind)(environ, start_response)

    def _dripping(self):
        """A byte now and then, for ever: no timeout between bytes notices."""
        while not self.released.wait(0.05):
            yield b"\xff"

    def _streaming(self):
        head = b"--frame\r\nContent-Type: image/jpeg\r\n\r\n"
        while not self.released.wait(0.05):
            yield head + self.picture + b"\r\n"


@pytest.fixture
def camera(picture):
    """A camera's address, and the camera."""
    app = CameraServer(encode_jpeg(picture, 90))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://cam:secret@127.0.0.1:{server.port}/snapshot.jpg", app
    app.released.set()
    server.shutdown()
    thread.join()
    server.server_close()
