import threading

import pytest
from click.testing import CliRunner
from werkzeug.serving import make_server

from server.app import app_of
from server.cli import main


@pytest.fixture
def run():
    """Run the program in this process; give its result."""

    def invoke(*arguments, **more):
        return CliRunner().invoke(main, [str(entry) for entry in arguments], **more)

    return invoke


@pytest.fixture
def live(site):
    """The address of a server that runs while the test does."""
    server = make_server("127.0.0.1", 0, app_of(site), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def working(journey):
    """Let a worker work beside the test; give the shots that it knows."""
    shots = {}
    stop = threading.Event()

    def work():
        while not stop.wait(0.02):
            journey.work(dict(shots))

    thread = threading.Thread(target=work)
    thread.start()
    yield shots
    stop.set()
    thread.join()
