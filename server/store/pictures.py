"""Board pictures by photo, and what kind of thing each public blob is."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.store.codec import picture_from_json, picture_to_json
from server.store.tables import BlobRow, PictureRow
from server.store.values import Picture


@dataclass(frozen=True, slots=True)
class BoardPicture:
    """The straight picture that was made of a photo.

    Parameters
    ----------
    photo_id : str
    at : datetime
        Aware moment of the photo.
    picture : Picture
    """

    photo_id: str
    at: dt.datetime
    picture: Picture


def add_picture(
    session: Session, photo_id: str, board: str, at: dt.datetime, picture: Picture
) -> None:
    """Add the straight picture of a photo; once, later ones change nothing."""
    if session.get(PictureRow, photo_id) is None:
        sizes = picture_to_json(picture)
        session.add(PictureRow(photo_id=photo_id, board=board, at=at, sizes=sizes))
        session.flush()


def newest_picture(session: Session, board: str) -> BoardPicture | None:
    """Return the picture of the photo of a board that was taken last."""
    query = (
        select(PictureRow)
        .where(PictureRow.board == board)
        .order_by(PictureRow.at.desc(), PictureRow.photo_id.desc())
        .limit(1)
    )
    row = session.scalars(query).first()
    if row is None:
        return None
    return BoardPicture(row.photo_id, row.at, picture_from_json(row.sizes))


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
