"""An engine that may decline a crop, and another that then reads it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Protocol

from vision.ocr.engine import Image, OcrEngine, Reading
from vision.ocr.guard import require_crops

REMIND_AFTER_S = 600.0
"""The same reason is told again after this long, and not for each of 60 cards."""


@dataclass(frozen=True, slots=True)
class Declined:
    """A crop that was not read.

    Parameters
    ----------
    reason : str
        Whole sentences for whoever runs the site: why, and what to do if
        anything is to be done.
    """

    reason: str


class PartialEngine(Protocol):
    """Reads some of the crops."""

    @property
    def name(self) -> str:
        """Name and version."""
        ...

    def attempt(self, crops: Sequence[Image]) -> Sequence[Reading | Declined]:
        """Read crops, or say why not.

        Parameters
        ----------
        crops : sequence of ndarray of shape (H, W, 3), uint8, BGR

        Returns
        -------
        sequence of Reading or Declined
            One for each crop, in the same order.
        """
        ...


@dataclass(slots=True, eq=False)
class Reminder:
    """Tells a reason when it is new, and again after a while.

    Parameters
    ----------
    tell : callable
        Gets the reason.
    clock : callable
        Seconds that never go back.
    every_s : float
        How long the same reason is not repeated.
    """

    tell: Callable[[str], None]
    clock: Callable[[], float]
    every_s: float = REMIND_AFTER_S
    _told_at: dict[str, float] = field(default_factory=dict, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def __call__(self, reason: str) -> None:
        """Tell a reason, unless it was told a short while ago."""
        now = self.clock()
        with self._lock:
            if now - self._told_at.get(reason, -self.every_s) < self.every_s:
                return
            self._told_at[reason] = now
        self.tell(reason)


@dataclass(frozen=True, slots=True, eq=False)
class FallbackEngine:
    """Reads with one engine, and with another what that one declined.

    Parameters
    ----------
    first : PartialEngine
    local : callable
        Gives the engine that reads the rest; called when it is needed first,
        so that it costs no memory where it never is.
    local_name : str
        Its name, without loading it.
    tell : callable
        Gets the reason of everything that was declined.
    """

    first: PartialEngine
    local: Callable[[], OcrEngine]
    local_name: str
    tell: Callable[[str], None]

    @property
    def name(self) -> str:
        """Both names; each reading says which of them it is from."""
        return f"{self.first.name} or {self.local_name}"

    def read(self, crops: Sequence[Image]) -> tuple[Reading, ...]:
        """Read each crop by itself; see `OcrEngine.read`."""
        require_crops(crops)
        if not crops:
            return ()
        attempts = self.first.attempt(crops)
        rest = iter(self._read_rest(crops, attempts))
        return tuple(
            next(rest)
            if isinstance(attempt, Declined)
            else replace(attempt, engine=self.first.name)
            for attempt in attempts
        )

    def _read_rest(
        self, crops: Sequence[Image], attempts: Sequence[Reading | Declined]
    ) -> tuple[Reading, ...]:
        """Read the crops that were declined, in their order."""
        declined = [
            (crop, attempt.reason)
            for crop, attempt in zip(crops, attempts, strict=True)
            if isinstance(attempt, Declined)
        ]
        if not declined:
            return ()
        for _, reason in declined:
            self.tell(reason)
        local = self.local()
        readings = local.read([crop for crop, _ in declined])
        return tuple(replace(reading, engine=local.name) for reading in readings)
