"""Cards that make one entry together: they keep its place, or say the same. Pure.

A card that keeps a place, below a session or a card that keeps its place, lengthens the
session. Cards with the same words in most rooms at the same time are one entry, with the
id of the card that was seen first; so is lunch, if no session is beside it.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal, NamedTuple

from rapidfuzz.distance import Levenshtein

from calibration.layout import CellId, Layout
from server.schedule.cards import Card
from server.schedule.corrections import Correction, CorrectionField, is_cancelled
from vision.fields.doubt import title_confidence
from vision.fields.notice import is_for_all, notice_of
from vision.reading import Notice

Span = tuple[dt.datetime, dt.datetime]
"""Aware start and end, in the event's timezone."""

Spans = Mapping[str, Span]
"""The slots' spans by their labels."""

TextField = Literal["title", "description", "host"]

LEFT = re.compile(r"\N{LEFTWARDS ARROW}|\b(?:left|links|gauche|izquierda)\b")
"""How a card says that it keeps a place for the session beside it."""

MIN_ROOMS = 3
"""Rooms in which cards must say the same to be one entry, if the board has more than
two: two friends may offer the same in two rooms."""

ONE_SLIP, TWO_SLIPS = 5, 20
"""Letters of a text from which one and two that differ are misread. Numbers and single
letters have to agree: "Sprint 1" and "Sprint 2" are two."""


class OtherCard(NamedTuple):
    """A card that belongs to an entry beside the one that it has its id of."""

    id: str
    cell: CellId


@dataclass(frozen=True, slots=True)
class Entry:
    """A card where it hangs, and what belongs to it.

    Parameters
    ----------
    card : Card
        Its words; its id is the entry's.
    held : mapping of CorrectionField to Correction
        What people set that holds now.
    cell : CellId
        Where it begins.
    starts_at, ends_at : datetime
        Aware.
    rooms : tuple of str
        All that it takes up, in the order of the board.
    all_rooms : bool
        Whether these are all that are to be had.
    others : tuple of OtherCard
        The other cards that belong to it.
    """

    card: Card
    held: Mapping[CorrectionField, Correction]
    cell: CellId
    starts_at: dt.datetime
    ends_at: dt.datetime
    rooms: tuple[str, ...]
    all_rooms: bool = False
    others: tuple[OtherCard, ...] = ()

    def text(self, field: TextField) -> str:
        """Return a text: as a person set it, else as read."""
        if field in self.held:
            return str(self.held[field].value)
        return str(getattr(self.card.fields, field))

    @property
    def notice(self) -> Notice:
        """What it gives notice of; a title that a person changed decides."""
        title, fields = self.text("title"), self.card.fields
        return fields.notice if title == fields.title else notice_of(title)

    @property
    def cancelled(self) -> bool:
        """Whether a person cancelled it, or else its card is struck through."""
        return is_cancelled(self.held, read=self.card.fields.cancelled)

    def is_on(self, span: Span) -> bool:
        """Say whether it takes place within a span, or a part of it does."""
        return self.starts_at < span[1] and span[0] < self.ends_at

    def with_other(self, other: "Entry") -> "Entry":
        """Return it with another entry's card, until that one ends."""
        return replace(
            self,
            ends_at=max(self.ends_at, other.ends_at),
            others=(*self.others, OtherCard(other.card.id, other.cell)),
        )


def with_places_kept(
    entries: Iterable[Entry], layout: Layout, spans: Spans
) -> tuple[list[Entry], list[Entry]]:
    """Give the cards that keep places to the entries that they keep them for.

    Returns
    -------
    tuple of list of Entry
        The other entries, and the cards that keep a place for none.
    """
    ordered = sorted(
        entries,
        key=lambda one: (
            one.starts_at,
            layout.rooms.index(one.cell.room),
            one.card.id,
        ),
    )
    owners = [entry for entry in ordered if entry.notice != "continued"]
    lone = []
    for keeper in (entry for entry in ordered if entry.notice == "continued"):
        if (left := _on_the_left(keeper, owners, layout)) is not None:
            rooms = (*left.rooms, keeper.cell.room)
            owners[owners.index(left)] = replace(left.with_other(keeper), rooms=rooms)
        elif (owner := _owner(keeper, owners, spans)) is not None:
            owners[owners.index(owner)] = owner.with_other(keeper)
        else:
            lone.append(keeper)
    return owners, lone


def _on_the_left(
    keeper: Entry, entries: Iterable[Entry], layout: Layout
) -> Entry | None:
    """Return the entry in the room on the left, if that is where a card points."""
    room = layout.rooms.index(keeper.cell.room) - 1
    if layout.rooms_along != "columns" or room < 0:
        return None
    there = [
        entry
        for entry in entries
        if layout.rooms[room] in entry.rooms
        and entry.is_on((keeper.starts_at, keeper.ends_at))
    ]
    points = LEFT.search(keeper.text("title").casefold())
    return there[0] if points and len(there) == 1 else None


