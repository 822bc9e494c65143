"""Board pictures by photo and composed, and what kind of thing each blob is."""

import datetime as dt
import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from calibration.geometry import Rect
from calibration.profile import Board
from server.schedule.corrections.held import HeldPhoto, HeldPhotos
from server.store.blobs import sha256_of
from server.store.codec import (
    picture_from_json,
    picture_to_json,
    registration_from_json,
    registration_to_json,
)
from server.store.corrections import held_photos
from server.store.photos import photo, same_photos
from server.store.tables import BlobRow, CompositeRow, PictureRow
from server.store.values import Picture
from vision.registration.frame import Registration
from vision.registration.mosaic import frame_of, showing, shows_part

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
    focus : float or None
        How sharp it is; None if nobody knows.
    """

    photo_id: str
    at: dt.datetime
    picture: Picture
    registration: Registration | None
    focus: float | None = None


@dataclass(frozen=True, slots=True)
class BoardPicture:
    """What a board looks like.

    Parameters
    ----------
    photo_id : str
        The newest photo in it.
    at : datetime
        Aware moment of that photo; when it came if nobody knows when it was taken.
    picture : Picture
    frame : Rect or None
        What it shows, in units of the cell area; None if that was not kept.
    layers : tuple of StraightPicture
        What it is made of, the oldest first.
    """

    photo_id: str
    at: dt.datetime
    picture: Picture
    frame: Rect | None = None
    layers: tuple[StraightPicture, ...] = field(default=(), compare=False)

    def photos_at(self, rect_area: Rect | None) -> tuple[str, ...]:
        """Return the photos that may show a place; all where nobody knows."""
        return tuple(
            one.photo_id
            for one in self.layers
            if not (one.registration and rect_area)
            or shows_part(one.registration, rect_area)
        )


def add_picture(
    session: Session,
    photo_id: str,
    board: str,
    at: dt.datetime,
    picture: Picture,
    *,
    registration: Registration | None = None,
    focus: float | None = None,
    worse_than: str | None = None,
) -> None:
    """Add the straight picture of a photo; once, later ones change nothing.

    One that is much worse than that of another photo is not shown as long as that
    one counts.
    """
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
                focus=focus,
                worse_than=worse_than,
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
    for entry in _newest_first(session, board, held_photos(session)):
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
    return _layers(session, board, held_photos(session), new)


def _layers(
    session: Session,
    board: Board,
    held: HeldPhotos,
    new: StraightPicture | None = None,
) -> tuple[StraightPicture, ...]:
    pictures: list[StraightPicture] = []
    new = _as_held(new, held) if new else None
    for entry in _newest_first(session, board, held):
        pictures.append(entry)
        if entry.registration is None or entry.registration.whole:
            break
    if new is not None and new.photo_id not in {one.photo_id for one in pictures}:
        pictures.append(new)
    pictures.sort(key=_order)
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
    shows a part of the board only. Until they are set together, which is to be done
    anew where one of them was taken back, without those taken last.
    """
    held = held_photos(session)
    layers = _layers(session, board, held)
    if not layers:
        return None
    picture = None
    while picture is None:
        newest = layers[-1]
        row = session.get(CompositeRow, _composite_id(layers))
        if row is not None:
            picture = picture_from_json(row.sizes)
        elif len(layers) == 1:
            picture = newest.picture
        else:
            layers = layers[:-1]
    at = shown_at(session, newest)
    placed = [layer.registration for layer in layers if layer.registration]
    frame = frame_of(placed) if placed else None
    return BoardPicture(newest.photo_id, at, picture, frame, layers)


def photos_of_picture(session: Session, sha256: str, board: str) -> tuple[str, ...]:
    """Return the photos that a picture which was shown before may be made of.

    The one whose straight picture it is; of one of several photos, which nobody kept,
    all of the board.
    """
    rows = session.scalars(select(PictureRow).where(PictureRow.board == board)).all()
    own = [row.photo_id for row in rows if has_picture(row.sizes, sha256)]
    return tuple(own or sorted(row.photo_id for row in rows))


