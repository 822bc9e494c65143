"""Board pictures in which the place of a card that was removed is covered.

Pictures are kept as they were made, and an address names what was made. So what nobody
may see any more is covered as a picture is sent: in the newest, and in all before it.
"""

from threading import Lock

import cv2
import numpy as np
from cachetools import LRUCache, cached

from calibration.geometry import Quad, Rect
from server.publish.pictures import (
    JPEG_QUALITY,
    WEBP_QUALITY,
    EncodedPicture,
    encode_jpeg,
    encode_webp,
)
from server.store.blobs import Blobs
from server.store.people import Cover
from vision.image.arrays import Image
from vision.image.photo import Photo

KEPT = 12
"""Covered pictures kept in memory: all sizes of two boards, some 15 MB."""

BEYOND = 0.2
"""Of a card's size that is covered around it: photos place it not quite the same."""

COLOUR = (128, 128, 128)


@cached(
    LRUCache(KEPT),
    key=lambda _blobs, sha256, content_type, cover, frame: (
        sha256,
        content_type,
        cover,
        frame,
    ),
    lock=Lock(),
)
def covered_picture(
    blobs: Blobs, sha256: str, content_type: str, cover: Cover, frame: Rect
) -> EncodedPicture:
    """Return a board's picture without what is to be covered.

    Parameters
    ----------
    blobs : Blobs
    sha256, content_type : str
        Of the picture as it was made.
    cover : Cover
    frame : Rect
        What it shows.

    Raises
    ------
    NotFoundError, StorageError
        If it cannot be read.
    """
    pixels = Photo.decode(blobs.get(sha256)).pixels.copy()
    for place in cover.places:
        _cover(pixels, place, frame)
    if content_type == "image/webp":
        return encode_webp(pixels, WEBP_QUALITY)
    return encode_jpeg(pixels, JPEG_QUALITY)


def _cover(pixels: Image, place: Quad, frame: Rect) -> None:
    """Paint over a place, and some around it."""
    height, width = pixels.shape[:2]
    corners = place.to_array()
    centre = corners.mean(axis=0)
    corners = centre + (corners - centre) * (1 + BEYOND)
    scale = np.array([width / frame.width, height / frame.height])
    points = (corners - [frame.left, frame.top]) * scale
    cv2.fillConvexPoly(pixels, np.round(points).astype(np.int32), COLOUR)
