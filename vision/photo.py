"""Photos: the only module where image bytes become pixels, and pixels bytes.

Pillow's plugins are called one by one instead of through `PIL.Image.open`, so
that only the formats listed here are ever parsed, their declared size meets
our own limit and nothing global (openers, limits, warning filters) has to be
set: decoding is safe in threads.
"""

import datetime as dt
import hashlib
import io
from dataclasses import dataclass
from typing import Any, Self

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile, WebPImagePlugin

from vision.errors import (
    NotAnImageError,
    PhotoError,
    PhotoTooLargeError,
    TruncatedPhotoError,
)
from vision.exif import read_metadata
from vision.formats import find_plugin, webp_size

Pixels = npt.NDArray[np.uint8]
"""Pixels of shape (H, W, 3), uint8, BGR."""

MAX_PIXELS = 64_000_000
"""Phones' full-size modes of 48 and 50 megapixels fit; decoding this many
takes about 0.5 GB."""
MAX_SIDE_PX = 32_766
"""OpenCV addresses the pixels that it warps with 16 bits."""
STRIP_ROWS = 256
"""Rows converted at a time: a second whole picture is never held."""
RESEND_HINT = "Send the original photo again; the transfer may have broken off."
FORMATS_HINT = "Send a photo as JPEG, PNG, WebP, AVIF or HEIC."


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """What the camera gave, decoded upright.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        Upright; stored as a read-only view.
    sha256 : str
        Hash of the bytes as received, 64 hex digits.
    taken_at : datetime or None
        From the photo's own metadata; aware if the camera told its offset.

    Raises
    ------
    ValueError
        If the pixels have another shape or type or there are none.
    """

    pixels: Pixels
    sha256: str
    taken_at: dt.datetime | None = None

    def __post_init__(self) -> None:
        check_pixels(self.pixels)
        view = self.pixels.view()
        view.flags.writeable = False
        object.__setattr__(self, "pixels", view)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Decode a file as a phone or camera wrote it.

        Parameters
        ----------
        data : bytes
            JPEG, PNG, WebP, AVIF, HEIC or GIF; of several pictures in one
            file the first (HEIC: the primary one).

        Raises
        ------
        NotAnImageError
            If the bytes are in none of these formats.
        TruncatedPhotoError
            If they begin as one and then end too early or are damaged.
        PhotoTooLargeError
            If the file declares more than `MAX_PIXELS`; nothing is decoded.
        PhotoError
            If one side is longer than `MAX_SIDE_PX`.
        """
        image = _opened(data)
        check_size((image.width, image.height))
        pixels = _decoded(image)
        metadata = read_metadata(image)
        return cls(
            _upright(pixels, metadata.orientation),
            hashlib.sha256(data).hexdigest(),
            metadata.taken_at,
        )

    @classmethod
    def from_pixels(cls, pixels: Pixels) -> Self:
        """Make a photo of pixels that no camera took; its hash is theirs.

        Parameters
        ----------
        pixels : ndarray of shape (H, W, 3), uint8, BGR
            Copied.
        """
        copy = np.array(pixels, order="C")
        shape = repr(copy.shape).encode()
        return cls(copy, hashlib.sha256(shape + copy.tobytes()).hexdigest())

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width = self.pixels.shape[:2]
        return width, height


def check_pixels(pixels: Pixels) -> None:
    """Check a picture.

    Raises
    ------
    ValueError
        If it is not of shape (H, W, 3) and uint8, or has no pixel.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:  # noqa: PLR2004  (H, W and three channels)
        msg = f"expected uint8 pixels (H, W, 3), got {pixels.dtype} {pixels.shape}"
        raise ValueError(msg)
    if not pixels.size:
        msg = f"expected at least one pixel, got {pixels.shape}"
        raise ValueError(msg)


