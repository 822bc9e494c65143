"""Backups: a copy of a site that is consistent, made while it runs.

First one state of the database, then every blob that this state names: blobs are
kept before the rows that name them, and never change, so they are there.
"""

import datetime as dt
import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from sqlalchemy import inspect

from calibration.profile import ReferencePhoto, save_profile
from server.config import SECRET_FILE
from server.errors import BackupError, BlobDamagedError, NotFoundError, StorageError
from server.event_file import EventFile, read_event_file
from server.store.archive import (
    SNAPSHOTS,
    BackupWriter,
    backup_writer,
)
from server.store.database import Database
from server.store.kept import Kept, NamedBlob, named_blobs
from server.store.manifest import Manifest
from server.store.profiles import newest_profile, reference_photo
from server.store.sqlite import sqlite_url
from server.store.tables import ProfileRow

DATABASE_FILE = "boardcast.db"
EVENT_FOLDER = "event"
EVENT_FILE = "event.toml"

Result = TypeVar("Result")

Progress = Callable[[int, int], None]
"""Is told how many of how many blobs are done."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup came to.

    Parameters
    ----------
    target : Path
    blobs : int
        Photos and pictures in it.
    added : int
        Of them, those that were not in it before.
    added_bytes : int
    missing : tuple of NamedBlob
        Named by the database, but missing or damaged: they are not in it.
    """

    target: Path
    blobs: int
    added: int
    added_bytes: int
    missing: tuple[NamedBlob, ...]


def back_up(
    kept: Kept, event: Path, target: Path, made_at: dt.datetime, told: Progress
) -> BackupReport:
    """Make a backup, or bring one in a folder up to date.

    Parameters
    ----------
    kept : Kept
    event : Path
        The event.toml, for a site that has taken none up yet; its reference photos
        go along.
    target : Path
        A folder, or an archive: see `backup_writer`.
    made_at : datetime
        Aware time that it is now.
    told : callable

    Raises
    ------
    BackupError
        If it cannot be made there.
    ProfileError, ReferenceMissingError, PhotoError
        If none was taken up yet, and the event.toml cannot be used.
    StorageError
        If something cannot be read or written, or the database is damaged: the
        backup before this one is then as it was.
    """
    target = target.absolute()
    _check_apart(kept, target)
    with backup_writer(target, kept.site_id) as writer:
        staged = writer.staging
        named = _stage_database(kept, staged / DATABASE_FILE)
        _stage_event(_event_of(staged / DATABASE_FILE, event), staged / EVENT_FOLDER)
        secret = kept.data_dir / SECRET_FILE
        if secret.exists():
            shutil.copyfile(secret, staged / SECRET_FILE)
        snapshot = f"{made_at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        files = {}
        for path in sorted(entry for entry in staged.rglob("*") if entry.is_file()):
            own = path.relative_to(staged).as_posix()
            writer.add_file(f"{SNAPSHOTS}/{snapshot}/{own}", path)
            files[own] = sha256_of_file(path)
        report = _add_blobs(kept, named, writer, told, target)
        missing = tuple(f"{blob.part}/{blob.sha256}" for blob in report.missing)
        writer.finish(
            Manifest(kept.site_id, made_at.isoformat(), snapshot, files, missing)
        )
    return report


def done_at_once(
    at_once: int,
    do: Callable[[NamedBlob], Result],
    blobs: Sequence[NamedBlob],
    told: Progress,
) -> Iterator[Result]:
    """Do something with several blobs at a time; yield what comes of it, in order."""
    with ThreadPoolExecutor(at_once) as pool:
        try:
            for number, result in enumerate(pool.map(do, blobs), start=1):
                told(number, len(blobs))
                yield result
        finally:
            pool.shutdown(cancel_futures=True)


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file of any size."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _check_apart(kept: Kept, target: Path) -> None:
    for folder in (kept.data_dir, kept.blob_dir):
        if target.resolve().is_relative_to(folder.resolve()):
            raise BackupError(
                f"The backup {target} would lie in the folder that it is of.",
                hint="Name another place, on another disk if there is one.",
            )


def _stage_database(kept: Kept, file: Path) -> tuple[NamedBlob, ...]:
    """Copy one state of the database; return the blobs that it names.

    Raises
    ------
    StorageError
        If it is damaged: a backup of it would take the place of a good one.
    """
    kept.database.copy_to(file)
    copy = Database.open(sqlite_url(file))
    problems = copy.problems()
    if problems:
        raise StorageError(
            f"The database is damaged: {problems[0]}.",
            hint="boardcast check says what is damaged. Restore the last backup, which "
            "is as it was, with boardcast restore.",
        )
    named = named_blobs(copy)
    copy.close()
    return named


def _event_of(file: Path, event: Path) -> EventFile:
    """Return the event that a copy of a database has taken up.

    Whatever event.toml says by now: it may be broken just when a backup is due. The
    file itself counts where none was taken up yet.
    """
    copy = Database.open(sqlite_url(file))
    try:
        with copy.read() as session:
            accepted = None
            if inspect(session.connection()).has_table(ProfileRow.__tablename__):
                accepted = newest_profile(session)
            if accepted is None:
                return read_event_file(event)
            references = {
                slug: reference_photo(session, accepted.version, slug)
                for slug in accepted.references
            }
            return EventFile(event, accepted.text, accepted.profile, references)
    finally:
        copy.close()


def _stage_event(event: EventFile, folder: Path) -> None:
    """Write an event.toml and its reference photos into one folder.

    Photos outside of the file's folder are put inside.
    """
    folder.mkdir()
    (folder / EVENT_FILE).write_text(event.text, "utf-8")
    boards = []
    for board in event.profile.boards:
        if board.reference is None:
            boards.append(board)
            continue
        inside = _inside(board.reference.photo, board.slug)
        (folder / inside).parent.mkdir(parents=True, exist_ok=True)
        (folder / inside).write_bytes(event.references[board.slug])
        reference = ReferencePhoto(inside, board.reference.corners)
        boards.append(replace(board, reference=reference))
    if tuple(boards) != event.profile.boards:
        profile = replace(event.profile, boards=tuple(boards))
        save_profile(profile, folder / EVENT_FILE)


def _inside(photo: Path, slug: str) -> Path:
    if photo.is_absolute() or ".." in photo.parts:
        return Path("references") / f"{slug}{photo.suffix}"
    return photo


def _add_blobs(
    kept: Kept,
    named: Iterable[NamedBlob],
    writer: BackupWriter,
    told: Progress,
    target: Path,
) -> BackupReport:
    blobs = tuple(named)

    def add(blob: NamedBlob) -> int | None:
        """Add a blob; return how many bytes that took, None if it is lost."""
        if writer.holds(blob.part, blob.sha256, blob.size_bytes):
            return 0
        try:
            data = kept.blobs[blob.part].get(blob.sha256)
        except (NotFoundError, BlobDamagedError):
            return None
        writer.add_blob(blob.part, data)
        return len(data)

    sizes = list(done_at_once(writer.at_once, add, blobs, told))
    return BackupReport(
        target,
        blobs=sum(size is not None for size in sizes),
        added=sum(bool(size) for size in sizes),
        added_bytes=sum(filter(None, sizes)),
        missing=tuple(
            blob for blob, size in zip(blobs, sizes, strict=True) if size is None
        ),
    )
