"""Pictures that wait until a server takes them: a small folder with bounds."""

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MOST_PICTURES = 100
"""Eight hours of a picture every five minutes, and no disk is full of them."""

MOST_BYTES = 300 * 2**20
"""On the memory card of a Raspberry Pi nobody misses so much."""

LAST = "last-taken.jpg"
"""With what the next pictures are compared, after a restart too."""


@dataclass(frozen=True, slots=True)
class Spool:
    """A folder of pictures, named by when they were taken.

    Parameters
    ----------
    folder : Path
        It is made if it is not there.
    say : callable
        Tells a line to whoever looks at the log.
    most_pictures, most_bytes : int
        See `MOST_PICTURES`, `MOST_BYTES`.
    """

    folder: Path
    say: Callable[[str], None]
    most_pictures: int = MOST_PICTURES
    most_bytes: int = MOST_BYTES

    def add(self, data: bytes, taken_at: dt.datetime) -> Path:
        """Keep a picture, through to the disk; the oldest give way when it is full.

        Raises
        ------
        OSError
            If it cannot be kept.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{taken_at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}.jpg"
        self._write(path, data)
        self._write(self.folder / LAST, data)
        kept = self.waiting()
        while len(kept) > self.most_pictures or _bytes(kept) > self.most_bytes:
            oldest = kept.pop(0)
            oldest.unlink(missing_ok=True)
            self.say(f"{self.folder} is full: {oldest.name} was never sent.")
        return path

    def waiting(self) -> list[Path]:
        """Return the pictures that wait, the oldest first."""
        return sorted(self.folder.glob("2*Z.jpg"))

    def last(self) -> bytes | None:
        """Return the picture that was taken last; None if there is none."""
        try:
            return (self.folder / LAST).read_bytes()
        except OSError:
            return None

    def _write(self, path: Path, data: bytes) -> None:
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)


def _bytes(paths: list[Path]) -> int:
    return sum(path.stat().st_size for path in paths)
