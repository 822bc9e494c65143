"""An engine that may decline a crop, behind one that reads every crop."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Protocol

from vision.cards import Reading
from vision.image.arrays import Image
from vision.recognition.engine import OcrEngine
from vision.recognition.limits import require_crops

REMIND_AFTER_S = 600.0
"""The same reason is told again after this long, and not for each of 60 cards."""

SURE_CHANCE = 0.9
"""Confidence of a local reading from which nobody else is asked."""


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
class SecondOpinion:
    """Reads here, and asks another engine about what is in doubt.

    The surer of both readings is taken; the local one stands where the other
    engine declines, or is no surer. Each reading says which of them it is from.

    Parameters
    ----------
    other : PartialEngine
        Asked about doubtful crops only: it may cost something.
    local : callable
        Gives the engine that reads every crop; called when it is needed first.
    local_name : str
        Its name, without loading it.
    tell : callable
        Gets the reason of everything that was declined.
    """

    other: PartialEngine
    local: Callable[[], OcrEngine]
    local_name: str
    tell: Callable[[str], None]

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.other.name} or {self.local_name}"

    def read(self, crops: Sequence[Image]) -> tuple[Reading, ...]:
        """Read each crop by itself; see `OcrEngine.read`."""
        require_crops(crops)
        if not crops:
            return ()
        local = self.local()
        own = [replace(reading, engine=local.name) for reading in local.read(crops)]
        doubtful = [
            crop
            for crop, reading in zip(crops, own, strict=True)
            if reading.confidence < SURE_CHANCE
        ]
        opinions = iter(self._opinions(doubtful))
        return tuple(
            max(reading, next(opinions), key=_trust)
            if reading.confidence < SURE_CHANCE
            else reading
            for reading in own
        )

    def _opinions(self, crops: Sequence[Image]) -> list[Reading]:
        """Return what the other engine reads; nothing where it declines."""
        opinions = []
        for attempt in self.other.attempt(crops):
            if isinstance(attempt, Declined):
                self.tell(attempt.reason)
                opinions.append(Reading())
            else:
                opinions.append(replace(attempt, engine=self.other.name))
        return opinions


def _trust(reading: Reading) -> float:
    return reading.confidence
