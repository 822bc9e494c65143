"""``boardcast calibrate``: a photo in, an event.toml that reads it out."""

import datetime as dt
import json
import re
import threading

import pytest
import requests

from calibration.geometry import Rect
from calibration.layout import Layout, Slot
from calibration.profile import load_profile
from sample_boards.camera import random_standpoint
from sample_boards.random_boards import random_board
from sample_boards.render import random_conditions, render
from vision.image.photo import Photo
from vision.proposal import LayoutProposal, propose_layout

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


@pytest.fixture(scope="module")
def jpeg(shot):
    return shot.jpeg()


@pytest.fixture
def photo(jpeg, tmp_path):
    path = tmp_path / "IMG_1.jpg"
    path.write_bytes(jpeg)
    return path


@pytest.fixture(scope="module", autouse=True)
def _headings_read_once():
    """Read the headings of the one photo once: they take a second."""
    read = {}

    def propose(pixels, models):
        key = pixels.tobytes()
        if key not in read:
            read[key] = propose_layout(pixels, models)
        return read[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("server.cli.calibrate.propose_layout", propose)
        yield


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


@pytest.fixture
def person(monkeypatch):
    """A person at a terminal whose browser saves at once with a title of their own."""
    told = []

    def opened(address):
        def save():
            start = requests.get(f"{address}start", timeout=9).json()
            sheet = start["sheets"][0] | {"title": "Friday"}
            told.append(requests.post(f"{address}save", json=sheet, timeout=9).json())

        threading.Thread(target=save).start()

    layout = Layout(("A", "B"), (Slot.parse("9:00-10:00"),))
    proposal = LayoutProposal(Rect(10, 10, 900, 700).to_quad(), layout)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("server.cli.calibrate.on_terminal", lambda: True)
    monkeypatch.setattr("server.cli.calibrate.webbrowser.open", opened)
    monkeypatch.setattr("server.cli.calibrate._proposal", lambda _: proposal)
    return told


def test_on_a_terminal_a_page_is_served_until_its_person_saves(
    run, photo, tmp_path, person
):
    path, overlay = tmp_path / "event.toml", tmp_path / "grid.jpg"

    result = run("calibrate", photo, "--event", path, "--overlay", overlay)

    assert result.exit_code == 0, result.output
    assert person == [{"slug": "board", "title": "Friday"}]
    assert re.search(r"at http://127\.0\.0\.1:\d+/[\w-]{22}/\nCtrl-C", result.output)
    assert "Friday, Friday 14 May 2027 (board)" in result.output
    assert load_profile(path).boards[0].title == "Friday"
    assert overlay.stat().st_size > 0


@pytest.mark.parametrize("option", ["--no-browser", "--dry-run"])
def test_page_is_not_served_where_it_is_not_wanted(
    run, photo, tmp_path, person, option
):
    result = run("calibrate", photo, "--event", tmp_path / "event.toml", option)

    assert result.exit_code == 0, result.output
    assert person == []
    assert "http:" not in result.output


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ["--corners", "90,80 5000,20 1800,1400 90,1400"],
            "--corners, top right 5000,20: this corner is too far outside of the photo. ",
        ),
        (
            ["--corners", "90,80 1800,1400 1800,80 90,1400"],
            "--corners: the four corners make no board",
        ),
        (
            ["--columns", "0,0.7,0.5,0.8,1"],
            "--columns 0,0.7,0.5,0.8,1: this line has passed the one beside it.",
        ),
        (["--columns", "0,0.5,1"], "expected"),
    ],
    ids=["outside", "crossed", "lines", "too-few"],
)
def test_grid_that_makes_no_sense_is_refused_with_a_picture(
    run, photo, tmp_path, options, told
):
    picture = tmp_path / "grid.jpg"
    options = [*options, "--overlay", picture]

    result = run("calibrate", photo, "--event", tmp_path / "event.toml", *options)

    said = " ".join(result.output.split())
    assert result.exit_code == 1
    assert told in said
    assert f"It is drawn in {picture}." in said
    assert min(Photo.decode(picture.read_bytes()).size_wh) >= 1512
    assert not (tmp_path / "event.toml").exists()


def test_picture_of_a_refusal_is_a_temporary_file_where_none_is_named(
    run, photo, tmp_path, monkeypatch
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    result = run("calibrate", photo, "--columns", "0,0.7,0.5,0.8,1", "--dry-run")

    (drawn,) = tmp_path.glob("boardcast-*.jpg")
    assert f"It is drawn in {drawn}." in " ".join(result.output.split())


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
