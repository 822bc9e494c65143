"""Values that the store gives out: frozen, and all that the views see of it."""

import datetime as dt
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

from server.schedule.sessions import Schedule
from vision.reading import Finding

VERSION = version("boardcast")
"""Of this Boardcast, as it is installed."""

PhotoState = Literal["received", "straightened", "read", "settled", "refused", "failed"]
"""How far a photo has got. For people the last four are final; of one that is
read, the doubtful cards are still read further."""

Source = Literal["camera", "file"]
"""Where a photo came from: the capture page's own camera, which took it just then;
anything else, which may be of any age."""

Cause = Literal[
    "photo straightened",
    "photo read",
    "cards read further",
    "correction",
    "event changed",
]
"""Why a release was published."""


@dataclass(frozen=True, slots=True)
class PictureSize:
    """The board picture in one size.

    Parameters
    ----------
    sha256 : str
        Of its public blob.
    width, height : int
        Pixels.
    content_type : str
        ``image/jpeg`` or ``image/webp``.
    """

    sha256: str
    width: int
    height: int
    content_type: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The straight picture of a board.

    Parameters
    ----------
    sizes : tuple of PictureSize
        JPEG first, the largest first within each type. None where nothing is
        published any more.

    Raises
    ------
    ValueError
        If the first size is no JPEG.
    """

    sizes: tuple[PictureSize, ...]

    def __post_init__(self) -> None:
        if self.sizes and self.sizes[0].content_type != "image/jpeg":
            msg = f"expected sizes beginning with a JPEG, got {self.sizes}"
            raise ValueError(msg)

    @property
    def full(self) -> PictureSize:
        """The largest JPEG: what ``/os.jpg`` shows."""
        return self.sizes[0]

    def of_type(self, content_type: str) -> tuple[PictureSize, ...]:
        """Return the sizes of one content type, the largest first."""
        return tuple(size for size in self.sizes if size.content_type == content_type)


@dataclass(frozen=True, slots=True)
class Release:
    """A published version of a board; it never changes.

    Parameters
    ----------
    board : str
        Slug.
    number : int
        From 1 for each board, without gaps.
    created_at : datetime
        Aware, UTC.
    cause : Cause
    photo_id : str or None
        The photo that the picture was made of; None of a board that needs none.
    photo_taken_at : datetime or None
        Aware, UTC: when that photo was taken, as far as is known.
    picture : Picture or None
    schedule : Schedule
    """

    board: str
    number: int
    created_at: dt.datetime
    cause: Cause
    photo_id: str | None
    photo_taken_at: dt.datetime | None
    picture: Picture | None
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class PhotoRecord:
    """A photo as received, and how far it has got.

    Parameters
    ----------
    id : str
        16 hex digits; the same bytes have the same id.
    sha256 : str
        Of the bytes as received.
    board : str or None
        Slug, once it is known which board the photo shows.
    given_board : str or None
        Slug that the sender gave, if any.
    sender : str
        Who sent it, as they signed in.
    received_at : datetime
        Aware, UTC.
    taken_at : datetime or None
        Aware, UTC; None if the photo does not tell.
    at : datetime
        Aware, UTC: the moment that the photo is evidence of, unless a person says
        another one. `taken_at`, but never after `received_at`; `received_at` for one
        of the capture page's camera; else, where nobody knows, before all that were
        taken on that day.
    state : PhotoState
    message, hint : str
        What was wrong and what to do, if it was refused or has failed.
    cards_read, cards_total : int
        How far the reading is.
    findings : tuple of Finding
    source : Source or None
        None for photos from before it was known.
    picture : Picture or None
        Its own straight picture, where it was asked for with it.
    """

    id: str
    sha256: str
    board: str | None
    given_board: str | None
    sender: str
    received_at: dt.datetime
    taken_at: dt.datetime | None
    at: dt.datetime
    state: PhotoState
    message: str = ""
    hint: str = ""
    cards_read: int = 0
    cards_total: int = 0
    findings: tuple[Finding, ...] = ()
    source: Source | None = None
    picture: Picture | None = None

    @property
    def dated(self) -> bool:
        """Whether it is known when it was taken, without a person's word."""
        return self.taken_at is not None or self.source != "file"

    @property
    def done(self) -> bool:
        """Whether nobody has to wait for it any more."""
        return self.state in {"read", "settled", "refused", "failed"}
