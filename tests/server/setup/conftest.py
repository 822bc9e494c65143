"""A photo of a drawn board, what it proposes, and the page on which it is set up."""

import datetime as dt
import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from calibration.geometry import Quad
from calibration.layout import Layout, Slot
from sample_boards.camera import random_standpoint
from sample_boards.random_boards import random_board
from sample_boards.render import random_conditions, render
from server.setup.choices import start_of
from server.setup.drafts import Wishes
from server.setup.page import SetupTask, setup_app
from vision.image.photo import Photo
from vision.proposal import LayoutProposal

DRAWN = random_board(12, rooms=4, slots=5, cards=0)
TAKEN_AT = dt.datetime(2027, 5, 14, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def shot():
    return render(
        DRAWN,
        random_standpoint(12, 20.0),
        random_conditions(12),
        photo_wh=(1008, 756),
        seed=12,
        taken_at=TAKEN_AT,
    )


@pytest.fixture(scope="session")
def jpeg(shot) -> bytes:
    return shot.jpeg()


@pytest.fixture(scope="session")
def proposal(shot) -> LayoutProposal:
    """What reading the photo comes to, when nothing is misread."""
    return LayoutProposal(
        Quad.from_array(shot.truth.corners_photo.to_array().round(1)),
        Layout(DRAWN.rooms, tuple(Slot.parse(label) for label in DRAWN.slots)),
    )


@pytest.fixture
def task_of(jpeg, tmp_path):
    """Make a task of a proposal and the profile there is."""

    def task_of(proposal, profile=None) -> SetupTask:
        path = Path(tmp_path) / "IMG_1.jpg"
        path.write_bytes(jpeg)
        photo = Photo.decode(jpeg)
        start = start_of(Wishes(), proposal, profile, TAKEN_AT.date(), photo.size_wh)
        folder = path.parent / "conference"
        folder.mkdir(exist_ok=True)
        return SetupTask(photo, path, folder / "event.toml", start)

    return task_of


@pytest.fixture
def visit(window):
    """Open the page of a task; whatever the browser complains of is an error."""
    closing = []

    def visit(task, width, height, **options):
        app = setup_app(task, "secret", lambda _: None)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        closing.append((server, thread))
        page = window(viewport={"width": width, "height": height}, **options)
        page.goto(f"http://127.0.0.1:{server.server_port}/secret/")
        page.locator("#preview[src]").wait_for()
        return page

    yield visit
    window.leave()
    for server, thread in closing:
        server.shutdown()
        thread.join()
        server.server_close()
    # What the browser says of a 422 is not the page's fault.
    told = [one for one in window.complaints if "422" not in one]
    window.complaints[:] = told
