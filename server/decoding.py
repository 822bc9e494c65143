"""Photos are decoded for the first time in a process of their own, with limits.

A file of a few bytes can ask for gigabytes or minutes. So the web process never
decodes one: for each photo it starts ``python -m server.decoding``, one at a time,
and hears what was found. What passes here is safe for the workers, which decode the
same bytes in the same way.
"""

import datetime as dt
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from server.errors import DecodingError
from vision.errors import (
    NotAnImageError,
    PhotoError,
    PhotoTooCostlyError,
    PhotoTooLargeError,
    TruncatedPhotoError,
)
from vision.image.exif import PhotoMetadata
from vision.image.photo_file import check_file

MEMORY_BYTES = 2**30
"""What the process may allocate. A progressive JPEG of 64 megapixels takes 0.7 GB;
Linux enforces it, macOS does not, where the formats' limits to pixels alone hold."""

CPU_S = 20
"""What it may compute. 50 megapixels take up to 3 s here, five times that on a
Raspberry Pi."""

DECODED_WITHIN_S = 60
"""By the clock, on a machine that has much else to do."""

WAIT_S = 40
"""For the photos before this one. With the time to decode it is less than
`boardcast send` waits for its answer."""

ENDED_BY_US = frozenset({-signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP})
"""How the process ends when the site does; any other signal is the photo's doing."""

PLAIN_REFUSALS: Mapping[str, type[PhotoError]] = MappingProxyType(
    {kind.__name__: kind for kind in (NotAnImageError, TruncatedPhotoError)}
)
"""Errors that are made of a message and a hint, by their names."""

CheckPhoto = Callable[[bytes], PhotoMetadata]
"""As `vision.image.photo_file.check_file`: raises a `PhotoError` if it cannot be decoded."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class LimitedDecoder:
    """Checks photos in processes with limits, one at a time. Threads share it.

    Parameters
    ----------
    wait_s : float
        How long a photo waits for those before it.
    decoded_within_s : float
        How long one may take.
    cpu_s : int
        How long it may compute.
    memory_bytes : int
        What it may allocate.
    """

    wait_s: float = WAIT_S
    decoded_within_s: float = DECODED_WITHIN_S
    cpu_s: int = CPU_S
    memory_bytes: int = MEMORY_BYTES
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def check(self, data: bytes) -> PhotoMetadata:
        """Check that a photo can be decoded, and read its metadata.

        Parameters
        ----------
        data : bytes
            The file as it came.

        Raises
        ------
        PhotoError
            If it cannot, or not within the limits.
        DecodingError
            If too many wait, or the process cannot be started.
        """
        if not self._turn.acquire(timeout=self.wait_s):
            raise DecodingError(
                "Too many photos are being sent at the moment.",
                hint="Send it again in a minute.",
            )
        try:
            return _metadata_of(self._decoded(data))
        finally:
            self._turn.release()

    def _decoded(self, data: bytes) -> Mapping[str, Any]:
        command = [sys.executable, "-m", __name__, str(self.cpu_s)]
        try:
            done = subprocess.run(  # noqa: S603  (our own command)
                [*command, str(self.memory_bytes)],
                input=data,
                capture_output=True,
                timeout=self.decoded_within_s,
                # Bytes from outside are parsed there: our secrets stay here.
                env={name: os.environ[name] for name in os.environ if _harmless(name)},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _too_much_time() from error
        except OSError as error:  # memory or processes are short
            raise _not_now() from error
        if done.returncode < 0 and done.returncode not in ENDED_BY_US:
            log.warning("a photo ended its decoder with %s", done.returncode)
            raise _too_much_time()
        if done.returncode:
            log.error("no photo is decoded: %s", done.stderr.decode(errors="replace"))
            raise _not_now()
        answer: Mapping[str, Any] = json.loads(done.stdout)
        return answer


def main(cpu_s: int, memory_bytes: int) -> None:
    """Check the photo on standard input within limits; say on standard output."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, cpu_s)
    _limit(resource.RLIMIT_DATA, memory_bytes)
    json.dump(_answer(sys.stdin.buffer.read()), sys.stdout)


def _limit(what: int, amount: int) -> None:
    _, most = resource.getrlimit(what)
    if most != resource.RLIM_INFINITY:
        amount = min(amount, most)
    resource.setrlimit(what, (amount, amount))


def _answer(data: bytes) -> dict[str, Any]:
    try:
        found = check_file(data)
    except PhotoTooLargeError as error:
        return {"size_wh": error.size_wh, "max_pixels": error.max_pixels}
    except PhotoError as error:
        kind = type(error).__name__
        return {"refused": kind, "message": error.message, "hint": error.hint}
    taken_at = found.taken_at.isoformat() if found.taken_at else None
    return {"orientation": found.orientation, "taken_at": taken_at}


def _metadata_of(answer: Mapping[str, Any]) -> PhotoMetadata:
    """Return what the process found; raises what it refused the photo with."""
    match answer:
        case {"size_wh": [width, height], "max_pixels": max_pixels}:
            raise PhotoTooLargeError((width, height), max_pixels)
        case {"refused": "PhotoTooCostlyError", "message": message}:
            raise PhotoTooCostlyError(message)
        case {"refused": kind, "message": message, "hint": hint}:
            raise PLAIN_REFUSALS.get(kind, PhotoError)(message, hint=hint)
    taken_at = answer["taken_at"]
    return PhotoMetadata(
        answer["orientation"], dt.datetime.fromisoformat(taken_at) if taken_at else None
    )


def _harmless(name: str) -> bool:
    return not name.startswith("BOARDCAST_")


def _too_much_time() -> PhotoTooCostlyError:
    return PhotoTooCostlyError("The photo takes too much memory or time to decode.")


def _not_now() -> DecodingError:
    return DecodingError(
        "The photo cannot be checked at the moment.", hint="Send it again in a minute."
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
