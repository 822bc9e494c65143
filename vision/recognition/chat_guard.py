"""How far a chat server may still be used: the chat engine's only memory.

Three things end its use for a while: its cost (requests in an hour), its
slowness (time waited in ten minutes), and its failures. What is read here
meanwhile stands.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

HOUR_S = 3600.0

WAIT_WINDOW_S = 600.0
"""The site's worker takes a step of this length for one that hangs."""

MAX_WAITED_S = 300.0
"""Waited for the server in that window: a slow one gets half of a step, and the
rest of the board is read here before the step is over."""

MAX_FAILURES = 3
"""Cards in a row without a usable answer, after which the server has a rest."""

REST_S = 60.0
"""How long a server that fails is not asked. Then one card tries it."""

MISTAKE_REST_S = 600.0
"""The same for a wrong address, key or model: time does not heal these, but a
server may be set right without a restart here."""


@dataclass(slots=True)
class _Request:
    began_s: float
    waited_s: float = 0.0


@dataclass(slots=True, eq=False)
class ChatGuard:
    """Counts requests, waiting and failures. Threads may share it.

    Parameters
    ----------
    requests_per_hour : int
        The most requests in any hour.
    clock : callable
        Seconds that never go back.
    """

    requests_per_hour: int
    clock: Callable[[], float]
    _requests: deque[_Request] = field(default_factory=deque, init=False)
    _failures: int = field(default=0, init=False)
    _rests_until_s: float = field(default=float("-inf"), init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def begin(self) -> str:
        """Count a request that is about to be sent, unless it may not be.

        Returns
        -------
        str
            Why it may not be sent; empty if it may.
        """
        with self._lock:
            now = self.clock()
            refusal = self._refusal(now)
            if not refusal:
                self._requests.append(_Request(now))
            return refusal

    def end(self, waited_s: float) -> None:
        """Count the time that the newest request took."""
        with self._lock:
            if self._requests:
                self._requests[-1].waited_s += waited_s

    def succeeded(self) -> None:
        """Forget failures: the server gave a usable answer."""
        with self._lock:
            self._failures = 0

    def failed(self, rest_s: float = 0.0) -> None:
        """Count a card without a usable answer.

        Parameters
        ----------
        rest_s : float
            How long the server is not to be asked in any case.
        """
        with self._lock:
            self._failures += 1
            rest = max(rest_s, REST_S if self._failures >= MAX_FAILURES else 0.0)
            self._rests_until_s = max(self._rests_until_s, self.clock() + rest)

    def _refusal(self, now: float) -> str:
        while self._requests and self._requests[0].began_s <= now - HOUR_S:
            self._requests.popleft()
        if now < self._rests_until_s:
            return "The chat server has a rest after failing."
        if len(self._requests) >= self.requests_per_hour:
            return (
                f"The {self.requests_per_hour} requests to the chat server that an "
                "hour may cost are spent."
            )
        waited = sum(
            request.waited_s
            for request in self._requests
            if request.began_s > now - WAIT_WINDOW_S
        )
        if waited >= MAX_WAITED_S:
            return "The chat server is too slow to read all cards."
        return ""
