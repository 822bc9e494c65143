"""Where a site keeps its things on this machine, and that it is all there."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import select
from sqlalchemy.engine import make_url

from server.config import SECRET_FILE, Settings
from server.errors import BackupError, SettingsError, StorageError
from server.store.blobs import ORIGINALS, PUBLIC, BlobStore, blob_folder
from server.store.database import Database, sqlite_file
from server.store.folder import (
    SITE_FILE,
    SiteFolder,
    make_private_folder,
    new_site_id,
    site_id_in,
)
from server.store.tables import BlobRow, PhotoRow


@dataclass(frozen=True, slots=True, order=True)
class NamedBlob:
    """A blob that a database names.

    Parameters
    ----------
    part : str
        `ORIGINALS` or `PUBLIC`.
    sha256 : str
    size_bytes : int
    """

    part: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """All that a site keeps on this machine.

    Parameters
    ----------
    data_dir : Path
    blob_dir : Path
        With the parts `ORIGINALS` and `PUBLIC`.
    database : Database
        SQLite's.
    blobs : dict of str to BlobStore
        By part.
    site_id : str
        Empty for a folder from before sites had one.
    """

    data_dir: Path
    blob_dir: Path
    database: Database
    blobs: dict[str, BlobStore]
    site_id: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Find what a site keeps; nothing is made or changed.

        Raises
        ------
        BackupError
            If it is not all on this machine, or not there.
        StorageError
            If it is not whole.
        """
        file, root = check_local(settings)
        if not file.exists():
            raise BackupError(
                f"There is no site in the folder {settings.data_dir}: "
                f"{file.name} is missing.",
                hint="Name the data folder with --data.",
            )
        site_id = site_id_in(settings.data_dir)
        home = SiteFolder(settings.data_dir, site_id) if site_id else None
        photos = SiteFolder(root, site_id) if site_id else None
        if photos is not None:
            photos.check()
        return cls(
            settings.data_dir,
            root,
            Database.open(settings.database_url, home),
            {
                part: BlobStore.open(settings.blob_url, part, photos)
                for part in (ORIGINALS, PUBLIC)
            },
            site_id,
        )


def check_local(settings: Settings) -> tuple[Path, Path]:
    """Return a site's database file and its folder of blobs.

    Raises
    ------
    BackupError
        If they are not on this machine: what keeps them has its own ways.
    """
    file, root = sqlite_file(settings.database_url), blob_folder(settings.blob_url)
    if file is None:
        kind = make_url(settings.database_url).get_backend_name()
        raise BackupError(
            f"The database is kept by {kind}, not in a file.",
            hint="Use what it has for that: pg_dump and pg_restore; and back up "
            "its photos afterwards, so that none that it names is missing.",
        )
    if root is None:
        raise BackupError(
            "The photos are kept in a bucket, not in a folder.",
            hint="Use the bucket's versioning or replication, and sqlite3's "
            ".backup for the database, the database first.",
        )
    return file, root


def named_blobs(database: Database) -> tuple[NamedBlob, ...]:
    """Return all blobs that a database names, originals first.

    Raises
    ------
    StorageError
        If it cannot be read.
    """
    with database.read() as session:
        return tuple(
            NamedBlob(part, sha256, size_bytes)
            for part, table in ((ORIGINALS, PhotoRow), (PUBLIC, BlobRow))
            for sha256, size_bytes in session.execute(
                select(table.sha256, table.size_bytes).order_by(table.sha256)
            )
        )


def folders_of(settings: Settings) -> tuple[SiteFolder, SiteFolder | None]:
    """Return a site's data folder and that of its blobs, if it is in a folder.

    A new site's folders are made and marked, and its database is created. The data
    folder is marked last: one that is marked has all the rest.

    Raises
    ------
    SettingsError
        If they cannot be made or written.
    StorageError
        If something of a site is missing, or another site is there.
    """
    root = blob_folder(settings.blob_url)
    if settings.site_id:
        return _same_site(settings.data_dir, root, settings.site_id)
    make_private_folder(settings.data_dir)
    begun = site_id_in(settings.data_dir)
    if begun:
        _check_complete(settings, begun)
        home, photos = _same_site(settings.data_dir, root, begun)
        if photos is not None:
            make_private_folder(photos.path)
        return home, photos
    Database.open(settings.database_url).create()
    site_id = new_site_id()
    if root is None:
        return SiteFolder.mark(settings.data_dir, site_id), None
    make_private_folder(root)
    photos = SiteFolder.mark(root, site_id)
    return SiteFolder.mark(settings.data_dir, photos.site_id), photos


def private_paths(settings: Settings) -> Iterator[Path]:
    """Yield everything of a site on this machine that is for its owner only."""
    yield settings.data_dir
    yield from (settings.data_dir / name for name in (SECRET_FILE, SITE_FILE))
    file = sqlite_file(settings.database_url)
    if file is not None:
        yield from (file.with_name(f"{file.name}{end}") for end in ("", "-wal", "-shm"))
    root = blob_folder(settings.blob_url)
    if root is not None:
        yield root
        yield from root.rglob("*")


def _same_site(
    data_dir: Path, root: Path | None, site_id: str
) -> tuple[SiteFolder, SiteFolder | None]:
    """Return the folders of a site that was begun; check that they are its own."""
    home = SiteFolder(data_dir, site_id)
    photos = SiteFolder(root, site_id) if root is not None else None
    home.check()
    if photos is not None:
        photos.check()
    return home, photos


def _check_complete(settings: Settings, site_id: str) -> None:
    """Check that a site's folder still has its database.

    Raises
    ------
    SettingsError
        If it may not be written: SQLite would open it for reading, and say nothing.
    StorageError
        If it is gone: to begin anew in silence would hide that it is lost.
    """
    file = sqlite_file(settings.database_url)
    if file is None:
        return
    if file.exists() and not os.access(file, os.W_OK):
        raise SettingsError(
            f"The database {file} may not be written.",
            hint="Let the user that runs the server own it, on a disk that may be "
            "written.",
        )
    if not file.exists():
        raise StorageError(
            f"The folder {settings.data_dir} is that of site {site_id[:8]}, "
            f"but its database {file.name} is missing.",
            hint="Put it back, restore a backup with boardcast restore, or begin anew "
            "in another folder with --data.",
        )
