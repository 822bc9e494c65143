"""Sessions that are told beside the schedule: planned ones, and those elsewhere. Pure."""

import datetime as dt
from collections.abc import Iterable
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from calibration.errors import FieldError
from calibration.event import PlannedMode
from calibration.layout import CellId, Slot
from calibration.profile import Board
from server.schedule.cards_now import CardNow
from server.schedule.corrections.held import Elsewhere, Held, MadeCard, is_hidden
from server.schedule.doubt import doubt_of
from server.schedule.entries import Entry, Span, Spans
from server.schedule.placed import span_at
from server.schedule.written_hours import hours_of
from vision.fields.doubt import title_confidence
from vision.reading import CardFields

Listing = Literal["", "planned", "elsewhere"]
"""On the schedule; planned, and no card makes it official yet; held elsewhere."""


class Listed(NamedTuple):
    """A session beside the schedule.

    Parameters
    ----------
    entry : Entry
        Where it has no cell, its room is the place in words and its slot is empty.
    listing : Listing
    time : str
        When it is, in words, if its hours are not known: then it takes the whole day.
    """

    entry: Entry
    listing: Listing
    time: str


def listed_of(
    cards: Iterable[CardNow],
    held: Held,
    board: Board,
    spans: Spans,
    *,
    timezone: ZoneInfo,
    planned: PlannedMode,
) -> tuple[Listed, ...]:
    """Return what is told beside the schedule, in the order of its times.

    Parameters
    ----------
    cards : iterable of CardNow
        All of the board.
    held : Held
        What people set.
    board : Board
    spans : Spans
    timezone : ZoneInfo
        The event's.
    planned : {"listed", "scheduled"}
        Where sessions that were planned stand as long as no card is there.
    """
    found = []
    for now in cards:
        listing, made = listing_of(now, held, board, planned), written_in(now, held)
        if not listing and board.beside == "elsewhere" and _is_beside(now):
            listing = "elsewhere"
        if not listing:
            continue
        said = made.elsewhere if made else elsewhere_on(now.card.fields)
        where = said or Elsewhere()
        cell, span = now.cell, None
        if cell is not None and cell.slot in spans:
            span = span_at(board, cell, now.until, spans)
        elif cell is not None:  # its hour is gone from event.toml
            start, _, end = cell.slot.partition("-")
            where = Elsewhere(cell.room, "", start, end)
        span = span or _span(where, board.date, timezone)
        time = where.time if cell is None and not where.starts else ""
        entry = Entry(
            now.card,
            now.held,
            cell or CellId(where.place, ""),
            *(span or whole_day(board.date, timezone)),
            rooms=(cell.room if cell else where.place,),
        )
        found.append(Listed(entry, listing, time))
    return tuple(
        sorted(found, key=lambda one: (one.entry.starts_at, one.entry.card.id))
    )


def listing_of(now: CardNow, held: Held, board: Board, planned: PlannedMode) -> Listing:
    """Return where a session is told: on the schedule, or beside it.

    A board that is online has no cards to wait for.
    """
    made = written_in(now, held)
    if made is None or now.card.presence == "gone" or is_hidden(now.held):
        return ""
    waits = made.planned and planned == "listed" and not board.online
    if waits and not is_seen(now, held):
        return "planned"
    return "elsewhere" if now.cell is None else ""


def elsewhere_on(fields: CardFields) -> Elsewhere:
    """Return the place and time that are written on a card, as far as they are."""
    try:
        hours = hours_of(fields.time)
    except ValueError:
        hours = None
    if hours is None:
        return Elsewhere(fields.room, fields.time)
    return Elsewhere(fields.room, "", *hours.clocks)


def _is_beside(now: CardNow) -> bool:
    """Say whether a card beside the cells is a session, as far as it can be read."""
    sure = "title" in now.held or (
        not now.card.fields.notice
        and doubt_of(
            now.text("title"), title_confidence(now.card.fields, now.card.confidence)
        )
        != "unreadable"
    )
    shown = now.card.presence != "gone" and not is_hidden(now.held)
    return now.cell is None and shown and bool(now.text("title")) and sure


def whole_day(date: dt.date, timezone: ZoneInfo) -> Span:
    """Return a day from its midnight to the next."""
    midnight = dt.datetime.combine(date, dt.time(), timezone)
    return midnight, midnight + dt.timedelta(days=1)


def written_in(now: CardNow, held: Held) -> MadeCard | None:
    """Return what a person wrote of a session, if one did; also once its card is there."""
    made = (held.made[one.id] for one in now.cards if one.id in held.made)
    return next((one for one in made if one.kind == "written"), None)


def is_seen(now: CardNow, held: Held) -> bool:
    """Say whether a card of it was ever seen."""
    return any(one.id not in held.made for one in now.cards)


def _span(where: Elsewhere, date: dt.date, timezone: ZoneInfo) -> Span | None:
    try:
        slot = Slot.parse(f"{where.starts}-{where.ends}")
    except FieldError:
        return None
    return slot.span(date, timezone)
