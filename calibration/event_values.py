"""Values from the tables of an event.toml, checked: what is wrong is told all at once."""

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from rapidfuzz import fuzz, process

from calibration.announcing import Announcing
from calibration.errors import FieldError, FieldErrors
from calibration.event import (
    A_ROOM,
    Board,
    Contact,
    Event,
    LinkedPage,
    Margins,
    Profile,
    ReferencePhoto,
    RoomFacts,
    check_board,
    check_boards,
    check_event,
    check_language,
)
from calibration.event_shapes import (
    AnnounceShape,
    BlockedShape,
    BoardShape,
    EventShape,
    LinkShape,
    ReferenceShape,
    RoomShape,
)
from calibration.event_toml import Tables
from calibration.geometry import Quad
from calibration.layout import CellId, Layout, Slot
from calibration.names import check_names
from calibration.online import check_link, check_online
from calibration.texts import Texts

ONLY_A_NAME = "-"
"""Checked in place of a name that is at fault: that is told already."""


def profile_from(tables: Tables) -> Profile:
    """Return the profile that tables say.

    Raises
    ------
    FieldError
        If any of them is at fault, or a value is; it tells all.
    """
    wrong = FieldErrors(tables.faults)
    texts = Texts(tables.event.language if tables.event else "en")
    events: list[Event] = []
    if tables.event is not None:
        with wrong.within("event"):
            events.append(_event(tables.event, texts))
    announce: Announcing | None = None
    with wrong.within("announce"):
        announce = _announcing(tables.announce)
    boards: dict[int, Board] = {}
    for place, board in tables.boards.items():
        with wrong.within("boards", place):
            boards[place] = _board(board, texts)
    with wrong.within():
        check_boards(boards)
    wrong.refuse()
    event = replace(events[0], texts=texts.known)
    return Profile(event, tuple(boards.values()), announce=announce)


def _event(shape: EventShape, texts: Texts) -> Event:
    wrong = FieldErrors()
    zones: list[ZoneInfo] = []
    names: list[str] = []
    contact: Contact | None = None
    links: list[LinkedPage] = []
    how_to_host = privacy = ""
    with wrong.within():
        names.append(texts.name(shape.name, "name"))
    with wrong.within("timezone"):
        zones.append(_timezone(shape.timezone))
    with wrong.within():
        known = names[0] if names else ONLY_A_NAME
        check_event(known, shape.short_path, shape.hashtag, shape.words)
    with wrong.within():
        check_language(shape.language)
    with wrong.within("contact"):
        contact = Contact(**shape.contact.model_dump()) if shape.contact else None
    with wrong.within():
        how_to_host = texts.note(shape.how_to_host, "how_to_host")
    with wrong.within():
        privacy = texts.note(shape.privacy, "privacy")
    for index, link in enumerate(shape.links):
        with wrong.within("links", index):
            links.append(LinkedPage(texts.name(link.title, "title"), link.address))
    wrong.refuse()
    return Event(
        names[0],
        zones[0],
        shape.short_path,
        shape.hashtag,
        tuple(shape.words),
        shape.share_labels,
        contact,
        how_to_host,
        privacy,
        tuple(links),
        shape.language,
        planned=shape.planned,
        ideas=shape.ideas,
        share_people=shape.share_people,
    )


def _announcing(shape: AnnounceShape | None) -> Announcing | None:
    if shape is None:
        return None
    wrong = FieldErrors()
    quiet: Slot | None = None
    with wrong.within("quiet"):
        quiet = Slot.parse(shape.quiet) if shape.quiet else None
    announcing = Announcing()
    with wrong.within():
        announcing = Announcing(
            shape.when,
            tuple(dict.fromkeys(shape.about)),
            shape.soon_minutes,
            shape.at_most,
            quiet,
            shape.templates.model_dump(exclude_none=True),
        )
    wrong.refuse()
    return announcing


def _timezone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        similar = process.extract(
            name, available_timezones(), scorer=fuzz.WRatio, limit=1
        )
        meant = (
            f'did you mean "{similar[0][0]}"?'
            if similar
            else "there are none at all here: install the package tzdata"
        )
        msg = f'no timezone is called "{name}"; {meant}'
        raise FieldError(msg) from error


def _board(shape: BoardShape, texts: Texts) -> Board:
    wrong = FieldErrors()
    titles: list[str] = []
    layouts: list[Layout] = []
    facts: dict[str, RoomFacts] = {}
    with wrong.within():
        titles.append(texts.name(shape.title, "title"))
    with wrong.within():
        known = titles[0] if titles else ONLY_A_NAME
        check_board(shape.slug, known, shape.date, shape.tags or ())
    with wrong.within():
        rooms, facts = _rooms(shape.rooms, texts)
        layouts.append(_layout(shape, rooms, texts))
    tags: tuple[int, int, int, int] | None = None
    with wrong.within("tags"):
        tags = _tags(shape.tags)
    reference: ReferencePhoto | None = None
    with wrong.within("reference"):
        reference = _reference(shape.reference)
    margins = Margins()
    with wrong.within("margins"):
        margins = Margins(**shape.margins.model_dump())
    links: dict[str, str] = {}
    if layouts:
        with wrong.within("links"):
            links = _links(shape.links, layouts[0].rooms)
    with wrong.within():
        check_online(shape, shape.slots)
    wrong.refuse()
    return Board(
        shape.slug,
        titles[0],
        shape.date,
        layouts[0],
        tags,
        reference,
        shape.votes,
        margins,
        facts,
        shape.beside,
        shape.online,
        shape.hosting,
        links,
        tuple(shape.no_talks),
    )


