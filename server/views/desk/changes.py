"""What photos changed since a person last confirmed it, as a list to confirm. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from calibration.layout import CellId
from server.schedule.cards import Card
from server.schedule.cards_now import CardNow
from server.schedule.corrections.change import place_in_words
from server.schedule.corrections.decision import Decision
from server.schedule.corrections.held import Held, SeenCard
from server.schedule.corrections.join import Join
from server.schedule.corrections.seen import Seen
from server.schedule.news import CardNews, News, news_of
from server.schedule.proposed_joins import proposed_joins
from server.views.desk.cards import DeskCard

NEWS_WORDS: dict[News, str] = {
    "added": "New",
    "moved": "Moved",
    "edited": "Written on",
    "struck": "Struck out",
    "gone": "Left the board",
    "back": "Back on the board",
}

STAMP_DIGITS = 12
"""Of a hash, in hex: two states of one card are to be told apart."""


@dataclass(frozen=True, slots=True)
class DeskChange:
    """What became of a card, as the desk shows it.

    Parameters
    ----------
    news : CardNews
    title : str
        As it stands.
    reopened : bool
        Whether it is to be decided at the card itself: a person corrected it.
    also : tuple of Card
        Others that were joined to it, and of which the same became.
    """

    news: CardNews
    title: str
    reopened: bool
    also: tuple[Card, ...] = ()

    @property
    def card(self) -> Card:
        """The card as it is now."""
        return self.news.card

    @property
    def words(self) -> str:
        """What became of it."""
        return ", ".join(NEWS_WORDS[one] for one in self.news.news)

    @property
    def place(self) -> str:
        """Where it hangs, and where it hung if that was elsewhere."""
        now, seen = _place(self.card.cell), self.news.seen
        if "moved" in self.news.news and seen:
            return f"{_place(seen.cell)} \N{RIGHTWARDS ARROW} {now}"
        return now

    @property
    def pictures(self) -> tuple[str, ...]:
        """SHA-256s of what it looked like, if somebody wrote on it, and looks like."""
        seen = self.news.seen
        written = seen and {"edited", "struck"} & set(self.news.news)
        before = [seen.crop] if seen and written and seen.crop != self.card.crop else []
        return (*before, self.card.crop)

    @property
    def stamp(self) -> str:
        """What a form says was seen: which card, and in which state."""
        states = "".join(map(_state, (self.card, *self.also)))
        return f"{self.card.id} {_short(states)}"


@dataclass(frozen=True, slots=True)
class DeskOffer:
    """A card that may be what a person made before it was seen.

    Parameters
    ----------
    made : DeskCard
        What the person made.
    seen : DeskCard
        The card.
    planned : bool
        Whether it was planned; else it was put in by hand.
    """

    made: DeskCard
    seen: DeskCard
    planned: bool = False

    @property
    def id(self) -> str:
        """What a form calls it."""
        return f"{self.made.card.id} {self.seen.card.id}"

    @property
    def join(self) -> Join:
        """What makes them one."""
        return Join(self.made.card.id, (self.seen.card.id,))

    @property
    def apart(self) -> Decision:
        """What says that they are two."""
        cards = tuple(sorted((self.made.card.id, self.seen.card.id)))
        return Decision("session", cards, cards)

    @property
    def cards(self) -> frozenset[str]:
        """Ids of both."""
        return frozenset({self.made.card.id, self.seen.card.id})


def desk_changes(
    cards: Iterable[DeskCard], held: Held, first: Mapping[str, SeenCard]
) -> tuple[DeskChange, ...]:
    """Return what became of cards that nobody hid: in order of what it is, then place.

    Parameters
    ----------
    cards : iterable of DeskCard
        All of the board.
    held : Held
        What people set.
    first : mapping of str to SeenCard
        As of `news_of`.
    """
    shown = {
        card.id: (card, one)
        for one in cards
        if not one.hidden
        for card in one.cards
        if card.id not in held.made
    }
    news = news_of((card for card, _ in shown.values()), held.seen, first)
    changes: dict[tuple[str, ...], DeskChange] = {}
    for one in news:
        whole = shown[one.card.id][1]
        change = DeskChange(one, whole.title, whole.reopened is not None)
        same = whole.card.id, change.words, change.place
        if known := changes.get(same):
            change = replace(known, also=(*known.also, one.card))
        changes[same] = change
    order = list(NEWS_WORDS)
    return tuple(
        sorted(
            changes.values(),
            key=lambda one: (order.index(one.news.news[0]), one.place),
        )
    )


def desk_offers(cards: Iterable[DeskCard], held: Held) -> tuple[DeskOffer, ...]:
    """Return cards that may be what a person made before, unless one said they are two.

    Parameters
    ----------
    cards : iterable of DeskCard
        All of the board.
    held : Held
        What people set.
    """
    shown = {one.card.id: one for one in cards}
    now = [CardNow(one.card, one.held, one.cards) for one in shown.values()]
    offers = [
        DeskOffer(shown[one.first], shown[one.other], held.made[one.first].planned)
        for one in proposed_joins(now, held)
    ]
    return tuple(one for one in offers if one.apart.key not in held.decisions_now)


def confirmed(stamps: Iterable[str], changes: Iterable[DeskChange]) -> Seen | None:
    """Return what a person confirmed; None if nothing is left of it.

    What changed again since the page was drawn is not confirmed, nor what is to be
    decided at the card.

    Parameters
    ----------
    stamps : iterable of str
        Of the changes that the person saw.
    changes : iterable of DeskChange
        As they stand now.
    """
    wanted = set(stamps)
    as_seen = {
        card.id: SeenCard.of(card)
        for one in changes
        if one.stamp in wanted and not one.reopened
        for card in (one.card, *one.also)
    }
    return Seen(as_seen) if as_seen else None


def _place(cell: CellId | None) -> str:
    return place_in_words(cell) if cell else "beside the cells"


def _state(card: Card) -> str:
    """Return in text what is to be seen of a card; a better picture is no difference."""
    return repr(replace(SeenCard.of(card), at=card.first_seen_at, crop=""))


def _short(state: str) -> str:
    """Return a short name of a state."""
    return hashlib.sha256(state.encode()).hexdigest()[:STAMP_DIGITS]
