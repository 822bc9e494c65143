"""Photos on their way in: what has come of each, so that a line that drops costs little.

A part is no promise: it may go at any time, and whoever sends asks how much is there.
The protocol is in `server.views.parts`.
"""

import hashlib
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from server.errors import StorageError, UploadsBusyError
from server.store.folder import PRIVATE_FILE, PRIVATE_FOLDER

FOLDER = "uploads"
"""In the site's own folder."""

KEPT_S = 6 * 3600
"""How long what came of a photo waits for the rest: a session's length and a lunch.
After that its sender begins anew."""

MOST_BYTES = 512 * 2**20
"""Of all parts together: a hundred phone photos at once, on a Raspberry Pi's card."""


@dataclass(frozen=True, slots=True)
class Part:
    """What has come of one photo.

    Parameters
    ----------
    folder : Path
        Where parts are kept; made where it is needed.
    sender : str
        What is theirs is nobody else's.
    name : str
        What the sender calls the photo: the same name is the same bytes.
    """

    folder: Path
    sender: str
    name: str

    @property
    def path(self) -> Path:
        """The file that holds it."""
        key = hashlib.sha256(f"{self.sender}\n{self.name}".encode()).hexdigest()
        return self.folder / key

    @property
    def received(self) -> int:
        """How many bytes are there, from the first one on."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def add(self, offset: int, data: bytes) -> int:
        """Add bytes that begin at an offset; return how many are there now.

        Nothing is added behind a gap. What is there already is written again: two
        tabs that send one photo do no harm.

        Raises
        ------
        UploadsBusyError
            If all parts together take up their room.
        StorageError
            If they cannot be kept.
        """
        try:
            self._make_room(len(data))
            if offset > self.received:
                return self.received
            self.path.touch(PRIVATE_FILE)
            with self.path.open("r+b") as file:
                file.seek(offset)
                file.write(data)
        except OSError as error:
            raise StorageError(
                f"The upload cannot be kept: {error.strerror}.",
                hint="Make room on the disk, and send it again.",
            ) from error
        return self.received

    def whole(self) -> bytes:
        """Return all that is there; nothing if it has gone."""
        try:
            return self.path.read_bytes()
        except OSError:
            return b""

    def drop(self) -> None:
        """Forget it."""
        with suppress(OSError):
            self.path.unlink()

    def _make_room(self, more_bytes: int) -> None:
        """Let parts go that nobody goes on with; refuse where the others take it all."""
        # Not its parents: a site whose folder is gone takes nothing.
        self.folder.mkdir(PRIVATE_FOLDER, exist_ok=True)
        if let_old_go(self.folder) + more_bytes > MOST_BYTES:
            raise UploadsBusyError


def let_old_go(folder: Path) -> int:
    """Let parts go that nobody goes on with; return how many bytes the others have.

    Raises
    ------
    OSError
        If the folder is not there or cannot be read.
    """
    sizes = []
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # another one lets it go, too
            status = path.stat()
            if time.time() - status.st_mtime > KEPT_S:
                path.unlink()
            else:
                sizes.append(status.st_size)
    return sum(sizes)