def check_size(size_wh: tuple[int, int]) -> None:
    """Check the size that a file declares, before anything is decoded.

    Parameters
    ----------
    size_wh : tuple of int
        Width and height in pixels.

    Raises
    ------
    PhotoTooLargeError
        If these are more than `MAX_PIXELS`.
    PhotoError
        If one side is longer than `MAX_SIDE_PX`.
    """
    width, height = size_wh
    if width * height > MAX_PIXELS:
        raise PhotoTooLargeError(size_wh, MAX_PIXELS)
    if max(width, height) > MAX_SIDE_PX:
        raise PhotoError(
            f"The photo is {width} x {height} pixels; no side may be longer than "
            f"{MAX_SIDE_PX}.",
            hint="Send it in a smaller size, or in parts.",
        )


def encode_jpeg(pixels: Pixels, quality: int) -> bytes:
    """Return a picture as JPEG.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
    quality : int
        0 to 100.
    """
    check_pixels(pixels)
    return _encoded(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])


def encode_png(pixels: Pixels) -> bytes:
    """Return a picture as PNG, every pixel as it is.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
    """
    check_pixels(pixels)
    return _encoded(".png", pixels, [])


def _encoded(suffix: str, pixels: Pixels, options: list[int]) -> bytes:
    done, data = cv2.imencode(suffix, pixels, options)
    if not done:
        msg = f"expected pixels that {suffix} can hold, got {pixels.shape}"
        raise ValueError(msg)
    return data.tobytes()


def _opened(data: bytes) -> ImageFile.ImageFile:
    """Parse the header."""
    if not data:
        raise NotAnImageError("The file is empty.", hint=RESEND_HINT)
    plugin = find_plugin(data)
    if plugin is None:
        raise NotAnImageError(
            "The file is no photo in a format that Boardcast reads.", hint=FORMATS_HINT
        )
    if plugin is WebPImagePlugin.WebPImageFile:
        check_size(webp_size(data))  # it takes memory for all pixels at once
    try:
        return plugin(io.BytesIO(data))
    except Exception as error:  # decoders raise of all kinds on damaged bytes
        raise _damaged() from error


def _damaged() -> TruncatedPhotoError:
    return TruncatedPhotoError("The photo is damaged or incomplete.", hint=RESEND_HINT)


def _decoded(image: ImageFile.ImageFile) -> Pixels:
    """Decode to BGR, as stored."""
    try:
        image.load()
    except Exception as error:  # decoders raise of all kinds on damaged bytes
        raise _damaged() from error
    width, height = image.size
    pixels = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, STRIP_ROWS):
        bottom = min(top + STRIP_ROWS, height)
        strip = np.asarray(_rgb(image.crop((0, top, width, bottom))))
        cv2.cvtColor(strip, cv2.COLOR_RGB2BGR, dst=pixels[top:bottom])
    return pixels


def _rgb(strip: Image.Image) -> Image.Image:
    """Convert from any mode; what is transparent becomes white, as on paper."""
    if strip.mode.startswith("I"):  # 16 bits a pixel, which convert() would clip
        grey = np.asarray(strip).astype(np.uint16) >> 8
        return Image.fromarray(grey.astype(np.uint8)).convert("RGB")
    if strip.has_transparency_data:
        layer = strip.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return strip if strip.mode == "RGB" else strip.convert("RGB")


def _upright(pixels: Pixels, orientation: int) -> Pixels:
    """Turn stored pixels as their EXIF orientation says."""
    turned: npt.NDArray[Any] = (
        cv2.transpose(pixels) if orientation in {5, 7} else pixels
    )
    match orientation:
        case 2:
            turned = cv2.flip(turned, 1)
        case 3 | 7:
            turned = cv2.rotate(turned, cv2.ROTATE_180)
        case 4:
            turned = cv2.flip(turned, 0)
        case 6:
            turned = cv2.rotate(turned, cv2.ROTATE_90_CLOCKWISE)
        case 8:
            turned = cv2.rotate(turned, cv2.ROTATE_90_COUNTERCLOCKWISE)
    return np.asarray(turned, np.uint8)
