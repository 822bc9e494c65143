"""Cards at their places, with what belongs together: the entries of a board. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from zoneinfo import ZoneInfo

from calibration.layout import CellId, Slot
from calibration.profile import Board
from server.schedule.cards_now import CardNow
from server.schedule.corrections.held import is_hidden
from server.schedule.entries import (
    Entry,
    OtherCard,
    Span,
    Spans,
    said_once,
    with_places_kept,
)


def spans_of(board: Board, timezone: ZoneInfo) -> Spans:
    """Return the spans of a board's slots by their labels."""
    return {slot.label: slot.span(board.date, timezone) for slot in board.layout.slots}


def entries_of(
    cards: Iterable[CardNow], board: Board, spans: Spans
) -> tuple[list[Entry], list[Entry]]:
    """Return what is on the board, and what keeps a place of nothing.

    Online each session is one of its own: nobody puts cards for lunch there.
    """
    placed = _placed(cards, board, spans)
    if board.online:
        return placed, []
    entries, ownerless = with_places_kept(placed, board.layout, spans)
    return said_once(_without_parts(entries), ownerless, board.layout, spans)


def _without_parts(entries: Iterable[Entry]) -> list[Entry]:
    """Give cards without a title within a longer session in their room to it."""
    entries = tuple(entries)
    kept = [entry for entry in entries if entry.text("title")]
    for part in (entry for entry in entries if not entry.text("title")):
        longer = [
            entry
            for entry in kept
            if entry.text("title")
            and part.cell.room in entry.rooms
            and entry.starts_at < part.starts_at < entry.ends_at
        ]
        if longer:
            kept[kept.index(longer[0])] = longer[0].with_other(part)
        else:
            kept.append(part)
    return kept


def _placed(cards: Iterable[CardNow], board: Board, spans: Spans) -> list[Entry]:
    """Return the cards that say something at a place on the board.

    Those that a person hid do not, nor do notices that are cancelled.
    """
    entries = []
    for now in cards:
        card, mine, cell = now.card, now.held, now.cell
        if card.presence == "gone" or is_hidden(mine) or cell is None:
            continue
        if cell.room not in board.layout.rooms or cell.slot not in spans:
            # The profile lost this room or slot after the card was seen: one
            # such card must not keep the rest of the board from being published.
            continue
        until = now.until
        starts_at, ends_at = span_at(board, cell, until, spans)
        rooms: tuple[str, ...] = (cell.room,)
        if cell == card.cell and set(card.rooms) <= set(board.layout.rooms):
            rooms = card.rooms or rooms
        counted = card if board.votes else replace(card, votes=None)
        others = tuple(OtherCard(one.id, one.cell or cell) for one in now.others)
        entry = Entry(counted, mine, cell, starts_at, ends_at, rooms, others=others)
        if not (entry.notice and entry.cancelled):
            entries.append(entry)
    return entries


def span_at(board: Board, cell: CellId, until: str | None, spans: Spans) -> Span:
    """Return start and end: the slot's, longer if `until` says so.

    An `until` that is not after the slot, or after the board's last one, was
    misread: the slot's own end holds.
    """
    starts_at, ends_at = spans[cell.slot]
    if until is None or until == f"{starts_at:%H:%M}":
        return starts_at, ends_at
    written = Slot.parse(f"{starts_at:%H:%M}-{until}")
    # A slot after midnight belongs to the next date, and so does its card.
    written = replace(written, days_later=board.layout.slot(cell.slot).days_later)
    longer = written.span(board.date, _zone_of(starts_at))[1]
    last = max(end for _, end in spans.values())
    return starts_at, longer if ends_at < longer <= last else ends_at


def _zone_of(moment: dt.datetime) -> ZoneInfo:
    timezone = moment.tzinfo
    if not isinstance(timezone, ZoneInfo):
        msg = f"expected a moment in a named timezone, got {timezone}"
        raise ValueError(msg)  # noqa: TRY004  (a value, not an argument type)
    return timezone


def cells_of(entry: Entry, spans: Spans) -> Iterable[CellId]:
    """Yield the cells that an entry takes up."""
    for label, span in spans.items():
        if entry.is_on(span):
            yield from (CellId(room, label) for room in entry.rooms)
