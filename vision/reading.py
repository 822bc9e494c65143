"""What one photo of a board said: values, and the JSON ``boardcast/reading/1``.

A reading never changes after it is written.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, get_args

from calibration.geometry import Quad
from calibration.homography import Homography
from calibration.layout import CellId

SCHEMA = "boardcast/reading/1"

CellState = Literal["taken", "free", "blocked", "covered", "unseen"]


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """Which photo was read.

    Parameters
    ----------
    sha256 : str
        Hash of the bytes as received, 64 hex digits.
    width, height : int
        Pixels of the upright photo.
    taken_at : datetime or None
        From the photo's own metadata; aware if the camera told its offset.
    """

    sha256: str
    width: int
    height: int
    taken_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RegistrationFacts:
    """How the board was found in the photo.

    Parameters
    ----------
    method : str
        ``tags`` or ``reference``.
    board_from_photo : Homography
        Board pixels from photo pixels, after the radial term is taken out.
    radial_k1 : float
        See `calibration.lens.RadialLens`.
    residual_px : float
        Root mean square distance in the photo that the fit leaves.
    coverage : float
        Share of the cell area that the photo shows, 0 to 1.
    """

    method: str
    board_from_photo: Homography
    radial_k1: float
    residual_px: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Finding:
    """An advisory remark on a photo that did not stop the reading.

    Parameters
    ----------
    code : str
        Stable name, for example ``blurred``.
    message : str
        What is the matter and what to do, in words for staff.
    cells : tuple of CellId
        Where, if it is about a part of the board only.
    """

    code: str
    message: str
    cells: tuple[CellId, ...] = ()


@dataclass(frozen=True, slots=True)
class CellReading:
    """One cell's state in this photo.

    Raises
    ------
    ValueError
        If there is no such state.
    """

    cell: CellId
    state: CellState

    def __post_init__(self) -> None:
        if self.state not in get_args(CellState):
            msg = f"expected one of {get_args(CellState)}, got {self.state!r}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of a card.

    Parameters
    ----------
    text : str
        As read.
    confidence : float
        0 to 1.
    quad_photo : Quad
        Its place in the upright photo, in pixels.
    """

    text: str
    confidence: float
    quad_photo: Quad


