"""The calendar: RFC 5545 with the names and the refresh interval of RFC 7986.

The same histories always give the same bytes: no clock is read, so that a
feed that did not change keeps its ETag. It is for everybody: its own words are in the
event's language.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple
from functools import partial

from icalendar import Calendar, Timezone
from icalendar import Event as CalendarEvent
from icalendar.prop import vDuration, vText

from calibration.profile import Board, Event
from server.languages.catalogues import text_in
from server.languages.choice import ENGLISH, language_of
from server.languages.told import N_
from server.publish.addresses import picture_path
from server.publish.history import SessionHistory
from server.publish.plain_text import plain
from server.schedule.sessions import Session

REFRESH_EVERY = dt.timedelta(minutes=15)
"""What calendars are asked for; most poll more rarely whatever they are told."""

ANY_YEAR = dt.date(2020, 1, 1), dt.date(2021, 1, 1)
"""Which one does not matter: a calendar without sessions has no times to be told."""

UNREADABLE = N_("Unreadable card")
"""Title of a session whose card could not be read."""

GUESS = "? "
"""Before a title that may well be wrong."""

IN_DOUBT = {
    "guess": N_("The title is a guess. The card: %(picture)s"),
    "unreadable": N_("The card: %(picture)s"),
}
"""What a description begins with where the title is in doubt."""

FROM_A_PHOTO = N_("Read from a photo of the board; the card itself is at the address.")

BY_ITS_HOST = N_("Filled in by its host.")

BY_HAND = N_("Put in by the facilitator: its card was not seen on the board yet.")

PLANNED = N_("Planned, not official until its card is on the board.")

UNDECIDED = N_("To be decided by %(time)s whether it is held here.")
"""What a description begins with while a conflict with another session is open."""

WHEN = N_("When: %(time)s")
HOST = N_("Host: %(host)s")

CANCELLED = N_("Cancelled:")
"""Before the title of a session whose card is crossed out: not all clients show it."""

GONE = N_("No longer on the board")
"""Title of a cancelled session: what a facilitator hid must not live on here."""


def render_calendar(
    event: Event,
    title: str,
    histories: Iterable[SessionHistory],
    *,
    address: str,
    root: str,
    boards: Sequence[Board] = (),
) -> bytes:
    """Return sessions as an iCalendar file.

    Parameters
    ----------
    event : Event
        Gives the calendar's name, the timezone and the domain of the ids.
    title : str
        Of the board, or of the session if there is one only.
    histories : iterable of SessionHistory
        Those that are gone are published as cancelled.
    address : str
        Of the board's page, absolute; sessions are below it at ``s/<id>``.
    root : str
        Address of the site without a trailing slash: pictures are below it.
    boards : sequence of Board
        Say of what kind rooms are.

    Returns
    -------
    bytes
        UTF-8, CRLF, folded at 75 octets.
    """
    entries = tuple(histories)
    calendar = Calendar()
    calendar.add("prodid", "-//Boardcast//Open Spaces//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    # icalendar escapes a NAME only if it is told that it is a text.
    name = vText(plain(f"{event.name}: {title}"))
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", vText(event.timezone.key))
    calendar.add("url", address)
    # Calendar.new(refresh_interval=...) leaves out the VALUE that RFC 7986 wants.
    calendar.add("refresh-interval", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH_EVERY))
    kinds = {room: said.kind for board in boards for room, said in board.facts.items()}
    for entry in entries:
        component = _component(entry, event, address, root)
        kind = kinds.get(entry.session.cell.room, "room")
        if kind != "room" and not entry.gone:
            component.add("categories", [kind])
        calendar.add_component(component)
    _add_timezones(calendar, entries, event)
    return bytes(calendar.to_ical())


def _component(
    history: SessionHistory, event: Event, address: str, root: str
) -> CalendarEvent:
    """Return one session as a VEVENT."""
    session = history.session
    say = partial(text_in, language_of(event.language) or ENGLISH)
    component = CalendarEvent()
    component.add("uid", f"{session.id}@{event.short_path}.boardcast")
    component.add("dtstamp", history.changed_at.astimezone(dt.UTC))
    component.add("last-modified", history.changed_at.astimezone(dt.UTC))
    component.add("sequence", history.sequence)
    when = (session.starts_at, session.ends_at)
    starts, ends = when if session.timed else (one.date() for one in when)
    component.add("dtstart", starts)
    component.add("dtend", ends)
    component.add("url", f"{address}/s/{session.id}")
    if history.gone:
        component.add("status", "CANCELLED")
        component.add("summary", say(GONE))
        return component
    component.add("status", _status(session))
    component.add("summary", _summary(session, say))
    component.add("location", plain(session.place))
    component.add("description", _description(session, root, say))
    if event.contact:
        said = astuple(event.contact)
        component.add("contact", plain(", ".join(filter(None, said))))
    return component


def _status(session: Session) -> str:
    if session.cancelled:
        return "CANCELLED"
    return "TENTATIVE" if session.listing == "planned" else "CONFIRMED"


def _summary(session: Session, say: Callable[..., str]) -> str:
    """Return the title; what is before it says that it is cancelled, or a guess."""
    title = plain(session.title) or say(UNREADABLE)
    guess = GUESS if session.doubt == "guess" else ""
    return f"{say(CANCELLED) + ' ' if session.cancelled else ''}{guess}{title}"


def _description(session: Session, root: str, say: Callable[..., str]) -> str:
    """Return what the card says besides its title, a paragraph each.

    Where the title is in doubt, the card's picture comes first.
    """
    host = " ".join(filter(None, dict.fromkeys((session.host, *session.handles))))
    picture = f"{root}{picture_path(session.crop)}"
    doubt = "none" if session.by_hand else session.doubt
    source = _source(session)
    decided = f"{session.decide_by:%H:%M}" if session.decide_by else ""
    paragraphs = (
        say(UNDECIDED, time=decided) if decided else "",
        say(WHEN, time=session.time) if session.time else "",
        "" if doubt == "none" else say(IN_DOUBT[doubt], picture=picture),
        session.description,
        say(HOST, host=host) if host else "",
        *session.urls,
        session.link,
        say(source) if source else "",
    )
    return plain("\n\n".join(part for part in paragraphs if part))


def _source(session: Session) -> str:
    """Return where it is known from."""
    if session.crop:
        return FROM_A_PHOTO
    if session.online and not session.listing:
        return BY_ITS_HOST
    told = {"planned": PLANNED, "elsewhere": "", "": BY_HAND}
    return told[session.listing]


def _add_timezones(
    calendar: Calendar, entries: Sequence[SessionHistory], event: Event
) -> None:
    """Describe the timezones that the sessions use, over their whole years.

    A description that began on the day itself would leave out which change of
    the clocks is in force. Before the first session it is the event's: a calendar
    without any component is none (RFC 5545, 3.6), and some clients refuse to
    subscribe to it.
    """
    if not entries:
        first, last = ANY_YEAR
        zone = Timezone.from_tzid(event.timezone.key, first_date=first, last_date=last)
        calendar.add_component(zone)
        return
    starts = [entry.session.starts_at.year for entry in entries]
    ends = [entry.session.ends_at.year for entry in entries]
    calendar.add_missing_timezones(
        dt.date(min(starts) - 1, 1, 1), dt.date(max(ends) + 2, 1, 1)
    )
