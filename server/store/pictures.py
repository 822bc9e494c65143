"""Board pictures by photo and composed, and what kind of thing each blob is."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from calibration.profile import Board
from server.store.blobs import sha256_of
from server.store.codec import (
    picture_from_json,
    picture_to_json,
    registration_from_json,
    registration_to_json,
)
from server.store.tables import BlobRow, CompositeRow, PictureRow
from server.store.values import Picture
from vision.registration.frame import Registration
from vision.registration.mosaic import showing

ROWS_AT_ONCE = 8
"""Pictures asked for at a time: mostly the newest shows the whole board."""


@dataclass(frozen=True, slots=True, eq=False)
class StraightPicture:
    """The straight picture that was made of a photo.

    Parameters
    ----------
    photo_id : str
    at : datetime
        Aware moment of the photo.
    picture : Picture
    registration : Registration or None
        Where the board is in the photo; None if that was not kept.
    """

    photo_id: str
    at: dt.datetime
    picture: Picture
    registration: Registration | None


@dataclass(frozen=True, slots=True)
class BoardPicture:
    """What a board looks like.

    Parameters
    ----------
    photo_id : str
        The newest photo in it.
    at : datetime
        Aware moment of that photo.
    picture : Picture
    """

    photo_id: str
    at: dt.datetime
    picture: Picture


def add_picture(
    session: Session,
    photo_id: str,
    board: str,
    at: dt.datetime,
    picture: Picture,
    *,
    registration: Registration | None = None,
) -> None:
    """Add the straight picture of a photo; once, later ones change nothing."""
    if session.get(PictureRow, photo_id) is None:
        session.add(
            PictureRow(
                photo_id=photo_id,
                board=board,
                at=at,
                sizes=picture_to_json(picture),
                registration=registration_to_json(registration)
                if registration
                else None,
            )
        )
        session.flush()


def straight_picture(
    session: Session, photo_id: str, board: Board
) -> StraightPicture | None:
    """Return the straight picture of a photo of a board; None if there is none."""
    row = session.get(PictureRow, photo_id)
    return _value_of(row, board) if row and row.board == board.slug else None


def placed_last(session: Session, board: Board) -> tuple[StraightPicture, ...]:
    """Return what places the next photo of a board best.

    The picture of the photo taken last, and that of the last whole board where
    it is another; only such as tell where the board is. Oldest last.
    """
    placed: list[StraightPicture] = []
    for entry in _newest_first(session, board):
        if entry.registration is None:
            break
        if not placed or entry.registration.whole:
            placed.append(entry)
        if entry.registration.whole:
            break
    return tuple(placed)


def layers_of(
    session: Session, board: Board, new: StraightPicture | None = None
) -> tuple[StraightPicture, ...]:
    """Return the pictures that together show a board as it was last seen.

    Parameters
    ----------
    session : Session
    board : Board
    new : StraightPicture, optional
        One that is yet to be added.

    Returns
    -------
    tuple of StraightPicture
        The oldest first: most often one that shows the whole board. Nothing is
        set into one that does not tell where the board is.
    """
    pictures: list[StraightPicture] = []
    for entry in _newest_first(session, board):
        pictures.append(entry)
        if entry.registration is None or entry.registration.whole:
            break
    if new is not None and new.photo_id not in {one.photo_id for one in pictures}:
        pictures.append(new)
    pictures.sort(key=lambda entry: (entry.at, entry.photo_id))
    return _still_showing(pictures)


def add_composite(
    session: Session,
    board: str,
    layers: Sequence[StraightPicture],
    picture: Picture,
) -> None:
    """Add the picture that several make together; once.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    board : str
        Slug.
    layers : sequence of StraightPicture
        As of `layers_of`.
    picture : Picture
    """
    if not has_composite(session, layers):
        session.add(
            CompositeRow(
                id=_composite_id(layers), board=board, sizes=picture_to_json(picture)
            )
        )
        session.flush()


def has_composite(session: Session, layers: Sequence[StraightPicture]) -> bool:
    """Say whether the picture that these make together is there already."""
    return session.get(CompositeRow, _composite_id(layers)) is not None


def newest_picture(session: Session, board: Board) -> BoardPicture | None:
    """Return what a board looked like when it was last seen.

    The picture of the photo taken last, set into the ones before it where it
    shows a part of the board only.
    """
    layers = layers_of(session, board)
    if not layers:
        return None
    newest = layers[-1]
    row = session.get(CompositeRow, _composite_id(layers))
    picture = picture_from_json(row.sizes) if row else newest.picture
    return BoardPicture(newest.photo_id, newest.at, picture)


def _newest_first(session: Session, board: Board) -> Iterator[StraightPicture]:
    query = (
        select(PictureRow)
        .where(PictureRow.board == board.slug)
        .order_by(PictureRow.at.desc(), PictureRow.photo_id.desc())
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    with closing(session.scalars(query)) as rows:
        for row in rows:
            yield _value_of(row, board)


def _value_of(row: PictureRow, board: Board) -> StraightPicture:
    document = row.registration
    return StraightPicture(
        row.photo_id,
        row.at,
        picture_from_json(row.sizes),
        registration_from_json(document, board) if document else None,
    )


def _still_showing(
    pictures: Sequence[StraightPicture],
) -> tuple[StraightPicture, ...]:
    """Return those that show, of pictures in the order in which they were taken."""
    known: list[StraightPicture] = []
    for entry in reversed(pictures):
        if entry.registration is None:
            break
        known.insert(0, entry)
    if not known:
        return tuple(pictures[-1:])
    registrations = [entry.registration for entry in known if entry.registration]
    return tuple(known[index] for index in showing(registrations))


def _composite_id(layers: Sequence[StraightPicture]) -> str:
    """Return the name of what these pictures make together."""
    return sha256_of("/".join(layer.photo_id for layer in layers).encode())


def add_blobs(
    session: Session, content_types: Mapping[str, str], sizes: Mapping[str, int]
) -> None:
    """Note what kind of thing public blobs are; known ones stay as they are.

    Parameters
    ----------
    session : Session
    content_types : mapping of str to str
        By SHA-256.
    sizes : mapping of str to int
        Bytes, by SHA-256.
    """
    for sha256, content_type in content_types.items():
        if session.get(BlobRow, sha256) is None:
            session.add(
                BlobRow(
                    sha256=sha256,
                    content_type=content_type,
                    size_bytes=sizes[sha256],
                )
            )
    session.flush()


def content_type_of(session: Session, sha256: str) -> str | None:
    """Return the content type of a public blob; None if none was published.

    Originals are never among them.
    """
    row = session.get(BlobRow, sha256)
    return row.content_type if row else None