@dataclass(frozen=True, slots=True)
class CardFields:
    """What the lines of a card mean.

    Parameters
    ----------
    title, description, host : str
        Empty if there is none.
    handles, hashtags, urls : tuple of str
        With their ``@`` and ``#``, in the order in which they stand.
    time, room : str
        An explicit time or room written on the card; empty if there is none.
    """

    title: str = ""
    description: str = ""
    host: str = ""
    handles: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    time: str = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class CardReading:
    """One card in one photo.

    Parameters
    ----------
    quad_photo : Quad
        Its outline in the upright photo, in pixels, corners named as the
        card's own text stands.
    cell : CellId or None
        The cell in which most of it lies; None if it lies beside the cells.
    until : str or None
        ``HH:MM`` at which a session of several slots ends.
    lines : tuple of CardLine
        In reading order.
    fields : CardFields
        What the lines mean.
    confidence : float
        0 to 1, of the card's text as a whole.
    colour : str
        The card's own colour, ``#rrggbb``.
    engine : str
        Name and version of what read it.
    """

    quad_photo: Quad
    cell: CellId | None
    lines: tuple[CardLine, ...]
    fields: CardFields
    confidence: float
    colour: str
    engine: str
    until: str | None = None

    @property
    def text(self) -> str:
        """The raw text: all lines, joined by line breaks."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True, eq=False)
class BoardReading:
    """What one photo of a board said.

    Parameters
    ----------
    board : str
        Slug of the board.
    photo : PhotoFacts
    registration : RegistrationFacts
    findings : tuple of Finding
    cells : tuple of CellReading
        Every cell of the layout, row by row.
    cards : tuple of CardReading
    """

    board: str
    photo: PhotoFacts
    registration: RegistrationFacts
    findings: tuple[Finding, ...]
    cells: tuple[CellReading, ...]
    cards: tuple[CardReading, ...]


def to_json(reading: BoardReading) -> dict[str, Any]:
    """Return the reading as the JSON object of ``boardcast/reading/1``."""
    registration = reading.registration
    taken_at = reading.photo.taken_at
    return {
        "schema": SCHEMA,
        "board": reading.board,
        "photo": {
            "sha256": reading.photo.sha256,
            "width": reading.photo.width,
            "height": reading.photo.height,
            "taken_at": taken_at.isoformat() if taken_at else None,
        },
        "registration": {
            "method": registration.method,
            "board_from_photo": registration.board_from_photo.matrix.tolist(),
            "radial_k1": registration.radial_k1,
            "residual_px": registration.residual_px,
            "coverage": registration.coverage,
        },
        "findings": [
            {
                "code": finding.code,
                "message": finding.message,
                "cells": [list(cell) for cell in finding.cells],
            }
            for finding in reading.findings
        ],
        "cells": [
            {"room": entry.cell.room, "slot": entry.cell.slot, "state": entry.state}
            for entry in reading.cells
        ],
        "cards": [card_to_json(card) for card in reading.cards],
    }


def from_json(document: dict[str, Any]) -> BoardReading:
    """Return the reading of a ``boardcast/reading/1`` object.

    Raises
    ------
    ValueError
        If the object follows another schema, lacks a key or has a value that
        no reading can have.
    """
    if document.get("schema") != SCHEMA:
        msg = f"expected schema {SCHEMA}, got {document.get('schema')!r}"
        raise ValueError(msg)
    try:
        return _board_from_json(document)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        msg = f"expected a {SCHEMA} object, but {error!r}"
        raise ValueError(msg) from error


def card_to_json(card: CardReading) -> dict[str, Any]:
    """Return one card as it stands in ``boardcast/reading/1``."""
    fields = card.fields
    return {
        "quad_photo": card.quad_photo.to_array().tolist(),
        "room": card.cell.room if card.cell else None,
        "slot": card.cell.slot if card.cell else None,
        "until": card.until,
        "lines": [
            {
                "text": line.text,
                "confidence": line.confidence,
                "quad_photo": line.quad_photo.to_array().tolist(),
            }
            for line in card.lines
        ],
        "text": card.text,
        "title": fields.title,
        "description": fields.description,
        "host": fields.host,
        "handles": list(fields.handles),
        "hashtags": list(fields.hashtags),
        "urls": list(fields.urls),
        "written_time": fields.time,
        "written_room": fields.room,
        "confidence": card.confidence,
        "colour": card.colour,
        "engine": card.engine,
    }


def _board_from_json(document: dict[str, Any]) -> BoardReading:
    photo, registration = document["photo"], document["registration"]
    return BoardReading(
        board=document["board"],
        photo=PhotoFacts(
            sha256=photo["sha256"],
            width=photo["width"],
            height=photo["height"],
            taken_at=dt.datetime.fromisoformat(photo["taken_at"])
            if photo["taken_at"]
            else None,
        ),
        registration=RegistrationFacts(
            method=registration["method"],
            board_from_photo=Homography(registration["board_from_photo"]),
            radial_k1=registration["radial_k1"],
            residual_px=registration["residual_px"],
            coverage=registration["coverage"],
        ),
        findings=tuple(
            Finding(
                entry["code"],
                entry["message"],
                tuple(CellId(*cell) for cell in entry["cells"]),
            )
            for entry in document["findings"]
        ),
        cells=tuple(
            CellReading(CellId(entry["room"], entry["slot"]), entry["state"])
            for entry in document["cells"]
        ),
        cards=tuple(card_from_json(card) for card in document["cards"]),
    )


def card_from_json(card: dict[str, Any]) -> CardReading:
    """Return the card of such an object.

    Raises
    ------
    KeyError, TypeError, ValueError
        If it is no such object.
    """
    return CardReading(
        quad_photo=Quad.from_array(card["quad_photo"]),
        cell=CellId(card["room"], card["slot"]) if card["room"] is not None else None,
        until=card["until"],
        lines=tuple(
            CardLine(
                line["text"], line["confidence"], Quad.from_array(line["quad_photo"])
            )
            for line in card["lines"]
        ),
        fields=CardFields(
            title=card["title"],
            description=card["description"],
            host=card["host"],
            handles=tuple(card["handles"]),
            hashtags=tuple(card["hashtags"]),
            urls=tuple(card["urls"]),
            time=card["written_time"],
            room=card["written_room"],
        ),
        confidence=card["confidence"],
        colour=card["colour"],
        engine=card["engine"],
    )
