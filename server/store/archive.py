"""What a backup is written into and read from: a folder, or one tar archive.

A folder holds one manifest, the snapshot that it names, and blobs that are added to
and never change; the manifest is replaced last, and in one step. So a backup that is
interrupted leaves the one before it whole. An archive holds the same files.
"""

import errno
import fcntl
import io
import os
import shutil
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol, Self

from server.errors import BackupError, StorageError
from server.store.blobs import ORIGINALS, PUBLIC, BlobStore, blob_key, sha256_of
from server.store.folder import PRIVATE_FILE, PRIVATE_FOLDER, fsync
from server.store.manifest import MANIFEST, Manifest, no_backup

SNAPSHOTS = "snapshots"
BLOBS = "blobs"
LOCK = "lock"
STAGING = "staging"
ARCHIVE_SUFFIX = ".tar"
"""What a new target must end with to become one archive, not a folder."""

OWN = frozenset({MANIFEST, f"{MANIFEST}.new", SNAPSHOTS, BLOBS, LOCK, STAGING})
"""All that a backup's folder holds, but for what file managers hide in any folder."""

AT_ONCE = 8
"""Blobs written at the same time: a thousand take a tenth of the
time that they take one by one."""


class BackupWriter(Protocol):
    """What a backup is written into."""

    @property
    def at_once(self) -> int:
        """How many blobs may be added at the same time."""

    @property
    def staging(self) -> Path:
        """A private folder on its disk, empty at first and gone afterwards."""

    def holds(self, part: str, sha256: str, size_bytes: int) -> bool:
        """Say whether a blob is in it already."""

    def add_blob(self, part: str, data: bytes) -> None:
        """Add a blob."""

    def add_file(self, name: str, path: Path) -> None:
        """Add a file of the snapshot under its whole name."""

    def finish(self, manifest: Manifest) -> None:
        """Let this be the backup from now on."""


class BackupReader(Protocol):
    """What a backup is read from."""

    def manifest(self) -> Manifest:
        """Return what it holds."""

    def extract(self, name: str, path: Path) -> None:
        """Write one of its files to a path."""

    def blob(self, part: str, sha256: str) -> bytes:
        """Return the bytes that are kept under a hash, whatever they are now."""


@dataclass(frozen=True, slots=True, eq=False)
class FolderBackup:
    """A folder, as writer and as reader.

    Parameters
    ----------
    root : Path
    blobs : dict of str to BlobStore
        By part.
    at_once : int
    """

    root: Path
    blobs: dict[str, BlobStore]
    at_once: int = AT_ONCE

    @classmethod
    def at(cls, root: Path) -> Self:
        """Return the backup in a folder."""
        address = (root / BLOBS).as_uri()
        parts = (ORIGINALS, PUBLIC)
        return cls(root, {part: BlobStore.open(address, part) for part in parts})

    @property
    def staging(self) -> Path:
        """A private folder on its disk."""
        return self.root / STAGING

    def holds(self, part: str, sha256: str, size_bytes: int) -> bool:
        """Say whether a blob is in it; a crash may have left one without bytes."""
        try:
            found = self._blob_path(part, sha256).stat().st_size
        except FileNotFoundError:
            return False
        return found == size_bytes

    def add_blob(self, part: str, data: bytes) -> None:
        """Add a blob, written through to the disk."""
        self.blobs[part].put(data)

    def add_file(self, name: str, path: Path) -> None:
        """Add a file, written through to the disk."""
        target = self.root / name
        target.parent.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        target.chmod(PRIVATE_FILE)
        fsync(target)
        fsync(target.parent)

    def finish(self, manifest: Manifest) -> None:
        """Replace the manifest, and then drop the snapshots before it."""
        new = self.root / f"{MANIFEST}.new"
        new.write_text(manifest.to_text())
        new.chmod(PRIVATE_FILE)
        fsync(new)
        fsync(self.root / SNAPSHOTS)
        new.replace(self.root / MANIFEST)
        fsync(self.root)
        self.tidy()

    def tidy(self) -> None:
        """Remove snapshots that the manifest does not name: of killed backups too."""
        found = list((self.root / SNAPSHOTS).glob("*/"))
        current = self.manifest().snapshot if self.is_begun() else ""
        for snapshot in found:
            if snapshot.name != current:
                shutil.rmtree(snapshot)

    def is_begun(self) -> bool:
        """Say whether a backup was finished here before."""
        return (self.root / MANIFEST).is_file()

    def manifest(self) -> Manifest:
        """Return what it holds.

        Raises
        ------
        BackupError
            If it is no backup.
        """
        try:
            return Manifest.from_text((self.root / MANIFEST).read_text())
        except OSError as error:
            raise no_backup(self.root) from error

    def extract(self, name: str, path: Path) -> None:
        """Write one of its files to a path."""
        shutil.copyfile(self.root / name, path)

    def blob(self, part: str, sha256: str) -> bytes:
        """Return the bytes that are kept under a hash."""
        return self._blob_path(part, sha256).read_bytes()

    def _blob_path(self, part: str, sha256: str) -> Path:
        return self.root / BLOBS / part / blob_key(sha256)


