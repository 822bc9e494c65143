"""HEIC without an encoder: one 32 x 32 block of raw samples, written bit by bit.

Wheels with an HEVC encoder are not to be had, and a phone's photo would be
large and someone's. HEVC (ITU-T H.265) allows raw samples (I_PCM), so that a
whole picture needs a handful of fixed headers and two arithmetic-coded bits.
"""

import datetime as dt
import struct

import numpy as np
import pytest
from PIL import ExifTags, Image

from vision.errors import PhotoTooLargeError, TruncatedPhotoError
from vision.image.photo import Photo

SIDE = 32
PROFILE = "".join(
    [
        "00000011",  # general_profile_idc 3: main still picture
        "01110000000000000000000000000000",  # compatible with 1, 2 and 3
        "1001" + "0" * 44,  # progressive, frames only
        "00011110",  # level 1
    ]
)


def ue(value):
    """Exp-Golomb code."""
    digits = f"{value + 1:b}"
    return "0" * (len(digits) - 1) + digits


def to_bytes(bits):
    """Bits with the stop bit and zeros to the next byte."""
    bits += "1"
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def nal(kind, payload):
    escaped = bytearray()
    for byte in payload:
        if escaped[-2:] == b"\0\0" and byte <= 3:
            escaped.append(3)
        escaped.append(byte)
    return bytes([kind << 1, 1]) + bytes(escaped)


def parameter_sets(side):
    video = "0000110000000001" + "1" * 16 + PROFILE + "1" + ue(0) * 3
    video += "000000" + ue(0) + "00"
    sequence = "00000001" + PROFILE + ue(0) + ue(1) + ue(side) + ue(side) + "0"
    sequence += ue(0) * 2 + ue(4) + "1" + ue(0) * 3
    sequence += ue(2) + ue(0) + ue(0) + ue(3) + ue(0) * 2 + "000"
    sequence += "101110111" + ue(2) + ue(0) + "1"  # raw samples: 8 bit, 32 x 32
    sequence += ue(0) + "00000"
    picture = ue(0) * 2 + "0000000" + ue(0) * 2 + ue(0) + "000" + ue(0) * 2
    picture += "000000010100" + ue(0) + "00"
    kinds = {32: video, 33: sequence, 34: picture}
    return {kind: nal(kind, to_bytes(bits)) for kind, bits in kinds.items()}


def raw_slice(luma, blue, red):
    header = to_bytes("10" + ue(0) + ue(2) + ue(0))
    raw = to_bytes("10000110")  # arithmetic-coded: "one part", "raw samples"
    end = to_bytes("11111110")  # arithmetic-coded: "end of slice"
    return nal(20, header + raw + luma.tobytes() + blue.tobytes() + red.tobytes() + end)


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def full(kind, version, flags, *parts):
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def decoder_configuration(sets):
    arrays = b"".join(
        struct.pack(">BHH", 0x80 | kind, 1, len(unit)) + unit
        for kind, unit in sets.items()
    )
    profile = int(PROFILE, 2).to_bytes(12, "big")
    fixed = b"\xf0\x00\xfc\xfd\xf8\xf8\x00\x00\x0f"
    return box(b"hvcC", b"\x01", profile, fixed, bytes([len(sets)]), arrays)


def item_entry(number, kind):
    return full(b"infe", 2, 0, struct.pack(">HH4s", number, 0, kind), b"\0")


def locations(offsets_and_sizes):
    entries = b"".join(
        struct.pack(">HHHII", number, 0, 1, offset, size)
        for number, (offset, size) in enumerate(offsets_and_sizes, start=1)
    )
    return full(b"iloc", 0, 0, b"\x44\x00", struct.pack(">H", 2), entries)


