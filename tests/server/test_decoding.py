"""What staff send is decoded within limits. Every attack here is a few kilobytes."""

import datetime as dt
import io
import re
import threading
from dataclasses import replace

import pytest
from PIL import ExifTags, Image

from server import decoding
from server.app import app_of
from server.decoding import LimitedDecoder
from server.errors import DecodingError
from server.store.photos import photos_of
from vision.errors import (
    NotAnImageError,
    PhotoError,
    PhotoTooCostlyError,
    PhotoTooLargeError,
    TruncatedPhotoError,
)
from vision.image.exif import PhotoMetadata

HUGE_WEBP = bytes.fromhex(
    "524946461e000000574542505650384c110000002ffeffce030750e42217b9ff8188e87f0000"
)
"""16383 x 3900 pixels of one colour; decoding them took a gigabyte."""

ENDLESS_HEADER = b"\xff\xd8" + b"\xff\xfe\0\2" * 5_000_000
"""A JPEG of empty comments: 20 MB, which take seconds to be passed over."""


def encoded(size_wh=(64, 48), **options):
    stream = io.BytesIO()
    Image.new("RGB", size_wh, (120, 130, 140)).save(stream, **options)
    return stream.getvalue()


def photo_with_time():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.IFD.Exif] = {
        int(ExifTags.Base.DateTimeOriginal): "2024:05:17 10:42:00",
        int(ExifTags.Base.OffsetTimeOriginal): "+05:30",
    }
    return encoded(format="JPEG", exif=exif)


def test_photo_is_decoded_and_its_metadata_told():
    zone = dt.timezone(dt.timedelta(hours=5, minutes=30))

    assert LimitedDecoder().check(photo_with_time()) == PhotoMetadata(
        6, dt.datetime(2024, 5, 17, 10, 42, tzinfo=zone)
    )


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        pytest.param(b"%PDF", NotAnImageError, "The file is no photo", id="pdf"),
        pytest.param(
            encoded(format="JPEG")[:300],
            TruncatedPhotoError,
            "The photo is damaged or incomplete.",
            id="cut-off",
        ),
        pytest.param(
            HUGE_WEBP,
            PhotoTooLargeError,
            "The photo declares 16383 x 3900 pixels; at most 40 megapixels",
            id="webp",
        ),
        pytest.param(
            encoded((40_000, 1), format="PNG"),
            PhotoError,
            "The photo is 40000 x 1 pixels",
            id="one-row",
        ),
    ],
)
def test_photo_that_is_refused_is_refused_with_the_same_words(data, kind, message):
    with pytest.raises(kind, match=f"^{re.escape(message)}") as refusal:
        LimitedDecoder().check(data)

    assert type(refusal.value) is kind
    assert refusal.value.hint


def test_photo_that_needs_more_memory_than_there_is_is_refused():
    with pytest.raises(PhotoTooCostlyError) as refusal:
        LimitedDecoder(memory_bytes=64 * 2**20).check(
            encoded((6_000, 4_000), format="JPEG")
        )

    assert refusal.value.message == "The photo takes too much memory to decode."


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param({"cpu_s": 1}, id="cpu"),
        pytest.param({"decoded_within_s": 0.01}, id="clock"),
    ],
)
def test_photo_beyond_the_limits_is_refused(limits):
    with pytest.raises(PhotoTooCostlyError) as refusal:
        LimitedDecoder(**limits).check(ENDLESS_HEADER)

    assert refusal.value.message.startswith("The photo takes too much memory")
    assert "ordinary JPEG" in refusal.value.hint


def with_scans(jpeg, scans):
    """A progressive JPEG whose last pass is repeated until there are so many."""
    starts = [match.start() for match in re.finditer(b"\xff\xda", jpeg)]
    return jpeg[:-2] + jpeg[starts[-1] : -2] * (scans - len(starts)) + jpeg[-2:]


def test_photos_are_decoded_one_at_a_time_and_the_rest_is_told_to_wait():
    decoder = LimitedDecoder(wait_s=0.01)

    with decoder._turn, pytest.raises(DecodingError) as refusal:
        decoder.check(photo_with_time())

    assert refusal.value.hint == "Send it again in a minute."
    assert decoder.check(photo_with_time()).orientation == 6


def test_photos_of_many_threads_are_all_decoded():
    decoder, found = LimitedDecoder(), []
    threads = [
        threading.Thread(target=lambda: found.append(decoder.check(photo_with_time())))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [metadata.orientation for metadata in found] == [6] * 6


def test_decoder_that_does_not_start_is_the_sites_fault_not_the_photos(monkeypatch):
    monkeypatch.setattr(decoding, "__name__", "server.nowhere")

    with pytest.raises(DecodingError) as refusal:
        LimitedDecoder().check(photo_with_time())

    assert refusal.value.message == "The photo cannot be checked at the moment."


def test_secrets_do_not_reach_the_process_that_parses_foreign_bytes(monkeypatch):
    seen = {}
    run = decoding.subprocess.run

    def watched(*args, **kwargs):
        seen.update(kwargs["env"])
        return run(*args, **kwargs)

    monkeypatch.setenv("BOARDCAST_SECRET_KEY", "secret")
    monkeypatch.setattr(decoding.subprocess, "run", watched)
    LimitedDecoder().check(photo_with_time())

    assert "PATH" in seen
    assert "BOARDCAST_SECRET_KEY" not in seen


def test_upload_of_what_costs_too_much_is_refused_and_nothing_is_kept(site, tokens):
    attacked = replace(site, check_photo=LimitedDecoder(cpu_s=1).check)
    client = app_of(attacked).test_client()
    scans = with_scans(encoded((64, 64), format="JPEG", progressive=True), 3_000)

    response = client.post(
        "/photos",
        headers={"Authorization": f"Bearer {tokens.issue('staff', 'Ada')}"},
        data={"photo": (io.BytesIO(scans), "a.jpg")},
    )

    assert response.status_code == 422
    assert response.json["message"] == (
        "The photo is stored in more than 100 passes over the picture."
    )
    with site.database.read() as session:
        assert photos_of(session, None) == ()
    assert [path for path in site.originals.folder.rglob("*") if path.is_file()] == []
