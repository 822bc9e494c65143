"""A photo's file: checked, opened and decoded by Pillow, with bounds to what it costs.

Pillow's plugins are called one by one: only the formats listed here are parsed, their
declared size meets our own limit, and nothing global is set, so decoding is safe in
threads. Without numpy and OpenCV a process that only checks photos starts at once.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

from pi_heif import HeifImageFile
from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from vision.errors import (
    NotAnImageError,
    PhotoError,
    PhotoTooCostlyError,
    PhotoTooLargeError,
    TruncatedPhotoError,
)
from vision.image.exif import PhotoMetadata, read_metadata

MAX_PIXELS = 64_000_000
"""Phones' modes of 48 and 50 megapixels fit; so many take about 0.5 GB."""
MAX_WEBP_PIXELS = 40_000_000
"""Its decoder holds the picture four times, others two times. No camera writes WebP."""
MAX_SIDE_PX = 32_766
"""OpenCV addresses the pixels that it warps with 16 bits."""
MAX_SCANS = 100
"""Of a JPEG. Encoders write 3 to 14; each costs up to 40 ms, of any size."""
RESEND_HINT = "Send the original photo again; the transfer may have broken off."
FORMATS_HINT = "Send a photo as JPEG, PNG, WebP, AVIF or HEIC."
HEIF_BRANDS = frozenset(b"heic heix heim heis hevc hevx hevm hevs mif1 msf1".split())
JPEG_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""One that is no stuffed byte of a scan's own, and none of its restarts."""
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
BARE_MARKERS = frozenset({0x01, 0xD8, END_OF_IMAGE})
"""JPEG's markers that no length follows."""
AVIF_BRANDS = frozenset({b"avif", b"avis"})


def check_file(data: bytes) -> PhotoMetadata:
    """Decode a file, for PhotoError if that does not go, and read its metadata."""
    image = open_file(data)
    load(image)
    return read_metadata(image)


def open_file(data: bytes) -> ImageFile.ImageFile:
    """Parse a file's header and check what it declares; nothing is decoded yet.

    Raises what `Photo.decode` does.
    """
    if not data:
        raise NotAnImageError("The file is empty.", hint=RESEND_HINT)
    plugin = _plugin_of(data)
    if plugin is None:
        raise NotAnImageError(
            "The file is no photo in a format that Boardcast reads.", hint=FORMATS_HINT
        )
    if plugin is WebPImagePlugin.WebPImageFile:
        # It takes memory for all pixels at once.
        _check_size(_webp_size(data), MAX_WEBP_PIXELS)
    if plugin is JpegImagePlugin.JpegImageFile and jpeg_scans(data) > MAX_SCANS:
        raise PhotoTooCostlyError(
            f"The photo is stored in more than {MAX_SCANS} passes over the picture."
        )
    with _decoding():
        image = plugin(io.BytesIO(data))
    _check_size(image.size)
    return image


def load(image: ImageFile.ImageFile) -> None:
    """Decode an opened image.

    TruncatedPhotoError if it ends too early or is damaged, PhotoTooCostlyError if there
    is not enough memory.
    """
    with _decoding():
        image.load()


@contextmanager
def _decoding() -> Iterator[None]:
    try:
        yield
    except MemoryError as error:
        message = "The photo takes too much memory to decode."
        raise PhotoTooCostlyError(message) from error
    except Exception as error:  # decoders raise of all kinds on damaged bytes
        message = "The photo is damaged or incomplete."
        raise TruncatedPhotoError(message, hint=RESEND_HINT) from error


def _check_size(size_wh: tuple[int, int], max_pixels: int = MAX_PIXELS) -> None:
    width, height = size_wh
    if width * height > max_pixels:
        raise PhotoTooLargeError(size_wh, max_pixels)
    if max(width, height) > MAX_SIDE_PX:
        raise PhotoError(
            f"The photo is {width} x {height} pixels; no side may be longer than "
            f"{MAX_SIDE_PX}.",
            hint="Send it in a smaller size, or in parts.",
        )


def _plugin_of(data: bytes) -> type[ImageFile.ImageFile] | None:
    """Return what reads a file, by its first bytes; None for any other format."""
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
    if data[4:8] != b"ftyp":
        return set()
    end = int.from_bytes(data[:4], "big")
    return {data[8:12], *(data[i : i + 4] for i in range(16, min(end, 256), 4))}


def _webp_size(data: bytes) -> tuple[int, int]:
    """Return width and height from the first chunk of a WebP file.

    Layout: https://developers.google.com/speed/webp/docs/riff_container
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
    """Count the scans of a JPEG's first picture; each goes over the whole picture."""
    return sum(marker == START_OF_SCAN for marker in _markers(data))


def is_cut_off(data: bytes) -> bool:
    """Say whether a JPEG's first picture has no end, though it may be decoded.

    So it is while a program writes one whose length it reserved, and fills the zeros.
    """
    return data.startswith(b"\xff\xd8") and END_OF_IMAGE not in _markers(data)


def _markers(data: bytes) -> Iterator[int]:
    """Give the markers of a JPEG's first picture, to its end if it has one."""
    at = 0
    while match := JPEG_MARKER.search(data, at):
        marker, at = data[match.end() - 1], match.end()
        yield marker
        if marker == END_OF_IMAGE:
            return
        if marker not in BARE_MARKERS:
            at += int.from_bytes(data[at : at + 2], "big")
