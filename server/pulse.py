"""When each of the site's processes was last heard: memory that they share.

A stopped or deadlocked process falls silent. The times are those of the clock
that counts on whatever the date is set to, and is one for the whole machine.
The memory is a small file outside the data folder: a full or vanished disk
stops photos, not the signs of life.
"""

import contextlib
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from server.errors import StorageError

PULSE = "BOARDCAST_PULSE"
"""Variable that tells a child where the memory is, and which process it is."""

HEARD, ANSWERED, READY, WORKED, RESTARTS = range(5)
"""Columns of the memory. Last signs of life in seconds; whether it is ready; when,
before its last start, it was last known to work; a number."""


@dataclass(frozen=True, slots=True, eq=False)
class Pulse:
    """The signs of life of all processes.

    Parameters
    ----------
    path : Path
        Of the memory.
    names : tuple of str
        Of the processes.
    cells : ndarray of float64, shape (processes, 5)
        The memory.
    own : str
        This process's name; empty if it is none of them.
    """

    path: Path
    names: tuple[str, ...]
    cells: npt.NDArray[np.float64]
    own: str = ""

    @classmethod
    def create(cls, names: Sequence[str]) -> Self:
        """Make the memory for processes of these names.

        Raises
        ------
        StorageError
            If the folder for temporary files cannot be written.
        """
        cells = np.full((len(names), RESTARTS + 1), np.nan)
        cells[:, WORKED] = time.monotonic()
        cells[:, RESTARTS] = -1  # the first start is none
        try:
            with tempfile.NamedTemporaryFile(prefix="boardcast-", delete=False) as file:
                file.write(cells.tobytes())
        except OSError as error:
            raise StorageError(
                f"No temporary file can be written: {error.strerror}.",
                hint="Make room in the folder for temporary files, or name another "
                "one in TMPDIR.",
            ) from error
        return cls._at(Path(file.name), tuple(names), "")

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self | None:
        """Return the memory that a process was told of; None if of none."""
        if not environ.get(PULSE):
            return None
        own, names, path = environ[PULSE].split(":", 2)
        return cls._at(Path(path), tuple(names.split(",")), own)

    @classmethod
    def _at(cls, path: Path, names: tuple[str, ...], own: str) -> Self:
        shape = len(names), RESTARTS + 1
        return cls(path, names, np.memmap(path, np.float64, "r+", shape=shape), own)

    def environ(self, own: str) -> dict[str, str]:
        """Return what tells a process of this name of the memory."""
        return {PULSE: f"{own}:{','.join(self.names)}:{self.path}"}

    def begin(self, name: str) -> None:
        """Note that a process is started."""
        row = self.cells[self.names.index(name)]
        row[WORKED] = self._worked_at(name)
        row[RESTARTS] += 1
        row[HEARD], row[ANSWERED], row[READY] = time.monotonic(), np.nan, 0

    def beat(self) -> None:
        """Give this process's sign of life."""
        self._set(self.own, HEARD, time.monotonic())

    def ready(self, name: str | None = None) -> None:
        """Note that a process, this one if left out, works as it should."""
        self._set(self.own if name is None else name, READY, 1)

    def answered(self, name: str) -> None:
        """Note that a process that others ask has answered.

        And keep the memory's file from what clears old temporary files away.
        """
        with contextlib.suppress(OSError):
            os.utime(self.path)
        self._set(name, ANSWERED, time.monotonic())
        self.ready(name)

    def is_ready(self, name: str) -> bool:
        """Say whether a process has worked as it should since its start."""
        return bool(self.cells[self.names.index(name), READY] == 1)

    def silence_s(self, name: str) -> float:
        """Return for how long a process has not been known to work.

        One that is ready works when it is heard, and answers if it is asked; until
        one is ready, what counts is the one before it.
        """
        return time.monotonic() - self._worked_at(name)

    def restarts(self, name: str) -> int:
        """Return how many times a process was started again."""
        return int(self.cells[self.names.index(name), RESTARTS])

    def close(self) -> None:
        """Remove the memory's file; who has it open keeps it."""
        self.path.unlink(missing_ok=True)

    def _worked_at(self, name: str) -> float:
        row = self.cells[self.names.index(name)]
        if not self.is_ready(name):
            return float(row[WORKED])
        return float(np.nanmin(row[[HEARD, ANSWERED]]))

    def _set(self, name: str, column: int, value: float) -> None:
        if name in self.names:
            self.cells[self.names.index(name), column] = value