def to_planes(bgr_quadrants):
    """JPEG's YCbCr of four flat quadrants: 32 x 32, and 16 x 16 twice."""
    blue, green, red = np.array(bgr_quadrants, float).T
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    planes = luma, 128 + (blue - luma) * 0.564, 128 + (red - luma) * 0.713
    for plane, half in zip(planes, (16, 8, 8), strict=True):
        values = plane.round().clip(0, 255).astype(np.uint8).reshape(2, 2)
        yield np.kron(values, np.ones((half, half), np.uint8))


def heic(bgr_quadrants, quarter_turns=0, exif=b"", declared=SIDE):
    """A HEIC file of four flat quadrants: top left, top right, bottom left, right."""
    sets = parameter_sets(SIDE)
    unit = raw_slice(*to_planes(bgr_quadrants))
    items = [struct.pack(">I", len(unit)) + unit, struct.pack(">I", 0) + exif]
    properties = [
        decoder_configuration(sets),
        full(b"ispe", 0, 0, struct.pack(">II", declared, declared)),
        box(b"irot", bytes([quarter_turns])),
    ]
    used = bytes([len(properties), *(0x80 | n for n in range(1, len(properties) + 1))])

    def meta(start):
        first, second = (len(item) for item in items)
        return full(
            b"meta",
            0,
            0,
            full(b"hdlr", 0, 0, b"\0" * 4, b"pict", b"\0" * 13),
            full(b"pitm", 0, 0, struct.pack(">H", 1)),
            full(
                b"iinf",
                0,
                0,
                struct.pack(">H", 2),
                item_entry(1, b"hvc1"),
                item_entry(2, b"Exif"),
            ),
            full(b"iref", 0, 0, box(b"cdsc", struct.pack(">HHH", 2, 1, 1))),
            box(
                b"iprp",
                box(b"ipco", *properties),
                full(b"ipma", 0, 0, struct.pack(">IH", 1, 1), used),
            ),
            locations([(start, first), (start + first, second)]),
        )

    kind = box(b"ftyp", b"heic", b"\0" * 4, b"mif1heic")
    start = len(kind) + len(meta(0)) + 8
    return kind + meta(start) + box(b"mdat", *items)


RED, GREEN, BLUE, WHITE = [0, 0, 255], [0, 255, 0], [255, 0, 0], [255, 255, 255]
STORED = [RED, GREEN, BLUE, WHITE]


def exif_block(orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.IFD.Exif] = {
        int(ExifTags.Base.DateTimeOriginal): "2024:05:17 10:42:00",
        int(ExifTags.Base.OffsetTimeOriginal): "-04:00",
    }
    return exif.tobytes().removeprefix(b"Exif\0\0")


@pytest.mark.parametrize(
    ("quarter_turns", "seen"),
    [
        pytest.param(0, [[RED, GREEN], [BLUE, WHITE]], id="as-stored"),
        pytest.param(1, [[GREEN, WHITE], [RED, BLUE]], id="turned-left"),
        pytest.param(2, [[WHITE, BLUE], [GREEN, RED]], id="upside-down"),
        pytest.param(3, [[BLUE, RED], [WHITE, GREEN]], id="turned-right"),
    ],
)
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_heic_is_turned_by_its_own_property_and_not_again_by_exif(
    quarter_turns, seen, orientation
):
    photo = Photo.decode(heic(STORED, quarter_turns, exif_block(orientation)))

    assert photo.size_wh == (SIDE, SIDE)
    assert photo.pixels[8::16, 8::16].tolist() == seen
    assert photo.taken_at == dt.datetime.fromisoformat("2024-05-17T10:42:00-04:00")


def test_heic_without_exif_has_no_time():
    assert Photo.decode(heic(STORED)).taken_at is None


def test_heic_is_refused_by_declared_size():
    with pytest.raises(PhotoTooLargeError) as refusal:
        Photo.decode(heic(STORED, declared=12_000))

    assert refusal.value.size_wh == (12_000, 12_000)


def test_heic_cut_off_anywhere_is_refused():
    data = heic(STORED)
    for end in range(24, len(data) - 8, 97):
        with pytest.raises(TruncatedPhotoError):
            Photo.decode(data[:end])
