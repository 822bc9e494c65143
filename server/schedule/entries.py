"""Cards that make one entry together: they keep its place, or say the same. Pure.

A card that keeps a place, below a session or a card that keeps its place, lengthens the
session. Cards with the same words in most rooms at the same time are one entry, with the
id of the card that was seen first. So is lunch, if it is the only session of its slot.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from calibration.layout import CellId, Layout
from server.schedule.cards import Card
from server.schedule.cards_now import text_of, worth
from server.schedule.corrections.held import (
    CardField,
    HeldCard,
    HeldField,
    TextField,
    is_cancelled,
)
from vision.fields.notice import is_for_all, notice_of
from vision.reading import Notice

Span = tuple[dt.datetime, dt.datetime]
"""Aware start and end, in the event's timezone."""

Spans = Mapping[str, Span]
"""The slots' spans by their labels."""

LEFT = re.compile(r"\N{LEFTWARDS ARROW}|\b(?:left|links|gauche|izquierda)\b")
"""How a card says that it keeps a place for the session beside it."""

MIN_ROOMS = 3
"""Rooms in which cards must say the same to be one entry, if the board has more than
two: two friends may offer the same in two rooms."""

ONE_SLIP = 12
"""Letters of a text from which one that differs is misread: "Testing" and "Resting" are
two."""

PLAIN_KEPT = 2000
"""Texts whose words are kept: the titles and hosts of some boards. Each is compared with
all others."""

WORD = re.compile(r"[\w+#.!]+")

EXACT = re.compile(r"\b\w\b|\d+|[+#.!]")
"""What has to agree in any text: single letters, numbers, and signs, but those at its
end. "Sprint 1" and "Sprint 2", "C" and "C#" are two."""


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
    held : HeldCard
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
    held: HeldCard
    cell: CellId
    starts_at: dt.datetime
    ends_at: dt.datetime
    rooms: tuple[str, ...]
    all_rooms: bool = False
    others: tuple[OtherCard, ...] = ()

    def text(self, field: TextField) -> str:
        """Return a text: as a person set it, else as read."""
        return text_of(self.card, self.held, field)

    @property
    def notice(self) -> Notice:
        """What it gives notice of: nothing, if it has a host or a description.

        A title that a person set or confirmed is one, unless it is a notice by the
        letter. What is struck through was read as a title, whatever it says.
        """
        title = self.text("title")
        if self.text("host") or self.text("description"):
            return ""
        if "title" in self.held and title:
            return notice_of(title, misread=False)
        fields = self.card.fields
        return notice_of(title) if fields.cancelled else fields.notice

    @property
    def cancelled(self) -> bool:
        """Whether a person cancelled it, or else its card is struck through."""
        return is_cancelled(self.held, read=self.card.fields.cancelled)

    @property
    def cancelled_at(self) -> dt.datetime | None:
        """When a person cancelled it; None if nobody did."""
        said = self.held.get("cancelled")
        return said.made.at if said and said.value is True else None

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
    ownerless = []
    for keeper in (entry for entry in ordered if entry.notice == "continued"):
        owner = _owner(keeper, owners, layout, spans)
        if owner is None:
            ownerless.append(keeper)
        else:
            taken = {*owner.rooms, keeper.cell.room}
            rooms = tuple(room for room in layout.rooms if room in taken)
            entry = replace(owner.with_other(keeper), rooms=rooms)
            owners[owners.index(owner)] = entry
    return owners, ownerless


def _owner(
    keeper: Entry, entries: Iterable[Entry], layout: Layout, spans: Spans
) -> Entry | None:
    """Return the entry that a card keeps its place for.

    The one that lasts into its slot, else the one on the left if it points there, else
    the one in the slot before; none where there are two.
    """
    entries = tuple(entries)
    in_room = [
        entry
        for entry in entries
        if keeper.cell.room in entry.rooms and entry.starts_at < keeper.starts_at
    ]
    lasting = [entry for entry in in_room if keeper.starts_at < entry.ends_at]
    if lasting:
        return lasting[0]
    if on_the_left := _on_the_left(keeper, entries, layout):
        (first, *more), hours = on_the_left, (keeper.starts_at, keeper.ends_at)
        alike = not more and (first.starts_at, first.ends_at) == hours
        return first if alike else None
    earlier = [span for span in spans.values() if span[0] < keeper.starts_at]
    before = [entry for entry in in_room if entry.is_on(max(earlier))]
    return before[0] if len(before) == 1 else None


