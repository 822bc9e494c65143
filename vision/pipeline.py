"""The order of the stages: the only module that knows them all."""

from collections.abc import Callable, Sequence

from calibration.profile import Board
from vision.identity import BoardObservation, KnownCard
from vision.ocr.engine import OcrEngine
from vision.photo import Photo
from vision.rectify import RectifiedBoard
from vision.register import Reference
from vision.trace import Trace, no_trace

Progress = Callable[[int, int], None]
"""Called with (cards read, cards to read) as reading goes on."""


def straighten(
    photo: Photo,
    boards: Sequence[Board],
    references: Sequence[Reference],
    *,
    trace: Trace = no_trace,
) -> RectifiedBoard:
    """Find which of the boards the photo shows and where, and straighten it.

    Raises
    ------
    RegistrationError
        If no board can be placed with certainty, with what to do about it.
    """
    raise NotImplementedError


def read_board(
    photo: Photo,
    straight: RectifiedBoard,
    engine: OcrEngine,
    *,
    known: Sequence[KnownCard] = (),
    trace: Trace = no_trace,
    progress: Progress | None = None,
) -> BoardObservation:
    """Find, identify and read the cards of a straightened board."""
    raise NotImplementedError
