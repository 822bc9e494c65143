import concurrent.futures
import datetime as dt
import hashlib
import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from vision.errors import (
    NotAnImageError,
    PhotoError,
    PhotoTooLargeError,
    TruncatedPhotoError,
)
from vision.image.exif import best_time, parse_fix, parse_time
from vision.image.photo import Photo, encode_jpeg, encode_png
from vision.image.photo_file import MAX_PIXELS, MAX_SIDE_PX

RED, GREEN, BLUE, WHITE = [0, 0, 255], [0, 255, 0], [255, 0, 0], [255, 255, 255]
STORED = [[RED, GREEN, GREEN], [BLUE, WHITE, WHITE]]
"""Six fields of 16 px, BGR: no turn or flip leaves them as they are."""
STORED_AS = {
    1: STORED,
    2: [row[::-1] for row in STORED],
    3: [row[::-1] for row in STORED[::-1]],
    4: STORED[::-1],
    5: [list(column) for column in zip(*STORED, strict=True)],
    6: [list(column) for column in zip(*STORED, strict=True)][::-1],
    7: [list(column)[::-1] for column in zip(*STORED, strict=True)][::-1],
    8: [list(column)[::-1] for column in zip(*STORED, strict=True)],
}
"""How a camera stores these fields under each EXIF orientation."""
FORMATS = {
    "jpeg": {"format": "JPEG", "quality": 100, "subsampling": 0},
    "png": {"format": "PNG"},
    "webp": {"format": "WEBP", "lossless": True},
    "avif": {"format": "AVIF", "quality": 100, "subsampling": "4:4:4"},
}
TOLERANCE = 3
"""Grey levels that JPEG's and AVIF's colour conversion may cost."""


def picture(fields):
    pixels = np.kron(np.array(fields, np.uint8), np.ones((16, 16, 1), np.uint8))
    return Image.fromarray(np.ascontiguousarray(pixels[..., ::-1]))


def encoded(image, **options):
    stream = io.BytesIO()
    image.save(stream, **options)
    return stream.getvalue()


def exif_with(**details):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = details.pop("orientation", 1)
    exif[ExifTags.IFD.Exif] = {
        int(ExifTags.Base[name]): value for name, value in details.items()
    }
    return exif


def blurred_noise():
    """A picture whose every row differs, so that a lost one shows."""
    noise = np.random.default_rng(7).integers(0, 256, (12, 16, 3), np.uint8)
    return Image.fromarray(cv2.resize(noise, (160, 120)))


def pixels_or_none(data):
    try:
        return Photo.decode(data).pixels
    except PhotoError:
        return None


