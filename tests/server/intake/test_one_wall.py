"""A wall for three days: which day's board a photo is published on."""

import datetime as dt
import io
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
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
from server.store.photos import photos_of
from server.store.releases import latest_release
from vision.image.photo import Photo

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


@pytest.mark.parametrize("board", [None, "friday"])
def test_last_year_s_photo_of_the_same_wall_is_refused(wall, drawn, board):
    data = photo_of(drawn, "2023:05:18 10:20:30")

    found = published_on(wall, data, "2024-05-17T14:00:00Z", board)

    assert found[0] == "refused"
    with wall.database.read() as session:
        (record,) = photos_of(session, None)
        assert latest_release(session, "friday") is None
    assert record.message == (
        "This photo says that it was taken on 2023-05-18, long before this event."
    )


@pytest.mark.parametrize(
    ("taken_at", "received_at"),
    [
        ("2024:04:20 10:20:30", "2024-05-17T14:00:00Z"),
        ("2000:01:01 00:00:00", "2024-05-17T14:00:00Z"),
        # Tried out long before the event, the next day or some weeks later.
        ("2023:09:17 10:20:30", "2023-09-18T14:00:00Z"),
        ("2023:03:01 10:20:30", "2023-03-31T14:00:00Z"),
    ],
)
def test_trial_and_a_clock_that_was_never_set_are_no_earlier_year(
    wall, drawn, taken_at, received_at
):
    state, _ = published_on(wall, photo_of(drawn, taken_at), received_at)

    assert state == "straightened"


def test_who_tries_it_with_an_old_photo_is_told_how(wall, drawn):
    data = photo_of(drawn, "2023:05:18 10:20:30")

    assert published_on(wall, data, "2023-11-01T14:00:00Z")[0] == "refused"

    with wall.database.read() as session:
        (record,) = photos_of(session, None)
    assert record.hint == (
        "If it is of today, the camera's clock is wrong: set it, and take the photo "
        "again. To try it with an old photo, give the board its date in event.toml."
    )


def test_photo_of_a_screen_that_shows_the_board_is_straight_or_refused(wall, drawn):
    shown = cv2.resize(drawn[1].pixels, (1200, 900))
    # Its pixels are stripes that the camera sees as waves.
    waves = (
        1 + 0.06 * np.sin(np.arange(1200) * 2.9) * np.sin(np.arange(900) * 2.7)[:, None]
    )
    screen = cv2.copyMakeBorder(
        np.clip(shown * waves[..., None], 0, 255).astype(np.uint8),
        *(40, 60, 40, 40),
        cv2.BORDER_CONSTANT,
        value=(20, 20, 20),
    )
    height, width = screen.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = np.array([[160, 90], [1440, 130], [1400, 1080], [190, 1120]], np.float32)
    photo_from_screen = cv2.getPerspectiveTransform(corners, seen)
    photo = cv2.warpPerspective(
        screen, photo_from_screen, (1600, 1200), borderValue=(120, 110, 100)
    )

    straight = vision_of(wall).straighten(
        Photo(photo, "0" * 64), wall.profile.boards[:1]
    )

    # The cells are where the screen shows them, within a twentieth of one.
    scale = 1200 / drawn[1].pixels.shape[1]
    on_screen = drawn[1].truth.corners_photo.to_array() * scale + (40, 40)
    truth = cv2.perspectiveTransform(on_screen[None], photo_from_screen)[0]
    registration = straight.registration
    found = registration.projection.board_from_photo(truth)
    area = registration.cell_area
    off = np.abs(found - area.to_quad().to_array()) / (area.width / 4, area.height / 4)
    assert off.max() < 0.05


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
