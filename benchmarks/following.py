"""Identity and free cells: is what the second photo says of the board true."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.metrics import pair_up
from calibration.geometry import Quad
from calibration.layout import CellId
from sample_boards.truth import BoardTruth, CardTruth
from vision.cards import Fate
from vision.reading import CellReading

Change = Literal["kept", "moved", "edited", "replaced", "removed"]
CHANGES: tuple[Change, ...] = ("kept", "moved", "edited", "replaced", "removed")

Verdict = Literal["right", "wrong", "not told"]


@dataclass(frozen=True, slots=True)
class Followed:
    """What the second photo's reading said about identity, in true card ids.

    Parameters
    ----------
    known : frozenset of str
        True cards that the first photo's reading found.
    same_as : mapping of str to str or None
        For each true card found in the second photo, the true card that it was
        said to be; None for a new one.
    fates : mapping of str to Fate
        What was said of cards that were not found again.
    read_again : frozenset of str
        Known true cards that were found worth reading again.
    """

    known: frozenset[str]
    same_as: Mapping[str, str | None]
    fates: Mapping[str, Fate]
    read_again: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CellTally:
    """How free cells were told.

    Parameters
    ----------
    right : int
        Free cells called free.
    missed : int
        Free cells called something else.
    false : int
        Cells called free that are taken, or that the photo does not show.
    """

    right: int = 0
    missed: int = 0
    false: int = 0

    def __add__(self, other: "CellTally") -> "CellTally":
        return CellTally(
            self.right + other.right,
            self.missed + other.missed,
            self.false + other.false,
        )


def true_ids(
    cards: Sequence[CardTruth], quads_photo: Sequence[Quad]
) -> tuple[str | None, ...]:
    """Return which true card each outline in a photo is; None for no card."""
    pairs = pair_up(
        [card.quad_photo.bounds for card in cards],
        [quad.bounds for quad in quads_photo],
    )
    names = {column: cards[row].card_id for row, column in pairs.items()}
    return tuple(names.get(index) for index in range(len(quads_photo)))


def changes(before: BoardTruth, after: BoardTruth) -> dict[str, Change]:
    """Return what happened to cards between two photos, by their ids.

    Not of a card in whose cell another hangs now: under that, nobody can see
    that it is gone.
    """
    old = {card.card_id: card for card in before.cards}
    new = {card.card_id: card for card in after.cards}
    held = {(card.room, card.slot) for card in after.cards}
    happened: dict[str, Change] = {
        name: "removed"
        for name, card in old.items()
        if name not in new and (card.room, card.slot) not in held
    }
    for name, card in new.items():
        happened[name] = _change(old[name], card) if name in old else "replaced"
    return happened


def _change(old: CardTruth, new: CardTruth) -> Change:
    if (old.room, old.slot) != (new.room, new.slot):
        return "moved"
    said = (old.text, old.struck)
    return "kept" if said == (new.text, new.struck) else "edited"


def verdict(name: str, change: Change, said: Followed) -> Verdict:
    """Judge what was said about one card.

    Parameters
    ----------
    name : str
        Id of the true card.
    change : Change
        What happened to it.
    said : Followed

    Returns
    -------
    {"right", "wrong", "not told"}
        A card that was not found is not told of. One that is gone may be held
        for covered: that claims nothing.
    """
    if change == "removed":
        return _verdict_of_removed(name, said)
    if name not in said.same_as:
        return "not told"
    if change == "replaced":
        return "right" if said.same_as[name] is None else "wrong"
    if name not in said.known:
        return "not told"
    return "right" if said.same_as[name] == name else "wrong"


def _verdict_of_removed(name: str, said: Followed) -> Verdict:
    if name in said.same_as.values():
        return "wrong"
    return "right" if said.fates.get(name) == "gone" else "not told"


def tally_free(truth: BoardTruth, cells: Sequence[CellReading]) -> CellTally:
    """Count how free cells were told.

    Parameters
    ----------
    truth : BoardTruth
    cells : sequence of CellReading
        Of the same photo.
    """
    free = {
        CellId(cell.room, cell.slot) for cell in truth.cells if cell.state == "free"
    }
    said = {entry.cell for entry in cells if entry.state == "free"}
    return CellTally(len(free & said), len(free - said), len(said - free))
