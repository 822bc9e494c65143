"""The tables. Only `server.store` touches them; everyone else gets values.

Only a photo's row changes, as it gets further, and an announcement's until it is sent;
invitations and sign-ins end; and what is folded from the rest (`server.schedule`) is kept in `board_states`.
Everything else is written once: nothing in `server` updates or deletes it, and a
listener below refuses to.
"""

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, Mapper, mapped_column
from sqlalchemy.types import TypeDecorator

SHA = String(64)
SLUG = String(100)
NAME = String(200)
ID = String(16)
ACT = String(40)

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
"""Alembic can only change on every database what has a name."""


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An aware datetime, stored in UTC: SQLite keeps no offsets."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(
        self,
        value: dt.datetime | None,
        dialect: Dialect,  # noqa: ARG002  (SQLAlchemy's signature)
    ) -> dt.datetime | None:
        """Return what is stored.

        Raises
        ------
        ValueError
            If the datetime is naive.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"expected an aware datetime, got {value}"
            raise ValueError(msg)
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(
        self,
        value: dt.datetime | None,
        dialect: Dialect,  # noqa: ARG002  (SQLAlchemy's signature)
    ) -> dt.datetime | None:
        """Return what was stored, aware in UTC."""
        return value.replace(tzinfo=dt.UTC) if value else None


class Base(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy's name and type)
        dt.datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class PhotoRow(Base):
    """A photo as received, and how far it has got.

    Where its bytes are those of another photo, whose board a person changed, that is
    where they are kept, and its own SHA-256 is a name.
    """

    __tablename__ = "photos"
    __table_args__ = (Index("ix_photos_waiting", "state", "at"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    sha256: Mapped[str] = mapped_column(SHA, unique=True)
    bytes_sha256: Mapped[str | None] = mapped_column(SHA)
    size_bytes: Mapped[int]
    given_board: Mapped[str | None] = mapped_column(SLUG)
    board: Mapped[str | None] = mapped_column(SLUG, index=True)
    sender: Mapped[str] = mapped_column(NAME)
    source: Mapped[str | None] = mapped_column(String(10))
    received_at: Mapped[dt.datetime] = mapped_column(index=True)
    taken_at: Mapped[dt.datetime | None]
    at: Mapped[dt.datetime]
    state: Mapped[str] = mapped_column(String(20))
    message: Mapped[str] = mapped_column(Text, default="")
    hint: Mapped[str] = mapped_column(Text, default="")
    cards_read: Mapped[int] = mapped_column(default=0)
    cards_total: Mapped[int] = mapped_column(default=0)
    findings: Mapped[list[Any]] = mapped_column(default=list)
    crashes: Mapped[int] = mapped_column(default=0)
    kills: Mapped[int] = mapped_column(default=0)
    failed_in: Mapped[str | None] = mapped_column(String(50))
    lease_owner: Mapped[str | None] = mapped_column(NAME)
    lease_until: Mapped[dt.datetime | None]


class BlobRow(Base):
    """What kind of thing a published blob is; originals are not in here."""

    __tablename__ = "blobs"

    sha256: Mapped[str] = mapped_column(SHA, primary_key=True)
    content_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]


class PictureRow(Base):
    """The straight picture that was made of a photo, and where the board is in it.

    Registration and focus are null for photos from before they were kept. One that is
    much worse than another is not shown as long as that one counts.
    """

    __tablename__ = "pictures"
    __table_args__ = (Index("ix_pictures_newest", "board", "at", "photo_id"),)

    photo_id: Mapped[str] = mapped_column(ForeignKey("photos.id"), primary_key=True)
    board: Mapped[str] = mapped_column(SLUG)
    at: Mapped[dt.datetime]
    sizes: Mapped[list[Any]]
    registration: Mapped[dict[str, Any] | None]
    focus: Mapped[float | None]
    worse_than: Mapped[str | None] = mapped_column(ID)


class CompositeRow(Base):
    """The picture that several photos make together, by which ones."""

    __tablename__ = "composites"

    id: Mapped[str] = mapped_column(SHA, primary_key=True)
    board: Mapped[str] = mapped_column(SLUG, index=True)
    sizes: Mapped[list[Any]]


class ReadingRow(Base):
    """What a photo said: ``boardcast/reading/1``, and in short."""

    __tablename__ = "readings"
    __table_args__ = (Index("ix_readings_newest", "board", "at"),)

    photo_id: Mapped[str] = mapped_column(ForeignKey("photos.id"), primary_key=True)
    board: Mapped[str] = mapped_column(SLUG)
    at: Mapped[dt.datetime]
    cells: Mapped[list[Any]]
    fates: Mapped[dict[str, Any]]
    document: Mapped[dict[str, Any]]
    profile_version: Mapped[int | None]


class CardRow(Base):
    """The identity of a physical card; what it says is in its sightings."""

    __tablename__ = "cards"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    board: Mapped[str] = mapped_column(SLUG, index=True)


class SightingRow(Base):
    """One card in one photo."""

    __tablename__ = "sightings"

    card_id: Mapped[str] = mapped_column(ForeignKey("cards.id"), primary_key=True)
    photo_id: Mapped[str] = mapped_column(
        ForeignKey("photos.id"), primary_key=True, index=True
    )
    at: Mapped[dt.datetime]
    position: Mapped[int]
    room: Mapped[str | None] = mapped_column(NAME)
    slot: Mapped[str | None] = mapped_column(String(20))
    until: Mapped[str | None] = mapped_column(String(5))
    rooms: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    text: Mapped[str] = mapped_column(Text)
    fields: Mapped[dict[str, Any]]
    confidence: Mapped[float]
    colour: Mapped[str] = mapped_column(String(7))
    crop: Mapped[str] = mapped_column(SHA, index=True)
    quad_area: Mapped[list[Any]]
    descriptor: Mapped[bytes] = mapped_column(LargeBinary)
    read_again: Mapped[bool]
    news: Mapped[str] = mapped_column(String(10))
    sharpness: Mapped[float]
    votes: Mapped[int | None]


class FurtherReadingRow(Base):
    """What a further look at a doubtful card of a photo came to."""

    __tablename__ = "further_readings"

    card_id: Mapped[str] = mapped_column(ForeignKey("cards.id"), primary_key=True)
    photo_id: Mapped[str] = mapped_column(ForeignKey("photos.id"), primary_key=True)
    document: Mapped[dict[str, Any]]
    alone: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class BoardStateRow(Base):
    """What the photos of a board so far come to: a cache, see `board_states`."""

    __tablename__ = "board_states"

    board: Mapped[str] = mapped_column(SLUG, primary_key=True)
    rules: Mapped[str] = mapped_column(SHA)
    document: Mapped[str] = mapped_column(Text)


class CorrectionRow(Base):
    """What a person changed, in one act.

    The act is what their browser calls it, if it sends it again until it arrived.
    """

    __tablename__ = "corrections"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    board: Mapped[str] = mapped_column(SLUG, index=True)
    photo_id: Mapped[str | None] = mapped_column(ID, index=True)
    profile_version: Mapped[int | None]
    change: Mapped[dict[str, Any]]
    author: Mapped[str] = mapped_column(NAME)
    made_at: Mapped[dt.datetime]
    act: Mapped[str | None] = mapped_column(ACT, index=True, unique=True)


class UndoRow(Base):
    """That a correction was taken back, or made again: the newest row counts."""

    __tablename__ = "undos"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("corrections.id"), index=True)
    undone: Mapped[bool]
    author: Mapped[str] = mapped_column(NAME)
    made_at: Mapped[dt.datetime]
    act: Mapped[str | None] = mapped_column(ACT, index=True, unique=True)


class BallotRow(Base):
    """What one device said of a question: that it would come to an idea, or its vote.

    Of the device a hash that differs with each question, so that nothing tells which
    ballots are of one device. Never changed; `boardcast forget` removes them.
    """

    __tablename__ = "ballots"
    __table_args__ = (
        UniqueConstraint("question", "device"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    question: Mapped[str] = mapped_column(String(60))
    device: Mapped[str] = mapped_column(String(32))
    choice: Mapped[str] = mapped_column(ID)
    at: Mapped[dt.datetime]


class InvitationRow(Base):
    """A link that signs somebody in."""

    __tablename__ = "invitations"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(NAME)
    made_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]


class SignInRow(Base):
    """A browser that was signed in with an invitation."""

    __tablename__ = "sign_ins"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    invitation_id: Mapped[str] = mapped_column(ForeignKey("invitations.id"), index=True)
    at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class AnnouncementRow(Base):
    """What was decided about a post: of each there is one, by board and the rest.

    Taken out and written anew with each decision, until it begins to go out.
    """

    __tablename__ = "announcements"
    __table_args__ = (
        UniqueConstraint("board", "session_id", "about", "version"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    board: Mapped[str] = mapped_column(SLUG, index=True)
    session_id: Mapped[str] = mapped_column(ID)
    about: Mapped[str] = mapped_column(String(20))
    version: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20))
    facts: Mapped[dict[str, Any]]
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(NAME)
    decided_at: Mapped[dt.datetime]
    begun_at: Mapped[dt.datetime | None] = mapped_column(index=True)


class DeliveryRow(Base):
    """A post to one service: claimed, and written down as such, before it is sent."""

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("announcement_id", "service"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id"))
    service: Mapped[str] = mapped_column(NAME)
    state: Mapped[str] = mapped_column(String(20), index=True)
    tries: Mapped[int]
    with_picture: Mapped[bool]
    next_try_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    claimed_by: Mapped[str | None] = mapped_column(NAME)
    claimed_until: Mapped[dt.datetime | None]
    why: Mapped[str] = mapped_column(Text)


class ReleaseRow(Base):
    """A published version of a board; of one without a photo if no photo is named."""

    __tablename__ = "releases"

    board: Mapped[str] = mapped_column(SLUG, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    created_at: Mapped[dt.datetime]
    cause: Mapped[str] = mapped_column(String(30))
    photo_id: Mapped[str | None] = mapped_column(ForeignKey("photos.id"))
    photo_taken_at: Mapped[dt.datetime | None]
    sizes: Mapped[list[Any]]
    schedule: Mapped[dict[str, Any]]


class ProfileRow(Base):
    """A version of the event as it was taken up: event.toml's text.

    The photos are SHA-256s of reference photos by the slugs of their boards. What is
    renamed with it is by them, too; null for nothing. Readings and corrections are in
    the names of the version of their time, or of the first.
    """

    __tablename__ = "profiles"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    accepted_at: Mapped[dt.datetime]
    path: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    photos: Mapped[dict[str, Any]]
    renamed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class ReferencePhotoRow(Base):
    """A reference photo's bytes: with the versions that name it, or not at all."""

    __tablename__ = "reference_photos"

    sha256: Mapped[str] = mapped_column(SHA, primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


WRITTEN_ONCE = (
    BlobRow,
    PictureRow,
    CompositeRow,
    ReadingRow,
    CardRow,
    SightingRow,
    FurtherReadingRow,
    CorrectionRow,
    UndoRow,
    ReleaseRow,
    ProfileRow,
    ReferencePhotoRow,
)
"""Tables whose rows never change and never go."""


def _refuse(_mapper: Mapper[Any], _connection: object, row: object) -> None:
    msg = f"expected {type(row).__name__} to be written once and never changed"
    raise ValueError(msg)


for _table in WRITTEN_ONCE:
    event.listen(_table, "before_update", _refuse)
    event.listen(_table, "before_delete", _refuse)
