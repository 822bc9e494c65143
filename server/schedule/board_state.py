"""What all photos of a board so far come to: enough to take in the next one.

A cache: it can always be folded anew from everything that is stored, and says the
same. A photo that comes in the order in which photos were taken, as nearly all do,
costs the same whether three were before it or three hundred.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from server.schedule.cards import Card
from server.schedule.evidence import (
    Absence,
    KnownCell,
    Moment,
    PhotoEvidence,
    TrackedCard,
    Words,
    cells_after,
    order_of,
)
from server.schedule.showings import (
    Showing,
    crop_of,
    same_words,
    source_of,
    telling,
)


@dataclass(frozen=True, slots=True)
class CardInPhoto:
    """A card as one photo shows it.

    Parameters
    ----------
    sighting : TrackedCard
    showing : Showing
        Of the same photo.
    words : Words
        What it says there: carried over if it was merely known again.
    """

    sighting: TrackedCard
    showing: Showing
    words: Words


@dataclass(frozen=True, slots=True)
class CardState:
    """What the photos so far say of one card.

    Parameters
    ----------
    newest : TrackedCard
    showings : tuple of Showing
        From `telling`.
    words : Words
        What it says, as it was read last, at first or further.
    first_seen_at : datetime
        Aware moment of its first sighting.
    absence : Absence
    """

    newest: TrackedCard
    showings: tuple[Showing, ...]
    words: Words
    first_seen_at: dt.datetime
    absence: Absence = field(default_factory=Absence)

    @property
    def source(self) -> Showing:
        """The showing that its words come from."""
        return source_of(self.showings)

    @property
    def crop(self) -> str:
        """SHA-256 of the crop that people are shown."""
        return crop_of(self.showings)

    def card(self, board: str) -> Card:
        """Return the card as the schedule sees it.

        Parameters
        ----------
        board : str
            Slug.
        """
        first = self.showings[0]
        return Card(
            id=self.newest.card,
            board=board,
            cell=self.newest.cell,
            until=self.newest.until,
            text=self.words.text,
            fields=self.words.fields,
            confidence=self.words.confidence,
            colour=self.newest.colour,
            crop=self.crop,
            presence=self.absence.presence,
            first_seen_at=self.first_seen_at,
            last_seen_at=self.newest.came_at or self.newest.at,
            rooms=self.newest.rooms,
            votes=self.newest.votes,
            bare_at=self.absence.bare_at,
            edited_at=first.at if first.change == "edited" else None,
        )

    def seen(self, entry: CardInPhoto) -> "CardState":
        """Return its state after a newer photo that shows it."""
        showings = telling(same_words([*self.showings, entry.showing]))
        carried_over = source_of(showings) is not showings[-1]
        return CardState(
            newest=entry.sighting,
            showings=showings,
            words=self.words if carried_over else entry.words,
            first_seen_at=self.first_seen_at,
        )

    def missed(
        self, entry: PhotoEvidence, before: Iterable[PhotoEvidence]
    ) -> "CardState":
        """Return its state after a newer photo that does not show it."""
        return replace(self, absence=self.absence.after(self.newest, entry, before))

    def read_further(self, showing: Showing, words: Words) -> "CardState":
        """Return its state after a further look at it.

        Parameters
        ----------
        showing : Showing
            Of the photo that was looked at, in any order, with `further` set.
        words : Words
            What the look came to.
        """
        others = [entry for entry in self.showings if entry.photo != showing.photo]
        showings = telling(same_words([*others, showing]))
        # Not if it has other words by now, or a newer photo says more.
        counts = source_of(showings) == showing
        return replace(self, showings=showings, words=words if counts else self.words)


@dataclass(frozen=True, slots=True)
class BoardState:
    """What the photos of a board so far come to.

    Parameters
    ----------
    newest : Moment or None
        Order of the newest photo in it.
    cells : tuple of KnownCell
    cards : mapping of str to CardState
        Every card ever seen, by id, ascending.
    """

    newest: Moment | None = None
    cells: tuple[KnownCell, ...] = ()
    cards: Mapping[str, CardState] = field(default_factory=dict)

    def with_card(self, card: CardState) -> "BoardState":
        """Return the state with one card's replaced."""
        return replace(self, cards={**self.cards, card.newest.card: card})

    def takes(self, entry: PhotoEvidence) -> bool:
        """Say whether a photo is newer than all that are in it."""
        return self.newest is None or order_of(entry) > self.newest

    def after(
        self,
        entry: PhotoEvidence,
        seen: Iterable[CardInPhoto],
        before: Sequence[PhotoEvidence],
    ) -> "BoardState":
        """Return the state after a newer photo.

        Parameters
        ----------
        entry : PhotoEvidence
            Of a photo that `takes` says can be taken in.
        seen : iterable of CardInPhoto
            The cards that it shows.
        before : sequence of PhotoEvidence
            Of the photos up to `server.schedule.evidence.ROUND` before it, at least,
            unless it shows the whole board.
        """
        shown = {card.sighting.card: card for card in seen}
        cards = {
            card_id: state.seen(shown[card_id])
            if card_id in shown
            else state.missed(entry, before)
            for card_id, state in self.cards.items()
        }
        cards |= {
            card_id: CardState(
                card.sighting, (card.showing,), card.words, card.sighting.at
            )
            for card_id, card in shown.items()
            if card_id not in cards
        }
        return BoardState(
            order_of(entry),
            cells_after(self.cells, entry),
            dict(sorted(cards.items())),
        )