def _on_the_left(
    keeper: Entry, entries: Iterable[Entry], layout: Layout
) -> list[Entry]:
    """Return what is on meanwhile in the room on the left, if a card points there."""
    room = layout.rooms.index(keeper.cell.room) - 1
    points = LEFT.search(keeper.text("title").casefold())
    if layout.rooms_along != "columns" or room < 0 or not points:
        return []
    hours = (keeper.starts_at, keeper.ends_at)
    return [
        entry
        for entry in entries
        if layout.rooms[room] in entry.rooms and entry.is_on(hours)
    ]


def said_once(
    entries: Sequence[Entry], ownerless: Sequence[Entry], layout: Layout, spans: Spans
) -> tuple[list[Entry], list[Entry]]:
    """Join cards that say the same in most rooms, and give lunch all rooms.

    Parameters
    ----------
    entries, ownerless : sequence of Entry
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
    remaining = list(ownerless)
    joined = []
    for cards in _alike_in_slots(sessions):
        slot = cards[0].cell.slot
        rooms = _rooms_of(cards)
        blocked = {cell.room for cell in layout.blocked if cell.slot == slot}
        blocked |= _rooms_of(blocking, spans[slot])
        to_be_had = (set(layout.rooms) - blocked) | rooms
        keepers = [one for one in remaining if one.is_on(spans[slot])]
        many = len(cards) > 1 and len(rooms) >= MIN_ROOMS
        marked = rooms | _rooms_of(keepers) if many else rooms
        everywhere = (
            len(to_be_had) > 1
            and (marked >= to_be_had or any(map(_is_for_all, cards)))
            and not any(
                entry.is_on(spans[slot]) for entry in sessions if entry not in cards
            )
        )
        if not everywhere and not (many and 2 * len(rooms) > len(to_be_had)):
            joined += cards
            continue
        if everywhere:
            rooms = to_be_had
            remaining = [one for one in remaining if one not in keepers]
        entry = _one_of(cards, keepers if everywhere else ())
        in_order = tuple(room for room in layout.rooms if room in rooms)
        joined.append(replace(entry, rooms=in_order, all_rooms=everywhere))
    return [*joined, *blocking], remaining


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
        and alike(first.text("title"), title)
        and all(alike(one, two) for one in hosts for two in hosts if one and two)
    )


def _is_for_all(entry: Entry) -> bool:
    return is_for_all(entry.text("title"))


def alike(one: str, two: str) -> bool:
    """Tell whether two texts are the same but for what may be misread."""
    one, two = plain_words(one), plain_words(two)
    exact = [EXACT.findall(text) for text in (one, two)]
    slips = int(min(len(one), len(two)) >= ONE_SLIP)
    return exact[0] == exact[1] and Levenshtein.distance(one, two) <= slips


@lru_cache(maxsize=PLAIN_KEPT)
def plain_words(text: str) -> str:
    """Return the words and signs of a text in small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(WORD.findall(plain)).rstrip(".!")


def _one_of(cards: Sequence[Entry], keepers: Iterable[Entry]) -> Entry:
    """Return cards, the first seen first, as one entry.

    What people set last on any of them holds, else what the surest one says.
    """
    first = cards[0]
    made = sorted(chain.from_iterable(card.held.items() for card in cards), key=_number)
    held = dict(made)
    best = max(cards, key=lambda one: worth(one.card))
    seen = [one.card for one in cards]
    present = any(card.presence == "present" for card in seen)
    votes = [card.votes for card in seen if card.votes is not None]
    card = replace(
        best.card,
        id=first.card.id,
        presence="present" if present else best.card.presence,
        last_seen_at=max(card.last_seen_at for card in seen),
        votes=sum(votes) if votes else None,
    )
    others = [OtherCard(one.card.id, one.cell) for one in (*cards[1:], *keepers)]
    own = chain.from_iterable(one.others for one in cards)
    return replace(first, card=card, held=held, others=(*own, *others))


def _number(entry: tuple[CardField, HeldField]) -> int:
    return entry[1].made.correction
