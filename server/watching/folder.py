"""A folder that is watched: its photos are sent in their order, each once."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from server.sending.delivery import Delivery
from server.watching.appeared import Seen, look, photos_in, settled
from server.watching.memory import Memory
from vision.errors import PhotoError, TruncatedPhotoError
from vision.image.photo_file import check_file, is_cut_off

LOOK_S = 2.0
"""Between looks into the folder: nobody notices, and a disk may sleep no less."""

SETTLED_S = 4.0
"""A file that has not changed for so long is done: those who write one write at least
every second."""

INCOMPLETE_S = 60.0
"""After so long without a change nobody writes any more what cannot be decoded: an
upload that stalls is given up or goes on sooner."""


@dataclass(slots=True)
class WatchedFolder:
    """A folder whose photos are sent.

    Parameters
    ----------
    folder : Path
        It may come and go.
    delivery : Delivery
    say : callable
        Tells a line to whoever looks at the log.
    settled_s, incomplete_s : float
        See `SETTLED_S`, `INCOMPLETE_S`.
    """

    folder: Path
    delivery: Delivery
    say: Callable[[str], None]
    settled_s: float = SETTLED_S
    incomplete_s: float = INCOMPLETE_S
    waiting: int = 0
    memory: Memory = field(init=False)
    _seen: Mapping[Path, Seen] = field(default_factory=dict)
    _unusable: dict[Path, Seen] = field(default_factory=dict)
    _gone: bool = False

    def __post_init__(self) -> None:
        self.memory = Memory(self.folder, self.say)

    def visit(self) -> bool:
        """Look once, and send what is done; say whether the folder is there.

        Raises
        ------
        SenderRefusedError
            If the server would take no photo at all.
        """
        now_s = time.monotonic()
        try:
            there = photos_in(self.folder)
        except OSError as error:
            if not self._gone:
                self.say(f"{self.folder} is not there ({error.strerror}); waiting.")
            self._gone = True
            return False
        if self._gone:
            self.say(f"{self.folder} is back.")
        self._gone = False
        self.memory.refresh()
        unsent = {
            path: stamp
            for path, stamp in there.items()
            if not self.memory.knows(path, stamp)
        }
        self._seen = look(self._seen, unsent, now_s)
        self.waiting = len(unsent)
        for path in settled(self._seen, now_s, self.settled_s):
            if self.delivery.rests:
                break
            outcome = self._send(path, self._seen[path], now_s)
            self.waiting -= outcome in {"taken", "refused", "known"}
        return True

    def _send(self, path: Path, seen: Seen, now_s: float) -> str:
        """Send a file unless it is not done or known; return what became of it."""
        waited_out = now_s - seen.since_s >= self.incomplete_s
        if self._unusable.get(path) == seen and not waited_out:
            return "incomplete"
        try:
            data = path.read_bytes()
        except OSError:  # gone since, or its stick is
            return "incomplete"
        if len(data) != seen.stamp.size:
            return "incomplete"
        sha256 = hashlib.sha256(data).hexdigest()
        became = "known" if self.memory.knows_content(sha256) else ""
        if not became and (error := _unusable(data)):
            if not waited_out:
                self._unusable[path] = seen
                return "incomplete"
            self.delivery.refuse(path.name, error)
            became = "refused"
        became = became or self.delivery.send(path.name, data)
        self._unusable.pop(path, None)
        if became != "away":
            self.memory.remember(path, seen.stamp, sha256, became)
        return became


def _unusable(data: bytes) -> PhotoError | None:
    """Return why bytes are no whole photo, or not yet; None if they are one."""
    try:
        check_file(data)
    except PhotoError as error:
        return error
    if is_cut_off(data):
        return TruncatedPhotoError(
            "The photo is incomplete.", hint="Copy it into the folder again."
        )
    return None
