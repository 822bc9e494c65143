"""The schedule as JSON, schema ``boardcast/schedule/1``.

The shape only grows: keys are added, none is renamed or taken away. It is
written out in `docs/schedule-json.md`.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from calibration.profile import Board, Event
from server.publish.addresses import picture_path
from server.publish.schedule_csv import status_of
from server.schedule.people import Person
from server.schedule.sessions import Schedule, Session
from server.schedule.votes import Vote
from server.store.values import Release, schedule_of

SCHEMA = "boardcast/schedule/1"


def render_schedule_json(
    event: Event,
    board: Board,
    release: Release | None,
    *,
    root: str,
    interested: Mapping[str, int] | None = None,
    people: Iterable[Person] = (),
) -> bytes:
    """Return a board's schedule as JSON.

    Parameters
    ----------
    event : Event
    board : Board
    release : Release or None
        The newest; None before the first photo: then nothing is known of any
        cell but those that the profile blocks.
    root : str
        Address of the site without a trailing slash, for absolute addresses.
    interested : mapping of str to int, optional
        By the ids of ideas how many devices said that they would come.
    people : iterable of Person
        Those that the event shares.

    Returns
    -------
    bytes
        UTF-8. Every character beyond ASCII is written as it is, except those
        that would end a script element or a line of JavaScript.
    """
    home = f"{root}/{event.short_path}"
    if release or board.online:
        schedule = schedule_of(release, board, event)
    else:
        schedule = Schedule(board.slug, (), ())

    def told(sessions: Iterable[Session]) -> list[dict[str, Any]]:
        return [
            _session(session, event.timezone, home=home, root=root)
            for session in sessions
        ]

    document = {
        "schema": SCHEMA,
        "release": release.number if release else 0,
        "released_at": _iso(release.created_at, event.timezone) if release else None,
        "event": {
            "name": event.name,
            "timezone": event.timezone.key,
            "hashtag": event.hashtag,
            "language": event.language,
            "contact": asdict(event.contact) if event.contact else None,
            "how_to_host": event.how_to_host,
            "privacy": event.privacy,
            "links": [asdict(link) for link in event.links],
        },
        "board": _board(board, schedule, f"{home}/{board.slug}"),
        "photo": _photo(release, event.timezone, root) if release else None,
        "sessions": told(schedule.sessions),
        "planned": told(schedule.listed_as("planned")),
        "elsewhere": told(schedule.listed_as("elsewhere")),
        "ideas": [
            {
                "id": one.id,
                "text": one.text,
                "interested": (interested or {}).get(one.id, 0),
                "session": one.session
                if one.session in {session.id for session in schedule.every}
                else None,
            }
            for one in schedule.ideas
        ],
        "people": [
            {
                "name": one.name,
                "interests": one.interests,
                "handles": list(one.handles),
            }
            for one in people
        ],
        "votes": [_vote(one, event.timezone) for one in schedule.votes],
        "blocked": _blocked(event, board, schedule),
        "cells": [
            {"room": entry.cell.room, "slot": entry.cell.slot, "state": entry.state}
            for entry in schedule.cells
        ],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1)
    # Who pastes this into a page must not be given a way out of its script.
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode("utf-8", "backslashreplace")


def _vote(vote: Vote, timezone: ZoneInfo) -> dict[str, Any]:
    return {
        "room": vote.cell.room,
        "slot": vote.cell.slot,
        "ends_at": _iso(vote.ends_at, timezone),
        "ended": vote.ended,
        "options": [option._asdict() for option in vote.options],
        "chosen": list(vote.chosen),
    }


def _board(board: Board, schedule: Schedule, address: str) -> dict[str, Any]:
    return {
        "slug": board.slug,
        "title": board.title,
        "date": board.date.isoformat(),
        "url": address,
        "rooms": list(board.layout.rooms),
        "room_facts": [
            {"room": room, **asdict(board.facts_of(room))}
            for room in board.layout.rooms
        ],
        "slots": [slot.label for slot in board.layout.slots],
        "blocked": [
            {"room": cell.room, "slot": cell.slot, "reason": reason}
            for cell, reason in schedule.reasons(board).items()
        ],
        "online": board.online,
        "no_talks": list(board.no_talks),
    }


def _blocked(event: Event, board: Board, schedule: Schedule) -> list[dict[str, Any]]:
    """Return what is blocked in each slot, once for all rooms with one reason."""
    entries = []
    for slot in board.layout.slots:
        starts_at, ends_at = slot.span(board.date, event.timezone)
        entries += [
            {
                "slot": slot.label,
                "starts_at": _iso(starts_at, event.timezone),
                "ends_at": _iso(ends_at, event.timezone),
                "rooms": list(rooms),
                "all_rooms": len(rooms) == len(board.layout.rooms),
                "reason": reason,
            }
            for reason, rooms in schedule.blocked_rooms(board, slot.label).items()
        ]
    return entries


def _photo(release: Release, timezone: ZoneInfo, root: str) -> dict[str, Any] | None:
    if release.photo_taken_at is None or release.picture is None:
        return None
    return {
        "taken_at": _iso(release.photo_taken_at, timezone),
        "pictures": [
            {
                "url": f"{root}{picture_path(size.sha256, size.content_type)}",
                "width": size.width,
                "height": size.height,
                "type": size.content_type,
            }
            for size in release.picture.sizes
        ],
    }


def _session(
    session: Session, timezone: ZoneInfo, *, home: str, root: str
) -> dict[str, Any]:
    on_board = bool(session.cell.slot)
    return {
        "id": session.id,
        "url": f"{home}/s/{session.id}",
        "room": session.cell.room if on_board else None,
        "slot": session.cell.slot if on_board else None,
        "rooms": list(session.rooms or (session.cell.room,)) if on_board else [],
        "all_rooms": session.all_rooms,
        "place": session.place,
        "starts_at": _iso(session.starts_at, timezone) if session.timed else None,
        "ends_at": _iso(session.ends_at, timezone) if session.timed else None,
        "time": session.time,
        "planned": session.listing == "planned",
        "title": session.title,
        "description": session.description,
        "host": session.host,
        "handles": list(session.handles),
        "hashtags": list(session.hashtags),
        "urls": list(session.urls),
        "card_picture": _card_picture(session, home=home, root=root),
        "link": session.link,
        "by_hand": session.by_hand,
        "confidence": round(session.confidence, 3),
        "title_confidence": round(session.title_confidence, 3),
        "doubt": session.doubt,
        "status": status_of(session),
        "decide_by": session.decide_by and _iso(session.decide_by, timezone),
        "corrected": session.corrected,
        "votes": session.votes,
        "presence": session.presence,
        "last_seen_at": _iso(session.last_seen_at, timezone),
        "other_cards": [
            {"id": other.id, "room": other.cell.room, "slot": other.cell.slot}
            for other in session.others
        ],
    }


def _card_picture(session: Session, *, home: str, root: str) -> str | None:
    """Return the address of a card's picture: drawn where there is no wall."""
    if session.online:
        return f"{home}/s/{session.id}.svg"
    return f"{root}{picture_path(session.crop)}" if session.crop else None


def _iso(moment: dt.datetime, timezone: ZoneInfo) -> str:
    """Return local time with its offset, to the second."""
    return moment.astimezone(timezone).isoformat(timespec="seconds")
