"""The event as it was taken up: numbered versions, the newest of which holds.

Web and workers follow these and never read event.toml themselves: whatever
somebody does to the file, no two processes know different rooms.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from calibration.profile import Profile, parse_profile
from server.errors import NotFoundError, ProfileChangedError
from server.event_file import EventFile
from server.schedule.renamings import Names, Renaming
from server.store.blobs import sha256_of
from server.store.tables import ProfileRow, ReferencePhotoRow


@dataclass(frozen=True, slots=True, eq=False)
class AcceptedProfile:
    """A version of the event.

    Parameters
    ----------
    version : int
        From 1, without gaps.
    path : Path
        The file that it was taken from.
    text : str
        What that file said, TOML.
    profile : Profile
        What the text says.
    references : mapping of str to str
        SHA-256 of the reference photo of each board that has one, by slug.
    """

    version: int
    path: Path
    text: str
    profile: Profile
    references: Mapping[str, str]

    def is_that_of(self, file: EventFile) -> bool:
        """Say whether a file says nothing else, photos and comments included."""
        return (self.text, self.references) == (file.text, _hashes(file))


def newest_version(session: Session) -> int:
    """Return the number of the version that holds; 0 if none was taken up yet."""
    return session.scalar(select(func.max(ProfileRow.version))) or 0


def newest_profile(session: Session) -> AcceptedProfile | None:
    """Return the version that holds; None if none was taken up yet.

    Raises
    ------
    ProfileError
        If it was taken up by a newer Boardcast, and this one cannot read it.
    """
    query = select(ProfileRow).order_by(ProfileRow.version.desc()).limit(1)
    row = session.scalars(query).first()
    return _value_of(row) if row else None


def version_at(session: Session, moment: dt.datetime) -> int:
    """Return the version of the event that held at a moment; 0 if none did."""
    query = select(func.max(ProfileRow.version))
    return session.scalar(query.where(ProfileRow.accepted_at <= moment)) or 0


def names_of(session: Session, board: str) -> Names:
    """Return how the rooms and slots of a board have been called."""
    query = (
        select(ProfileRow.version, ProfileRow.renamed)
        .where(ProfileRow.renamed.is_not(None))
        .order_by(ProfileRow.version)
    )
    return Names(
        tuple(
            (version, Renaming(**renamed[board]))
            for version, renamed in session.execute(query)
            if board in renamed
        )
    )


def add_profile(
    session: Session,
    file: EventFile,
    accepted_at: dt.datetime,
    renamed: Mapping[str, Renaming] | None = None,
) -> AcceptedProfile:
    """Take up what a file says, as the next version.

    Parameters
    ----------
    session : Session
        Of `Database.write`: with its transaction all processes follow.
    file : EventFile
    accepted_at : datetime
        Aware.
    renamed : mapping of str to Renaming, optional
        By the slugs of the boards.
    """
    for sha256, data in zip(
        _hashes(file).values(), file.references.values(), strict=True
    ):
        if session.get(ReferencePhotoRow, sha256) is None:
            session.add(ReferencePhotoRow(sha256=sha256, data=data))
            session.flush()
    row = ProfileRow(
        version=newest_version(session) + 1,
        accepted_at=accepted_at,
        path=str(file.path),
        text=file.text,
        photos=_hashes(file),
        renamed={
            slug: {"rooms": dict(names.rooms), "slots": dict(names.slots)}
            for slug, names in (renamed or {}).items()
        }
        or None,
    )
    session.add(row)
    session.flush()
    return _value_of(row)


def reference_photo(session: Session, version: int, board: str) -> bytes:
    """Return the bytes of a board's reference photo as a version named it.

    Raises
    ------
    NotFoundError
        If it named none.
    """
    row = session.get(ProfileRow, version)
    kept = session.get(ReferencePhotoRow, row.photos.get(board)) if row else None
    if kept is None:
        raise NotFoundError(f"reference photo of board {board}")
    return kept.data


def check_newest(session: Session, profile: Profile) -> None:
    """Check that a profile is the one that holds.

    Parameters
    ----------
    session : Session
        Of `Database.write`, so that it holds until the transaction's end.
    profile : Profile

    Raises
    ------
    ProfileChangedError
        If another one was taken up meanwhile.
    """
    newest = newest_profile(session)
    if newest is not None and newest.profile != profile:
        raise ProfileChangedError


def _hashes(file: EventFile) -> dict[str, str]:
    return {slug: sha256_of(data) for slug, data in file.references.items()}


def _value_of(row: ProfileRow) -> AcceptedProfile:
    return AcceptedProfile(
        row.version, Path(row.path), row.text, _profile_of(row.text), row.photos
    )


@lru_cache(maxsize=2)
def _profile_of(text: str) -> Profile:
    """Return what a text says; kept, because every release asks for it."""
    return parse_profile(text)
