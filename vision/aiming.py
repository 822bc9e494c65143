"""What a live camera's small picture shows of the board: where it is, what to do about it.

For whoever aims: it takes a fraction of a second, and proves nothing. What is believed of
a photo is decided once it is taken (`vision.registration.register`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from calibration.geometry import Points
from calibration.profile import Board
from vision.errors import BoardMismatchError, RegistrationError
from vision.image.arrays import grey_of
from vision.image.photo import Photo
from vision.quality import why_unreadable
from vision.quality.light import DARK, OVEREXPOSED, light_of
from vision.quality.placement import MIN_CELL_PX, MIN_COVERAGE, cell_px_of
from vision.registration import Reference, register
from vision.registration.frame import Registration
from vision.registration.tags import find_tags

Advice = Literal["", "dark", "bright", "cut_off", "far", "blurred", "good"]

SMALL_BOARD = 0.5
"""Share of the picture's width, and of its height, that a board has to fill: one that
fills less of both could be photographed twice as large."""


@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """What a picture shows.

    Parameters
    ----------
    board : Board or None
        None if none was found.
    outline : ndarray of shape (4, 2), float64, or None
        Corners TL, TR, BR, BL of its cells, as shares of the picture's width and height;
        outside of 0 to 1 where the board is cut off.
    advice : str
        What to do, most important first: light, a step back, closer, hold still; "good"
        if nothing is to be done; "" if nobody can tell.
    """

    board: Board | None
    outline: Points | None
    advice: Advice


def aim(
    frame: Photo,
    boards: Sequence[Board],
    references: Sequence[Reference],
    photo_px: int,
) -> Aim:
    """Say what a live camera's picture shows.

    Parameters
    ----------
    frame : Photo
        Some 960 pixels long: of tags less shows too little.
    boards : sequence of Board
        The likeliest first.
    references : sequence of Reference
    photo_px : int
        Long side of the photo that the camera would take.
    """
    light = light_of(frame.pixels)
    if light is DARK:
        return Aim(None, None, "dark")
    board = outline = None
    advice: Advice
    try:
        found = register(frame, boards, references)
    except BoardMismatchError:
        advice = ""  # all of it is seen, and it is not as it should be: no step helps
    except RegistrationError:
        advice = "cut_off" if _some_tags(frame, boards) else ""
    else:
        corners = found.projection.quad_photo(found.cell_area.to_quad()).to_array()
        board, outline = found.board, corners / frame.size_wh
        advice = _advice(frame, found, outline, photo_px)
    if light is OVEREXPOSED:
        advice = "bright"
    elif advice in {"", "good"} and why_unreadable(frame):
        advice = "blurred"
    return Aim(board, outline, advice)


def _some_tags(frame: Photo, boards: Sequence[Board]) -> bool:
    own = {number for board in boards for number in board.tags or ()}
    return bool(own) and any(tag.id in own for tag in find_tags(grey_of(frame.pixels)))


def _advice(
    frame: Photo, found: Registration, outline: Points, photo_px: int
) -> Advice:
    if found.coverage < MIN_COVERAGE:
        return "cut_off"
    cell_px = cell_px_of(found) * photo_px / max(frame.size_wh)
    fills = float((outline.max(axis=0) - outline.min(axis=0)).max())
    return "far" if cell_px < MIN_CELL_PX or fills < SMALL_BOARD else "good"
