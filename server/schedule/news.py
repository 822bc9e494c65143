"""What became of cards since a person saw them. Pure.

A correction belongs to its card. If somebody wrote on the card since, struck it out or
hung it elsewhere, the correction holds; but a person is shown both, and decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from server.schedule.cards import Card
from server.schedule.corrections.edit import TEXT_FIELDS
from server.schedule.corrections.held import (
    CardField,
    HeldCard,
    HeldField,
    SeenCard,
    is_hidden,
)
from server.schedule.entries import plain_words

OTHER_WORDS = 15.0
"""Percent by which a reading is less like what a person set than the reading that the
person saw, from which the card says something else. Two readings of the same words are
less than that apart, unless one of them is hardly legible."""


UNLIKE = 50.0
"""Percent below which two readings are not of the same words, unless the newer one is
more like what a person set."""

News = Literal["added", "moved", "edited", "struck", "gone", "back"]


@dataclass(frozen=True, slots=True)
class CardNews:
    """What became of a card since a person saw it.

    Parameters
    ----------
    card : Card
        As it is now.
    seen : SeenCard or None
        As it was then; None if nobody saw it before.
    news : tuple of News
    """

    card: Card
    seen: SeenCard | None
    news: tuple[News, ...]


@dataclass(frozen=True, slots=True)
class Reopened:
    """Why a person has to decide anew about a card that one corrected.

    Parameters
    ----------
    seen : SeenCard
        As it was when it was corrected.
    fields : tuple of CardField
        What was set and is in question.
    news : tuple of News
        ``edited``, ``struck`` or ``moved``.
    """

    seen: SeenCard
    fields: tuple[CardField, ...]
    news: tuple[News, ...]


def reopened(card: Card, held: HeldCard) -> Reopened | None:
    """Return why a person has to decide anew about a card; None if nothing says so.

    Parameters
    ----------
    card : Card
        As it is now.
    held : HeldCard
        What people set of it.
    """
    if is_hidden(held) or card.presence == "gone":
        return None
    texts = [name for name in TEXT_FIELDS if name in held and held[name].seen]
    newest = _newest(held[name] for name in texts)
    news: list[News] = []
    fields: list[CardField] = []
    seen = newest.seen if newest else None
    if seen and _says_something_else(card, held, seen):
        news.append("edited")
        fields += texts
    marked = held["cancelled"].seen if "cancelled" in held else seen
    if marked and card.fields.cancelled and not marked.struck:
        news.append("struck")
        fields += ["cancelled"] if "cancelled" in held else texts
    hung = held["cell"].seen if "cell" in held else None
    if hung and card.cell not in {hung.cell, held["cell"].value}:
        news.append("moved")
        fields.append("cell")
    first = seen or marked or hung
    if not news or first is None:
        return None
    return Reopened(first, tuple(dict.fromkeys(fields)), tuple(news))


def news_of(
    cards: Iterable[Card], seen: Mapping[str, SeenCard], first: Mapping[str, SeenCard]
) -> tuple[CardNews, ...]:
    """Return what became of cards since people saw them, or since the first photo.

    Parameters
    ----------
    cards : iterable of Card
        Every card ever seen on the board.
    seen : mapping of str to SeenCard
        What people saw of cards last, by id.
    first : mapping of str to SeenCard
        By id, the cards of the board's first photo as they were in it.
    """
    found = []
    for card in cards:
        before = seen.get(card.id) or first.get(card.id)
        if news := _news(card, before):
            found.append(CardNews(card, before, news))
    return tuple(found)


def _news(card: Card, before: SeenCard | None) -> tuple[News, ...]:
    gone = card.presence == "gone"
    if before is None:
        return () if gone else ("added",)
    if gone or before.gone:
        return () if gone and before.gone else (("gone",) if gone else ("back",))
    news: list[News] = []
    if card.cell != before.cell:
        news.append("moved")
    if card.fields.cancelled and not before.struck:
        news.append("struck")
    if _edited_since(card, before):
        news.append("edited")
    return tuple(news)


def _edited_since(card: Card, before: SeenCard) -> bool:
    """Say whether somebody wrote on a card since, and it reads otherwise."""
    written = card.edited_at is not None and card.edited_at > before.at
    return written and plain_words(card.text) != plain_words(before.text)


def _says_something_else(card: Card, held: HeldCard, seen: SeenCard) -> bool:
    """Say whether a card says else than it did and than a person says that it does."""
    if card.text == seen.text:
        return False
    words = {name: str(held[name].value) for name in TEXT_FIELDS if name in held}
    if all(getattr(card.fields, name) == text for name, text in words.items()):
        return False
    said = " ".join(words.values())
    was, now = (_likeness(text, said) for text in (seen.text, card.text))
    unlike = _likeness(seen.text, card.text) < UNLIKE and now < was + OTHER_WORDS
    return _edited_since(card, seen) or now < was - OTHER_WORDS or unlike


def _likeness(text: str, words: str) -> float:
    return fuzz.token_set_ratio(plain_words(text), plain_words(words))


def _newest(fields: Iterable[HeldField]) -> HeldField | None:
    return max(fields, key=lambda one: one.made.correction, default=None)
