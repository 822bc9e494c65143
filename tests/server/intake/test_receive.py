import datetime as dt
import io
from zoneinfo import ZoneInfo

import pytest
from PIL import ExifTags, Image

from server.intake.receive import moment_taken, receive
from server.store.photos import add_photo

NEW_YORK = ZoneInfo("America/New_York")
NOON = dt.datetime(2024, 5, 17, 12, 0)  # noqa: DTZ001  (as cameras write it)


RECEIVED_AT = dt.datetime(2024, 5, 17, 23, 30, tzinfo=dt.UTC)
FAR_EAST = dt.timezone(dt.timedelta(hours=14))


@pytest.mark.parametrize(
    ("taken_at", "expected"),
    [
        (None, None),
        (NOON, NOON.replace(tzinfo=NEW_YORK)),
        (NOON.replace(tzinfo=dt.UTC), NOON.replace(tzinfo=dt.UTC)),
        (
            dt.datetime(2024, 5, 18, 13, 30, tzinfo=FAR_EAST),
            dt.datetime(2024, 5, 18, 13, 30, tzinfo=FAR_EAST),
        ),
        (NOON.replace(year=2023), NOON.replace(year=2023, tzinfo=NEW_YORK)),
        (NOON.replace(year=2000), None),
        (NOON.replace(year=2026), None),
        (NOON.replace(month=5, day=19), None),
        (dt.datetime.min, None),  # noqa: DTZ901  (as a camera may write it)
        (dt.datetime.max, None),  # noqa: DTZ901  (as above)
        (dt.datetime.min.replace(tzinfo=FAR_EAST), None),
        (dt.datetime.max.replace(tzinfo=dt.UTC), None),
    ],
    ids=[
        "unknown",
        "naive-is-local",
        "aware-stays",
        "tomorrow-in-the-far-east",
        "a-year-before",
        "clock-never-set",
        "years-ahead",
        "two-days-ahead",
        "year-1",
        "year-9999",
        "year-1-elsewhere",
        "year-9999-elsewhere",
    ],
)
def test_moment_that_a_photo_was_taken(taken_at, expected, profile):
    assert moment_taken(taken_at, profile, RECEIVED_AT) == expected


@pytest.mark.parametrize("year", ["0001", "1970", "9999"])
@pytest.mark.parametrize("offset", ["", "+14:00", "-12:00", "+99:99"])
def test_photo_of_an_absurd_year_is_kept_as_one_without_a_time(
    year, offset, site, scripted
):
    receipt = receive(
        photo_of(f"{year}:01:01 00:00:00", offset),
        database=site.database,
        originals=site.originals,
        profile=site.profile,
        check_photo=site.check_photo,
        sender="Ada",
        board=None,
        received_at=scripted.NOW,
    )

    midnight = scripted.NOW.replace(hour=4)  # in New York
    noon = dt.timedelta(microseconds=12 * 60 * 60)
    assert (receipt.photo.taken_at, receipt.photo.dated) == (None, False)
    assert receipt.photo.at == midnight + noon


def photo_of(time, offset):
    exif = Image.Exif()
    exif[ExifTags.IFD.Exif] = {
        int(ExifTags.Base.DateTimeOriginal): time,
        int(ExifTags.Base.OffsetTimeOriginal): offset,
    }
    stream = io.BytesIO()
    Image.new("RGB", (16, 16)).save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def test_camera_whose_clock_is_ahead_does_not_hold_up_others(site):
    received_at = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)
    ahead = received_at + dt.timedelta(days=400)

    with site.database.write() as session:
        record, new = add_photo(
            session,
            sha256="a" * 64,
            size_bytes=1,
            given_board=None,
            sender="Ada",
            received_at=received_at,
            taken_at=ahead,
        )

    assert (record.taken_at, record.at, new) == (ahead, received_at, True)
