"""A card's own pixels: warped upright from the photo at the resolution it has."""

from dataclasses import dataclass

import cv2
import numpy as np

from calibration.geometry import Point, Quad
from calibration.homography import Homography
from vision.image.arrays import Image
from vision.image.photo import Photo
from vision.image.rectify import Registration, warp

MAX_SIDE_PX = 1600
"""Longest side of a crop: a close-up's card has more pixels than any engine uses."""

MIN_SIDE_PX = 8
"""Shortest side of a crop."""


@dataclass(frozen=True, slots=True, eq=False)
class CardCrop:
    """A card cut out of the photo.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
    board_from_crop : Homography
        Board pixels from crop pixels.
    """

    pixels: Image
    board_from_crop: Homography


def cut_card(photo: Photo, registration: Registration, quad_board: Quad) -> CardCrop:
    """Cut a card out of the photo, upright, at the photo's own resolution.

    Parameters
    ----------
    photo : Photo
    registration : Registration
        Of this photo.
    quad_board : Quad
        The card in board pixels.
    """
    size_wh = crop_size_wh(registration.projection.quad_photo(quad_board))
    crop_quad = Quad(
        Point(0, 0), Point(size_wh[0], 0), Point(*size_wh), Point(0, size_wh[1])
    )
    crop_from_board = Homography.from_quads(target=crop_quad, source=quad_board)
    pixels = warp(
        photo.pixels,
        registration.projection,
        crop_from_board,
        size_wh,
        cv2.INTER_CUBIC,  # linear blurs letters of 7 px beyond reading
    )
    return CardCrop(np.asarray(pixels, np.uint8), crop_from_board.inverse)


def crop_size_wh(quad_photo: Quad) -> tuple[int, int]:
    """Return the size at which a card is cut out: that which it has in the photo.

    Parameters
    ----------
    quad_photo : Quad
        The card in the photo.

    Returns
    -------
    tuple of int
        Width and height in pixels, from `MIN_SIDE_PX` to `MAX_SIDE_PX`.
    """
    width, height = quad_photo.size_wh
    scale = min(1.0, MAX_SIDE_PX / max(width, height))
    return (
        max(MIN_SIDE_PX, round(width * scale)),
        max(MIN_SIDE_PX, round(height * scale)),
    )
