"""What a reading of a photo is worth: the metrics, as pure functions.

Text is compared without case, accents and punctuation. Cards are compared by
the bounds of their outlines in the photo.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from calibration.geometry import Rect
from calibration.layout import CellId

IOUS = (0.35, 0.5, 0.7)
"""Intersections over unions at which recall is told. From the first of them a found
card is a true one: truth that was typed by hand has approximate outlines."""

TITLE_LIKENESS = 80
"""Likeness of 100 from which an attendee recognises a title."""

MIN_WORD_LETTERS = 3
"""Shorter words are not counted: their misreadings are other words."""

SHORT_WORD_LETTERS = 5
"""Up to this length one letter may be wrong in a word, else two."""

WORDS = re.compile(r"[\w@#]+")


@dataclass(frozen=True, slots=True)
class TrueCard:
    """A card as it is.

    Parameters
    ----------
    bounds_photo : Rect
        Bounds of its outline, in pixels of the upright photo.
    cell : CellId
    text, title : str
        What it says; a card without a title of its own is called by its text.
    legible : bool
        Whether a person can read it in this photo.
    partial : bool
        Whether only its large writing is typed: it counts for titles only.
    """

    bounds_photo: Rect
    cell: CellId
    text: str
    title: str
    legible: bool
    partial: bool = False


@dataclass(frozen=True, slots=True)
class FoundCard:
    """A card as it was read.

    Parameters
    ----------
    bounds_photo : Rect
    cell : CellId or None
        None where it lies beside all.
    text : str
    confidence : float or None
        0 to 1, where the reader says how likely the text is right.
    """

    bounds_photo: Rect
    cell: CellId | None
    text: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """So many of so many; ratios of several boards add up."""

    hits: float
    of: int

    def __add__(self, other: "Ratio") -> "Ratio":
        return Ratio(self.hits + other.hits, self.of + other.of)

    @property
    def value(self) -> float | None:
        """The quotient; None where there was nothing to count."""
        return self.hits / self.of if self.of else None


class Summed:
    """Ratios of several boards: added up one by one."""

    __slots__ = ()

    def __add__(self, other: Self) -> Self:
        names = [entry.name for entry in fields(self)]  # type: ignore[arg-type]  # a dataclass
        sums = {name: getattr(self, name) + getattr(other, name) for name in names}
        return type(self)(**sums)


@dataclass(frozen=True, slots=True)
class FindingScore(Summed):
    """How well cards were found.

    Parameters
    ----------
    found, found_half, found_tight : Ratio
        True cards that were found, for each of `IOUS`.
    true : Ratio
        Found cards that are true ones.
    cell : Ratio
        Found cards that were put into their cell.
    taken : Ratio
        Cells that were rightly called taken or not taken.
    """

    found: Ratio
    found_half: Ratio
    found_tight: Ratio
    true: Ratio
    cell: Ratio
    taken: Ratio


@dataclass(frozen=True, slots=True)
class TextScore(Summed):
    """How well legible cards were read; a card that was not found says nothing.

    Parameters
    ----------
    titles : Ratio
        Cards whose title can be read in their cell.
    character_errors : Ratio
        Sum over cards of wrong characters per true character, at most 1 each.
    words : Ratio
        Sum over cards of the share of words that were read.
    """

    titles: Ratio
    character_errors: Ratio
    words: Ratio


def plain(text: str) -> str:
    """Return text in small letters without accents and punctuation."""
    decomposed = unicodedata.normalize("NFKD", text).lower()
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(WORDS.findall(bare))


def character_error_rate(true: str, got: str) -> float:
    """Return wrong characters per true character, at most 1; order counts."""
    wanted = plain(true)
    wrong = Levenshtein.distance(wanted, plain(got))
    return min(1.0, wrong / max(1, len(wanted)))


def word_recall(true: str, got: str) -> float | None:
    """Return the share of words that were read; None if there are none to read."""
    words = [word for word in plain(true).split() if len(word) >= MIN_WORD_LETTERS]
    had = plain(got).split()
    read = [word for word in words if any(_same_word(word, other) for other in had)]
    return len(read) / len(words) if words else None


def _same_word(true: str, got: str) -> bool:
    """Whether a word was read, with a letter or two of slack."""
    slack = 1 if len(true) <= SHORT_WORD_LETTERS else 2
    return Levenshtein.distance(true, got) <= slack


def title_is_in(card: TrueCard, texts: Sequence[str]) -> bool:
    """Return whether a card's title can be recognised in one of these texts."""
    title, said = plain(card.title or card.text), filter(None, map(plain, texts))
    return any(fuzz.partial_ratio(title, text) >= TITLE_LIKENESS for text in said)


def pair_up(
    true: Sequence[Rect], read: Sequence[Rect], least_iou: float = IOUS[0]
) -> dict[int, int]:
    """Return which read outline is which true one, the best pairs first.

    Parameters
    ----------
    true, read : sequence of Rect
        In one frame.
    least_iou : float
        Intersection over union from which they can be the same.

    Returns
    -------
    dict of int to int
        Index of the read outline by that of the true one; one to one.
    """
    candidates = sorted(
        (-iou, row, column)
        for row, one in enumerate(true)
        for column, other in enumerate(read)
        if (iou := one.iou(other)) >= least_iou
    )
    pairs: dict[int, int] = {}
    for _, row, column in candidates:
        if row not in pairs and column not in pairs.values():
            pairs[row] = column
    return pairs


def score_finding(
    true: Sequence[TrueCard], read: Sequence[FoundCard], cells: Sequence[CellId]
) -> FindingScore:
    """Score where cards were found."""
    bounds = [card.bounds_photo for card in true], [card.bounds_photo for card in read]
    pairs = pair_up(*bounds)
    held = {card.cell for card in true}
    said = {card.cell for card in read}
    in_cell = sum(read[column].cell == true[row].cell for row, column in pairs.items())
    right = sum((cell in held) == (cell in said) for cell in cells)
    return FindingScore(
        found=Ratio(len(pairs), len(true)),
        found_half=Ratio(len(pair_up(*bounds, IOUS[1])), len(true)),
        found_tight=Ratio(len(pair_up(*bounds, IOUS[2])), len(true)),
        true=Ratio(len(pairs), len(read)),
        cell=Ratio(in_cell, len(pairs)) if cells else Ratio(0, 0),
        taken=Ratio(right, len(cells)),
    )


def score_text(true: Sequence[TrueCard], read: Sequence[FoundCard]) -> TextScore:
    """Score what legible cards were read as."""
    pairs = pair_up(
        [card.bounds_photo for card in true], [card.bounds_photo for card in read]
    )
    in_cell: dict[CellId | None, list[str]] = {}
    for card in read:
        in_cell.setdefault(card.cell, []).append(card.text)
    legible = [
        (true_card, read[pairs[row]].text if row in pairs else "")
        for row, true_card in enumerate(true)
        if true_card.legible and plain(true_card.text)
    ]
    whole = [(card, got) for card, got in legible if not card.partial]
    errors = [character_error_rate(card.text, got) for card, got in whole]
    recalls = [word_recall(card.text, got) for card, got in whole]
    words = [recall for recall in recalls if recall is not None]
    titles = [title_is_in(card, in_cell.get(card.cell, ())) for card, _ in legible]
    return TextScore(
        titles=Ratio(sum(titles), len(titles)),
        character_errors=Ratio(sum(errors), len(errors)),
        words=Ratio(sum(words), len(words)),
    )
