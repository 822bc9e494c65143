"""Cards as they stand: with those that people made, joined, cut and brought back. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from calibration.layout import CellId
from server.schedule.cards import Card
from server.schedule.corrections.held import (
    CardField,
    Held,
    HeldCard,
    HeldField,
    MadeCard,
    TextField,
    is_hidden,
)
from vision.fields.doubt import title_confidence
from vision.reading import CardFields

PAPER = "#ffffff"
"""Colour of a card that a person made: nobody measured it."""

UNREAD = CardFields(title="")
"""What is read of a card that a person made."""


@dataclass(frozen=True, slots=True)
class CardNow:
    """A card with all that belongs to it.

    Parameters
    ----------
    card : Card
        What it is as a whole: its id is the first's, its place that of the first that
        hangs there, its words and its crop are those of the surest.
    held : HeldCard
        What people set: of each field what they set last, of any of its cards.
    cards : tuple of Card
        Those that it is, the first first: one, unless some were joined.
    """

    card: Card
    held: HeldCard
    cards: tuple[Card, ...]

    @property
    def others(self) -> tuple[Card, ...]:
        """The cards that were joined to it."""
        return tuple(card for card in self.cards if card.id != self.card.id)

    @property
    def cell(self) -> CellId | None:
        """Where it is published: where a person put it, else where it hangs."""
        cell = self.held["cell"].value if "cell" in self.held else self.card.cell
        return cell if isinstance(cell, CellId) else None

    @property
    def until(self) -> str | None:
        """``HH:MM`` at which it ends, if not with its slot."""
        if "until" in self.held:
            return str(self.held["until"].value) or None
        return self.card.until if self.cell == self.card.cell else None

    def text(self, field: TextField) -> str:
        """Return a text: as a person set it, else as read."""
        return text_of(self.card, self.held, field)


def cards_now(cards: Iterable[Card], held: Held) -> tuple[CardNow, ...]:
    """Return all cards of a board as they stand.

    Parameters
    ----------
    cards : iterable of Card
        Every card that a photo of the board ever showed.
    held : Held
        What people set.
    """
    every = {card.id: _with_acts(card, held) for card in cards}
    for made in held.made.values():
        if made.whole is None:
            every[made.id] = _made_card(made, held)
        elif made.whole in every:
            every[made.id] = _with_acts(_part(made, every[made.whole], held), held)
    place = {card_id: number for number, card_id in enumerate(held.joined, start=1)}
    groups: dict[str, list[Card]] = {}
    for card in sorted(every.values(), key=lambda one: place.get(one.id, 0)):
        groups.setdefault(held.first_of(card.id), []).append(card)
    return tuple(_as_one(first, group, held) for first, group in groups.items())


def text_of(card: Card, held: HeldCard, field: TextField) -> str:
    """Return a text of a card: as a person set it, else as read."""
    return str(held[field].value if field in held else getattr(card.fields, field))


def _with_acts(card: Card, held: Held) -> Card:
    """Return a card with what is left of its crop, and there if a person sees it."""
    there = held.there.get(card.id)
    if (
        card.presence == "gone"
        and there is not None
        and (card.bare_at is None or card.bare_at <= there.at)
    ):
        card = replace(card, presence="unseen")
    left = held.crops.get(card.id, "")
    if not left or not held.counts(left):
        return card
    newer = card.crop if held.cut_out_of.get(left) not in {"", None, card.crop} else ""
    return replace(card, crop=left, newer_crop=newer or card.newer_crop)


def _made_card(made: MadeCard, held: Held) -> Card:
    """Return a card that was drawn, or the place of one that nobody has seen."""
    crop = made.crop if held.counts(made.crop) else ""
    return Card(
        id=made.id,
        board=made.board,
        cell=made.cell,
        until=made.until,
        text="",
        fields=CardFields(handles=made.handles),
        confidence=0.0,
        colour=PAPER,
        crop=crop,
        presence="present" if crop else "unseen",
        first_seen_at=made.made.at,
        last_seen_at=made.made.at,
    )


def _part(made: MadeCard, whole: Card, held: Held) -> Card:
    """Return a part of a card: photos show it where they show the whole."""
    moved = made.cell is not None and made.cell != whole.cell
    return replace(
        whole,
        id=made.id,
        cell=made.cell or whole.cell,
        until=None if moved else whole.until,
        text="",
        fields=UNREAD,
        confidence=0.0,
        crop=made.crop if held.counts(made.crop) else "",
        rooms=() if moved else whole.rooms,
        votes=None,
    )


def _as_one(first: str, group: Sequence[Card], held: Held) -> CardNow:
    """Return cards that are one as one card.

    One that a person made stands for the card until that was seen; one that was
    hidden by itself adds nothing. The first's id stays, also where all photos that
    showed it were taken back.
    """
    shown = (
        one for one in group if one.id == first or not is_hidden(held.card(one.id))
    )
    cards = list(shown) or group[:1]
    seen = [one for one in cards if one.id not in held.made] or cards
    here = [one for one in seen if one.presence != "gone"] or seen
    best = max(here, key=worth)
    hanging = [one for one in here if one.cell is not None] or here
    place = next((one for one in hanging if one.presence == "present"), hanging[0])
    votes = [one.votes for one in here if one.votes is not None]
    fields = best.fields
    if len(cards) > 1 and not fields.handles:
        told = (one.fields.handles for one in cards if one.fields.handles)
        fields = replace(fields, handles=next(told, ()))
    as_one = replace(
        best,
        id=first,
        fields=fields,
        cell=place.cell,
        until=place.until,
        rooms=place.rooms,
        presence="present" if place.presence == "present" else best.presence,
        first_seen_at=min(one.first_seen_at for one in seen),
        last_seen_at=max(one.last_seen_at for one in here),
        votes=max(votes, default=None),
    )
    return CardNow(as_one, _held_of(first, cards, held), tuple(cards))


def worth(card: Card) -> tuple[bool, float]:
    """Return by what a card is shown for those that are one: a picture, its words."""
    return bool(card.crop), title_confidence(card.fields, card.confidence)


def _held_of(first: str, cards: Sequence[Card], held: Held) -> HeldCard:
    """Return what people set of cards that are one; whether it shows says the first.

    Of the first that is left if nothing was said of that.
    """
    ids = dict.fromkeys((first, *(card.id for card in cards)))
    fields = chain.from_iterable(held.card(card_id).items() for card_id in ids)
    ordered = sorted(fields, key=lambda entry: entry[1].made.correction)
    last: dict[CardField, HeldField] = dict(ordered)
    last.pop("hidden", None)
    for card_id in (cards[0].id, first):
        if "hidden" in held.card(card_id):
            last["hidden"] = held.card(card_id)["hidden"]
    return last
