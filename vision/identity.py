"""What is remembered of a card, and what a photo tells of the known ones."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from calibration.geometry import Quad
from vision.looks import Patch
from vision.ocr.engine import Image
from vision.reading import BoardReading, CardReading
from vision.sharpness import sharpness_of

PATCH_WH = (96, 64)
"""Size of a descriptor's patch: letters are still told apart, pens are not."""

SHARPNESS_TYPE = np.dtype("<f4")
"""How a stored descriptor ends."""

News = Literal["new", "same", "whole", "edited", "sharper"]
"""What a photo shows of a card against when it was read: a card that is new; the
same as then; more of it than then; other words on it; the same, more legibly."""


@dataclass(frozen=True, slots=True, eq=False)
class CardDescriptor:
    """How a card looked when it was read, small enough to keep for every card.

    Parameters
    ----------
    patch : ndarray of shape (H, W), uint8
        The upright crop, grey, shrunk; read-only.
    sharpness : float
        Of the crop, see `sharpness_of`; 0 if unknown.
    """

    patch: npt.NDArray[np.uint8]
    sharpness: float = 0.0

    def to_bytes(self) -> bytes:
        """Return it as bytes for storing."""
        height, width = self.patch.shape
        sharpness = np.array(self.sharpness, SHARPNESS_TYPE).tobytes()
        return bytes([height, width]) + self.patch.tobytes() + sharpness

    @classmethod
    def from_bytes(cls, data: bytes) -> "CardDescriptor":
        """Return what `to_bytes` stored, today or before it told sharpness."""
        height, width = data[0], data[1]
        pixels, rest = data[2 : 2 + height * width], data[2 + height * width :]
        patch = np.frombuffer(pixels, np.uint8).reshape(height, width)
        sharpness = np.frombuffer(rest, SHARPNESS_TYPE)
        return cls(patch, float(sharpness[0]) if len(sharpness) else 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class KnownCard:
    """A card as it was last seen.

    Parameters
    ----------
    id : str
        Its identity across photos.
    descriptor : CardDescriptor
        How it looked when it was last read.
    quad_area : Quad
        Where it was last seen, in the unit square of the cell area: the outline
        that the descriptor has.
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
    crop : ndarray of shape (H, W, 3), uint8, BGR, or None
        Upright, warped from the photo at the resolution it has. None where it hangs
        as it hung, and the crop that it had shows it as well.
    descriptor : CardDescriptor
        How it looked when it was read, now or before.
    quad_area : Quad
        Where it is, in the unit square of the cell area.
    known : str or None
        Id of the known card that it is; None for a new one.
    read_again : bool
        Whether an engine read it in this photo; False where the reading was
        carried over.
    news : {"new", "same", "whole", "edited", "sharper"}
        Why it was read. What it says now replaces what an edited card said;
        readings of a sharper one are of the same words.
    sharpness : float
        Of the crop, see `sharpness_of`; 0 where something may hide a part of the
        card, or nothing was to be gained from knowing.
    """

    reading: CardReading
    crop: Image | None
    descriptor: CardDescriptor
    quad_area: Quad
    known: str | None
    read_again: bool
    news: News = "new"
    sharpness: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A card to be identified: how it looks and where it is."""

    descriptor: CardDescriptor
    quad_area: Quad


def describe(crop: Image) -> CardDescriptor:
    """Return how a card looks.

    Parameters
    ----------
    crop : ndarray of shape (H, W, 3), uint8, BGR
        Upright.
    """
    return CardDescriptor(patch_of(crop), sharpness_of(crop))


def patch_of(crop: Image) -> Patch:
    """Return the patch that tells cards apart, read-only.

    Parameters
    ----------
    crop : ndarray of shape (H, W, 3), uint8, BGR
        Upright.
    """
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    patch = np.asarray(cv2.resize(grey, PATCH_WH, interpolation=cv2.INTER_AREA))
    patch.flags.writeable = False
    return np.asarray(patch, np.uint8)


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
