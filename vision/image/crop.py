"""A card's own pixels: warped upright from the photo at the resolution it has."""

import cv2

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from vision.image.arrays import Image
from vision.image.photo import Photo
from vision.image.rectify import Registration, warp

MAX_SIDE_PX = 1600
"""Longest side of a crop: a close-up's card has more pixels than any engine uses."""

MIN_SIDE_PX = 8
"""Shortest side of a crop."""


def cut_card(photo: Photo, registration: Registration, quad_board: Quad) -> Image:
    """Cut a card out of the photo, upright, at the photo's own resolution.

    Of the size of `crop_size_wh`; black where the photo does not reach.
    """
    size_wh = crop_size_wh(registration.projection.quad_photo(quad_board))
    crop_quad = Rect(0, 0, *size_wh).to_quad()
    crop_from_board = Homography.from_quads(target=crop_quad, source=quad_board)
    return warp(
        photo.pixels,
        registration.projection,
        crop_from_board,
        size_wh,
        cv2.INTER_CUBIC,  # linear blurs letters of 7 px beyond reading
    )


def crop_size_wh(quad_photo: Quad) -> tuple[int, int]:
    """Return width and height of a card's crop: those that it has in the photo."""
    width, height = quad_photo.size_wh
    scale = min(1.0, MAX_SIDE_PX / max(width, height))
    return (
        max(MIN_SIDE_PX, round(width * scale)),
        max(MIN_SIDE_PX, round(height * scale)),
    )
