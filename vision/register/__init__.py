"""Finding the board in a photo: by its tags, or by a reference photo."""

from collections.abc import Sequence

from calibration.profile import Board
from vision.errors import (
    AmbiguousBoardError,
    BoardNotFoundError,
    ReferenceMissingError,
)
from vision.photo import Photo
from vision.rectify import Registration
from vision.register.reference import Reference, features_of, register_by_reference
from vision.register.tags import (
    boards_of_tags,
    find_tags,
    register_by_tags,
)

__all__ = ["Reference", "register"]

CLEAR_LEAD = 1.5
"""How many times the support of the next best board the best one must have."""


def register(
    photo: Photo, boards: Sequence[Board], references: Sequence[Reference]
) -> Registration:
    """Find which of the boards a photo shows, and where.

    Tags decide where they are seen; else every board's references are tried.

    Parameters
    ----------
    photo : Photo
    boards : sequence of Board
        Those it may show; one if the board is known.
    references : sequence of Reference
        Of these boards; others are ignored.

    Raises
    ------
    BoardNotFoundError
        If no board can be placed with certainty.
    AmbiguousBoardError
        If several boards fit about equally well.
    ReferenceMissingError
        If there is neither a tag nor a reference to go by.
    """
    tags = find_tags(photo.pixels) if any(board.tags for board in boards) else ()
    for board in boards_of_tags(tags, boards):
        return register_by_tags(photo, board, tags)
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
    return _best_by_reference(photo, usable)


def _best_by_reference(photo: Photo, references: Sequence[Reference]) -> Registration:
    """Return the registration with the most support, if it clearly leads."""
    features = features_of(photo.pixels)
    found: dict[str, tuple[int, Registration]] = {}
    refusals: list[BoardNotFoundError] = []
    for reference in references:
        try:
            registration, support = register_by_reference(photo, features, reference)
        except BoardNotFoundError as refusal:
            refusals.append(refusal)
            continue
        slug = reference.board.slug
        if slug not in found or support > found[slug][0]:
            found[slug] = support, registration
    if not found:
        raise _refusal(refusals)
    ranked = sorted(found.values(), key=lambda entry: -entry[0])
    if len(ranked) > 1 and ranked[0][0] < CLEAR_LEAD * ranked[1][0]:
        names = " and ".join(entry[1].board.slug for entry in ranked[:2])
        msg = f"The photo fits boards {names} about equally well."
        raise AmbiguousBoardError(msg, hint="Say which board it shows.")
    return ranked[0][1]


def _refusal(refusals: Sequence[BoardNotFoundError]) -> BoardNotFoundError:
    """Return the one refusal, or one for all boards."""
    if len(refusals) == 1:
        return refusals[0]
    return BoardNotFoundError(
        "None of the event's boards was found in the photo with certainty.",
        hint=refusals[0].hint,
    )
