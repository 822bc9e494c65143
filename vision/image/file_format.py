"""What a file's bytes say before anything is decoded: its format, size and scans."""

import re

from pi_heif import HeifImageFile
from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
    | {b"mif1", b"msf1"}
)
JPEG_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""One that is no stuffed byte of a scan's own, and none of its restarts."""
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
BARE_MARKERS = frozenset({0x01, 0xD8, END_OF_IMAGE})
"""JPEG's markers that no length follows."""
AVIF_BRANDS = frozenset({b"avif", b"avis"})


def find_plugin(data: bytes) -> type[ImageFile.ImageFile] | None:
    """Return what reads a file.

    Parameters
    ----------
    data : bytes
        The file; its first bytes decide, whatever it is called.

    Returns
    -------
    type of ImageFile or None
        To be called with a stream; None for any other format.
    """
    if data.startswith(b"\xff\xd8\xff"):
        # Not jpeg_factory: of phones' multi-picture files the first is the photo.
        return JpegImagePlugin.JpegImageFile
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImagePlugin.PngImageFile
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GifImagePlugin.GifImageFile
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WebPImagePlugin.WebPImageFile
    brands = _brands(data)
    if brands & AVIF_BRANDS:
        return AvifImagePlugin.AvifImageFile
    return HeifImageFile if brands & HEIF_BRANDS else None


def _brands(data: bytes) -> set[bytes]:
    """Return the brands of an ISO base media file, none for other files."""
    if data[4:8] != b"ftyp":
        return set()
    end = int.from_bytes(data[:4], "big")
    return {data[8:12], *(data[i : i + 4] for i in range(16, min(end, 256), 4))}


def webp_size(data: bytes) -> tuple[int, int]:
    """Return width and height from the first chunk of a WebP file.

    Layout: https://developers.google.com/speed/webp/docs/riff_container

    Parameters
    ----------
    data : bytes
        The file, or at least its first 30 bytes.
    """
    kind, body = data[12:16], data[20:30]
    number = int.from_bytes
    if kind == b"VP8X":
        return number(body[4:7], "little") + 1, number(body[7:10], "little") + 1
    if kind == b"VP8L":
        bits = number(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return number(body[6:8], "little") & 0x3FFF, number(body[8:10], "little") & 0x3FFF


def jpeg_scans(data: bytes) -> int:
    """Count the scans of a JPEG's first picture; each goes over the whole picture.

    Parameters
    ----------
    data : bytes
        The file.
    """
    scans = at = 0
    while match := JPEG_MARKER.search(data, at):
        marker, at = data[match.end() - 1], match.end()
        if marker == END_OF_IMAGE:
            break
        scans += marker == START_OF_SCAN
        if marker not in BARE_MARKERS:
            at += int.from_bytes(data[at : at + 2], "big")
    return scans
