"""Finding the board in a photo: by its tags, or by reference photos."""

from collections.abc import Sequence

from calibration.profile import Board
from vision.errors import ReferenceMissingError
from vision.image.photo import Photo
from vision.image.rectify import Registration
from vision.registration.choose import register_by_references
from vision.registration.recent import RecentPhoto
from vision.registration.reference import Reference
from vision.registration.tags import (
    boards_of_tags,
    find_tags,
    register_by_tags,
)
from vision.registration.verification import believed

__all__ = ["RecentPhoto", "Reference", "register"]


def register(
    photo: Photo, boards: Sequence[Board], references: Sequence[Reference]
) -> Registration:
    """Find which of the boards a photo shows, and where.

    Tags decide where they are seen, as far as the board's lines or references do not
    say otherwise; else every board's references are tried.

    Parameters
    ----------
    photo : Photo
    boards : sequence of Board
        Those it may show; one if the board is known.
    references : sequence of Reference
        Of these boards, the likeliest of each board first; others are ignored.

    Raises
    ------
    BoardNotFoundError
        If no board can be placed with certainty.
    AmbiguousBoardError
        If several boards fit about equally well.
    BoardMismatchError
        If tags and the board itself contradict each other.
    ReferenceMissingError
        If there is neither a tag nor a reference to go by.
    """
    tagged = [board for board in boards if board.tags]
    tags = find_tags(photo.pixels, tagged) if tagged else ()
    for board in boards_of_tags(tags, boards):
        return believed(photo, board, tags, references)
    slugs = {board.slug for board in boards}
    usable = [entry for entry in references if entry.board.slug in slugs]
    if not usable:
        for board in boards:
            if board.tags:
                return register_by_tags(photo, board, tags)
        msg = f"Nothing tells where board {', '.join(sorted(slugs))} is in a photo."
        raise ReferenceMissingError(
            msg,
            hint="Give it tags or a reference photo with its corners in event.toml.",
        )
    return register_by_references(photo, usable)
