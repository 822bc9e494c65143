"""What was sent of a folder, in a file beside the photos: it goes where they go.

A line of JSON for each file, only ever added. A USB stick brings its own along; one
that cannot be written is remembered until the program ends, and then the server knows
its photos by their content.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from server.watching.appeared import Stamp

MEMORY_FILE = ".boardcast-sent"
"""In the folder that is watched."""

Known = tuple[str, int, int]
"""A file by its name in the folder, time and size."""


@dataclass(slots=True)
class Memory:
    """What was sent, or refused for good.

    Parameters
    ----------
    folder : Path
    say : callable
        Tells a line to whoever looks at the log.
    """

    folder: Path
    say: Callable[[str], None]
    _files: set[Known] = field(default_factory=set)
    _hashes: set[str] = field(default_factory=set)
    _unwritten: list[str] = field(default_factory=list)
    _read: Stamp | None = None
    _told: bool = False

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / MEMORY_FILE

    def refresh(self) -> None:
        """Read the file if it is another than before: a stick may have come back."""
        try:
            found = self.path.stat()
            stamp = Stamp(found.st_mtime_ns, found.st_size)
            if stamp != self._read:
                for line in self.path.read_text("utf-8").splitlines():
                    self._take(line)
                self._read = stamp
        except OSError:
            self._read = None

    def knows(self, path: Path, stamp: Stamp) -> bool:
        """Say whether a file was sent or refused as it is."""
        return self._known(path, stamp) in self._files

    def knows_content(self, sha256: str) -> bool:
        """Say whether these bytes were sent or refused, under whatever name."""
        return sha256 in self._hashes

    def remember(self, path: Path, stamp: Stamp, sha256: str, became: str) -> None:
        """Keep that a file was sent or refused, through to the disk.

        Parameters
        ----------
        path : Path
        stamp : Stamp
        sha256 : str
            Of its bytes.
        became : str
            For people who read the file.
        """
        name, mtime_ns, size = self._known(path, stamp)
        entry = {"sha256": sha256, "file": name, "mtime_ns": mtime_ns, "size": size}
        line = json.dumps({**entry, "became": became})
        self._take(line)
        self._unwritten.append(line)
        try:
            with self.path.open("a", encoding="utf-8") as file:
                # A line that a crash cut off must not take the next one along.
                file.write("".join(f"\n{one}" for one in self._unwritten))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            if not self._told:
                self.say(
                    f"What was sent cannot be kept in {self.path}: {error.strerror}. "
                    "It is remembered until this program ends."
                )
            self._told = True
        else:
            self._unwritten.clear()

    def _known(self, path: Path, stamp: Stamp) -> Known:
        name = path.relative_to(self.folder).as_posix()
        return name, stamp.mtime_ns, stamp.size

    def _take(self, line: str) -> None:
        try:
            match json.loads(line):
                case {
                    "sha256": str(sha256),
                    "file": str(name),
                    "mtime_ns": int(mtime_ns),
                    "size": int(size),
                }:
                    self._files.add((name, mtime_ns, size))
                    self._hashes.add(sha256)
        except ValueError:  # cut off by a crash
            return
