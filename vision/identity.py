"""Same card or another: what is remembered of a card, and who is who.

Values here; the comparison follows below.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from calibration.geometry import Quad
from vision.ocr.engine import Image
from vision.reading import BoardReading, CardReading


@dataclass(frozen=True, slots=True, eq=False)
class CardDescriptor:
    """How a card looks, small enough to keep for every card.

    Parameters
    ----------
    patch : ndarray of shape (H, W), uint8
        The upright crop, grey, shrunk; read-only.
    """

    patch: npt.NDArray[np.uint8]

    def to_bytes(self) -> bytes:
        """Return it as bytes for storing."""
        height, width = self.patch.shape
        return bytes([height, width]) + self.patch.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> "CardDescriptor":
        """Return what `to_bytes` stored."""
        patch = np.frombuffer(data[2:], np.uint8).reshape(data[0], data[1])
        return cls(patch)


@dataclass(frozen=True, slots=True, eq=False)
class KnownCard:
    """A card as it was last seen.

    Parameters
    ----------
    id : str
        Its identity across photos.
    descriptor : CardDescriptor
    quad_area : Quad
        Where it was, in the unit square of the cell area.
    reading : CardReading
        Its last reading, carried over if the card is unchanged.
    """

    id: str
    descriptor: CardDescriptor
    quad_area: Quad
    reading: CardReading


@dataclass(frozen=True, slots=True, eq=False)
class SeenCard:
    """A card in this photo.

    Parameters
    ----------
    reading : CardReading
        As in the board's reading.
    crop : ndarray of shape (H, W, 3), uint8, BGR
        Upright, warped from the photo at the resolution it has.
    descriptor : CardDescriptor
    quad_area : Quad
        Where it is, in the unit square of the cell area.
    known : str or None
        Id of the known card that it is; None for a new one.
    read_again : bool
        Whether an engine read it in this photo; False where the reading was
        carried over.
    """

    reading: CardReading
    crop: Image
    descriptor: CardDescriptor
    quad_area: Quad
    known: str | None
    read_again: bool


Fate = Literal["gone", "covered", "unseen"]


@dataclass(frozen=True, slots=True)
class MissingCard:
    """A known card that this photo does not show.

    Parameters
    ----------
    id : str
    fate : Fate
        ``gone`` only with positive evidence: the board is seen where it was.
    """

    id: str
    fate: Fate


@dataclass(frozen=True, slots=True, eq=False)
class BoardObservation:
    """A reading and what it means for the cards known before.

    Parameters
    ----------
    reading : BoardReading
        What is stored and printed.
    cards : tuple of SeenCard
        One for each of the reading's cards, in the same order.
    missing : tuple of MissingCard
        Every known card that was not matched.
    """

    reading: BoardReading
    cards: tuple[SeenCard, ...]
    missing: tuple[MissingCard, ...]
