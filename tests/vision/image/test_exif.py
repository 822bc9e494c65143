"""Orientations in unusual places and of unusual types; times are in test_photo."""

import io
import struct

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from vision.image.exif import parse_orientation
from vision.image.photo import Photo

EXIF_HEAD = b"Exif\0\0"
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description '
    'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></x:xmpmeta>'
)
AS_STORED, TURNED = (32, 48), (48, 32)
"""Sizes of a photo that lies on its side, before and after it is set upright."""


def exif_block(kind, count, value, order="<"):
    """An EXIF block of nothing but an orientation, of any type."""
    sizes = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 11: 4}
    mark = b"II*\0" if order == "<" else b"MM\0*"
    inside = sizes[kind] * count <= 4
    field = value.ljust(4, b"\0") if inside else struct.pack(order + "I", 26)
    entry = struct.pack(order + "HHI", 274, kind, count) + field
    head = mark + struct.pack(order + "IH", 8, 1)
    return EXIF_HEAD + head + entry + bytes(4) + (b"" if inside else value)


SIX = exif_block(3, 1, b"\6\0")


def saved(**options):
    # Noise: a lost or doubled turn cannot give the same picture.
    noise = np.random.default_rng(3).integers(0, 256, (48, 32, 3), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(noise).save(stream, **options)
    return stream.getvalue()


def png_with(**texts):
    info = PngInfo()
    for name, text in texts.items():
        info.add_text(name.replace("_", " "), text, zip=True)
    return saved(format="PNG", pnginfo=info)


def raw_profile(block):
    """An EXIF block as ImageMagick writes it into a PNG."""
    return f"\nexif\n{len(block):8d}\n{block.hex()}\n"


def eXIf_at_the_end(png):  # noqa: N802  (the chunk's name)
    at = png.index(b"eXIf") - 4
    end = at + 12 + int.from_bytes(png[at : at + 4], "big")
    rest, last = png[:at] + png[end:], len(b"\0\0\0\0IEND\xaeB`\x82")
    return rest[:-last] + png[at:end] + rest[-last:]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(saved(format="JPEG", exif=SIX), id="jpeg"),
        pytest.param(
            saved(format="JPEG", exif=exif_block(3, 1, b"\0\6", ">")), id="big-endian"
        ),
        pytest.param(
            saved(format="MPO", exif=SIX, save_all=True, append_images=[Image.new("RGB", (9, 9))]),
            id="two-pictures",
        ),
        pytest.param(saved(format="JPEG", xmp=XMP.encode()), id="jpeg-xmp"),
        pytest.param(saved(format="PNG", exif=SIX), id="png"),
        pytest.param(
            eXIf_at_the_end(saved(format="PNG", exif=SIX)), id="png-at-the-end"
        ),
        pytest.param(png_with(Raw_profile_type_exif=raw_profile(SIX)), id="png-text"),
        pytest.param(saved(format="WEBP", exif=SIX), id="webp"),
        pytest.param(saved(format="WEBP", exif=SIX[6:]), id="webp-bare"),
        pytest.param(saved(format="AVIF", exif=SIX), id="avif-property"),
        *(
            pytest.param(saved(format="JPEG", exif=exif_block(*value)), id=f"as-{name}")
            for name, value in {
                "long": (4, 1, b"\6\0\0\0"),
                "byte": (1, 1, b"\6"),
                "text": (2, 2, b"6\0"),
                "fraction": (5, 1, struct.pack("<II", 6, 1)),
                "float": (11, 1, struct.pack("<f", 6)),
                "list": (3, 2, b"\6\0\0\0"),
                "anything": (7, 1, b"\6"),
            }.items()
        ),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Metadata Warning")  # Pillow's, of the list
def test_photo_is_upright_wherever_its_file_says_how(data):
    assert Photo.decode(data).size_wh == TURNED


@pytest.mark.parametrize(
    "data",
    [
        # A property of the picture turns an AVIF: browsers ask nothing else.
        pytest.param(saved(format="AVIF", xmp=XMP.encode()), id="avif-xmp"),
        pytest.param(
            saved(format="JPEG", exif=exif_block(5, 1, struct.pack("<II", 6, 0))),
            id="fraction-of-0",
        ),
    ],
)
def test_photo_stays_as_stored_if_nothing_that_counts_turns_it(data):
    assert Photo.decode(data).size_wh == AS_STORED


@pytest.mark.parametrize(
    "value",
    [None, "", "six", 0, 9, 65_535, -6, (), [6], b"", b"\xff\xff", float("inf")],
)
def test_orientation_that_is_none_is_upright(value):
    assert parse_orientation(value) == 1
