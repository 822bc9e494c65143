"""What the worker asks of the vision.

A value of four functions, so that tests put in ones that break in every way.
The real ones are bound in `server.intake.sight`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from calibration.profile import Board
from vision.cards import BoardObservation, KnownCard
from vision.image.photo import Photo
from vision.reading import CardReading, Finding
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


@dataclass(frozen=True, slots=True, eq=False)
class Vision:
    """What is done to a photo.

    Parameters
    ----------
    straighten : callable
    judge : callable
    read_board : callable
    read_further : callable
    """

    straighten: Straighten
    judge: Judge
    read_board: ReadBoard
    read_further: ReadFurther
