"""A photo's file: checked, opened and decoded by Pillow, with bounds to what it costs.

Pillow's plugins are called one by one instead of through `PIL.Image.open`, so
that only the formats listed here are ever parsed, their declared size meets
our own limit and nothing global (openers, limits, warning filters) has to be
set: decoding is safe in threads. Neither numpy nor OpenCV is needed, so that
a process that only checks photos starts in a tenth of a second.
"""

import io

from PIL import ImageFile, JpegImagePlugin, WebPImagePlugin

from vision.errors import (
    NotAnImageError,
    PhotoError,
    PhotoTooCostlyError,
    PhotoTooLargeError,
    TruncatedPhotoError,
)
from vision.image.exif import PhotoMetadata, read_metadata
from vision.image.file_format import find_plugin, jpeg_scans, webp_size

MAX_PIXELS = 64_000_000
"""Phones' full-size modes of 48 and 50 megapixels fit; decoding this many
takes about 0.5 GB."""
MAX_WEBP_PIXELS = 40_000_000
"""Its decoder holds the whole picture four times, others two times: this many take
as much memory. No camera writes WebP."""
MAX_SIDE_PX = 32_766
"""OpenCV addresses the pixels that it warps with 16 bits."""
MAX_SCANS = 100
"""Of a JPEG. Encoders write 3 to 14; each costs up to 40 ms at `MAX_PIXELS`, however
few bytes it has."""
RESEND_HINT = "Send the original photo again; the transfer may have broken off."
FORMATS_HINT = "Send a photo as JPEG, PNG, WebP, AVIF or HEIC."


def check_file(data: bytes) -> PhotoMetadata:
    """Check that a file can be decoded, by decoding it, and read its metadata.

    Parameters
    ----------
    data : bytes
        The file; see `vision.image.photo.Photo.decode`, which decodes it again.

    Raises
    ------
    PhotoError
        If it cannot.
    """
    image = open_file(data)
    load(image)
    return read_metadata(image)


def open_file(data: bytes) -> ImageFile.ImageFile:
    """Parse a file's header and check what it declares; nothing is decoded yet.

    Raises
    ------
    NotAnImageError
        If the bytes are in none of the formats.
    TruncatedPhotoError
        If they begin as one and are damaged.
    PhotoTooLargeError, PhotoTooCostlyError, PhotoError
        If the picture is too large, or costs too much for its size.
    """
    if not data:
        raise NotAnImageError("The file is empty.", hint=RESEND_HINT)
    plugin = find_plugin(data)
    if plugin is None:
        raise NotAnImageError(
            "The file is no photo in a format that Boardcast reads.", hint=FORMATS_HINT
        )
    if plugin is WebPImagePlugin.WebPImageFile:
        # It takes memory for all pixels at once.
        check_size(webp_size(data), MAX_WEBP_PIXELS)
    if plugin is JpegImagePlugin.JpegImageFile and jpeg_scans(data) > MAX_SCANS:
        raise PhotoTooCostlyError(
            f"The photo is stored in more than {MAX_SCANS} passes over the picture."
        )
    try:
        image = plugin(io.BytesIO(data))
    except MemoryError as error:
        raise _too_much_memory() from error
    except Exception as error:  # decoders raise of all kinds on damaged bytes
        raise _damaged() from error
    check_size(image.size)
    return image


def load(image: ImageFile.ImageFile) -> None:
    """Decode an opened image.

    Raises
    ------
    TruncatedPhotoError
        If it ends too early or is damaged.
    PhotoTooCostlyError
        If there is not enough memory.
    """
    try:
        image.load()
    except MemoryError as error:
        raise _too_much_memory() from error
    except Exception as error:  # decoders raise of all kinds on damaged bytes
        raise _damaged() from error


def check_size(size_wh: tuple[int, int], max_pixels: int = MAX_PIXELS) -> None:
    """Check the size that a file declares, before anything is decoded.

    Parameters
    ----------
    size_wh : tuple of int
        Width and height in pixels.
    max_pixels : int

    Raises
    ------
    PhotoTooLargeError
        If these are more than `max_pixels`.
    PhotoError
        If one side is longer than `MAX_SIDE_PX`.
    """
    width, height = size_wh
    if width * height > max_pixels:
        raise PhotoTooLargeError(size_wh, max_pixels)
    if max(width, height) > MAX_SIDE_PX:
        raise PhotoError(
            f"The photo is {width} x {height} pixels; no side may be longer than "
            f"{MAX_SIDE_PX}.",
            hint="Send it in a smaller size, or in parts.",
        )


def _damaged() -> TruncatedPhotoError:
    return TruncatedPhotoError("The photo is damaged or incomplete.", hint=RESEND_HINT)


def _too_much_memory() -> PhotoTooCostlyError:
    return PhotoTooCostlyError("The photo takes too much memory to decode.")
