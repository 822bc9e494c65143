"""A card on its way through a photo: detected, tracked, read; and what is kept of it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from calibration.geometry import Quad
from calibration.layout import CellId
from vision.image.arrays import Image
from vision.reading import BoardReading, CardReading

Kind = Literal["card", "ink"]
"""A card of its own colour, or writing straight on the board."""

Colour = tuple[int, int, int]
"""Blue, green and red, 0 to 255."""

SHARPNESS_TYPE = np.dtype("<f4")
"""How a stored descriptor ends."""

Change = Literal["new", "same", "whole", "edited", "sharper"]
"""What a photo shows of a card: new; the same; more of it; other words; more
legible."""

UNCHANGED: Change = "same"
"""What a card shows whose known reading holds: no engine reads it."""

Fate = Literal["gone", "covered", "unseen"]
"""What became of a card that is not found; its place may be outside of the photo."""


@dataclass(frozen=True, slots=True)
class DetectedCard:
    """A card on the board, not read yet.

    In the cell in which most of it lies, None beside the cells; of its own colour,
    without the ink; under cards that lie on it, in board pixels.
    """

    quad_board: Quad
    cell: CellId | None
    colour_bgr: Colour
    kind: Kind
    covered_by: tuple[Quad, ...] = ()

    @property
    def top_left(self) -> tuple[float, float]:
        """Its top and left edge in board pixels: cards are sorted by these."""
        return self.quad_board.bounds.top, self.quad_board.bounds.left


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text as an engine saw it, printable and not empty.

    Its confidence is 0 to 1, its quad in pixels of the crop. It may be struck through,
    or stand above the only rule across the card.
    """

    text: str
    confidence: float
    quad_crop: Quad
    struck: bool = False
    heading: bool = False

    def __post_init__(self) -> None:
        if not self.text.strip() or not self.text.isprintable():
            raise ValueError(f"expected one printable line of text, got {self.text!r}")
        if not 0 <= self.confidence <= 1:
            raise ValueError(
                f"expected a confidence from 0 to 1, got {self.confidence}"
            )


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine made of one crop; no lines if it saw no text.

    Lines in reading order; name and version of what read it, if not the engine that was
    asked; `chance`, 0 to 1, that at most a tenth of its characters are wrong, if it
    says so.
    """

    lines: tuple[Line, ...] = ()
    engine: str | None = None
    chance: float | None = None

    def __post_init__(self) -> None:
        if self.chance is not None and not 0 <= self.chance <= 1:
            raise ValueError(f"expected a chance from 0 to 1, got {self.chance}")

    @property
    def text(self) -> str:
        """The lines, joined by line breaks."""
        return "\n".join(line.text for line in self.lines)

    @property
    def confidence(self) -> float:
        """The chance that it is right, else the lines' mean confidence by characters."""
        if self.chance is not None and self.lines:
            return self.chance
        weight = sum(len(line.text) for line in self.lines)
        if not weight:
            return 0.0
        return sum(line.confidence * len(line.text) for line in self.lines) / weight


@dataclass(frozen=True, slots=True, eq=False)
class CardDescriptor:
    """The appearance of a card when it was read.

    The upright crop, grey, shrunk, (H, W) uint8, read-only; its sharpness, see
    `sharpness_of`, None if unknown.
    """

    patch: npt.NDArray[np.uint8]
    sharpness: float | None = None

    def to_bytes(self) -> bytes:
        """Return it as bytes for storing; an unknown sharpness is left out."""
        height, width = self.patch.shape
        known = [] if self.sharpness is None else [self.sharpness]
        sharpness = np.array(known, SHARPNESS_TYPE).tobytes()
        return bytes([height, width]) + self.patch.tobytes() + sharpness

    @classmethod
    def from_bytes(cls, data: bytes) -> "CardDescriptor":
        """Return what `to_bytes` stored, or an older version, with 0 for None."""
        height, width = data[0], data[1]
        pixels, rest = data[2 : 2 + height * width], data[2 + height * width :]
        patch = np.frombuffer(pixels, np.uint8).reshape(height, width)
        known = [one for one in np.frombuffer(rest, SHARPNESS_TYPE).tolist() if one > 0]
        return cls(patch, known[0] if known else None)


@dataclass(frozen=True, slots=True, eq=False)
class KnownCard:
    """A card as it was last seen: its identity across photos, and its last reading.

    Its descriptor's outline is in the unit square of the cell area.
    """

    id: str
    descriptor: CardDescriptor
    quad_area: Quad
    reading: CardReading


@dataclass(frozen=True, slots=True, eq=False)
class TrackedCard:
    """A card in this photo, and which known one it is.

    Its crop, (H, W, 3) uint8 BGR, is upright, as fine as the photo; the descriptor is
    of it, or of that in which it was read, the outline, in the unit square of the cell
    area, likewise. The sharpness is the crop's, None where a part may be occluded or it
    is not needed. `whole` says whether all of it is seen, as far as is known.
    """

    detected: DetectedCard
    crop: Image
    descriptor: CardDescriptor
    quad_area: Quad
    known: KnownCard | None = None
    change: Change = "new"
    sharpness: float | None = None
    whole: bool = True

    @property
    def readable(self) -> bool:
        """Whether its pixels are worth reading; else the known reading holds."""
        return self.change != UNCHANGED


@dataclass(frozen=True, slots=True, eq=False)
class ReadCard:
    """A card in this photo, read; see `TrackedCard`.

    Its crop is None where it is unchanged, and the one that it had still holds; `known`
    is the id of the known card that it is, None for a new one.
    """

    reading: CardReading
    crop: Image | None
    descriptor: CardDescriptor
    quad_area: Quad
    known: str | None
    change: Change = "new"
    sharpness: float | None = None

    @property
    def read_again(self) -> bool:
        """Whether an engine read it in this photo; else the reading was carried over."""
        return self.change != UNCHANGED


@dataclass(frozen=True, slots=True)
class MissingCard:
    """A known card that this photo does not show.

    It is ``gone`` only with positive evidence: the board is seen where it was.
    """

    id: str
    fate: Fate


@dataclass(frozen=True, slots=True, eq=False)
class BoardObservation:
    """A reading and what it means for the cards known before.

    Its cards are the reading's, in the same order; `missing` is every known card that was
    not matched.
    """

    reading: BoardReading
    cards: tuple[ReadCard, ...]
    missing: tuple[MissingCard, ...]

    def __post_init__(self) -> None:
        if tuple(card.reading for card in self.cards) != self.reading.cards:
            raise ValueError("expected the cards of the reading, in its order")
