"""Backups back in place: checked in every byte, and whole or not at all."""

import datetime as dt
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from server.config import PREFIX, Settings
from server.errors import BackupError, StorageError
from server.store.archive import (
    AT_ONCE,
    BLOBS,
    SNAPSHOTS,
    BackupReader,
    backup_reader,
)
from server.store.backup import (
    DATABASE_FILE,
    EVENT_FILE,
    EVENT_FOLDER,
    Progress,
    done_at_once,
    sha256_of_file,
)
from server.store.blobs import ORIGINALS, PUBLIC, BlobStore
from server.store.database import Database
from server.store.folder import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    SiteFolder,
    fsync,
    make_private,
)
from server.store.kept import NamedBlob, check_local, named_blobs
from server.store.manifest import Manifest
from server.store.migrate import migrate
from server.store.sqlite import sqlite_url


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was restored.

    Parameters
    ----------
    data_dir : Path
    event : Path
        The event.toml in it.
    made_at : str
        When the backup was made, ISO 8601.
    blobs : int
        Photos and pictures.
    missing : tuple of str
        ``part/sha256`` of those that were missing when the backup was made.
    aside : Path or None
        Where the folder is that was in this place.
    """

    data_dir: Path
    event: Path
    made_at: str
    blobs: int
    missing: tuple[str, ...]
    aside: Path | None


def check_inside(settings: Settings) -> None:
    """Check that a site keeps its things where `restore` puts them.

    Raises
    ------
    BackupError
        If it uses another database or folder of photos than those in its data folder.
    """
    own = (settings.data_dir / DATABASE_FILE, settings.data_dir / BLOBS)
    for used, restored in zip(check_local(settings), own, strict=True):
        if used.resolve() != restored.resolve():
            raise BackupError(
                f"The site uses {used}, and a backup is restored into {restored}.",
                hint=f"Leave {PREFIX}DATABASE_URL and {PREFIX}BLOB_URL out, here and "
                "where boardcast serve runs.",
            )


def restore(
    source: Path, data_dir: Path, now: dt.datetime, told: Progress, *, replace: bool
) -> RestoreReport:
    """Put a backup in the place of a data folder.

    It is made beside it and checked; only then it takes the place. A server that
    runs goes on with it.

    Parameters
    ----------
    source : Path
        As `backup_reader` reads it.
    data_dir : Path
        New or empty, unless `replace` is set.
    now : datetime
        Aware time that it is now.
    told : callable
    replace : bool
        Whether a folder that holds something is put aside, not removed.

    Raises
    ------
    BackupError
        If the folder holds something, or the backup is none or not whole.
    StorageError
        If it cannot be written.
    """
    data_dir = data_dir.absolute()
    _check_place(data_dir, replace=replace)
    building = data_dir.with_name(f".{data_dir.name}.restoring")
    with backup_reader(source) as reader:
        manifest = reader.manifest()
        try:
            if building.exists():
                shutil.rmtree(building)
            building.mkdir(PRIVATE_FOLDER, parents=True)
            blobs = _build(reader, manifest, building, told)
            aside = _swap(building, data_dir, now)
        except OSError as error:
            raise StorageError(
                f"The folder {data_dir} cannot be made: {error}.",
                hint="Check that you may write beside it and that its disk has space; "
                "what was there is as it was.",
            ) from error
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return RestoreReport(
        data_dir,
        data_dir / EVENT_FOLDER / EVENT_FILE,
        manifest.made_at,
        blobs,
        manifest.missing,
        aside,
    )


def _check_place(data_dir: Path, *, replace: bool) -> None:
    if data_dir.is_symlink() or data_dir.is_mount():
        raise BackupError(
            f"The folder {data_dir} is a link or a disk of its own, and cannot be "
            "replaced in one step.",
            hint="Restore into a folder inside of it, and name that one with --data.",
        )
    if data_dir.exists() and not data_dir.is_dir():
        raise BackupError(f"{data_dir} is a file.", hint="Name a folder with --data.")
    if not replace and data_dir.exists() and any(data_dir.iterdir()):
        raise BackupError(
            f"The folder {data_dir} is not empty.",
            hint="Name a new folder, or give --replace: what is there is put aside.",
        )


def _build(
    reader: BackupReader, manifest: Manifest, building: Path, told: Progress
) -> int:
    """Make the folder; return how many blobs it holds."""
    _extract(reader, manifest, building)
    database = Database.open(sqlite_url(building / DATABASE_FILE))
    try:
        problems = database.problems()
        if problems:
            raise _damaged(DATABASE_FILE, problems[0])
        # Not left to the server: one that runs does it only when it starts.
        migrate(database)
        named = named_blobs(database)
    finally:
        database.close()
    root = building / BLOBS
    missing = set(manifest.missing)
    wanted = [blob for blob in named if f"{blob.part}/{blob.sha256}" not in missing]
    _copy_blobs(reader, wanted, root, told)
    if manifest.site_id:
        for folder in (root, building):
            SiteFolder.mark(folder, manifest.site_id)
    make_private((building, *building.rglob("*")))
    return len(wanted)


def _extract(reader: BackupReader, manifest: Manifest, building: Path) -> None:
    """Write the snapshot's files, and check each."""
    for name, sha256 in manifest.files.items():
        path = building / name
        if not path.resolve().is_relative_to(building.resolve()):
            raise _damaged(name, "it lies outside")
        path.parent.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
        try:
            reader.extract(f"{SNAPSHOTS}/{manifest.snapshot}/{name}", path)
        except FileNotFoundError as error:
            raise _damaged(name, "it is missing") from error
        path.chmod(PRIVATE_FILE)
        if sha256_of_file(path) != sha256:
            raise _damaged(name, "its bytes changed")
        fsync(path)
        fsync(path.parent)
    if DATABASE_FILE not in manifest.files:
        raise _damaged(DATABASE_FILE, "it is missing")


def _copy_blobs(
    reader: BackupReader, wanted: Iterable[NamedBlob], root: Path, told: Progress
) -> None:
    """Write blobs, and check that each is what it was."""
    stores = {part: BlobStore.open(root.as_uri(), part) for part in (ORIGINALS, PUBLIC)}

    def copy(blob: NamedBlob) -> None:
        name = f"{blob.part}/{blob.sha256}"
        try:
            data = reader.blob(blob.part, blob.sha256)
        except FileNotFoundError as error:
            raise _damaged(name, "it is missing") from error
        if stores[blob.part].put(data) != blob.sha256:
            raise _damaged(name, "its bytes changed")

    for _ in done_at_once(AT_ONCE, copy, tuple(wanted), told):
        pass


def _swap(building: Path, data_dir: Path, now: dt.datetime) -> Path | None:
    """Put the new folder in place; return where the old one is.

    Raises
    ------
    OSError
        If that fails: the old one is then where it was.
    """
    aside = None
    if data_dir.exists() and any(data_dir.iterdir()):
        aside = data_dir.with_name(f"{data_dir.name}.before-{now:%Y%m%dT%H%M%S}")
        data_dir.rename(aside)
    try:
        building.rename(data_dir)  # an empty folder makes way by itself
    except OSError:
        if aside is not None:
            aside.rename(data_dir)
        raise
    fsync(data_dir.parent)
    return aside


def _damaged(name: str, what: str) -> BackupError:
    return BackupError(
        f"The backup is damaged at {name}: {what}.",
        hint="Nothing was restored. Take another backup.",
    )