def png_header(width, height):
    """A valid PNG of a few bytes that declares any size."""

    def chunk(kind, body):
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(20_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("options", FORMATS.values(), ids=FORMATS)
def test_photo_is_upright_whatever_its_exif_orientation(options, orientation):
    data = encoded(
        picture(STORED_AS[orientation]),
        exif=exif_with(orientation=orientation),
        **options,
    )

    photo = Photo.decode(data)

    assert photo.size_wh == (48, 32)
    seen = photo.pixels[8::16, 8::16].astype(int)
    assert np.abs(seen - STORED).max() <= TOLERANCE
    assert photo.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("orientation", [0, 9, 65_535])
def test_photo_with_unknown_orientation_stays_as_stored(orientation):
    exif = exif_with(orientation=orientation)

    photo = Photo.decode(encoded(picture(STORED), format="PNG", exif=exif))

    assert photo.pixels[8::16, 8::16].tolist() == STORED


GREY = picture([[[100, 100, 100]]])
CLEAR_RED = Image.new("RGBA", (16, 16), (255, 0, 0, 0))
SIXTEEN_BIT = Image.fromarray(np.full((16, 16), 100 * 257, np.uint16))


@pytest.mark.parametrize(
    ("image", "options", "bgr"),
    [
        pytest.param(GREY.convert("1"), {"format": "PNG"}, None, id="bits"),
        pytest.param(GREY.convert("L"), {"format": "PNG"}, [100] * 3, id="grey-png"),
        pytest.param(GREY.convert("L"), {"format": "JPEG"}, [100] * 3, id="grey-jpeg"),
        pytest.param(SIXTEEN_BIT, {"format": "PNG"}, [100] * 3, id="grey-16-bit"),
        pytest.param(
            picture([[RED]]).convert("P"), {"format": "PNG"}, RED, id="palette"
        ),
        pytest.param(
            picture([[RED]]).convert("RGBA"), {"format": "PNG"}, RED, id="alpha"
        ),
        pytest.param(CLEAR_RED, {"format": "PNG"}, WHITE, id="clear"),
        pytest.param(
            CLEAR_RED.convert("LA"), {"format": "PNG"}, WHITE, id="clear-grey"
        ),
        pytest.param(
            picture([[RED]]),
            {"format": "PNG", "transparency": (255, 0, 0)},
            WHITE,
            id="clear-colour",
        ),
        pytest.param(picture([[RED]]).convert("P"), {"format": "GIF"}, RED, id="gif"),
        pytest.param(
            picture([[RED]]).convert("CMYK"), {"format": "JPEG"}, RED, id="cmyk"
        ),
        pytest.param(
            CLEAR_RED, {"format": "WEBP", "lossless": True}, WHITE, id="clear-webp"
        ),
    ],
)
def test_photo_of_any_mode_becomes_bgr(image, options, bgr):
    pixels = Photo.decode(encoded(image, **options)).pixels

    assert (pixels.shape, pixels.dtype) == ((16, 16, 3), np.uint8)
    if bgr is None:
        assert set(np.unique(pixels)) <= {0, 255}
    else:
        assert np.abs(pixels.astype(int) - bgr).max() <= TOLERANCE


@pytest.mark.parametrize(
    "options",
    [{"format": "GIF"}, {"format": "PNG"}, {"format": "WEBP", "lossless": True}],
    ids=lambda options: options["format"],
)
def test_photo_of_an_animation_is_its_first_picture(options):
    first, second = picture([[RED]]), picture([[BLUE]])

    photo = Photo.decode(
        encoded(first, save_all=True, append_images=[second], **options)
    )

    assert photo.pixels.tolist() == [[RED] * 16] * 16


def test_photo_of_one_pixel():
    photo = Photo.decode(encoded(Image.new("RGB", (1, 1), "red"), format="PNG"))

    assert photo.pixels.tolist() == [[RED]]


def test_photo_of_more_rows_than_a_strip_is_whole():
    pixels = np.random.default_rng(3).integers(0, 256, (600, 3, 3), np.uint8)

    photo = Photo.decode(encode_png(pixels))

    assert (photo.pixels == pixels).all()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "The file is empty.", id="empty"),
        pytest.param(b"Hello, board!\n" * 99, None, id="text"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3", None, id="pdf"),
        pytest.param(b"\0\0\0\x18ftypisom\0\0\0\0isommp41", None, id="video"),
        pytest.param(encoded(picture(STORED), format="TIFF"), None, id="tiff"),
        pytest.param(encoded(picture(STORED), format="BMP"), None, id="bmp"),
        pytest.param(b"\xff", None, id="one-byte"),
    ],
)
def test_photo_that_is_no_image_is_refused(data, message):
    with pytest.raises(NotAnImageError) as refusal:
        Photo.decode(data)

    expected = message or "The file is no photo in a format that Boardcast reads."
    assert refusal.value.message == expected
    assert refusal.value.hint


@pytest.mark.parametrize(
    "options",
    [*FORMATS.values(), {"format": "JPEG", "progressive": True}, {"format": "WEBP"}],
    ids=[*FORMATS, "jpeg-progressive", "webp-lossy"],
)
def test_photo_cut_off_anywhere_is_refused_or_whole(options):
    data = encoded(blurred_noise(), **options)
    whole = Photo.decode(data).pixels

    ends = {*range(16, len(data), len(data) // 40), *range(len(data) - 16, len(data))}
    for end in sorted(ends):
        pixels = pixels_or_none(data[:end])
        assert pixels is None or (pixels == whole).all(), end


def test_photo_cut_in_half_is_refused():
    data = encoded(blurred_noise(), format="JPEG")

    with pytest.raises(TruncatedPhotoError) as refusal:
        Photo.decode(data[: len(data) // 2])

    assert refusal.value.message == "The photo is damaged or incomplete."
    assert refusal.value.hint.startswith("Send the original photo again")


@settings(max_examples=30, deadline=None)
@given(
    options=st.sampled_from([*FORMATS.values(), {"format": "GIF"}]),
    damage=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)),
        min_size=1,
        max_size=6,
    ),
)
def test_photo_with_damaged_bytes_is_refused_or_decoded(options, damage):
    data = bytearray(encoded(blurred_noise(), **options))
    for place, byte in damage:
        data[int(place * len(data))] = byte

    pixels = pixels_or_none(bytes(data))

    assert pixels is None or pixels.size


@pytest.mark.parametrize(
    "size_wh",
    [
        pytest.param((10_000, 10_000), id="100-megapixels"),
        pytest.param((12_000, 12_000), id="past-pillows-limit"),
        pytest.param((100_000, 100_000), id="ten-gigapixels"),
        pytest.param((8_000, 8_001), id="one-row-past"),
    ],
)
def test_photo_of_too_many_pixels_is_refused_before_decoding(size_wh):
    with pytest.raises(PhotoTooLargeError) as refusal:
        Photo.decode(png_header(*size_wh))

    assert (refusal.value.size_wh, refusal.value.max_pixels) == (size_wh, MAX_PIXELS)


def webp_header(width, height, kind):
    """The first bytes of a WebP file that declares any size."""
    bodies = {
        b"VP8X": bytes(4) + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little"),
        b"VP8L": b"\x2f" + (width - 1 | height - 1 << 14).to_bytes(4, "little") + bytes(5),
        b"VP8 ": b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height),
    }  # fmt: skip
    chunk = kind + struct.pack("<I", 10) + bodies[kind]
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


