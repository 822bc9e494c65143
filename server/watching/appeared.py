"""Which files of a folder are photos that nobody writes any more."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PHOTO_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp", ".avif", ".gif"}
)
"""Of files that Boardcast reads; all others are passed over, like films and raw files."""

PASSED_OVER = (".", "~", "@", "#", "$")
"""How names begin that are hidden, half copied, or a system's own: ``.pureftpd-upload``,
``~syncthing~``, ``@eaDir`` with its thumbnails, ``#recycle``, ``$RECYCLE.BIN``."""


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """By what a file that changes is known. Sorts by time.

    Parameters
    ----------
    mtime_ns : int
        When it was changed, as its disk says.
    size : int
        In bytes.
    """

    mtime_ns: int
    size: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was seen.

    Parameters
    ----------
    stamp : Stamp
    since_s : float
        When it was first seen like that, by a clock of our own: a camera's may be years
        behind.
    """

    stamp: Stamp
    since_s: float


def photos_in(folder: Path) -> dict[Path, Stamp]:
    """Return the photos in a folder and the folders in it, by their names.

    Raises
    ------
    OSError
        If the folder is not there or cannot be read.
    """
    os.scandir(folder).close()
    return dict(_photos(folder))


def _photos(folder: Path) -> Iterator[tuple[Path, Stamp]]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(PASSED_OVER)]
        for name in names:
            path = Path(parent, name)
            if (
                name.startswith(PASSED_OVER)
                or path.suffix.lower() not in PHOTO_SUFFIXES
            ):
                continue
            try:
                found = path.lstat()
            except OSError:  # gone since
                continue
            if path.is_file() and not path.is_symlink():
                yield path, Stamp(found.st_mtime_ns, found.st_size)


def look(
    before: Mapping[Path, Seen], there: Mapping[Path, Stamp], now_s: float
) -> dict[Path, Seen]:
    """Return the files that are there, each with since when it is as it is.

    Parameters
    ----------
    before : mapping of Path to Seen
        As the last look found them.
    there : mapping of Path to Stamp
    now_s : float
        Of a clock that is never set.
    """
    return {
        path: before[path]
        if path in before and before[path].stamp == stamp
        else Seen(stamp, now_s)
        for path, stamp in there.items()
    }


def settled(seen: Mapping[Path, Seen], now_s: float, settled_s: float) -> list[Path]:
    """Return the files that have not changed for some seconds, the oldest first."""
    still = [path for path, one in seen.items() if now_s - one.since_s >= settled_s]
    return sorted(still, key=lambda path: (seen[path].stamp, path))
