"""An engine that reads every crop, and another one that is asked about what is in doubt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from vision.cards import Reading
from vision.image.arrays import Image
from vision.recognition.engine import OcrEngine
from vision.recognition.limits import require_crops

SURE = 0.9
"""Confidence of a local reading from which nobody else is asked."""


@dataclass(frozen=True, slots=True, eq=False)
class SecondOpinion:
    """Reads here, and asks another engine about what is in doubt.

    The surer of both readings is taken, the local one where neither is surer. Each
    reading says which engine it is from.

    Parameters
    ----------
    other : OcrEngine
        Asked about doubtful crops only: it may cost something.
    local : callable
        Gives the engine that reads every crop; called when it is needed first.
    local_name : str
        Its name, without loading it.
    """

    other: OcrEngine
    local: Callable[[], OcrEngine]
    local_name: str

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
        return tuple(
            self._surer(crop, replace(own, engine=local.name))
            for crop, own in zip(crops, local.read(crops), strict=True)
        )

    def _surer(self, crop: Image, own: Reading) -> Reading:
        if own.confidence >= SURE:
            return own
        (other,) = self.other.read([crop])
        surer = other.confidence > own.confidence
        return replace(other, engine=self.other.name) if surer else own
