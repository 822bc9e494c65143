"""What photos together say about cards and cells: a pure fold over evidence.

Photos may arrive in any order: evidence is folded in the order of the moments
at which the photos were taken, so that a photo that arrives late never undoes
what a newer one showed, and still tells what no newer one has seen.

Where a card is says its newest sighting. What it says comes from the newest one
in which it was read: in those after it, it was merely known again.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from calibration.layout import CellId
from server.schedule.cards import Presence
from vision.cards import Fate
from vision.reading import CardFields, CardReading, CellState
from vision.registration.frame import WHOLE_COVERAGE

FREE_HOLDS = dt.timedelta(minutes=10)
"""How long a cell that was seen free counts as free while photos leave it
out: close-ups of one board follow each other within a few minutes, and a new
card is put up within the hour."""


ROUND = dt.timedelta(minutes=10)
"""How long before a photo that shows a card's place bare a photo of another part
may have been taken and still tell that the card does not hang there: the close-ups
of one walk along the board, in whichever order."""


Moment = tuple[dt.datetime, str]
"""By what evidence is ordered: the aware moment of a photo, then the photo's id."""


@dataclass(frozen=True, slots=True)
class TrackedCard:
    """Where one card is in one photo.

    Parameters
    ----------
    card : str
        The card's id.
    photo : str
        The photo's id.
    at : datetime
        Aware moment of the photo.
    cell, until, colour, rooms, votes
        As in `server.schedule.cards.Card`.
    came_at : datetime or None
        As in `PhotoEvidence`.
    """

    card: str
    photo: str
    at: dt.datetime
    cell: CellId | None
    until: str | None
    colour: str
    rooms: tuple[str, ...] = ()
    votes: int | None = None
    came_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """What a card says, as an engine read it.

    Parameters
    ----------
    text, fields, confidence
        As in `server.schedule.cards.Card`.
    """

    text: str
    fields: CardFields
    confidence: float

    @classmethod
    def of(cls, reading: CardReading) -> Self:
        """Return a reading's words: place and colour are the whole photo's to tell."""
        return cls(reading.text, reading.fields, reading.confidence)


@dataclass(frozen=True, slots=True)
class PhotoEvidence:
    """What one photo that was read says about cells and missing cards.

    Parameters
    ----------
    photo : str
        The photo's id.
    at : datetime
        Aware moment of the photo.
    cells : mapping of CellId to CellState
        Every cell of the layout.
    fates : mapping of str to Fate
        By id: the cards known when it was read that it does not show.
    coverage : float
        Share of the cell area that it shows, 0 to 1.
    came_at : datetime or None
        When it came, if nobody knows when it was taken: then `at` is before the
        photos of its day of which that is known, and it tells of no card that it is
        gone.
    """

    photo: str
    at: dt.datetime
    cells: Mapping[CellId, CellState]
    fates: Mapping[str, Fate] = field(default_factory=dict)
    coverage: float = 1.0
    came_at: dt.datetime | None = None

    @property
    def unseen(self) -> frozenset[CellId]:
        """The cells that it leaves out; none if it shows the whole board."""
        if self.coverage >= WHOLE_COVERAGE:
            return frozenset()
        return frozenset(
            cell for cell, state in self.cells.items() if state == "unseen"
        )


@dataclass(frozen=True, slots=True)
class Absence:
    """What the photos taken since a card was last seen say about it.

    It is gone once its place was seen bare and no other place is left where it
    may hang: a close-up of its bare place alone does not tell whether somebody
    took it down or moved it to where the close-up does not reach. Until then it
    counts as unseen, and its session holds.

    Once photos have shown that it is gone it stays gone until it is seen
    again: a later photo that does not show the place says nothing new.

    Parameters
    ----------
    fate : Fate or None
        What the last of them says; None if there is none.
    left : frozenset of CellId or None
        Where it may hang yet, once one has shown its place bare.
    bare_at : datetime or None
        Aware moment of the last of them that shows its place bare.
    """

    fate: Fate | None = None
    left: frozenset[CellId] | None = None
    bare_at: dt.datetime | None = None

    @property
    def presence(self) -> Presence:
        """What it comes to."""
        if self.fate is None:
            return "present"
        if self.left is None:
            return self.fate
        return "unseen" if self.left else "gone"

    def after(
        self, newest: TrackedCard, entry: PhotoEvidence, before: Iterable[PhotoEvidence]
    ) -> "Absence":
        """Return what holds after one more photo.

        Parameters
        ----------
        newest : TrackedCard
            The card's newest.
        entry : PhotoEvidence
            Of a photo taken after all others that are in this, without the card.
        before : iterable of PhotoEvidence
            The photos taken up to `ROUND` before it, at least.
        """
        if entry.came_at is not None:
            return self
        fate = _fate(newest, entry)
        bare_at = entry.at if fate == "gone" else self.bare_at
        if self.left is not None:
            return Absence("gone", self.left & entry.unseen, bare_at)
        if fate != "gone":
            return Absence(fate)
        left = entry.unseen
        for earlier in before:
            if order_of(earlier) > order_of(newest) and _tells(newest, earlier, entry):
                left &= earlier.unseen
        return Absence(fate, left, bare_at)


