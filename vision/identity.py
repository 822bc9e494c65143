"""Same card or another: what is remembered of a card, and who is who.

Locally normalised cross-correlation with a small affine search, then the best
one-to-one assignment (FINDINGS section 4). Local normalisation: K. Jarrett et
al., "What is the best multi-stage architecture for object recognition?",
ICCV 2009. Assignment: D. Crouse, IEEE Trans. AES 52 (2016), as in SciPy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

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


PATCH_WH = (96, 64)
"""Size of a descriptor's patch: letters are still told apart, pens are not."""

NORMALISE_SIGMA = 6.0
"""Neighbourhood of the local normalisation, in patch pixels: about a letter."""

NORMALISE_FLOOR = 6.0
"""Grey levels below which contrast is noise and is not blown up."""

MIN_STRUCTURE = 1e-3
"""Deviation of a normalised patch below which it is blank: half a grey level of
noise gives fifty times as much, round-off a billionth."""

SEARCH_PX = 5
"""Shift that is searched, in patch pixels: how far an outline may be off."""

SEARCH_TURNS_DEG = (0.0, -4.0, 4.0)
SEARCH_SCALES = (1.0, 0.94, 1.06)
"""Turns and scales that are searched, the likeliest first."""

CLEAR_SCORE = 0.85
"""Score at which the search stops: no other card comes near."""

SHORTLIST = 4
"""Known cards that each card is compared with in full, after a coarse look."""

COARSE_WH = (24, 16)
"""Size of the patches of the coarse look."""

MIN_SAME = 0.6
"""Score from which two cards are the same: 0 wrong pairs of 1,386 in FINDINGS
section 4, 3 at 0.45."""

PLACE_BONUS = 0.05
"""Added to the score of a card that has not moved: of two that look alike the
one on the spot is the same."""


@dataclass(frozen=True, slots=True)
class Match:
    """Two cards that are the same.

    Parameters
    ----------
    current, previous : int
        Their indices.
    score : float
        Likeness of their looks, -1 to 1.
    """

    current: int
    previous: int
    score: float


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
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    patch = np.asarray(cv2.resize(grey, PATCH_WH, interpolation=cv2.INTER_AREA))
    patch.flags.writeable = False
    return CardDescriptor(np.asarray(patch, np.uint8))


def likeness(one: CardDescriptor, other: CardDescriptor) -> float:
    """Return how alike two cards look, -1 to 1.

    The best normalised correlation over small shifts, turns and scales.
    """
    target = _normalised(one.patch)
    best = -1.0
    for turn in SEARCH_TURNS_DEG:
        for scale in SEARCH_SCALES:
            score = _best_shift(target, _normalised(_posed(other.patch, turn, scale)))
            best = max(best, score)
            if best >= CLEAR_SCORE:
                return best
    return best


def match_cards(current: Sequence[Look], previous: Sequence[Look]) -> tuple[Match, ...]:
    """Return which current card is which previous one.

    Parameters
    ----------
    current, previous : sequence of Look

    Returns
    -------
    tuple of Match
        One to one, by index of the current card; only where it is certain.
    """
    if not current or not previous:
        return ()
    scores = _scores(current, previous)
    places = np.array(
        [[_same_place(one, other) for other in previous] for one in current]
    )
    rows, columns = linear_sum_assignment(
        np.where(scores >= MIN_SAME, scores + PLACE_BONUS * places, 0.0), maximize=True
    )
    return tuple(
        Match(int(row), int(column), float(scores[row, column]))
        for row, column in zip(rows, columns, strict=True)
        if scores[row, column] >= MIN_SAME
    )


def _scores(
    current: Sequence[Look], previous: Sequence[Look]
) -> npt.NDArray[np.float64]:
    """Return likenesses (current, previous); -1 where not worth a full look."""
    scores = np.full((len(current), len(previous)), -1.0)
    coarse = _coarse(current) @ _coarse(previous).T
    for row, one in enumerate(current):
        near = [_same_place(one, other) for other in previous]
        shortlist = set(np.argsort(-coarse[row], kind="stable")[:SHORTLIST].tolist())
        shortlist |= set(np.flatnonzero(near).tolist())
        for column in sorted(shortlist):
            other = previous[column]
            scores[row, column] = likeness(one.descriptor, other.descriptor)
    return scores


def _coarse(looks: Sequence[Look]) -> npt.NDArray[np.float64]:
    """Return coarse normalised patches as unit vectors, shape (N, D)."""
    vectors = []
    for look in looks:
        normal = _normalised(look.descriptor.patch)
        small = cv2.resize(
            cv2.GaussianBlur(normal, (0, 0), 2), COARSE_WH, interpolation=cv2.INTER_AREA
        )
        vector = np.asarray(small, np.float64).ravel()
        vectors.append(vector / max(float(np.linalg.norm(vector)), 1e-9))
    return np.array(vectors)


def _same_place(one: Look, other: Look) -> bool:
    """Tell whether two cards lie on the same spot of the board."""
    return one.quad_area.iou(other.quad_area) > 1 / 3


def _normalised(patch: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Take light and shade out of a patch: local mean 0, local deviation 1."""
    grey = patch.astype(np.float32)
    offset = grey - cv2.GaussianBlur(grey, (0, 0), NORMALISE_SIGMA)
    spread = np.sqrt(cv2.GaussianBlur(offset * offset, (0, 0), NORMALISE_SIGMA))
    return np.asarray(offset / (spread + NORMALISE_FLOOR), np.float32)


def _posed(
    patch: npt.NDArray[np.uint8], turn_deg: float, scale: float
) -> npt.NDArray[np.uint8]:
    """Turn and scale a patch about its middle."""
    height, width = patch.shape
    pose = cv2.getRotationMatrix2D((width / 2, height / 2), turn_deg, scale)
    return np.asarray(
        cv2.warpAffine(patch, pose, (width, height), borderMode=cv2.BORDER_REPLICATE),
        np.uint8,
    )


def _best_shift(
    target: npt.NDArray[np.float32], moved: npt.NDArray[np.float32]
) -> float:
    """Return the best correlation of the middle of one patch over the other."""
    inner = moved[SEARCH_PX:-SEARCH_PX, SEARCH_PX:-SEARCH_PX]
    # What is left of a blank patch is round-off, which correlates with anything.
    if min(float(inner.std()), float(target.std())) < MIN_STRUCTURE:
        return -1.0
    return float(cv2.matchTemplate(target, inner, cv2.TM_CCOEFF_NORMED).max())


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
