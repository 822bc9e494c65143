"""Live cameras' pictures are looked at in one process of its own, with limits.

It starts with the first picture and ends when none has come for a while, or with the web
process. It gets the boards and photos to look for once, then a small JPEG at a time, and
says of each where the board is. Nothing is stored. As in `server.decoding`, what was sent
from outside is decoded nowhere else; what hangs is killed, and started again.
"""

import json
import logging
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any, cast

from calibration.geometry import Quad
from calibration.profile import Board
from server.errors import DecodingError
from vision.errors import NotAnImageError
from vision.image.photo import Photo
from vision.registration import RecentPhoto, Reference
from vision.registration.frame import Registration

FRAME_BYTES = 192 * 2**10
"""Of a picture: 960 pixels of a full board are 70 kB."""

WAIT_S = 1.0
"""For the pictures before this one: a phone that aims sends another one soon."""

WAITING = 3
"""Pictures that may wait: more would be late."""

START_S = 30.0
"""For the process to start and to find the features of the photos that it is given."""

ANSWER_S = 5.0
"""For a picture; mostly it takes .05 s by tags, .5 s by a photo."""

IDLE_S = 120.0
"""Without a picture the process ends: it holds 150 MB."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class KnownPhoto:
    """A photo in which it is known where a board is.

    Parameters
    ----------
    board : Board
    data : bytes
        The file.
    place : Quad or Registration
        Corners that a person marked, or where the photo was placed.
    """

    board: Board
    data: bytes
    place: Quad | Registration

    def reference(self) -> Reference:
        """Return it ready to be matched, which takes a second or two.

        Raises
        ------
        PhotoError
            If it is none.
        """
        photo = Photo.decode(self.data)
        if isinstance(self.place, Quad):
            return Reference.from_photo(self.board, photo, self.place)
        return RecentPhoto.of(photo, self.place).reference()


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is looked for in pictures: boards, the likeliest first, and their photos."""

    boards: tuple[Board, ...]
    photos: tuple[KnownPhoto, ...]


@dataclass(slots=True, eq=False)
class Aiming:
    """Looks at pictures, one at a time. Threads share it.

    Parameters
    ----------
    wait_s, start_s, answer_s, idle_s : float
        See `WAIT_S`, `START_S`, `ANSWER_S`, `IDLE_S`.
    waiting : int
        See `WAITING`.
    """

    wait_s: float = WAIT_S
    start_s: float = START_S
    answer_s: float = ANSWER_S
    idle_s: float = IDLE_S
    waiting: int = WAITING
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _room: threading.Semaphore = field(init=False)
    _process: "subprocess.Popen[bytes] | None" = None
    _key: Hashable = None

    def __post_init__(self) -> None:
        self._room = threading.Semaphore(1 + self.waiting)

    def look(
        self, frame: bytes, photo_px: int, key: Hashable, known: Callable[[], Known]
    ) -> Mapping[str, Any]:
        """Say what a picture shows.

        Parameters
        ----------
        frame : bytes
            A JPEG.
        photo_px : int
            Long side of the photo that its camera would take.
        key : hashable
            Another one where what is known has changed.
        known : callable
            Returns what to look for.

        Returns
        -------
        mapping
            ``board``, ``outline`` and ``advice`` as of `vision.aiming.Aim`.

        Raises
        ------
        NotAnImageError
            If it is no such JPEG.
        DecodingError
            If others are looked at just now, or it cannot be looked at.
        """
        if not self._room.acquire(blocking=False):
            raise _not_now()
        try:
            if not self._turn.acquire(timeout=self.wait_s):
                raise _not_now()
            try:
                answer = self._asked(frame, photo_px, key, known)
            finally:
                self._turn.release()
        finally:
            self._room.release()
        if "refused" in answer:
            raise NotAnImageError(
                "The live camera's picture is no small JPEG.",
                hint="Send a JPEG of 2 megapixels at most.",
            )
        return answer

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _asked(
        self, frame: bytes, photo_px: int, key: Hashable, known: Callable[[], Known]
    ) -> Mapping[str, Any]:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        is_new = self._process is None or key != self._key
        told = known() if is_new else None
        if self._process is None:
            self._process = _started(self.idle_s)
        process = self._process
        stop = threading.Timer(self.start_s if is_new else self.answer_s, process.kill)
        stop.start()
        asks, answers = (
            cast("IO[bytes]", process.stdin),
            cast("IO[bytes]", process.stdout),
        )
        line = b""
        try:
            with suppress(OSError):  # it has just ended
                pickle.dump((told, photo_px, frame), asks)
                asks.flush()
                line = answers.readline()
        finally:
            stop.cancel()
        if not line:
            self.close()
            log.warning(
                "the process for live cameras ended with %s", process.returncode
            )
            raise _not_now()
        self._key = key
        answer: Mapping[str, Any] = json.loads(line)
        return answer


def _started(idle_s: float) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603  (our own command)
            [sys.executable, "-m", f"{__name__}.process", str(idle_s)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # decoders complain of each damaged byte
            # Bytes from outside are parsed there: our secrets stay here.
            env={name: os.environ[name] for name in os.environ if _harmless(name)},
        )
    except OSError as error:  # memory or processes are short
        raise _not_now() from error


def _harmless(name: str) -> bool:
    return not name.startswith("BOARDCAST_")


def _not_now() -> DecodingError:
    return DecodingError(
        "The live camera's picture cannot be looked at just now.",
        hint="The photo itself can be taken all the same.",
    )