def absence_of(newest: TrackedCard, evidence: Iterable[PhotoEvidence]) -> Absence:
    """Return what photos taken after a card's newest sighting say about it.

    Parameters
    ----------
    newest : TrackedCard
    evidence : iterable of PhotoEvidence
        Of every photo of the board, in any order.
    """
    later = sorted(
        (entry for entry in evidence if order_of(entry) > order_of(newest)),
        key=order_of,
    )
    absence = Absence()
    for index, entry in enumerate(later):
        absence = absence.after(newest, entry, later[:index])
    return absence


@dataclass(frozen=True, slots=True)
class KnownCell:
    """The last known state of a cell, and when a photo showed it.

    Parameters
    ----------
    cell : CellId
    state : CellState
    at : datetime
        Aware moment of that photo.
    taken_at, free_at : datetime or None
        Aware moments of the last photos that showed it taken, and free.
    """

    cell: CellId
    state: CellState
    at: dt.datetime
    taken_at: dt.datetime | None = None
    free_at: dt.datetime | None = None

    def after(self, state: CellState, at: dt.datetime) -> Self:
        """Return what is known after a newer photo that shows this."""
        if _holds(self, state, at):
            return self
        return replace(
            self,
            state=state,
            at=at,
            taken_at=at if state == "taken" else self.taken_at,
            free_at=at if state == "free" else self.free_at,
        )


def cells_after(
    known: Iterable[KnownCell], entry: PhotoEvidence
) -> tuple[KnownCell, ...]:
    """Return the last known state of every cell that was ever asked about.

    A photo that shows a cell settles it. A cell that a photo leaves out keeps
    its state, but is not called free for longer than `FREE_HOLDS`; one that
    something hides is not called free at all.

    Parameters
    ----------
    known : iterable of KnownCell
        What the photos before said.
    entry : PhotoEvidence
        Of a photo taken after them.
    """
    cells = {one.cell: one for one in known}
    for cell, state in entry.cells.items():
        before = cells.get(cell) or KnownCell(cell, "unseen", entry.at)
        cells[cell] = before.after(state, entry.at)
    return tuple(cells.values())


def cells_from(evidence: Iterable[PhotoEvidence]) -> tuple[KnownCell, ...]:
    """Return the last known state of every cell, of photos in any order."""
    known: tuple[KnownCell, ...] = ()
    for entry in sorted(evidence, key=order_of):
        known = cells_after(known, entry)
    return known


def order_of(entry: TrackedCard | PhotoEvidence) -> Moment:
    """Return what evidence is ordered by: the moment, then the photo's id."""
    return entry.at, entry.photo


def _tells(newest: TrackedCard, earlier: PhotoEvidence, bare: PhotoEvidence) -> bool:
    """Say whether a photo before the one that shows a card's place bare tells, too.

    Before, the card may have hung where it was, if that was in the photo.
    """
    return earlier.came_at is None and (
        earlier.at >= bare.at
        or (_fate(newest, earlier) == "unseen" and bare.at - earlier.at <= ROUND)
    )


def _fate(newest: TrackedCard, entry: PhotoEvidence) -> Fate:
    """Return what a later photo says about a card that it does not show."""
    if newest.card in entry.fates:
        return entry.fates[newest.card]
    # The card was not known yet when that photo was read: its photo arrived
    # late. What the later one saw of its cell decides; that it is blocked says
    # the profile, whether the photo shows it or not.
    state = entry.cells.get(newest.cell, "unseen") if newest.cell else "unseen"
    if state in {"taken", "free"}:
        return "gone"
    return "covered" if state == "covered" else "unseen"


def _holds(known: KnownCell, state: CellState, at: dt.datetime) -> bool:
    """Say whether a cell's last state outlives a photo that shows this."""
    last = known.state
    if state not in {"covered", "unseen"} or last in {"covered", "unseen"}:
        return False
    if last == "free":
        return state == "unseen" and at - known.at <= FREE_HOLDS
    return True
