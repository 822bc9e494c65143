"""Reading drawn boards twice: registration, identity and free cells together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from benchmarks.following import (
    CHANGES,
    CellTally,
    Change,
    Followed,
    Verdict,
    changes,
    tally_free,
    true_ids,
    verdict,
)
from benchmarks.placing import Placing, placing_of
from benchmarks.scenarios import PhotoPair, Scenario
from benchmarks.speed import known_cards
from vision.cards import BoardObservation
from vision.errors import RegistrationError
from vision.pipeline import read_board, straighten
from vision.recognition.null import NullEngine
from vision.registration import Reference

NOTHING_TOLD = CellTally()
"""Of a photo that was refused."""


@dataclass(frozen=True, slots=True)
class Day:
    """What became of one scenario.

    Parameters
    ----------
    scenario : Scenario
    placing : {"ok", "refused", "wrong"}
        Of the second photo.
    verdicts : tuple of (Change, Verdict)
        One for each card, in the order of their ids; none where a photo was
        refused.
    free : CellTally
        Of the second photo.
    read_again : tuple of Change
        What had happened to each known card that was read again.
    """

    scenario: Scenario
    placing: Placing
    verdicts: tuple[tuple[Change, Verdict], ...] = ()
    free: CellTally = NOTHING_TOLD
    read_again: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """How many cards that underwent one change were told apart rightly.

    Parameters
    ----------
    change : Change
    right, wrong, not_told : int
    read_again : int
        Known cards that were read again: edited ones should be, kept ones need not.
    """

    change: Change
    right: int
    wrong: int
    not_told: int
    read_again: int = 0


Chosen = TypeVar("Chosen")
Outcome = TypeVar("Outcome")


class Spread(Protocol):
    """Applies a function to scenarios, in order; `map`, or that of a pool."""

    def __call__(
        self, function: Callable[[Chosen], Outcome], chosen: Iterable[Chosen], /
    ) -> Iterable[Outcome]:
        """Yield what the function makes of each."""
        ...


def day_of(scenario: Scenario, pair: PhotoPair, reference: Reference) -> Day:
    """Read both photos of a board; a first photo that is refused teaches nothing.

    Parameters
    ----------
    scenario : Scenario
    pair : PhotoPair
    reference : Reference
        The first photo, by which a board without tags is found.
    """
    references = () if scenario.tags else (reference,)
    try:
        straight = straighten(pair.after.photo, [pair.board], references)
    except RegistrationError:
        return Day(scenario, "refused")
    before = _read_first(pair, references)
    known = known_cards(before.cards) if before else ()
    # Nothing is measured here that depends on what the cards say.
    after = read_board(pair.after.photo, straight, NullEngine(), known=known)
    happened = changes(pair.before.truth, pair.after.truth)
    said = followed(pair, before, after) if before else None
    return Day(
        scenario,
        placing_of(straight.registration, pair.after.truth),
        _verdicts(happened, said) if said else (),
        tally_free(pair.after.truth, after.reading.cells),
        tuple(happened[name] for name in sorted(said.read_again)) if said else (),
    )


def _read_first(
    pair: PhotoPair, references: Sequence[Reference]
) -> BoardObservation | None:
    try:
        straight = straighten(pair.before.photo, [pair.board], references)
    except RegistrationError:
        return None
    return read_board(pair.before.photo, straight, NullEngine())


def _verdicts(
    happened: Mapping[str, Change], said: Followed
) -> tuple[tuple[Change, Verdict], ...]:
    return tuple(
        (change, verdict(name, change, said))
        for name, change in sorted(happened.items())
    )


def followed(
    pair: PhotoPair, before: BoardObservation, after: BoardObservation
) -> Followed:
    """Put what was said about identity into true card ids.

    Parameters
    ----------
    pair : PhotoPair
    before, after : BoardObservation
        Of its photos; `after` knows the cards of `before` by their numbers.
    """
    old = true_ids(
        pair.before.truth.cards, [card.reading.quad_photo for card in before.cards]
    )
    new = true_ids(
        pair.after.truth.cards, [card.reading.quad_photo for card in after.cards]
    )
    return Followed(
        known=frozenset(name for name in old if name is not None),
        same_as={
            name: old[int(card.known)] if card.known is not None else None
            for name, card in zip(new, after.cards, strict=True)
            if name is not None
        },
        fates={
            name: missing.fate
            for missing in after.missing
            if (name := old[int(missing.id)]) is not None
        },
        read_again=frozenset(
            name
            for name, card in zip(new, after.cards, strict=True)
            if name is not None and card.known is not None and card.read_again
        ),
    )


def identity_rows(days: Sequence[Day]) -> tuple[IdentityRow, ...]:
    """Return how cards were told apart, a row for each change."""
    told = [entry for day in days for entry in day.verdicts]
    return tuple(
        IdentityRow(
            change,
            told.count((change, "right")),
            told.count((change, "wrong")),
            told.count((change, "not told")),
            sum(day.read_again.count(change) for day in days),
        )
        for change in CHANGES
    )


def free_cells(days: Sequence[Day]) -> CellTally:
    """Return how free cells were told on all days."""
    return sum((day.free for day in days), NOTHING_TOLD)
