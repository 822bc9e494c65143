import hashlib
import itertools
import json
import os

import numpy as np
import pytest

from server.errors import SenderRefusedError, SendError
from server.sending.delivery import Delivery
from server.sending.server import Server
from server.store.photos import photos_of
from server.watching.folder import WatchedFolder
from server.watching.memory import MEMORY_FILE
from vision.image.photo import encode_jpeg

MINUTES = itertools.count(1)


def jpeg(seed):
    """A photo of its own for each seed."""
    noise = np.random.default_rng(seed).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    return encode_jpeg(noise, 80)


def write(path, data):
    """Write a file as if a minute after the one before."""
    path.write_bytes(data)
    at = 1_700_000_000 + 60 * next(MINUTES)
    os.utime(path, (at, at))


@pytest.fixture
def camera(tmp_path):
    folder = tmp_path / "camera"
    folder.mkdir()
    return folder


@pytest.fixture
def said():
    return []


@pytest.fixture
def watched(live, tokens, camera, said):
    """A folder that a live server gets the photos of; nothing has to settle."""

    def make(to=live, token=None, settled_s=0.0, incomplete_s=0.0):
        server = Server(to, token or tokens.issue("staff"))
        delivery = Delivery(server, None, said.append)
        return WatchedFolder(camera, delivery, said.append, settled_s, incomplete_s)

    return make


@pytest.fixture
def received(site):
    """Give the hashes of the photos that the site has."""

    def hashes():
        with site.database.read() as session:
            return {record.sha256 for record in photos_of(session, None)}

    return hashes


def taken_in_order(camera):
    """The files that were sent, as they are remembered."""
    entries = map(json.loads, (camera / MEMORY_FILE).read_text().split("\n")[1:])
    return [entry["file"] for entry in entries if entry["became"] == "taken"]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def test_photos_are_sent_in_their_order_each_once_across_restarts(
    watched, camera, received
):
    for name, seed in (("b.jpg", 1), ("a.jpg", 2), ("c.jpg", 3)):
        write(camera / name, jpeg(seed))
    watched().visit()
    write(camera / "d.jpg", jpeg(4))
    write(camera / "copy of b.jpg", jpeg(1))

    again = watched()
    again.visit()

    assert received() == {sha256(jpeg(seed)) for seed in (1, 2, 3, 4)}
    assert taken_in_order(camera) == ["b.jpg", "a.jpg", "c.jpg", "d.jpg"]
    assert again.waiting == 0


def test_file_that_is_still_written_is_left_alone(watched, camera, received):
    folder = watched(settled_s=0.0, incomplete_s=3600)
    whole = jpeg(1)
    for end in (10, len(whole) // 2, len(whole) - 2):
        write(camera / "a.jpg", whole[:end])
        folder.visit()
        folder.visit()
    # As a program writes that reserves the whole length first.
    half = len(whole) // 2
    write(camera / "a.jpg", whole[:half] + bytes(len(whole) - half))
    folder.visit()
    assert received() == set()

    write(camera / "a.jpg", whole)
    folder.visit()

    assert received() == {sha256(whole)}


def test_file_that_changed_a_moment_ago_is_left_alone(watched, camera, received):
    write(camera / "a.jpg", jpeg(1))
    folder = watched(settled_s=3600)

    folder.visit()
    folder.visit()

    assert (received(), folder.waiting) == (set(), 1)


@pytest.mark.parametrize(
    "bad",
    [
        (jpeg(1)[:300], "The photo is damaged or incomplete."),
        (jpeg(1)[:3000] + bytes(2000), "The photo is incomplete."),
        (b"<html>", "The file is no photo in a format that Boardcast reads."),
    ],
    ids=["half", "the-rest-zeros", "a-page"],
)
def test_photo_that_is_refused_is_told_once_with_why(
    watched, camera, said, received, bad
):
    data, why = bad
    write(camera / "bad.jpg", data)
    write(camera / "good.jpg", jpeg(2))
    watched().visit()
    watched().visit()

    told = [line for line in said if line.startswith("bad.jpg")]
    assert [line.splitlines()[0] for line in told] == [f"bad.jpg: {why}"]
    assert received() == {sha256(jpeg(2))}


def test_photo_that_the_server_refuses_is_told_once_with_why(
    watched, camera, said, monkeypatch
):
    write(camera / "bad.jpg", jpeg(1))
    monkeypatch.setattr(
        Server, "post", lambda *_: (_ for _ in ()).throw(SendError("No.", hint="Ah."))
    )

    watched().visit()
    watched().visit()

    assert said == ["bad.jpg: No.\n  Ah."]


def test_wrong_token_ends_it_and_burns_no_photo(watched, camera, received):
    write(camera / "a.jpg", jpeg(1))
    with pytest.raises(SenderRefusedError, match="token"):
        watched(token="wrong").visit()

    watched().visit()

    assert received() == {sha256(jpeg(1))}


def test_folder_that_goes_and_comes_back_is_waited_for(
    watched, camera, said, received, tmp_path
):
    write(camera / "a.jpg", jpeg(1))
    folder = watched()
    folder.visit()
    camera.rename(tmp_path / "unplugged")
    assert [folder.visit(), folder.visit()] == [False, False]
    write(tmp_path / "unplugged" / "b.jpg", jpeg(2))
    (tmp_path / "unplugged").rename(camera)

    assert folder.visit()

    assert received() == {sha256(jpeg(1)), sha256(jpeg(2))}
    assert said == [
        f"{camera} is not there (No such file or directory); waiting.",
        f"{camera} is back.",
    ]


def test_absent_server_gets_all_in_their_order_once_it_is_there(
    watched, camera, said, received, live
):
    for name, seed in (("b.jpg", 1), ("a.jpg", 2)):
        write(camera / name, jpeg(seed))
    folder = watched(to="http://127.0.0.1:9")
    folder.visit()
    folder.visit()
    assert folder.delivery.is_away
    assert len(said) == 1
    assert said[0].startswith("No server answers at http://127.0.0.1:9.")

    folder.delivery.server.typed = live
    folder.delivery._again_at_s = 0
    folder.visit()

    assert received() == {sha256(jpeg(1)), sha256(jpeg(2))}
    assert taken_in_order(camera) == ["b.jpg", "a.jpg"]
    assert said[1:] == ["The server answers again."]
