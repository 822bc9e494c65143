"""What the worker asks of the vision.

A value of functions, so that tests put in ones that break in every way.
The real ones are bound in `server.intake.sight`.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from calibration.profile import Board
from vision.cards import BoardObservation, KnownCard
from vision.image.photo import Photo
from vision.reading import CardReading, Finding
from vision.registration.frame import Registration
from vision.registration.rectify import RectifiedBoard
from vision.trace import Callbacks

Straighten = Callable[[Photo, Sequence[Board]], RectifiedBoard]
"""As `vision.pipeline.straighten`, with the references bound."""

Judge = Callable[[RectifiedBoard], tuple[Finding, ...]]
"""As `vision.quality.assess_picture`."""

ReadBoard = Callable[
    [Photo, RectifiedBoard, Sequence[KnownCard], Callbacks], BoardObservation
]
"""As `vision.pipeline.read_board`, with the quick engine bound."""

ReadFurther = Callable[[Photo, CardReading], CardReading]
"""As `vision.rereading.reread`, with the thorough engine bound."""

DayOn = Callable[[Photo, Registration, Sequence[Board]], dt.date | None]
"""As `vision.proposal.day.day_on`, with the models bound."""


def no_day(
    _photo: Photo, _registration: Registration, _boards: Sequence[Board]
) -> dt.date | None:
    """Read no day on a wall."""
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Vision:
    """What is done to a photo.

    Parameters
    ----------
    straighten : callable
    judge : callable
    read_board : callable
    read_further : callable
    day_on : callable
    """

    straighten: Straighten
    judge: Judge
    read_board: ReadBoard
    read_further: ReadFurther
    day_on: DayOn = no_day
