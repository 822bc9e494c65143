"""Blobs: bytes under the hash of their content, through obstore.

A site has two stores that share no folder: one for originals, which carry GPS
and faces and are never served, and one for pictures and crops, which are
public. What serves pictures is never given the other one.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import urlsplit
from urllib.request import url2pathname

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from server.errors import (
    BlobDamagedError,
    NotFoundError,
    SettingsError,
    StorageError,
)
from server.store.folder import PRIVATE_FOLDER, SiteFolder, fsync, make_private

ORIGINALS, PUBLIC = "originals", "public"
"""The parts of a site's blobs."""

FANOUT = 2
"""Hex digits of the folder that a blob is in: 256 folders stay small."""


class Blobs(Protocol):
    """What is needed of a blob store; tests give one whose disk is full."""

    def put(self, data: bytes) -> str:
        """Keep bytes; see `BlobStore.put`."""
        ...

    def get(self, sha256: str) -> bytes:
        """Return kept bytes; see `BlobStore.get`."""
        ...

    def exists(self, sha256: str) -> bool:
        """Say whether they are kept; see `BlobStore.exists`."""
        ...

    def path_of(self, sha256: str) -> Path | None:
        """Return the file in which they are; see `BlobStore.path_of`."""
        ...


def sha256_of(data: bytes) -> str:
    """Return the SHA-256 of bytes as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class BlobStore:
    """A folder or a bucket of blobs.

    Parameters
    ----------
    store : obstore.store.ObjectStore
        Made by `open`.
    folder : Path or None
        Where it is, if it is on this machine's disk.
    home : SiteFolder or None
        The site's folder that it lies in: nothing is promised or missed while
        that is gone.
    """

    store: ObjectStore
    folder: Path | None = None
    home: SiteFolder | None = None

    @classmethod
    def open(cls, url: str, part: str, home: SiteFolder | None = None) -> Self:
        """Open one part of the site's blobs; a folder is made if need be.

        Parameters
        ----------
        url : str
            ``file:///folder``, ``s3://bucket/prefix`` or another address that
            obstore knows; credentials come from the environment.
        part : str
            `ORIGINALS` or `PUBLIC`.
        home : SiteFolder, optional
            Where the blobs are in a folder: that folder, marked.

        Raises
        ------
        SettingsError
            If the address cannot be used.
        """
        try:
            root = blob_folder(url)
            if root is not None:
                folder = root / part
                folder.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
                return cls(LocalStore(folder), folder, home)
            return cls(from_url(f"{url.rstrip('/')}/{part}"))
        except (BaseError, OSError, ValueError) as error:
            raise SettingsError(
                f"The blob address {url} cannot be used: {_first_line(error)}.",
                hint="Leave it out for a folder, or give one such as s3://bucket.",
            ) from error

    def put(self, data: bytes) -> str:
        """Keep bytes; when this returns, a power cut does not lose them.

        Keeping the same bytes again changes nothing.

        Parameters
        ----------
        data : bytes

        Returns
        -------
        str
            Their SHA-256, 64 lower-case hex digits.

        Raises
        ------
        StorageError
            If they cannot be kept, for example because the disk is full.
        """
        sha256 = sha256_of(data)
        self._check_home()
        try:
            with _translated():
                if not self._holds(sha256, data):
                    obstore.put(self.store, blob_key(sha256), data)
                # Those that were there, too: whoever put them may have been killed
                # before they were synced, or may be at it just now.
                self._sync(blob_key(sha256))
        except FileNotFoundError as error:
            raise _vanished(sha256) from error
        self._check_home()
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return kept bytes.

        Raises
        ------
        NotFoundError
            If there are none.
        BlobDamagedError
            If they are not what they were.
        StorageError
            If they cannot be read.
        """
        try:
            with _translated():
                data = bytes(obstore.get(self.store, blob_key(sha256)).bytes())
        except FileNotFoundError as error:
            self._check_home()
            raise NotFoundError(f"picture {sha256}") from error
        if sha256_of(data) != sha256:
            raise BlobDamagedError(sha256)
        return data

    def delete(self, sha256: str) -> None:
        """Delete bytes that nothing names any more; those that are not kept are no fault.

        Raises
        ------
        StorageError
            If they cannot be deleted.
        """
        self._check_home()
        with suppress(FileNotFoundError), _translated():
            obstore.delete(self.store, blob_key(sha256))

    def exists(self, sha256: str) -> bool:
        """Say whether bytes with this SHA-256 are kept.

        Raises
        ------
        StorageError
            If the store cannot be asked.
        """
        self._check_home()
        try:
            with _translated():
                obstore.head(self.store, blob_key(sha256))
        except FileNotFoundError:
            return False
        return True

    def path_of(self, sha256: str) -> Path | None:
        """Return the file in which bytes are kept; None if that is in a bucket.

        Raises
        ------
        NotFoundError
            If this is no SHA-256.
        """
        return None if self.folder is None else self.folder / blob_key(sha256)

    def _holds(self, sha256: str, data: bytes) -> bool:
        """Say whether the bytes are kept and undamaged.

        A crash between the rename and the sync can leave an empty file under
        a hash: it is written again.
        """
        try:
            return bytes(obstore.get(self.store, blob_key(sha256)).bytes()) == data
        except FileNotFoundError:
            return False

    def _sync(self, key: str) -> None:
        """Write a file and its folders through to the disk: obstore does not.

        Nor does it keep them from other people of this machine.
        """
        if self.folder is None:
            return
        path = self.folder / key
        make_private((path, path.parent))
        for entry in (path, path.parent, self.folder):
            fsync(entry)

    def _check_home(self) -> None:
        """Check that what is written here is found here after a restart.

        Raises
        ------
        StorageError
            If the folder is gone, or another one is in its place.
        """
        if self.home is not None:
            self.home.check()
        if self.folder is not None and not self.folder.is_dir():
            raise StorageError(
                f"The folder {self.folder} is gone.",
                hint="Put it back in its place; the server goes on by itself, and "
                "until then it takes nothing.",
            )


def blob_folder(url: str) -> Path | None:
    """Return the folder of a blob address; None if it is none of this machine."""
    if not url.startswith("file:"):
        return None
    return Path(url2pathname(urlsplit(url).path))


def _vanished(sha256: str) -> StorageError:
    return StorageError(
        f"The stored file {sha256} was removed while it was written.",
        hint="Check who clears the data folder, and send the photo again.",
    )


def blob_key(sha256: str) -> str:
    """Return where a blob is; the hash is never taken as a path.

    Raises
    ------
    NotFoundError
        If it is no SHA-256, so that no blob can be under it.
    """
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):  # noqa: PLR2004  (digits of a SHA-256)
        raise NotFoundError("such picture")
    return f"{sha256[:FANOUT]}/{sha256}"


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what only an operator can mend into a StorageError."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise StorageError(
            f"The photo store does not work: {_first_line(error)}.",
            hint="Check that it can be reached and has space left, and try again.",
        ) from error


def _first_line(error: Exception) -> str:
    """Return the first line of an error: obstore adds its whole debug print."""
    return str(error).split("\n", 1)[0].rstrip(".")
