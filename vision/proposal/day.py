"""The day on a wall: what stands above a board and beside it, read where its cells are known."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import fields, replace

from calibration.event import WIDEST_MARGIN, Board, Margins
from calibration.geometry import Rect
from vision.image.photo import Photo
from vision.proposal.days import day_named
from vision.proposal.words import Word, words_on
from vision.recognition.rapid_models import TextModels
from vision.registration.frame import Registration, registration_from_area
from vision.registration.rectify import RectifiedBoard, rectify

REACH = Margins(left=2.0, top=3.0, right=0.0, bottom=0.0)
"""Cells beyond the cell area within which headings are read, if the board's picture does
not reach further: its title may be left out of that."""

WITHIN = 0.1
"""Part of a cell by which a strip of headings reaches into the cells: a word that the
edge cuts is not read."""


def day_on(
    photo: Photo,
    registration: Registration,
    boards: Sequence[Board],
    models: TextModels,
) -> dt.date | None:
    """Return the day of some boards that stands on the wall; None for none or several.

    Takes where the board is on the photo. Only what stands above the cells and to the
    left of them is a heading: a card may say what it likes.
    """
    return day_named(
        heading_words(rectify(photo, _widened(registration)), models), boards
    )


def heading_words(straight: RectifiedBoard, models: TextModels) -> tuple[Word, ...]:
    """Return the words above the cells of a straightened board, and left of them."""
    registration = straight.registration
    area, spare = registration.cell_area, WITHIN * registration.cell_px
    height, width = straight.pixels.shape[:2]
    strips = (
        Rect(0, 0, width, min(height, area.top + spare)),
        Rect(0, 0, min(width, area.left + spare), height),
    )
    found = [
        word
        for strip in strips
        if min(strip.width, strip.height) > spare
        for word in words_on(
            straight.pixels[: round(strip.bottom), : round(strip.right)], models
        )
    ]
    return tuple(
        word
        for word in found
        if word.quad_photo.centre.y < area.top or word.quad_photo.centre.x < area.left
    )


def _widened(registration: Registration) -> Registration:
    """Return a registration whose picture reaches as far as headings may stand."""
    board, area, unit = registration.board, registration.cell_area, registration.unit
    reach = {
        side.name: min(
            WIDEST_MARGIN,
            max(getattr(board.margins, side.name), getattr(REACH, side.name)),
        )
        for side in fields(Margins)
    }
    return registration_from_area(
        replace(board, margins=Margins(**reach)),
        registration.method,
        unit,
        aspect=area.width / area.height,
        residual_px=registration.residual_px,
    )