@dataclass(frozen=True, slots=True, eq=False)
class ArchiveWriter:
    """One tar archive that is being written.

    Parameters
    ----------
    target : Path
        Where it is put when it is whole.
    tar : tarfile.TarFile
    stream : file
        What it writes to.
    unfinished : Path
        Where that is.
    at_once : int
    """

    target: Path
    tar: tarfile.TarFile
    stream: IO[bytes]
    unfinished: Path
    at_once: int = 1

    @property
    def staging(self) -> Path:
        """A private folder on its disk."""
        return self.target.with_name(f".{self.target.name}.{STAGING}")

    def holds(self, _part: str, _sha256: str, _size_bytes: int) -> bool:
        """Say no: an archive is written anew each time."""
        return False

    def add_blob(self, part: str, data: bytes) -> None:
        """Add a blob."""
        self._add(f"{BLOBS}/{part}/{blob_key(sha256_of(data))}", io.BytesIO(data))

    def add_file(self, name: str, path: Path) -> None:
        """Add a file."""
        with path.open("rb") as stream:
            self._add(name, stream)

    def finish(self, manifest: Manifest) -> None:
        """Put the archive in the place of the one before it."""
        self._add(MANIFEST, io.BytesIO(manifest.to_text().encode()))
        self.tar.close()
        self.stream.flush()  # closing a tar leaves that to whoever opened its file
        fsync(self.unfinished)
        self.unfinished.replace(self.target)
        fsync(self.target.parent)

    def _add(self, name: str, stream: IO[bytes]) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = stream.seek(0, os.SEEK_END)
        entry.mode = PRIVATE_FILE
        stream.seek(0)
        self.tar.addfile(entry, stream)


@dataclass(frozen=True, slots=True, eq=False)
class ArchiveReader:
    """One tar archive that is read.

    Parameters
    ----------
    path : Path
    tar : tarfile.TarFile
    entries : mapping of str to tarfile.TarInfo
        By name.
    reading : threading.Lock
        A file is at one place at a time.
    """

    path: Path
    tar: tarfile.TarFile
    entries: Mapping[str, tarfile.TarInfo]
    reading: threading.Lock = field(default_factory=threading.Lock)

    def manifest(self) -> Manifest:
        """Return what it holds.

        Raises
        ------
        BackupError
            If it is no backup, or not whole.
        """
        if MANIFEST not in self.entries:
            raise no_backup(self.path)
        return Manifest.from_text(self._read(MANIFEST).decode("utf-8", "replace"))

    def extract(self, name: str, path: Path) -> None:
        """Write one of its files to a path."""
        with self._open(name) as stream, path.open("wb") as target:
            shutil.copyfileobj(stream, target)

    def blob(self, part: str, sha256: str) -> bytes:
        """Return the bytes that are kept under a hash."""
        return self._read(f"{BLOBS}/{part}/{blob_key(sha256)}")

    def _read(self, name: str) -> bytes:
        with self.reading, self._open(name) as stream:
            return stream.read()

    def _open(self, name: str) -> IO[bytes]:
        entry = self.entries.get(name)
        stream = self.tar.extractfile(entry) if entry else None
        if stream is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
        return stream


