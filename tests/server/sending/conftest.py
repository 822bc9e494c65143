import socket
import threading
from collections import deque

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from server.app import app_of


def page(status):
    return Response("<html><h1>Hotel Wi-Fi</h1>", status, content_type="text/html")


FAULTS = {
    "page": page(200),
    "502": page(502),
    "too large": page(413),
    "portal": Response("", 302, {"Location": "http://portal.example/login"}),
    "other json": Response('{"detail": "x"}', 200, content_type="application/json"),
    "busy": Response(
        '{"message": "Too many photos.", "hint": "Wait.", "photos": []}',
        503,
        {"Retry-After": "7"},
        content_type="application/json",
    ),
}


@pytest.fixture
def faulty(site):
    """A live server behind something that fails first: its address, what fails."""
    faults, released, app = deque(), threading.Event(), app_of(site)

    def answer(environ, start_response):
        fault = faults.popleft() if faults else None
        if fault in FAULTS:
            return FAULTS[fault](environ, start_response)
        if fault == "hang":
            released.wait(30)
        if fault in {"hang", "drop"}:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return []
        return app(environ, start_response)

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.port}", faults
    released.set()
    server.shutdown()
    thread.join()
    server.server_close()
