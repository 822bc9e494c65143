"""A wall for three days: which day's board a photo is published on."""

import datetime as dt
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import ExifTags, Image

from benchmarks.scenarios import board_of
from calibration.profile import Event, Profile, ReferencePhoto, save_profile
from sample_boards.render import Standpoint, random_board, random_conditions, render
from server.cli import main
from server.decoding import check_file
from server.intake.claims import Worker
from server.intake.loop import work_once
from server.intake.receive import receive
from server.intake.sight import vision_of
from server.site import Site
from server.store.photos import photo as photo_record

DAYS = ("friday", "saturday", "sunday")


@pytest.fixture(scope="module")
def drawn():
    """A drawn wall with tags, and its picture."""
    board = random_board(3, rooms=4, slots=4, cards=3, tags=True)
    rendered = render(
        board,
        Standpoint(yaw_deg=12, fill=0.92),
        random_conditions(5),
        photo_wh=(800, 600),
        seed=5,
    )
    return board_of(board), rendered


HOWEVER_FOUND = pytest.mark.parametrize("wall", ["tags", "reference"], indirect=True)


@pytest.fixture
def wall(request, drawn, profile, tmp_path, scripted):
    """A site whose three boards hang on one wall, found by its tags or by one photo."""
    board, rendered = drawn
    if getattr(request, "param", "tags") == "reference":
        Image.fromarray(rendered.pixels[..., ::-1]).save(tmp_path / "wall.png")
        reference = ReferencePhoto(Path("wall.png"), rendered.truth.corners_photo)
        board = replace(board, tags=None, reference=reference)
    boards = tuple(
        replace(board, slug=slug, title=slug, date=dt.date(2024, 5, 17 + number))
        for number, slug in enumerate(DAYS)
    )
    event = Event("PyCon US 2024", profile.event.timezone, "os")
    save_profile(Profile(event, boards), tmp_path / "event.toml")
    site = Site.open(scripted.settings_in(tmp_path))
    yield replace(site, check_photo=check_file)
    site.database.close()


def photo_of(drawn, taken_at=None, quality=90):
    """The wall's photo as a JPEG that tells when it was taken, in the event's time."""
    exif = Image.Exif()
    if taken_at:
        exif[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: taken_at}
    stream = io.BytesIO()
    picture = Image.fromarray(drawn[1].pixels[..., ::-1])
    picture.save(stream, "JPEG", exif=exif, quality=quality)
    return stream.getvalue()


def published_on(site, data, received_at, board=None):
    """Send a photo, straighten it, and return its state and its board."""
    receipt = receive(
        data,
        database=site.database,
        originals=site.originals,
        profile=site.profile,
        check_photo=site.check_photo,
        sender="Ada",
        board=board,
        received_at=dt.datetime.fromisoformat(received_at),
    )
    worker = Worker(site, vision_of(site), "test")
    while work_once(worker, "straighten"):
        pass
    with site.database.read() as session:
        record = photo_record(session, receipt.photo.id)
    return record.state, record.board


@HOWEVER_FOUND
def test_the_photo_s_own_date_says_which_day(wall, drawn):
    for number, slug in enumerate(DAYS):
        data = photo_of(drawn, f"2024:05:{17 + number} 10:20:30")

        # They are all sent on Sunday evening.
        found = published_on(wall, data, "2024-05-19T22:00:00Z")

        assert found == ("straightened", slug)


def test_the_day_is_that_of_the_event_s_timezone(wall, drawn):
    data = photo_of(drawn, "2024:05:18 23:30:00")  # Sunday morning in UTC

    assert published_on(wall, data, "2024-05-19T03:40:00Z") == (
        "straightened",
        "saturday",
    )


@pytest.mark.parametrize(
    ("received_at", "slug"),
    [
        ("2024-05-18T14:00:00Z", "saturday"),
        ("2024-05-10T14:00:00Z", "friday"),
        ("2024-06-01T14:00:00Z", "sunday"),
    ],
)
def test_a_photo_without_a_date_is_of_the_day_on_which_it_came(
    wall, drawn, received_at, slug
):
    assert published_on(wall, photo_of(drawn), received_at) == ("straightened", slug)


def test_the_day_that_a_person_names_wins(wall, drawn):
    data = photo_of(drawn, "2024:05:17 10:20:30")

    found = published_on(wall, data, "2024-05-17T15:00:00Z", board="sunday")

    assert found == ("straightened", "sunday")


@HOWEVER_FOUND
def test_yesterday_s_photos_do_not_draw_today_s_to_yesterday(wall, drawn):
    for minute in range(2):
        data = photo_of(drawn, f"2024:05:17 10:0{minute}:00")
        published_on(wall, data, "2024-05-17T15:00:00Z")

    data = photo_of(drawn, "2024:05:18 09:00:00", quality=80)

    assert published_on(wall, data, "2024-05-18T13:01:00Z") == (
        "straightened",
        "saturday",
    )


def test_a_photo_that_is_read_without_a_server_goes_by_its_date_too(
    wall, drawn, tmp_path
):
    path = tmp_path / "photo.jpg"
    path.write_bytes(photo_of(drawn, "2024:05:18 09:00:00"))
    event = str(wall.settings.profile_path)

    result = CliRunner().invoke(
        main, ["read", str(path), "--event", event, "--engine", "none"]
    )

    assert json.loads(result.stdout)["board"] == "saturday"
