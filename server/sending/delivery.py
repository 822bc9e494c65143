"""Sending photos unattended: what is told of them, and how long to leave a server."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from calibration.errors import BoardcastError
from server.errors import SenderRefusedError, SendError, ServerAwayError
from server.sending.outcome import is_refused, told
from server.sending.patience import growing
from server.sending.server import Server

FOLLOWED = 5
"""Photos asked after at a time, the oldest: they are read in their order, and hundreds
that are caught up with would be too many questions."""

Outcome = Literal["taken", "refused", "away"]


@dataclass(slots=True)
class Delivery:
    """Sends photos one after the other, and tells each thing once.

    Parameters
    ----------
    server : Server
    board : str or None
        Slug, if it is known which board they show.
    say : callable
        Tells a line to whoever looks at the log.
    refused : int
        Photos that are not taken, so far.
    """

    server: Server
    board: str | None
    say: Callable[[str], None]
    refused: int = 0
    _pauses: Iterator[float] = field(default_factory=growing)
    _again_at_s: float = 0.0
    _away: str = ""
    _open: dict[str, str] = field(default_factory=dict)

    def send(self, name: str, data: bytes) -> Outcome:
        """Send a photo; leave a server alone for growing pauses while it is away.

        Raises
        ------
        SenderRefusedError
            If it would take no photo at all.
        """
        if self.rests:
            return "away"
        try:
            receipt = self.server.post(name, data, self.board)
        except ServerAwayError as error:
            self._leave(error)
            return "away"
        except SenderRefusedError:
            raise
        except SendError as error:
            self._answers()
            self.refuse(name, error)
            return "refused"
        self._answers()
        if receipt["done"]:
            self._tell(name, receipt)
        else:
            self._open[receipt["id"]] = name
        return "taken"

    def follow(self) -> bool:
        """Tell what became of photos that were taken; say whether any is still open."""
        for photo_id, name in list(self._open.items())[:FOLLOWED]:
            if self.rests:
                break
            try:
                status = self.server.status(photo_id)
            except ServerAwayError as error:
                self._leave(error)
                break
            except SendError:
                # Taken back or gone with its site: nobody asks any more.
                del self._open[photo_id]
                continue
            if status["done"]:
                del self._open[photo_id]
                self._tell(name, status)
        return bool(self._open)

    def refuse(self, name: str, error: BoardcastError) -> None:
        """Tell why a file is not taken, and count it."""
        self.refused += 1
        self.say(f"{name}: {error.message}\n  {error.hint}")

    @property
    def rests(self) -> bool:
        """Whether the server is left alone just now."""
        return time.monotonic() < self._again_at_s

    @property
    def is_away(self) -> bool:
        """Whether the server did not answer when it was last asked."""
        return bool(self._away)

    def _tell(self, name: str, status: dict[str, Any]) -> None:
        self.refused += is_refused(status)
        self.say(told(name, status))

    def _leave(self, error: ServerAwayError) -> None:
        if error.message != self._away:
            self.say(f"{error.message} Photos wait here meanwhile.\n  {error.hint}")
        self._away = error.message
        pause_s = max(next(self._pauses), error.retry_after_s or 0)
        self._again_at_s = time.monotonic() + pause_s

    def _answers(self) -> None:
        if self._away:
            self.say("The server answers again.")
        self._away, self._again_at_s, self._pauses = "", 0.0, growing()
