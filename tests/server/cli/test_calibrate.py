"""``boardcast calibrate``: a photo in, an event.toml that reads it out."""

import datetime as dt
import json

import pytest

from calibration.profile import load_profile
from sample_boards.camera import random_standpoint
from sample_boards.random_boards import random_board
from sample_boards.render import random_conditions, render

BOARD = random_board(12, rooms=4, slots=5, cards=0)


@pytest.fixture(scope="module")
def shot():
    """A photo of a board without cards."""
    return render(
        BOARD,
        random_standpoint(12, 20.0),
        random_conditions(12),
        photo_wh=(2016, 1512),
        seed=12,
        taken_at=dt.datetime(2027, 5, 14, 9, 0, tzinfo=dt.UTC),
    )


@pytest.fixture
def photo(shot, tmp_path):
    path = tmp_path / "IMG_1.jpg"
    path.write_bytes(shot.jpeg())
    return path


def test_photo_alone_makes_an_event_toml(run, photo, tmp_path):
    path, overlay = tmp_path / "new" / "event.toml", tmp_path / "grid.jpg"
    path.parent.mkdir()

    result = run("calibrate", photo, "--event", path, "--overlay", overlay)

    assert result.exit_code == 0, result.output
    (board,) = load_profile(path).boards
    assert board.layout.rooms == BOARD.rooms
    assert [slot.label for slot in board.layout.slots] == list(BOARD.slots)
    assert (board.title, board.date) == ("Board", dt.date(2027, 5, 14))
    assert (path.parent / "board.jpg").read_bytes() == photo.read_bytes()
    assert overlay.stat().st_size > 0
    # What it wrote is what photos are read with.
    reading = run("read", path.parent / "board.jpg", "--event", path)
    states = {cell["state"] for cell in json.loads(reading.stdout)["cells"]}
    assert states == {"free"}


def test_comments_of_event_toml_stay(run, photo, tmp_path):
    path = tmp_path / "event.toml"
    run("calibrate", photo, "--event", path)
    path.write_text("# Ours\n" + path.read_text().replace("Our conference", "PyCon"))

    result = run("calibrate", photo, "--event", path, "--rooms", "A,B,C,D")

    assert result.exit_code == 0, result.output
    assert path.read_text().startswith("# Ours\n")
    profile = load_profile(path)
    assert profile.event.name == "PyCon"
    assert profile.boards[0].layout.rooms == ("A", "B", "C", "D")


def test_dry_run_writes_nothing(run, photo, tmp_path):
    path = tmp_path / "event.toml"

    result = run("calibrate", photo, "--event", path, "--dry-run")

    assert result.output.startswith("Board, Friday 14 May 2027 (board)\n4 rooms: ")
    assert not path.exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--corners", "1,2 3,4"], (2, "expected four corners")),
        (["--rows", "a,b"], (2, "expected numbers from 0 to 1")),
        (["--slots", "10-11"], (1, 'expected "HH:MM-HH:MM"')),
    ],
    ids=["corners", "rows", "slots"],
)
def test_what_makes_no_sense_is_told(run, photo, tmp_path, options, told):
    result = run("calibrate", photo, "--event", tmp_path / "event.toml", *options)

    assert result.exit_code == told[0]
    assert told[1] in result.output
    assert not (tmp_path / "event.toml").exists()
