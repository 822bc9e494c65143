import numpy as np
import pytest

from server.camera import grab
from server.camera.source import Source
from server.errors import CameraError
from vision.image.photo import Photo


def test_pictures_come_from_a_process_of_their_own(camera):
    address, app = camera

    pictures = Source(address).pictures(2, 0)

    assert pictures == (app.picture, app.picture)


def test_camera_that_hangs_is_given_up(camera):
    address, app = camera
    app.mode = "drip"

    with pytest.raises(CameraError, match="no picture within 1 seconds"):
        Source(address, deadline_s=1.0).pictures(1, 0)


@pytest.mark.parametrize(
    ("mode", "why"),
    [
        ("page", "answers with a page instead of a picture"),
        ("missing", "answers with 404"),
        ("drop", "does not answer"),
    ],
)
def test_camera_that_gives_no_picture_says_why(camera, mode, why):
    address, app = camera
    app.mode = mode

    with pytest.raises(CameraError, match=why) as error:
        grab.pictures(address, 1, 0)

    assert "secret" not in error.value.message + error.value.hint


def test_camera_that_wants_a_digest_gets_one(camera):
    address, app = camera
    app.mode = "digest"

    assert grab.pictures(address, 2, 0) == [app.picture] * 2


def test_stream_of_pictures_is_video(camera, picture, monkeypatch):
    monkeypatch.setattr(grab, "WARM_UP_S", 0)
    address, app = camera
    app.mode = "stream"

    first, second = grab.pictures(address, 2, 0)

    for data in (first, second):
        apart = Photo.decode(data).pixels.astype(int) - picture
        assert np.abs(apart).mean() < 3


def test_camera_that_is_not_there_says_so():
    with pytest.raises(CameraError, match="cannot be opened"):
        grab.pictures("/dev/video99", 1, 0)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://cam:secret@10.0.0.9/a.jpg?pwd=secret", "http://10.0.0.9/a.jpg"),
        ("rtsp://cam:secret@cam.local:554/live", "rtsp://cam.local:554/live"),
        ("/dev/video0", "/dev/video0"),
    ],
)
def test_password_is_never_shown(address, shown):
    assert Source(address).shown == shown


@pytest.mark.parametrize("address", ["", "cam.local", "ftp://cam/a.jpg", "/etc/passwd"])
def test_what_is_no_camera_is_refused(address):
    with pytest.raises(ValueError, match="is no camera"):
        Source(address)
