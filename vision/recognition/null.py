"""The engine that sees no text: for boards that are shown and not read."""

from collections.abc import Sequence
from dataclasses import dataclass

from vision.cards import Reading
from vision.image.arrays import Image
from vision.recognition.limits import require_crops


@dataclass(frozen=True, slots=True)
class NullEngine:
    """Sees no text in any crop."""

    @property
    def name(self) -> str:
        """Always ``none``."""
        return "none"

    def read(self, crops: Sequence[Image]) -> tuple[Reading, ...]:
        """Return an empty reading for each crop; see `OcrEngine.read`."""
        require_crops(crops)
        return tuple(Reading() for _ in crops)
