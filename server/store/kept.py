"""Where a site keeps its things on this machine, and that it is all there."""

from collections.abc import Iterator
from pathlib import Path

from server.config import SECRET_FILE, Settings
from server.errors import StorageError
from server.store.blobs import blob_folder
from server.store.database import Database, sqlite_file
from server.store.folder import (
    SITE_FILE,
    SiteFolder,
    make_private_folder,
    new_site_id,
    site_id_in,
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
    StorageError
        If it is gone: to begin anew in silence would hide that it is lost.
    """
    file = sqlite_file(settings.database_url)
    if file is not None and not file.exists():
        raise StorageError(
            f"The folder {settings.data_dir} is that of site {site_id[:8]}, "
            f"but its database {file.name} is missing.",
            hint="Put it back, restore a backup with boardcast restore, or begin anew "
            "in another folder with --data.",
        )
