"""Pictures as they are published: the board in several sizes, the crops."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from sqlalchemy.orm import Session

from calibration.geometry import Rect
from server.store.blobs import Blobs, sha256_of
from server.store.pictures import StraightPicture, add_blobs
from server.store.values import Picture, PictureSize
from vision.image.arrays import Image
from vision.image.photo import Photo
from vision.registration.mosaic import compose
from vision.registration.rectify import RectifiedBoard

JPEG_QUALITY = 85
"""Of the board: handwriting stays sharp; 92 would double the bytes."""

WEBP_QUALITY = 80
"""Looks like JPEG at 85 and is a third smaller."""

WIDTHS_PX = (1280, 640)
"""Smaller sizes beside the full one: a desktop's column, and a phone's."""

MAX_WIDTH_PX = 4096
"""Full size: more than a phone's photo of a board resolves."""

CROP_QUALITY = 82
"""Of a card: it is shown small, and there are dozens."""

MAX_CROP_PX = 900
"""Long side of a card: sharp at twice the width of a phone's column."""


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """A picture as bytes.

    Parameters
    ----------
    data : bytes
    width, height : int
        Pixels.
    content_type : str
    """

    data: bytes
    width: int
    height: int
    content_type: str


def encode_board(pixels: Image) -> tuple[EncodedPicture, ...]:
    """Return the board picture in all sizes that are published.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        The straight board.

    Returns
    -------
    tuple of EncodedPicture
        JPEG first, the largest first within each type; none is larger than
        `pixels`.
    """
    full = scaled_to_width(pixels, MAX_WIDTH_PX)
    smaller = [
        scaled_to_width(pixels, width) for width in WIDTHS_PX if width < full.shape[1]
    ]
    return (
        *(encode_jpeg(size, JPEG_QUALITY) for size in (full, *smaller)),
        *(encode_webp(size, WEBP_QUALITY) for size in smaller),
    )


def composed(blobs: Blobs, layers: Sequence[StraightPicture]) -> Image:
    """Return the picture that several straight pictures of a board make together.

    Parameters
    ----------
    blobs : Blobs
        Where they are kept.
    layers : sequence of StraightPicture
        The oldest first; each tells where the board is.

    Returns
    -------
    ndarray of shape (H, W, 3), uint8, BGR

    Raises
    ------
    StorageError
        If one of them cannot be read.
    """
    return compose(
        [
            RectifiedBoard(
                layer.registration,
                Photo.decode(blobs.get(layer.picture.full.sha256)).pixels,
            )
            for layer in layers
            if layer.registration is not None
        ]
    )


def encode_crop(pixels: Image) -> EncodedPicture:
    """Return a card's crop, (H, W, 3) uint8 BGR, as it is published."""
    height, width = pixels.shape[:2]
    scale = min(1.0, MAX_CROP_PX / max(height, width))
    return encode_jpeg(
        scaled_to_width(pixels, max(1, round(width * scale))), CROP_QUALITY
    )


def cut_crops(
    blobs: Blobs, sha256: str, rect_fractions: Iterable[Rect]
) -> tuple[EncodedPicture, ...]:
    """Return crops that a person wants cut from a published picture.

    Parameters
    ----------
    blobs : Blobs
        Where it is kept.
    sha256 : str
        Of the picture.
    rect_fractions : iterable of Rect
        Where they are in it, in fractions of it, 0 to 1.

    Raises
    ------
    StorageError
        If the picture cannot be read.
    """
    pixels = Photo.decode(blobs.get(sha256)).pixels
    height, width = pixels.shape[:2]
    return tuple(
        encode_crop(
            pixels[_pixels(rect.top, rect.bottom, height)][
                :, _pixels(rect.left, rect.right, width)
            ]
        )
        for rect in rect_fractions
    )


def _pixels(first: float, last: float, count: int) -> slice:
    """Return the pixels from one fraction to another, at least one."""
    start = min(round(first * count), count - 1)
    return slice(start, max(start + 1, round(last * count)))


def scaled_to_width(pixels: Image, max_width_px: int) -> Image:
    """Return a picture at most so wide, its shape kept; never enlarged."""
    height, width = pixels.shape[:2]
    if width <= max_width_px:
        return pixels
    size_wh = (max_width_px, max(1, round(height * max_width_px / width)))
    return np.asarray(
        cv2.resize(pixels, size_wh, interpolation=cv2.INTER_AREA), np.uint8
    )


def encode_jpeg(pixels: Image, quality: int) -> EncodedPicture:
    """Return a picture as progressive JPEG, quality 0 to 100."""
    options = [
        cv2.IMWRITE_JPEG_QUALITY,
        quality,
        # A slow phone sees the whole board early, and then ever sharper.
        cv2.IMWRITE_JPEG_PROGRESSIVE,
        1,
        cv2.IMWRITE_JPEG_OPTIMIZE,
        1,
    ]
    return _encode(pixels, ".jpg", options, "image/jpeg")


def encode_webp(pixels: Image, quality: int) -> EncodedPicture:
    """Return a picture as WebP, quality 1 to 100."""
    return _encode(pixels, ".webp", [cv2.IMWRITE_WEBP_QUALITY, quality], "image/webp")


def store_board(blobs: Blobs, encoded: Sequence[EncodedPicture]) -> Picture:
    """Keep a board picture's sizes and return the picture.

    Raises
    ------
    StorageError
        If one of them cannot be kept.
    """
    return Picture(
        tuple(
            PictureSize(
                blobs.put(size.data), size.width, size.height, size.content_type
            )
            for size in encoded
        )
    )


def store_crops(blobs: Blobs, crops: Iterable[EncodedPicture]) -> tuple[str, ...]:
    """Keep crops and return their SHA-256, in order.

    Raises
    ------
    StorageError
        If one of them cannot be kept.
    """
    return tuple(blobs.put(crop.data) for crop in crops)


def declare(session: Session, pictures: Iterable[EncodedPicture]) -> None:
    """Note that these kept pictures are public, and of which type."""
    by_sha256 = {sha256_of(picture.data): picture for picture in pictures}
    add_blobs(
        session,
        {sha256: picture.content_type for sha256, picture in by_sha256.items()},
        {sha256: len(picture.data) for sha256, picture in by_sha256.items()},
    )


def _encode(
    pixels: Image, extension: str, options: list[int], content_type: str
) -> EncodedPicture:
    done, data = cv2.imencode(extension, pixels, options)
    if not done:
        msg = f"expected pixels (H, W, 3) uint8, got {pixels.shape} {pixels.dtype}"
        raise ValueError(msg)
    height, width = pixels.shape[:2]
    return EncodedPicture(data.tobytes(), width, height, content_type)