@pytest.mark.parametrize("kind", [b"VP8X", b"VP8L", b"VP8 "])
def test_webp_of_too_many_pixels_is_refused_before_memory_is_taken(kind):
    with pytest.raises(PhotoTooLargeError) as refusal:
        Photo.decode(webp_header(16_000, 15_000, kind))

    assert refusal.value.size_wh == (16_000, 15_000)


def test_photo_of_one_endless_row_is_refused():
    with pytest.raises(PhotoError, match=f"longer than {MAX_SIDE_PX}"):
        Photo.decode(png_header(MAX_SIDE_PX + 1, 1))


def test_photo_at_the_limit_is_not_refused_for_its_size():
    with pytest.raises(TruncatedPhotoError):
        Photo.decode(png_header(8_000, 8_000))


def test_photo_is_decoded_in_threads_as_in_one():
    data = encoded(blurred_noise(), format="JPEG")
    whole = Photo.decode(data).pixels

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        photos = list(pool.map(Photo.decode, [data] * 32))

    assert all((photo.pixels == whole).all() for photo in photos)


@pytest.mark.parametrize("options", FORMATS.values(), ids=FORMATS)
def test_photo_knows_when_it_was_taken(options):
    exif = exif_with(
        DateTimeOriginal="2024:05:17 10:42:00",
        SubsecTimeOriginal="25",
        OffsetTimeOriginal="-04:00",
    )

    photo = Photo.decode(encoded(picture(STORED), exif=exif, **options))

    moment = dt.datetime(2024, 5, 17, 10, 42, 0, 250_000, zone(-4))
    assert photo.taken_at == moment


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80))
def test_photo_with_malformed_exif_is_decoded(block):
    data = encoded(picture(STORED), format="PNG", exif=b"Exif\0\0MM\0*" + block)

    assert Photo.decode(data).pixels.size == 32 * 48 * 3


NOON = dt.datetime(2024, 5, 17, 12, 0)  # noqa: DTZ001  (a camera without an offset)


def zone(hours):
    return dt.timezone(dt.timedelta(hours=hours))


@pytest.mark.parametrize(
    ("taken", "fraction", "offset", "expected"),
    [
        ("2024:05:17 12:00:00", None, None, NOON),
        ("2024:05:17 12:00:00\0", None, "", NOON),
        ("2024:05:17T12:00:00", None, None, NOON),
        ("2024:05:17 12:00:00", "5", None, NOON.replace(microsecond=500_000)),
        ("2024:05:17 12:00:00", "0000009", None, NOON),
        ("2024:05:17 12:00:00", "half", None, NOON),
        ("2024:05:17 12:00:00", b"5", None, NOON),
        ("2024:05:17 12:00:00", None, "Z", NOON.replace(tzinfo=dt.UTC)),
        ("2024:05:17 12:00:00", None, "+00:00", NOON.replace(tzinfo=dt.UTC)),
        ("2024:05:17 12:00:00", None, "+99:99", NOON),
        ("2024:05:17 12:00:00", None, "EST", NOON),
        ("2024:05:17 12:00:00", None, "+14:00", NOON.replace(tzinfo=zone(14))),
        ("2024:05:17 12:00:00", None, "-12:00", NOON.replace(tzinfo=zone(-12))),
        ("2024:05:17 12:00:00", None, "+05:45", NOON.replace(tzinfo=zone(5.75))),
        ("2024:05:17 12:00:00", None, "+14:15", NOON),
        ("2024:05:17 12:00:00", None, "-23:00", NOON),
        ("2024:05:17 12:00:00", None, "+05:61", NOON),
        ("0000:00:00 00:00:00", None, None, None),
        ("2024:02:30 12:00:00", None, "+00:00", None),
        ("    :  :     :  :  ", None, None, None),
        ("yesterday", None, None, None),
        ((2024, 5, 17), None, None, None),
        (None, None, None, None),
    ],
)
def test_time_from_exif(taken, fraction, offset, expected):
    assert parse_time(taken, fraction, offset) == expected


