"""Files that are made to cost much are refused before they do."""

import io
import re
import struct
import zlib

import pytest
from PIL import Image

from vision.errors import PhotoError, PhotoTooCostlyError, TruncatedPhotoError
from vision.image.exif import PhotoMetadata
from vision.image.photo_file import (
    MAX_SCANS,
    check_file,
    is_cut_off,
    jpeg_scans,
    load,
    open_file,
)

ONE_MEGABYTE = zlib.compress(bytes(2**20), 9)


def encoded(picture=None, **options):
    stream = io.BytesIO()
    (picture or Image.new("RGB", (64, 48), "grey")).save(stream, **options)
    return stream.getvalue()


def with_scans(scans):
    """A progressive JPEG whose last pass is repeated until there are so many."""
    jpeg = encoded(format="JPEG", progressive=True)
    starts = [match.start() for match in re.finditer(b"\xff\xda", jpeg)]
    again = jpeg[starts[-1] : -2]
    return jpeg[:-2] + again * (scans - len(starts)) + jpeg[-2:]


def with_chunks(kind, bodies):
    """A PNG with more chunks before its pixels."""
    png = encoded(format="PNG")
    start = png.index(b"IDAT") - 4
    chunks = b"".join(
        struct.pack(">I", len(body))
        + kind
        + body
        + struct.pack(">I", zlib.crc32(kind + body))
        for body in bodies
    )
    return png[:start] + chunks + png[start:]


@pytest.mark.parametrize(
    ("jpeg", "scans"),
    [
        pytest.param(encoded(format="JPEG"), 1, id="baseline"),
        pytest.param(encoded(format="JPEG", progressive=True), 10, id="progressive"),
        pytest.param(encoded(format="JPEG", restart_marker_blocks=1), 1, id="restarts"),
        pytest.param(
            encoded(format="MPO", save_all=True, append_images=[Image.new("L", (9, 9))]),
            1,
            id="two-pictures",
        ),
        pytest.param(
            encoded(format="JPEG", comment=b"\xff\xda\xff\xd9" * 9), 1, id="in-a-comment"
        ),
        pytest.param(with_scans(3_000), 3_000, id="many"),
        pytest.param(encoded(format="JPEG")[:-30], 1, id="cut-off"),
        pytest.param(b"\xff\xd8\xff", 0, id="three-bytes"),
        pytest.param(b"\xff\xd8\xff\xe1\xff\xff\xff\xda", 0, id="length-past-the-end"),
        pytest.param(b"", 0, id="empty"),
    ],
)  # fmt: skip
def test_scans_of_a_jpeg_are_counted(jpeg, scans):
    assert jpeg_scans(jpeg) == scans


def test_jpeg_of_as_many_scans_as_allowed_is_decoded():
    assert check_file(with_scans(MAX_SCANS)) == PhotoMetadata()


def test_jpeg_of_more_scans_is_refused_before_it_is_decoded():
    with pytest.raises(PhotoTooCostlyError) as refusal:
        open_file(with_scans(MAX_SCANS + 1))

    assert refusal.value.message == (
        "The photo is stored in more than 100 passes over the picture."
    )


@pytest.mark.parametrize(
    ("kind", "bodies"),
    [
        pytest.param(b"zTXt", [b"a\0\0" + ONE_MEGABYTE] * 100, id="texts"),
        pytest.param(b"zTXt", [b"a\0\0" + zlib.compress(bytes(2**24))], id="text"),
        pytest.param(b"iTXt", [b"a\0\1\0\0\0" + ONE_MEGABYTE] * 100, id="languages"),
    ],
)
def test_png_whose_texts_unfold_without_end_is_refused(kind, bodies):
    with pytest.raises(TruncatedPhotoError):
        check_file(with_chunks(kind, bodies))


def test_png_whose_colour_profile_unfolds_without_end_is_refused_or_taken():
    bomb = b"a\0\0" + zlib.compress(bytes(2**26))
    try:
        found = check_file(with_chunks(b"iCCP", [bomb]))
    except PhotoError:
        return

    assert found == PhotoMetadata()


@pytest.mark.parametrize("step", ["open", "load"])
def test_photo_for_which_there_is_no_memory_is_refused_as_too_costly(step, monkeypatch):
    def none_left(*_):
        raise MemoryError

    data = encoded(format="PNG")
    opened = open_file(data)
    monkeypatch.setattr(type(opened), "_open" if step == "open" else "load", none_left)

    with pytest.raises(PhotoTooCostlyError, match="too much memory"):
        open_file(data) if step == "open" else load(opened)


@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_that_ends_with_reserved_zeros_is_cut_off(progressive):
    noise = Image.effect_noise((64, 48), 90)
    whole = encoded(noise, format="JPEG", progressive=progressive)
    half = whole[: len(whole) // 2]

    assert not is_cut_off(whole)
    assert not is_cut_off(whole + b"\xff\xda of another picture")
    assert is_cut_off(half + bytes(len(whole) - len(half)))
    assert not is_cut_off(encoded(noise, format="PNG"))
