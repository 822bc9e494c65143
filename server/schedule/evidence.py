"""What photos together say about cards and cells: a pure fold over evidence.

Photos may arrive in any order: evidence is folded in the order of the moments
at which the photos were taken, so that a photo that arrives late never undoes
what a newer one showed, and still tells what no newer one has seen.

Where a card is says its newest sighting. What it says comes from the newest one
in which it was read: in those after it, it was merely known again.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from calibration.layout import CellId
from server.schedule.cards import Card, Presence
from vision.identity import Fate
from vision.reading import CardFields, CardReading, CellReading, CellState
from vision.rectify import WHOLE_COVERAGE

FREE_HOLDS = dt.timedelta(minutes=10)
"""How long a cell that was seen free counts as free while photos leave it
out: close-ups of one board follow each other within a few minutes, and a new
card is put up within the hour."""


ROUND = dt.timedelta(minutes=10)
"""How long before a photo that shows a card's place bare a photo of another part
may have been taken and still tell that the card does not hang there: the close-ups
of one walk along the board, in whichever order."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One card in one photo.

    Parameters
    ----------
    card : str
        The card's id.
    photo : str
        The photo's id.
    at : datetime
        Aware moment of the photo.
    cell, until, text, fields, confidence, colour, crop
        As in `server.schedule.cards.Card`.
    """

    card: str
    photo: str
    at: dt.datetime
    cell: CellId | None
    until: str | None
    text: str
    fields: CardFields
    confidence: float
    colour: str
    crop: str


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
    """

    photo: str
    at: dt.datetime
    cells: Mapping[CellId, CellState]
    fates: Mapping[str, Fate] = field(default_factory=dict)
    coverage: float = 1.0


def words_of(read: Sighting, further: CardReading | None) -> Words:
    """Return what a card says.

    Parameters
    ----------
    read : Sighting
        The newest one in which it was read.
    further : CardReading or None
        What further looks at that sighting, and at later ones of the same words,
        came to. It tells no more than the words: place and colour are what the
        newest photo as a whole said.
    """
    if further is None:
        return Words(read.text, read.fields, read.confidence)
    return Words(further.text, further.fields, further.confidence)


def card_of(
    board: str,
    newest: Sighting,
    words: Words,
    *,
    crop: str,
    first_seen_at: dt.datetime,
    evidence: Iterable[PhotoEvidence],
) -> Card:
    """Return a card as the schedule sees it.

    Parameters
    ----------
    board : str
        Slug.
    newest : Sighting
        Its newest sighting: where it is.
    words : Words
        What it says.
    crop : str
        SHA-256 of the crop that people are shown.
    first_seen_at : datetime
        Aware moment of its first sighting.
    evidence : iterable of PhotoEvidence
        Of every photo of the board, in any order.
    """
    return Card(
        id=newest.card,
        board=board,
        cell=newest.cell,
        until=newest.until,
        text=words.text,
        fields=words.fields,
        confidence=words.confidence,
        colour=newest.colour,
        crop=crop,
        presence=presence_of(newest, evidence),
        first_seen_at=first_seen_at,
        last_seen_at=newest.at,
    )


def presence_of(newest: Sighting, evidence: Iterable[PhotoEvidence]) -> Presence:
    """Return what photos taken after a card's newest sighting say about it.

    It is gone once its place was seen bare and no other place is left where it
    may hang: a close-up of its bare place alone does not tell whether somebody
    took it down or moved it to where the close-up does not reach. Until then it
    counts as unseen, and its session holds.

    Once photos have shown that it is gone it stays gone until it is seen
    again: a later photo that does not show the place says nothing new.
    """
    later = sorted(
        (entry for entry in evidence if order_of(entry) > order_of(newest)),
        key=order_of,
    )
    fates = [(entry, _fate(newest, entry)) for entry in later]
    if not fates:
        return "present"
    bare = next((entry for entry, fate in fates if fate == "gone"), None)
    if bare is None:
        return fates[-1][1]
    telling = [
        entry
        for entry, fate in fates
        # Before, it may have hung where it was, if that was in the photo.
        if entry.at >= bare.at or (fate == "unseen" and bare.at - entry.at <= ROUND)
    ]
    return "gone" if _show_everything(telling) else "unseen"


def cells_from(evidence: Iterable[PhotoEvidence]) -> tuple[CellReading, ...]:
    """Return the last known state of every cell that was ever asked about.

    A photo that shows a cell settles it. A cell that a photo leaves out keeps
    its state, but is not called free for longer than `FREE_HOLDS`; one that
    something hides is not called free at all.
    """
    known: dict[CellId, tuple[CellState, dt.datetime]] = {}
    for entry in sorted(evidence, key=order_of):
        for cell, state in entry.cells.items():
            before = known.get(cell)
            if before is None or not _holds(before, state, entry.at):
                known[cell] = (state, entry.at)
    return tuple(CellReading(cell, state) for cell, (state, _) in known.items())


def order_of(entry: Sighting | PhotoEvidence) -> tuple[dt.datetime, str]:
    """Return what evidence is ordered by: the moment, then the photo's id."""
    return entry.at, entry.photo


def _show_everything(photos: Iterable[PhotoEvidence]) -> bool:
    """Say whether photos together show the whole board."""
    left: set[CellId] | None = None
    for entry in photos:
        if entry.coverage >= WHOLE_COVERAGE:
            return True
        unseen = {cell for cell, state in entry.cells.items() if state == "unseen"}
        left = unseen if left is None else left & unseen
    return not left


def _fate(newest: Sighting, entry: PhotoEvidence) -> Fate:
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


def _holds(
    before: tuple[CellState, dt.datetime], state: CellState, at: dt.datetime
) -> bool:
    """Say whether a cell's last state outlives a photo that shows this."""
    last, seen_at = before
    if state not in {"covered", "unseen"} or last in {"covered", "unseen"}:
        return False
    if last == "free":
        return state == "unseen" and at - seen_at <= FREE_HOLDS
    return True
