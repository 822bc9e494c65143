"""Photos: the only module that makes pixels of image bytes, and bytes of pixels."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from PIL import Image as PilImage
from PIL import ImageFile

from vision.image.arrays import Image
from vision.image.exif import read_metadata
from vision.image.photo_file import load, open_file

STRIP_ROWS = 256
"""Rows converted at a time: a second whole picture is never held."""


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """What the camera gave, decoded upright: (H, W, 3) uint8 BGR, a read-only view.

    ValueError if the pixels are otherwise, or none. The hash is of the bytes as
    received, 64 hex digits; the time the photo's own, aware if the camera says its
    offset.
    """

    pixels: Image
    sha256: str
    taken_at: dt.datetime | None = None

    def __post_init__(self) -> None:
        check_pixels(self.pixels)
        view = self.pixels.view()
        view.flags.writeable = False
        object.__setattr__(self, "pixels", view)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Decode a file: JPEG, PNG, WebP, AVIF, HEIC or GIF.

        Of several pictures in one file the first (HEIC: the primary one).
        NotAnImageError if it is none of these; TruncatedPhotoError if it ends too early
        or is damaged; PhotoTooLargeError if it declares more pixels than are read, and
        nothing is decoded; PhotoTooCostlyError if it takes too much memory, or is made
        to take much time; PhotoError if one side is longer than `MAX_SIDE_PX`.
        """
        image = open_file(data)
        pixels = _decoded(image)
        metadata = read_metadata(image)
        return cls(
            _upright(pixels, metadata.orientation),
            hashlib.sha256(data).hexdigest(),
            metadata.taken_at,
        )

    @classmethod
    def from_pixels(cls, pixels: Image) -> Self:
        """Make a photo of a copy of pixels that no camera took; its hash is theirs."""
        copy = np.array(pixels, order="C")
        shape = repr(copy.shape).encode()
        return cls(copy, hashlib.sha256(shape + copy.tobytes()).hexdigest())

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width = self.pixels.shape[:2]
        return width, height


def check_pixels(pixels: Image) -> None:
    """Raise a ValueError if a picture is not (H, W, 3) and uint8, or has no pixel."""
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:  # noqa: PLR2004  (H, W and three channels)
        raise ValueError(
            f"expected uint8 pixels (H, W, 3), got {pixels.dtype} {pixels.shape}"
        )
    if not pixels.size:
        raise ValueError(f"expected at least one pixel, got {pixels.shape}")


def encode_jpeg(pixels: Image, quality: int) -> bytes:
    """Return a picture as JPEG of a quality from 0 to 100."""
    return _encoded(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])


def encode_png(pixels: Image) -> bytes:
    """Return a picture as PNG, every pixel as it is."""
    return _encoded(".png", pixels, [])


def _encoded(suffix: str, pixels: Image, options: list[int]) -> bytes:
    check_pixels(pixels)
    done, data = cv2.imencode(suffix, pixels, options)
    if not done:
        raise ValueError(f"expected pixels that {suffix} can hold, got {pixels.shape}")
    return data.tobytes()


def _decoded(image: ImageFile.ImageFile) -> Image:
    load(image)
    width, height = image.size
    pixels = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, STRIP_ROWS):
        bottom = min(top + STRIP_ROWS, height)
        strip = np.asarray(_rgb(image.crop((0, top, width, bottom))))
        cv2.cvtColor(strip, cv2.COLOR_RGB2BGR, dst=pixels[top:bottom])
    return pixels


def _rgb(strip: PilImage.Image) -> PilImage.Image:
    """Convert from any mode; what is transparent becomes white, as on paper."""
    if strip.mode.startswith("I"):  # 16 bits a pixel, which convert() would clip
        grey = np.asarray(strip).astype(np.uint16) >> 8
        return PilImage.fromarray(grey.astype(np.uint8)).convert("RGB")
    if strip.has_transparency_data:
        layer = strip.convert("RGBA")
        paper = PilImage.new("RGBA", layer.size, "white")
        return PilImage.alpha_composite(paper, layer).convert("RGB")
    return strip if strip.mode == "RGB" else strip.convert("RGB")


def _upright(pixels: Image, orientation: int) -> Image:
    turned = cv2.transpose(pixels) if orientation in {5, 6, 7, 8} else pixels
    flip = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}.get(orientation)
    return np.asarray(turned if flip is None else cv2.flip(turned, flip), np.uint8)