def _owner(keeper: Entry, entries: Iterable[Entry], spans: Spans) -> Entry | None:
    """Return the entry that lasts into a card's slot, or the one of the slot before."""
    in_room = [
        entry
        for entry in entries
        if keeper.cell.room in entry.rooms and entry.starts_at < keeper.starts_at
    ]
    lasting = [entry for entry in in_room if keeper.starts_at < entry.ends_at]
    if lasting:
        return lasting[0]
    earlier = [span for span in spans.values() if span[0] < keeper.starts_at]
    before = [entry for entry in in_room if entry.is_on(max(earlier))]
    return before[0] if len(before) == 1 else None


def said_once(
    entries: Sequence[Entry], lone: Sequence[Entry], layout: Layout, spans: Spans
) -> tuple[list[Entry], list[Entry]]:
    """Join cards that say the same in most rooms, and give lunch all rooms.

    Parameters
    ----------
    entries, lone : sequence of Entry
        From `with_places_kept`.
    layout : Layout
        Of the board.
    spans : Spans

    Returns
    -------
    tuple of list of Entry
        The same, with fewer.
    """
    sessions = [entry for entry in entries if not entry.notice]
    blocking = [entry for entry in entries if entry.notice]
    left = list(lone)
    joined = []
    for cards in _alike_in_slots(sessions):
        slot = cards[0].cell.slot
        others = [entry for entry in sessions if entry not in cards]
        rooms = _rooms_of(cards)
        blocked = {cell.room for cell in layout.blocked if cell.slot == slot}
        blocked |= _rooms_of(blocking, spans[slot])
        to_be_had = (set(layout.rooms) - blocked) | rooms
        alone = _rooms_of(others, spans[slot]) <= rooms and len(to_be_had) > 1
        many = len(cards) > 1 and len(rooms) >= MIN_ROOMS
        most = many and 2 * len(rooms) > len(to_be_had)
        if not (most or (alone and (rooms == to_be_had or _for_all(cards)))):
            joined += cards
            continue
        beside = [one for one in left if alone and one.is_on(spans[slot])]
        left = [one for one in left if one not in beside]
        taken = to_be_had if alone else rooms
        in_order = tuple(room for room in layout.rooms if room in taken)
        entry = _one_of(cards, beside)
        joined.append(replace(entry, rooms=in_order, all_rooms=alone))
    return [*joined, *blocking], left


def _rooms_of(entries: Iterable[Entry], span: Span | None = None) -> set[str]:
    """Return the rooms that entries take up, within a span if one is given."""
    return {
        room
        for entry in entries
        if span is None or entry.is_on(span)
        for room in entry.rooms
    }


def _alike_in_slots(sessions: Iterable[Entry]) -> list[list[Entry]]:
    """Return sessions by what they say, those of the same time together."""
    groups: list[list[Entry]] = []
    for entry in sorted(
        sessions, key=lambda one: (one.card.first_seen_at, one.card.id)
    ):
        group = next((one for one in groups if _says_the_same(one, entry)), None)
        if group is None:
            groups.append([entry])
        else:
            group.append(entry)
    return groups


def _says_the_same(group: Sequence[Entry], entry: Entry) -> bool:
    first, title = group[0], entry.text("title")
    hosts = [one.text("host") for one in (*group, entry)]
    return (
        (first.cell.slot, first.ends_at) == (entry.cell.slot, entry.ends_at)
        and first.cancelled == entry.cancelled
        and title != ""
        and _alike(first.text("title"), title)
        and all(_alike(one, two) for one in hosts for two in hosts if one and two)
    )


def _for_all(cards: Iterable[Entry]) -> bool:
    return any(is_for_all(card.text("title")) for card in cards)


def _alike(one: str, two: str) -> bool:
    """Tell whether two texts are the same but for what may be misread."""
    one, two = _plain(one), _plain(two)
    exact = [re.findall(r"\b\w\b|\d+", text) for text in (one, two)]
    letters = min(len(one), len(two))
    slips = (letters >= ONE_SLIP) + (letters >= TWO_SLIPS)
    return exact[0] == exact[1] and Levenshtein.distance(one, two) <= slips


def _plain(text: str) -> str:
    """Return the words of a text in small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        re.findall(r"\w+", "".join(c for c in apart if not unicodedata.combining(c)))
    )


def _one_of(cards: Sequence[Entry], beside: Iterable[Entry]) -> Entry:
    """Return cards, the first seen first, as one entry.

    What people set last on any of them holds, else what the surest one says.
    """
    first = cards[0]
    made = sorted(
        chain.from_iterable(card.held.values() for card in cards), key=_number
    )
    held = {entry.field: entry for entry in made}
    best = max(cards, key=lambda one: _likely(one.card))
    seen = [one.card for one in cards]
    present = any(card.presence == "present" for card in seen)
    card = replace(
        best.card,
        id=first.card.id,
        presence="present" if present else best.card.presence,
        last_seen_at=max(card.last_seen_at for card in seen),
    )
    others = [OtherCard(one.card.id, one.cell) for one in (*cards[1:], *beside)]
    own = chain.from_iterable(one.others for one in cards)
    return replace(first, card=card, held=held, others=(*own, *others))


def _number(correction: Correction) -> int:
    return correction.id


def _likely(card: Card) -> float:
    return title_confidence(card.fields, card.confidence)
