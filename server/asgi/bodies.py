"""Bodies of requests: read whole, within a time and a room that are bounded."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import IO

from a2wsgi.asgi_typing import Receive

from server.errors import StorageError, UploadsBusyError, UploadTooSlowError

SMALL_BYTES = 256 * 2**10
"""A form without files. Smaller ones are kept in memory, larger ones go to the disk."""

GRACE_S = 20.0
"""In which a body has to begin, and may pause."""

MIN_BYTES_PER_S = 8 * 2**10
"""What a body has to bring on the average: a phone at the edge of a network does."""

AT_ONCE_BYTES = 128 * 2**20
"""Of bodies that are on their way at once: a dozen phone photos."""

FREE_BYTES = 4 * 2**10
"""Of a body that is always read: a sign-out, or a correction of a word. As many of
these as there are connections take less memory than one photo."""


class Disconnected(Exception):  # noqa: N818  (nobody waits for an answer any more)
    """Whoever sent a body has gone."""


class Bodies:
    """Reads bodies.

    Parameters
    ----------
    folder : Path
        Where large bodies are kept until they are answered. They have no name there:
        nothing stays behind, whatever is killed.
    at_once_bytes : int
    grace_s, min_bytes_per_s : float
    """

    def __init__(
        self,
        folder: Path,
        at_once_bytes: int = AT_ONCE_BYTES,
        grace_s: float = GRACE_S,
        min_bytes_per_s: float = MIN_BYTES_PER_S,
    ) -> None:
        self._folder = folder
        self._left_bytes = at_once_bytes
        self._grace_s = grace_s
        self._min_bytes_per_s = min_bytes_per_s

    @asynccontextmanager
    async def read(self, receive: Receive, length: int) -> AsyncIterator[IO[bytes]]:
        """Give a body as a file, at its beginning.

        Parameters
        ----------
        receive : Receive
            Of the request, by ASGI.
        length : int
            Bytes that it is said to have.

        Raises
        ------
        UploadsBusyError
            If others take up all of the room.
        UploadTooSlowError
            If it does not come in time.
        Disconnected
            If it ends too early.
        StorageError
            If it cannot be kept.
        """
        with (
            self._reserved(length if length > FREE_BYTES else 0),
            tempfile.SpooledTemporaryFile(
                SMALL_BYTES, mode="w+b", dir=str(self._folder)
            ) as file,
        ):
            async for chunk in self._chunks(receive):
                _write(file, chunk)
            file.seek(0)
            yield file

    @contextmanager
    def _reserved(self, length: int) -> Iterator[None]:
        if length > self._left_bytes:
            raise UploadsBusyError
        self._left_bytes -= length
        try:
            yield
        finally:
            self._left_bytes += length

    async def _chunks(self, receive: Receive) -> AsyncIterator[bytes]:
        clock = asyncio.get_running_loop().time
        ends_at = clock() + self._grace_s
        more = True
        while more:
            try:
                async with asyncio.timeout_at(min(ends_at, clock() + self._grace_s)):
                    message = await receive()
            except TimeoutError as error:
                raise UploadTooSlowError from error
            if message["type"] != "http.request":
                raise Disconnected
            chunk = message.get("body", b"")
            more = message.get("more_body", False)
            ends_at += len(chunk) / self._min_bytes_per_s
            if chunk:
                yield chunk


def _write(file: IO[bytes], chunk: bytes) -> None:
    try:
        file.write(chunk)
    except OSError as error:
        raise StorageError(
            f"The upload cannot be kept: {error.strerror}.",
            hint="Make room on the disk, and send it again.",
        ) from error


async def drain(receive: Receive, within_s: float, max_bytes: int) -> None:
    """Read the rest of a body that was refused, and drop it.

    Who is still sending when the connection closes may never see the answer.
    """
    left = max_bytes
    try:
        async with asyncio.timeout(within_s):
            while left > 0:
                message = await receive()
                if message["type"] != "http.request":
                    return
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
    except TimeoutError:
        return