@given(st.text(), st.text(), st.text())
def test_time_from_exif_never_raises(taken, fraction, offset):
    parse_time(taken, fraction, offset)


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        ("2024:05:17", (16, 0, 0), dt.datetime(2024, 5, 17, 16, tzinfo=dt.UTC)),
        (
            "2024:05:17",
            (16.0, 2.0, 3.9),
            dt.datetime(2024, 5, 17, 16, 2, 3, tzinfo=dt.UTC),
        ),
        ("2024:05:17", (16, 61, 0), None),
        ("2024:05:17", (float("nan"), 0, 0), None),
        ("2024:05:17", 16, None),
        ("2024:05:17", "160000", None),
        (None, (16, 0, 0), None),
    ],
)
def test_time_of_satellites(day, clock, expected):
    assert parse_fix(day, clock) == expected


@pytest.mark.parametrize(
    ("taken", "fixed", "expected"),
    [
        pytest.param(None, None, None, id="nothing"),
        pytest.param(NOON, None, NOON, id="no-satellites"),
        pytest.param(None, "15:58", "15:58+00:00", id="no-clock"),
        pytest.param("12:00+02:00", "15:58", "12:00+02:00", id="camera-tells-offset"),
        pytest.param("12:00", "15:58", "12:00-04:00", id="home-zone"),
        pytest.param("12:00", "06:13", "12:00+05:45", id="quarters"),
        pytest.param("12:00", "15:52", "12:00", id="clock-off"),
        pytest.param("23:00", "08:00", "23:00", id="no-such-zone"),
    ],
)
def test_best_time_of_camera_and_satellites(taken, fixed, expected):
    def moment(clock, utc=""):
        if not isinstance(clock, str):
            return clock
        return dt.datetime.fromisoformat(f"2024-05-17T{clock}{utc}")

    assert best_time(moment(taken), moment(fixed, "+00:00")) == moment(expected)


def test_photo_without_offset_takes_that_of_its_satellites():
    exif = exif_with(DateTimeOriginal="2024:05:17 10:42:00")
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({29: "2024:05:17", 7: (14.0, 41.0, 30.0)})

    photo = Photo.decode(encoded(picture(STORED), exif=exif, format="JPEG"))

    assert photo.taken_at == dt.datetime(2024, 5, 17, 10, 42, tzinfo=zone(-4))
    assert photo.taken_at.tzinfo is not None


def test_pixels_are_read_only():
    photo = Photo.decode(encoded(picture(STORED), format="PNG"))

    with pytest.raises(ValueError, match="read-only"):
        photo.pixels[0, 0] = 0


def test_photo_from_pixels_keeps_them_and_its_hash_is_theirs():
    pixels = np.array(STORED, np.uint8)

    photo, same = Photo.from_pixels(pixels), Photo.from_pixels(pixels.copy())
    other = Photo.from_pixels(pixels.transpose(1, 0, 2))
    pixels[:] = 0

    assert photo.pixels.tolist() == STORED
    assert photo.size_wh == (3, 2)
    assert photo.sha256 == same.sha256 != other.sha256


@pytest.mark.parametrize(
    "pixels",
    [
        pytest.param(np.zeros((4, 4), np.uint8), id="grey"),
        pytest.param(np.zeros((4, 4, 4), np.uint8), id="alpha"),
        pytest.param(np.zeros((4, 4, 3), np.float32), id="floats"),
        pytest.param(np.zeros((0, 4, 3), np.uint8), id="empty"),
    ],
)
def test_pixels_of_another_shape_or_type_are_refused(pixels):
    with pytest.raises(ValueError, match="expected"):
        Photo.from_pixels(pixels)


def test_encoded_png_decodes_to_the_same_pixels():
    pixels = np.random.default_rng(5).integers(0, 256, (9, 17, 3), np.uint8)

    assert (Photo.decode(encode_png(pixels)).pixels == pixels).all()


def test_encoded_jpeg_is_smaller_at_lower_quality():
    pixels = np.asarray(blurred_noise())

    small, large = encode_jpeg(pixels, quality=40), encode_jpeg(pixels, quality=95)

    assert len(small) < len(large)
    difference = Photo.decode(large).pixels.astype(int) - pixels
    assert np.abs(difference).mean() < TOLERANCE
