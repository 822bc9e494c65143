import subprocess
from pathlib import Path
from shutil import which

import numpy as np
import pytest

from server.camera import grab
from server.camera.source import Source
from server.errors import CameraError
from vision.image.photo import Photo, encode_jpeg

SYSTEM_PYTHON = which("python3", path="/usr/bin")
"""Debian's bindings of GStreamer are for its own Python."""

RTSP_SERVER = Path(__file__).with_name("rtsp_server.py")


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


@pytest.mark.parametrize("device", ["/dev/video99", "/dev/null"])
def test_what_is_not_there_or_no_camera_says_so(device):
    with pytest.raises(CameraError, match="cannot be opened") as error:
        grab.pictures(device, 1, 0)

    assert "no other program uses it" in error.value.hint


@pytest.fixture
def stream(picture, tmp_path):
    """The address of a real RTSP server's video, and what it shows."""
    file = tmp_path / "picture.jpg"
    file.write_bytes(encode_jpeg(picture, 90))
    server = subprocess.Popen(
        [SYSTEM_PYTHON, RTSP_SERVER, file], stdout=subprocess.PIPE, text=True
    )
    port = server.stdout.readline().strip()
    if not port:
        server.communicate()
        pytest.skip(
            "needs apt install gir1.2-gst-rtsp-server-1.0 python3-gi "
            "gstreamer1.0-plugins-good"
        )
    yield f"rtsp://127.0.0.1:{port}/live"
    server.kill()
    server.communicate()


@pytest.mark.skipif(not SYSTEM_PYTHON, reason="needs the system's own python3")
def test_rtsp_stream_gives_its_pictures_and_says_when_it_is_gone(stream, picture):
    for data in Source(stream).pictures(2, 0.2):
        shown = Photo.decode(data).pixels.astype(int)
        assert np.abs(shown - picture).mean() < 6
    with pytest.raises(CameraError, match="cannot be opened"):
        Source(stream.replace("/live", "/other")).pictures(1, 0)


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