@contextmanager
def backup_writer(target: Path, site_id: str) -> Iterator[BackupWriter]:
    """Give what writes a site's backup; only one at a time writes to a target.

    Parameters
    ----------
    target : Path
        An archive if it ends with `ARCHIVE_SUFFIX` or is a file, else a folder.
    site_id : str
        Whose backup it is to be.

    Raises
    ------
    BackupError
        If something else is there, or another backup is being made there.
    StorageError
        If it cannot be written.
    """
    try:
        if is_archive(target):
            with _archive_writer(target, site_id) as writer:
                yield writer
        else:
            with _folder_writer(target, site_id) as writer:
                yield writer
    except OSError as error:
        raise StorageError(
            f"The backup {target} cannot be written: {error.strerror or error}.",
            hint="Check that its disk has space and that you may write there; the "
            "backup before this one is as it was.",
        ) from error


@contextmanager
def backup_reader(source: Path) -> Iterator[BackupReader]:
    """Give what reads a backup.

    Raises
    ------
    BackupError
        If it cannot be read or is none.
    """
    try:
        if source.is_dir():
            yield FolderBackup(source, {})
            return
        with tarfile.open(source) as tar:
            yield ArchiveReader(source, tar, {entry.name: entry for entry in tar})
    except (tarfile.TarError, EOFError) as error:
        raise no_backup(source) from error
    except OSError as error:
        raise BackupError(
            f"The backup {source} cannot be read: {error.strerror or error}.",
            hint="Check the path, or take another backup.",
        ) from error


def is_archive(target: Path) -> bool:
    """Say whether a target is one archive, not a folder."""
    if target.exists():
        return not target.is_dir()
    return target.suffix == ARCHIVE_SUFFIX


@contextmanager
def _folder_writer(root: Path, site_id: str) -> Iterator[FolderBackup]:
    root.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
    if any(entry.name not in OWN for entry in root.glob("[!.]*")):
        raise BackupError(
            f"The folder {root} holds something else than a backup.",
            hint="Name a new or empty folder, or an archive such as backup.tar.",
        )
    with _alone(root / LOCK):
        backup = FolderBackup.at(root)
        if backup.is_begun():
            _check_site(backup.manifest(), site_id, root)
        backup.tidy()
        with _staged(backup.staging):
            yield backup


@contextmanager
def _archive_writer(target: Path, site_id: str) -> Iterator[ArchiveWriter]:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        with backup_reader(target) as reader:
            _check_site(reader.manifest(), site_id, target)
    unfinished = target.with_name(f".{target.name}.unfinished")
    with _alone(unfinished.with_suffix(".lock")):
        try:
            with (
                os.fdopen(_private_handle(unfinished), "wb") as stream,
                tarfile.open(fileobj=stream, mode="w") as tar,
            ):
                writer = ArchiveWriter(target, tar, stream, unfinished)
                with _staged(writer.staging):
                    yield writer
        finally:
            unfinished.unlink(missing_ok=True)


@contextmanager
def _staged(folder: Path) -> Iterator[None]:
    """Make a folder anew, and remove it afterwards; a kill may have left one."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(PRIVATE_FOLDER)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _private_handle(path: Path) -> int:
    """Open a file anew, for its owner only."""
    path.unlink(missing_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let nobody else write here; a process that is killed lets go."""
    handle = os.open(lock, os.O_WRONLY | os.O_CREAT, PRIVATE_FILE)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(
                "Another backup is being made there.",
                hint="Wait until it is done, or name another place.",
            ) from error
        yield
    finally:
        os.close(handle)


def _check_site(found: Manifest, site_id: str, target: Path) -> None:
    # One from before sites had ids may be anybody's.
    if found.site_id not in {site_id, ""}:
        raise BackupError(
            f"{target} is the backup of another site.",
            hint="Name a place of its own for this one.",
        )
