"""Whether all is well with what a site keeps: nothing is changed here."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from server.errors import BlobDamagedError, NotFoundError, StorageError
from server.store.blobs import ORIGINALS, PUBLIC, blob_key, sha256_of
from server.store.kept import Kept, NamedBlob, named_blobs

SETTLED_AFTER_S = 2.0
"""Between a photo's bytes and its row lie milliseconds: one that nobody names yet,
and that is younger, is looked for in the database again."""

Progress = Callable[[int, int], None]
"""Is told how many of how many blobs are looked at."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found.

    Parameters
    ----------
    database : tuple of str
        What SQLite finds wrong with the database.
    missing, damaged : tuple of NamedBlob
        Named by the database.
    orphans : tuple of Path
        Whole originals that no photo names: their bytes were kept, and then the
        server was killed before the database knew of them.
    leftovers : tuple of Path
        Other files that nobody names: what a step had kept when it was killed.
        They do no harm.
    blobs : int
        Named by the database.
    """

    database: tuple[str, ...]
    missing: tuple[NamedBlob, ...]
    damaged: tuple[NamedBlob, ...]
    orphans: tuple[Path, ...]
    leftovers: tuple[Path, ...]
    blobs: int

    @property
    def clean(self) -> bool:
        """Whether nothing is lost or waits to be taken back in."""
        return not (self.database or self.missing or self.damaged or self.orphans)


def examine(
    kept: Kept, told: Progress, settled_after_s: float = SETTLED_AFTER_S
) -> CheckReport:
    """Look at everything that a site keeps, in every byte.

    Parameters
    ----------
    kept : Kept
    told : callable
    settled_after_s : float
        How old a file is that nobody will name any more.

    Raises
    ------
    StorageError
        If a folder is gone or cannot be read.
    """
    # Files first: those that are named afterwards were there before.
    files = tuple(_files(kept))
    try:
        problems = kept.database.problems()
        named = _named_by_now(kept, files, settled_after_s)
    except StorageError as error:
        return CheckReport((error.message,), (), (), (), (), 0)
    missing: list[NamedBlob] = []
    damaged: list[NamedBlob] = []
    for number, blob in enumerate(named, start=1):
        try:
            kept.blobs[blob.part].get(blob.sha256)
        except NotFoundError:
            missing.append(blob)
        except BlobDamagedError:
            damaged.append(blob)
        told(number, len(named))
    unnamed = _unnamed(kept, files, named)
    orphans = tuple(path for path in unnamed if _is_whole_original(kept, path))
    return CheckReport(
        database=problems,
        missing=tuple(missing),
        damaged=tuple(damaged),
        orphans=orphans,
        leftovers=tuple(path for path in unnamed if path not in orphans),
        blobs=len(named),
    )


def _files(kept: Kept) -> Iterator[Path]:
    for part in (ORIGINALS, PUBLIC):
        folder = kept.blob_dir / part
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _named_by_now(
    kept: Kept, files: tuple[Path, ...], settled_after_s: float
) -> tuple[NamedBlob, ...]:
    """Return what the database names, once files that are new had time to be named."""
    named = named_blobs(kept.database)
    unnamed = _unnamed(kept, files, named)
    newest = max((_changed_at(path) for path in unnamed), default=0.0)
    wait = newest + settled_after_s - time.time()
    if wait <= 0:
        return named
    time.sleep(min(wait, settled_after_s))
    return named_blobs(kept.database)


def _unnamed(
    kept: Kept, files: tuple[Path, ...], named: tuple[NamedBlob, ...]
) -> tuple[Path, ...]:
    known = {kept.blob_dir / blob.part / blob_key(blob.sha256) for blob in named}
    return tuple(path for path in files if path not in known)


def _is_whole_original(kept: Kept, path: Path) -> bool:
    folder = kept.blob_dir / ORIGINALS
    if not path.is_relative_to(folder) or len(path.relative_to(folder).parts) != 2:  # noqa: PLR2004  (fan-out and name)
        return False
    try:
        return sha256_of(path.read_bytes()) == path.name
    except FileNotFoundError:  # obstore's own, while it writes
        return False


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
