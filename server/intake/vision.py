"""The two steps of the vision pipeline, as the worker calls them.

A value of two functions, so that tests put in ones that break in every way.
The real ones are bound in `server.intake.sight`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from calibration.profile import Board
from vision.identity import BoardObservation, KnownCard
from vision.photo import Photo
from vision.rectify import RectifiedBoard

Progress = Callable[[int, int], None]
"""Called with (cards read, cards to read) as reading goes on."""

Straighten = Callable[[Photo, Sequence[Board]], RectifiedBoard]
"""As `vision.pipeline.straighten`, with the references bound."""

ReadBoard = Callable[
    [Photo, RectifiedBoard, Sequence[KnownCard], Progress], BoardObservation
]
"""As `vision.pipeline.read_board`, with the engine bound."""


@dataclass(frozen=True, slots=True, eq=False)
class Vision:
    """What is done to a photo.

    Parameters
    ----------
    straighten : callable
    read_board : callable
    """

    straighten: Straighten
    read_board: ReadBoard
