"""Which day's board a photo is of that does not tell when it was taken.

The rooms and hours on the wall must be that day's; of several days that fit, it is the
one that stands on the wall, else the one nearest to the photo's arrival. A person may
say otherwise.
"""

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from calibration.profile import Board
from server.intake.receive import moment_unknown
from server.intake.vision import Vision
from server.store.values import PhotoRecord
from vision.errors import BoardMismatchError, RegistrationError
from vision.image.photo import Photo
from vision.reading import Finding
from vision.registration.rectify import RectifiedBoard

BY_HEADING = Finding(
    "day_by_heading",
    "This photo does not tell when it was taken. Its day is the one that stands on the "
    "wall.",
)

BY_ARRIVAL = Finding(
    "day_by_arrival",
    "This photo does not tell when it was taken, and on the wall no day was read that "
    "decides. It counts for the day nearest to when it came.",
)

OF_ITS_DAY = (BY_HEADING.code, BY_ARRIVAL.code)
"""Codes of what is said of how a photo's day was chosen."""


def straightened_on_its_day(
    vision: Vision, photo: Photo, boards: Sequence[Board]
) -> tuple[RectifiedBoard, tuple[Finding, ...]]:
    """Straighten an undated photo as the board of its day; say how that was chosen.

    Takes the boards that it may show, the likeliest day's first. Nothing is said where
    only one day's board fits.

    Raises
    ------
    RegistrationError, PhotoError
        As `Vision.straighten`, of the likeliest day.
    """
    straight = _by_lines(vision, photo, boards)
    board = straight.registration.board
    dates = {one.date for one in boards if one.tags == board.tags} - {board.date}
    fitting = {
        date: fits
        for date in dates
        if (fits := _fitting(vision, photo, boards, date)) is not None
    }
    if not fitting:
        return straight, ()
    # Of all days: the third is the third also where the first has other rooms.
    day = vision.day_on(photo, straight.registration, boards)
    found = {board.date: straight, **fitting}.get(day) if day else None
    return (found, (BY_HEADING,)) if found else (straight, (BY_ARRIVAL,))


def moment_on(board: Board, record: PhotoRecord, timezone: ZoneInfo) -> dt.datetime:
    """Return what a photo is evidence of on a board.

    One that does not tell when it was taken comes before all others of its day, which
    may be over when it arrives.
    """
    if record.dated:
        return record.at
    # Not by what it was on another day's board, from which it was given to this one.
    came = moment_unknown(record.received_at, timezone)
    return came - max(dt.timedelta(), came.date() - board.date)


def _by_lines(vision: Vision, photo: Photo, boards: Sequence[Board]) -> RectifiedBoard:
    """Straighten a photo as the likeliest day's board whose lines are on the wall."""
    try:
        return vision.straighten(photo, boards)
    except BoardMismatchError as refusal:
        days = {board.date for board in boards if board.slug == refusal.board}
        others = [board for board in boards if board.date not in days]
        if not days or not others:
            raise
        try:
            return _by_lines(vision, photo, others)
        except RegistrationError:
            raise refusal from None


def _fitting(
    vision: Vision, photo: Photo, boards: Sequence[Board], day: dt.date
) -> RectifiedBoard | None:
    """Return the photo as the board of a day; None if it does not fit."""
    of_day = [board for board in boards if board.date == day]
    try:
        return vision.straighten(photo, of_day)
    except RegistrationError:
        return None