def shown_at(session: Session, entry: StraightPicture) -> dt.datetime:
    """Return when a picture was taken; when it came if nobody knows."""
    record = photo(session, entry.photo_id)
    known = record.dated or held_photos(session).get(record.id, HeldPhoto()).time
    return entry.at if known else record.received_at


def is_taken_back(session: Session, sha256: str, boards: Iterable[Board]) -> bool:
    """Say whether a public blob is a board's picture with a photo taken back in it.

    Of a board of which one was taken back, no other picture of several photos is known
    to be without it than the one that shows it now.

    Parameters
    ----------
    session : Session
    sha256 : str
        Of the blob.
    boards : iterable of Board
        Of the event.
    """
    held = held_photos(session)
    taken_back = [photo_id for photo_id, said in held.items() if said.taken_back]
    if not taken_back:
        return False
    own = select(PictureRow).where(PictureRow.photo_id.in_(taken_back))
    rows = session.scalars(own).all()
    for row in rows:
        if has_picture(row.sizes, sha256):
            # The same photo may count on another board, and look the same there.
            same = select(PictureRow).where(
                PictureRow.photo_id.in_(same_photos(session, row.photo_id)),
                PictureRow.photo_id.not_in(taken_back),
            )
            others = session.scalars(same)
            return not any(has_picture(one.sizes, sha256) for one in others)
    for board in boards:
        if board.slug not in {row.board for row in rows}:
            continue
        query = select(CompositeRow.sizes).where(CompositeRow.board == board.slug)
        if any(has_picture(sizes, sha256) for sizes in session.scalars(query)):
            now = newest_picture(session, board)
            return now is None or not has_picture(picture_to_json(now.picture), sha256)
    return False


def frame_of_picture(session: Session, sha256: str, board: Board) -> Rect | None:
    """Return what a picture of a board shows, in units of the cell area.

    None if that was not kept: of older pictures, and of those of several photos that
    do not show the board now.
    """
    query = select(PictureRow).where(PictureRow.board == board.slug)
    for row in session.scalars(query):
        if has_picture(row.sizes, sha256):
            registration = _value_of(row, board).registration
            return registration.frame if registration else None
    now = newest_picture(session, board)
    if now is None or not has_picture(picture_to_json(now.picture), sha256):
        return None
    return now.frame


def has_picture(sizes: Sequence[Mapping[str, object]], sha256: str) -> bool:
    """Say whether one of the sizes of a picture, as stored, is this blob."""
    return any(size["sha256"] == sha256 for size in sizes)


def _newest_first(
    session: Session, board: Board, held: HeldPhotos
) -> Iterator[StraightPicture]:
    """Yield a board's pictures that count and may be shown, the newest first."""
    taken_back = [photo_id for photo_id, said in held.items() if said.taken_back]
    query = (
        select(PictureRow)
        .where(PictureRow.board == board.slug)
        .where(
            or_(
                PictureRow.worse_than.is_(None),
                PictureRow.worse_than.in_(taken_back),
            )
        )
        .order_by(PictureRow.at.desc(), PictureRow.photo_id.desc())
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    moved: list[StraightPicture] = []
    if held:
        rows = session.scalars(query.where(PictureRow.photo_id.in_(held)))
        said = (_as_held(_value_of(row, board), held) for row in rows)
        moved = sorted((entry for entry in said if entry), key=_order, reverse=True)
        query = query.where(PictureRow.photo_id.not_in(held))
    with closing(session.scalars(query)) as rows:
        as_stored = (_value_of(row, board) for row in rows)
        yield from heapq.merge(as_stored, moved, key=_order, reverse=True)


def _as_held(entry: StraightPicture, held: HeldPhotos) -> StraightPicture | None:
    """Return a picture as of the moment that people gave it; None if taken back."""
    said = held.get(entry.photo_id, HeldPhoto())
    return None if said.taken_back else replace(entry, at=said.moment(entry.at))


def _order(entry: StraightPicture) -> tuple[dt.datetime, str]:
    return entry.at, entry.photo_id


def _value_of(row: PictureRow, board: Board) -> StraightPicture:
    document = row.registration
    return StraightPicture(
        row.photo_id,
        row.at,
        picture_from_json(row.sizes),
        registration_from_json(document, board) if document else None,
        row.focus,
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
