"""``POST /capture/frame``: where the board is in a live camera's picture, while one aims.

Nothing of it is stored. It is for staff, for so many a minute, and only as long as the
machine has time for it: then the page says what it knows by itself.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import cast

from flask import abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from calibration.profile import Board
from server.aiming import Aiming, Known, KnownPhoto
from server.auth import check_csrf, require
from server.errors import BlobDamagedError, NotFoundError
from server.site import Site, site
from server.store.photos import photo
from server.store.pictures import StraightPicture, placed_last
from server.store.profiles import reference_photo
from server.views.moment import board_that_matters

AIMING = "boardcast aiming"
"""Under which name an app keeps its `Aiming`."""

NAME_LENGTH = 32
"""Signs of a picture's name that are repeated."""

MOST_PHOTO_PX = 20_000
"""Of a photo's long side: more than any phone takes."""


def look() -> ResponseReturnValue:
    """Say where the board is in a small JPEG, and what to do.

    Query: ``photo_px``, the long side of the photo that would be taken. ``frame`` is
    repeated in the answer, so that nothing else is taken for one.

    Raises
    ------
    NotAnImageError
        If it is none.
    DecodingError
        If it cannot be looked at just now.
    """
    require("staff")
    check_csrf()
    here = site()
    photo_px = request.args.get("photo_px", 0, type=int)
    if not 0 < photo_px <= MOST_PHOTO_PX:
        abort(400)
    walls = here.profile.walls
    if not walls:
        raise NotFoundError("board that photos are taken of")
    timezone = here.profile.event.timezone
    day = board_that_matters(walls, here.clock(), timezone).date
    boards = tuple(board for board in walls if board.date == day)
    with here.database.read() as database:
        placed = [last for one in boards for last in placed_last(database, one)[:1]]
    key = here.profile_version, day, *(entry.photo_id for entry in placed)
    found = cast("Aiming", current_app.extensions[AIMING]).look(
        request.get_data(), photo_px, key, lambda: _known(here, boards, placed)
    )
    response = jsonify(frame=request.args.get("frame", "")[:NAME_LENGTH], **found)
    response.headers["Cache-Control"] = "no-store"
    return response


def _known(
    here: Site, boards: Sequence[Board], placed: Sequence[StraightPicture]
) -> Known:
    """Return the day's boards, and the photos by which they are found."""
    return Known(tuple(boards), (*_references(here, boards), *_placed(here, placed)))


def _references(here: Site, boards: Sequence[Board]) -> Iterator[KnownPhoto]:
    with here.database.read() as database:
        for board in boards:
            if board.reference is not None:
                data = reference_photo(database, here.profile_version, board.slug)
                yield KnownPhoto(board, data, board.reference.corners)


def _placed(here: Site, placed: Sequence[StraightPicture]) -> Iterator[KnownPhoto]:
    """Yield the photos placed last: cards hang for hours, light stays for one."""
    for entry in placed:
        with here.database.read() as database:
            record = photo(database, entry.photo_id)
        if entry.registration is None:
            continue
        with suppress(NotFoundError, BlobDamagedError):  # the reference is left
            data = here.originals.get(record.sha256)
            yield KnownPhoto(entry.registration.board, data, entry.registration)