def _links(entries: list[LinkShape], rooms: tuple[str, ...]) -> dict[str, str]:
    """Return the links of rooms; an entry without a room is that of all."""
    wrong = FieldErrors()
    links: dict[str, str] = {}
    for index, entry in enumerate(entries):
        for room in rooms if entry.room is None else [entry.room]:
            with wrong.within(index):
                if room in links:
                    raise FieldError(f'expected each room once, got "{room}" twice')
                links[room] = entry.link
        with wrong.within(index):
            check_link(entry.room or "", entry.link, [*rooms, ""])
    wrong.refuse()
    return links


def _rooms(
    entries: list[RoomShape], texts: Texts
) -> tuple[tuple[str, ...], dict[str, RoomFacts]]:
    """Return the names of rooms, and what is known of those of which more is said."""
    wrong = FieldErrors()
    names: list[str] = []
    facts: dict[str, RoomFacts] = {}
    for index, entry in enumerate(entries):
        with wrong.within("rooms", index):
            # One text is checked with the others: each name comes once.
            name = entry.name
            names.append(name if isinstance(name, str) else texts.name(name, "name"))
            said = RoomFacts(entry.kind, entry.capacity)
            if said != A_ROOM:
                facts[names[-1]] = said
    wrong.refuse()
    return tuple(names), facts


def _layout(shape: BoardShape, rooms: tuple[str, ...], texts: Texts) -> Layout:
    wrong = FieldErrors()
    slots = []
    for index, label in enumerate(shape.slots):
        with wrong.within("slots", index):
            slots.append(Slot.parse(label))
    if wrong.found:  # without its slots there is no layout, but there are rooms
        with wrong.within():
            check_names(rooms, "rooms")
        wrong.refuse()
    blocked, entries = _blocked(shape.blocked, rooms, texts)
    try:
        return Layout(
            rooms,
            tuple(slots),
            shape.rooms_along,
            tuple(shape.column_edges),
            tuple(shape.row_edges),
            blocked,
        )
    except FieldError as error:
        for each in (error, *error.also):
            match each.key:
                case ("blocked", int(cell), part):  # an entry may stand for several
                    fault = FieldError(each.message, "blocked", entries[cell], part)
                case _:
                    fault = FieldError(each.message, *each.key)
            known = [(one.message, one.key) for one in wrong.found]
            if (fault.message, fault.key) not in known:
                wrong.found.append(fault)
        wrong.refuse()
        raise


def _blocked(
    entries: list[BlockedShape], rooms: tuple[str, ...], texts: Texts
) -> tuple[dict[CellId, str], list[int]]:
    """Return why cells are blocked, and which entry says so of each."""
    blocked: dict[CellId, str] = {}
    said_by: list[int] = []
    wrong = FieldErrors()
    for index, entry in enumerate(entries):
        reason = ""
        with wrong.within("blocked", index):
            reason = texts.note(entry.reason, "reason")
        for room in rooms if entry.room is None else [entry.room]:
            cell = CellId(room, entry.slot)
            if cell in blocked:
                msg = f'expected each cell once, got "{cell.room}", "{cell.slot}" twice'
                wrong.found.append(FieldError(msg, "blocked", index))
                break
            blocked[cell] = reason
            said_by.append(index)
    wrong.refuse()
    return blocked, said_by


def _tags(tags: list[int] | None) -> tuple[int, int, int, int] | None:
    if tags is None:
        return None
    if len(tags) != 4:  # noqa: PLR2004  (a board has four corners)
        raise FieldError(f"expected four tag ids, got {len(tags)}")
    return tags[0], tags[1], tags[2], tags[3]


def _reference(shape: ReferenceShape | None) -> ReferencePhoto | None:
    if shape is None:
        return None
    return ReferencePhoto(Path(shape.photo), _corners(shape.corners))


def _corners(points: list[list[float]]) -> Quad:
    for index, point in enumerate(points):
        if len(point) != 2:  # noqa: PLR2004  (a point has x and y)
            raise FieldError(f"expected [x, y], got {point}", "corners", index)
    try:
        return Quad.from_array(points)
    except ValueError as error:
        msg = (
            "expected four corners of the cell area in the order top left, top right, "
            f"bottom right, bottom left, got {points}"
        )
        raise FieldError(msg, "corners") from error
