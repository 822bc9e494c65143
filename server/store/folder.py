"""Folders that belong to a site: marked, private, and looked at again and again.

A program goes on writing into a folder that was removed or moved away: SQLite keeps
its open file, and a blob store makes folders that are missing. What is written like
that is gone after a restart. So a site's folders carry its name in a small file, and
before anything is promised that file must still be where it was.
"""

import logging
import os
import secrets
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from server.config import write_once
from server.errors import SettingsError, StorageError

SITE_FILE = "site-id"
"""Which site a folder belongs to."""

SITE_ID_BYTES = 16
"""Random: two sites never have the same one."""

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
"""Photos carry GPS and faces, the database names: their owner alone reads them."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SiteFolder:
    """A folder that one site keeps its things in.

    Parameters
    ----------
    path : Path
    site_id : str
        What its `SITE_FILE` says.
    """

    path: Path
    site_id: str

    @classmethod
    def mark(cls, path: Path, site_id: str) -> Self:
        """Mark a folder as a site's; one that is marked already stays as it is.

        Parameters
        ----------
        path : Path
        site_id : str
            Given to it if it has none.

        Raises
        ------
        SettingsError
            If it cannot be written.
        """
        marker = path / SITE_FILE
        try:
            if not marker.exists():
                write_once(marker, f"{site_id}\n")
        except OSError as error:
            raise _unusable(path, error) from error
        return cls(path, site_id_in(path))

    def check(self) -> None:
        """Check that the folder is still there, and still this site's.

        Raises
        ------
        StorageError
            If it is not.
        """
        found = site_id_in(self.path)
        if found == self.site_id:
            return
        if found:
            what = "holds another site"
        elif self.path.is_dir():
            what = f"is not this site's any more: its file {SITE_FILE} is missing"
        else:
            what = "is gone"
        raise StorageError(
            f"The folder {self.path} {what}.",
            hint="Put it back in its place, or restore a backup with boardcast restore; "
            "the server goes on by itself, and until then it takes nothing.",
        )


def new_site_id() -> str:
    """Return the name of a new site."""
    return secrets.token_hex(SITE_ID_BYTES)


def site_id_in(path: Path) -> str:
    """Return which site a folder belongs to; empty if it says none.

    Raises
    ------
    StorageError
        If its mark is there and cannot be read.
    """
    try:
        return (path / SITE_FILE).read_text("ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(
            f"The file {path / SITE_FILE} cannot be read: {error}.",
            hint="Check the disk and who may read the folder.",
        ) from error


def make_private_folder(path: Path) -> None:
    """Make a folder that its owner alone opens, and check that it can be written.

    Raises
    ------
    SettingsError
        If it cannot be made or written.
    """
    try:
        path.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(b"Can this folder be written?")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        raise _unusable(path, error) from error


def make_private(paths: Iterable[Path]) -> None:
    """Take what is there from everybody but its owner.

    What belongs to somebody else, or lies on a disk that knows no owners, stays
    as it is: the log says so.

    Parameters
    ----------
    paths : iterable of Path
        Folders and files; those that are missing are passed over.
    """
    for path in paths:
        try:
            mode = path.lstat().st_mode
            if path.is_symlink() or not mode & 0o077:
                continue
            path.chmod(PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE)
        except FileNotFoundError:
            continue
        except OSError as error:
            log.warning("%s stays open to others: %s", path, error.strerror)


def fsync(path: Path) -> None:
    """Write a file or a folder through to the disk.

    Raises
    ------
    OSError
        If that fails.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unusable(path: Path, error: OSError) -> SettingsError:
    return SettingsError(
        f"The folder {path} cannot be used: {error.strerror or error}.",
        hint="Give a folder that you may write to with --data.",
    )
