"""Schedules, pictures, registrations and findings as stored JSON, and back.

Stored JSON outlives the code that wrote it: keys are only ever added, and
read with a default.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.layout import CellId
from calibration.lens import Projection, RadialLens
from calibration.profile import Board
from server.schedule.entries import OtherCard
from server.schedule.ideas import Idea
from server.schedule.sessions import BlockedCell, Schedule, Session
from server.schedule.votes import Option, Vote
from server.store.values import Picture, PictureSize
from vision.reading import CardFields, CellReading, Finding
from vision.registration.frame import Registration

SESSION_FIELDS = tuple(entry.name for entry in fields(Session))
"""Names of what is stored of a session."""


def schedule_to_json(schedule: Schedule) -> dict[str, Any]:
    """Return a schedule as a JSON object."""
    return {
        "board": schedule.board,
        "sessions": [_session_to_json(session) for session in schedule.sessions],
        "cells": [[*entry.cell, entry.state] for entry in schedule.cells],
        "blocked": [
            [*entry.cell, entry.reason, entry.card] for entry in schedule.blocked
        ],
        "listed": [_session_to_json(session) for session in schedule.listed],
        "votes": [
            [
                one.id,
                one.cell,
                one.options,
                one.ends_at.isoformat(),
                one.ended,
                one.chosen,
            ]
            for one in schedule.votes
        ],
        "ideas": [[one.id, one.text, one.session] for one in schedule.ideas],
    }


def schedule_from_json(document: dict[str, Any]) -> Schedule:
    """Return the schedule of such an object."""
    return Schedule(
        document["board"],
        tuple(_session_from_json(entry) for entry in document["sessions"]),
        tuple(
            CellReading(CellId(room, slot), state)
            for room, slot, state in document["cells"]
        ),
        tuple(
            BlockedCell(CellId(room, slot), reason, card)
            for room, slot, reason, card in document.get("blocked", ())
        ),
        tuple(_session_from_json(entry) for entry in document.get("listed", ())),
        tuple(Idea(*entry) for entry in document.get("ideas", ())),
        tuple(
            Vote(
                number,
                CellId(*cell),
                tuple(Option(*option) for option in options),
                dt.datetime.fromisoformat(ends_at),
                ended,
                tuple(chosen),
            )
            for number, cell, options, ends_at, ended, chosen in document.get(
                "votes", ()
            )
        ),
    )


def picture_to_json(picture: Picture) -> list[Any]:
    """Return a picture's sizes as a JSON array."""
    return [asdict(size) for size in picture.sizes]


def picture_from_json(document: list[Any]) -> Picture:
    """Return the picture of such an array."""
    return Picture(tuple(PictureSize(**entry) for entry in document))


def registration_to_json(registration: Registration) -> dict[str, Any]:
    """Return a registration as a JSON object; its board is known by its slug."""
    projection, area = registration.projection, registration.cell_area
    return {
        "method": registration.method,
        "board_from_photo": projection.homography.matrix.tolist(),
        "radial_k1": projection.lens.k1,
        "photo_wh": list(projection.lens.photo_wh),
        "size_wh": list(registration.size_wh),
        "cell_area": [area.left, area.top, area.right, area.bottom],
        "residual_px": registration.residual_px,
        "coverage": registration.coverage,
        "steps": registration.steps,
        "checked": registration.checked,
        "moved_tags": list(registration.moved_tags),
    }


def registration_from_json(document: dict[str, Any], board: Board) -> Registration:
    """Return the registration of such an object.

    Parameters
    ----------
    document : dict
    board : Board
        That it is of, as the profile has it now.
    """
    width, height = document["photo_wh"]
    homography = Homography(np.array(document["board_from_photo"], np.float64))
    board_width, board_height = document["size_wh"]
    return Registration(
        board=board,
        method=document["method"],
        projection=Projection(
            homography, RadialLens(document["radial_k1"], (width, height))
        ),
        size_wh=(board_width, board_height),
        cell_area=Rect(*document["cell_area"]),
        residual_px=document["residual_px"],
        coverage=document["coverage"],
        steps=document["steps"],
        # Not kept before it was checked.
        checked=document.get("checked", True),
        moved_tags=tuple(document.get("moved_tags", ())),
    )


def findings_to_json(findings: Iterable[Finding]) -> list[Any]:
    """Return findings as a JSON array."""
    return [
        {
            "code": finding.code,
            "message": finding.message,
            "cells": [list(cell) for cell in finding.cells],
        }
        for finding in findings
    ]


def findings_from_json(document: list[Any]) -> tuple[Finding, ...]:
    """Return the findings of such an array."""
    return tuple(
        Finding(
            entry["code"],
            entry["message"],
            tuple(CellId(*cell) for cell in entry["cells"]),
        )
        for entry in document
    )


def fields_to_json(fields: CardFields) -> dict[str, Any]:
    """Return a card's fields as a JSON object."""
    return asdict(fields)


def fields_from_json(document: dict[str, Any]) -> CardFields:
    """Return the fields of such an object."""
    return CardFields(
        title=document["title"],
        description=document["description"],
        host=document["host"],
        handles=tuple(document["handles"]),
        hashtags=tuple(document["hashtags"]),
        urls=tuple(document["urls"]),
        time=document["time"],
        room=document["room"],
        # Not kept by older versions.
        split_confidence=document.get("split_confidence", 1.0),
        notice=document.get("notice", ""),
        cancelled=document.get("cancelled", False),
    )


def quad_to_json(quad: Quad) -> list[Any]:
    """Return a quad's corners TL, TR, BR, BL as a JSON array."""
    return [[corner.x, corner.y] for corner in _corners(quad)]


def _corners(quad: Quad) -> tuple[Any, ...]:
    return (quad.top_left, quad.top_right, quad.bottom_right, quad.bottom_left)


def _session_to_json(session: Session) -> dict[str, Any]:
    timezone = session.starts_at.tzinfo
    if not isinstance(timezone, ZoneInfo):
        msg = f"expected a session in a named timezone, got {timezone}"
        raise ValueError(msg)  # noqa: TRY004  (a value, not an argument type)
    return {
        # Not asdict: it copies each value deeply, and a release holds sixty sessions.
        **{name: getattr(session, name) for name in SESSION_FIELDS},
        "cell": list(session.cell),
        "others": [[other.id, *other.cell] for other in session.others],
        # With fold: an hour that the end of summer time repeats is told apart.
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "timezone": timezone.key,
        "last_seen_at": session.last_seen_at.isoformat(),
        "decide_by": session.decide_by and session.decide_by.isoformat(),
    }


def _session_from_json(entry: dict[str, Any]) -> Session:
    timezone = ZoneInfo(entry["timezone"])
    times = {
        name: dt.datetime.fromisoformat(entry[name]).astimezone(timezone)
        for name in ("starts_at", "ends_at")
    }
    lists = {
        name: tuple(entry.get(name, ()))
        for name in ("handles", "hashtags", "urls", "rooms")
    }
    rest = {name: value for name, value in entry.items() if name != "timezone"}
    decide_by = entry.get("decide_by")
    return Session(
        **{
            **rest,
            **lists,
            **times,
            "cell": CellId(*entry["cell"]),
            "others": tuple(
                OtherCard(card, CellId(room, slot))
                for card, room, slot in entry.get("others", ())
            ),
            "last_seen_at": dt.datetime.fromisoformat(entry["last_seen_at"]),
            "decide_by": decide_by
            and dt.datetime.fromisoformat(decide_by).astimezone(timezone),
        }
    )
