"""Identity and free cells: is what the second photo says of the board true."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.bars import SILENTLY_WRONG
from benchmarks.boardcast import known_cards, read_photo
from benchmarks.metrics import pair_up
from benchmarks.scenarios import PhotoPair
from benchmarks.table import Table, judged
from calibration.geometry import Quad
from calibration.layout import CellId
from sample_boards.truth import BoardTruth, CardTruth
from vision.cards import BoardObservation, Fate
from vision.errors import RegistrationError
from vision.reading import CellReading
from vision.recognition.engine import NullEngine
from vision.registration import Reference

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
    """Free cells called free; called something else; and cells falsely called free."""

    right: int = 0
    missed: int = 0
    false: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """What became of one board between two photos; nothing where one was refused.

    What was said of each card, what had happened to known cards that were read again,
    and the second photo's free cells.
    """

    verdicts: tuple[tuple[Change, Verdict], ...] = ()
    read_again: tuple[Change, ...] = ()
    free: CellTally = CellTally()


def day_of(pair: PhotoPair, references: Sequence[Reference]) -> Day:
    """Read both photos of a board; nothing that cards say is measured here."""
    before, after = pair.before.truth, pair.after.truth
    engine = NullEngine()
    try:
        first = read_photo(pair.before.photo, pair.board, references, engine)
        known = known_cards(first.cards)
        second = read_photo(pair.after.photo, pair.board, references, engine, known)
    except RegistrationError:
        return Day()
    happened = changes(before, after)
    said = _followed(pair, first, second)
    return Day(
        tuple(
            (change, verdict(name, change, said)) for name, change in happened.items()
        ),
        tuple(happened[name] for name in said.read_again),
        tally_free(after, second.reading.cells),
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
    return "kept" if (old.text, old.struck) == (new.text, new.struck) else "edited"


def verdict(name: str, change: Change, said: Followed) -> Verdict:
    """Judge what was said about one true card, by its id and what happened to it.

    A card that was not found is not told of. One that is gone may be held for
    covered: that claims nothing.
    """
    if change == "removed":
        if name in said.same_as.values():
            return "wrong"
        return "right" if said.fates.get(name) == "gone" else "not told"
    if name not in said.same_as or (change != "replaced" and name not in said.known):
        return "not told"
    expected = None if change == "replaced" else name
    return "right" if said.same_as[name] == expected else "wrong"


def _followed(
    pair: PhotoPair, before: BoardObservation, after: BoardObservation
) -> Followed:
    """Put what was said about identity into true card ids."""
    old, new = (
        true_ids(shot.truth.cards, [card.reading.quad_photo for card in seen.cards])
        for shot, seen in ((pair.before, before), (pair.after, after))
    )
    named = [
        (name, card)
        for name, card in zip(new, after.cards, strict=True)
        if name is not None
    ]
    return Followed(
        known=frozenset(name for name in old if name is not None),
        same_as={
            name: old[int(card.known)] if card.known is not None else None
            for name, card in named
        },
        fates={
            name: missing.fate
            for missing in after.missing
            if (name := old[int(missing.id)]) is not None
        },
        read_again=frozenset(
            name for name, card in named if card.known is not None and card.read_again
        ),
    )


def tally_free(truth: BoardTruth, cells: Sequence[CellReading]) -> CellTally:
    """Count how free cells were told."""
    free = {
        CellId(cell.room, cell.slot) for cell in truth.cells if cell.state == "free"
    }
    said = {entry.cell for entry in cells if entry.state == "free"}
    return CellTally(len(free & said), len(free - said), len(said - free))


def identity_tables(days: Sequence[Day]) -> tuple[Table, Table]:
    """Return how cards were told apart, and free cells told."""
    told = [entry for day in days for entry in day.verdicts]
    read_again = [change for day in days for change in day.read_again]
    verdicts: tuple[Verdict, ...] = ("right", "wrong", "not told")
    rows = tuple(
        (
            change,
            *(told.count((change, what)) for what in verdicts),
            read_again.count(change),
        )
        for change in CHANGES
    )
    right, missed, false = (
        sum(getattr(day.free, name) for day in days)
        for name in ("right", "missed", "false")
    )
    return (
        Table(
            "Identity of cards from photo to photo",
            ("change", *verdicts, "read again"),
            rows,
        ),
        Table(
            "Free cells",
            ("right", "missed", "false", "must", "met"),
            ((right, missed, false, *judged(SILENTLY_WRONG, false)),),
        ),
    )
