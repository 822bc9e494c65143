"""What one photo of a board said: values, and the JSON ``boardcast/reading/1``.

A reading never changes after it is written.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, get_args

from pydantic import PlainSerializer, PlainValidator, TypeAdapter

from calibration.geometry import Quad
from calibration.homography import Homography
from calibration.layout import CellId

SCHEMA = "boardcast/reading/1"

Notice = Literal["", "continued", "blocked"]
"""What a card gives notice of: nothing; that the session before it goes on; that there
is none in its cell, and why."""

CellState = Literal["taken", "free", "blocked", "covered", "unseen"]

Method = Literal["tags", "reference"]
"""How a board was found: by the tags at its corners, or by an earlier photo."""

MAX_NAMED = 2
"""Cells named in one finding, which lists all."""

Moment = Annotated[
    dt.datetime,
    PlainValidator(dt.datetime.fromisoformat),
    PlainSerializer(dt.datetime.isoformat),
]
QuadCorners = Annotated[
    Quad,
    PlainValidator(Quad.from_array),
    PlainSerializer(lambda quad: quad.to_array().tolist()),
]
Matrix = Annotated[
    Homography,
    PlainValidator(Homography),
    PlainSerializer(lambda homography: homography.matrix.tolist()),
]


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """Which photo was read: its hash, 64 hex digits, size upright in pixels, and when.

    The time is the photo's own, aware if the camera says its offset.
    """

    sha256: str
    width: int
    height: int
    taken_at: Moment | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RegistrationFacts:
    """How the board was found in the photo.

    Parameters
    ----------
    board_from_photo : Homography
        Board pixels from photo pixels, after the radial term is taken out.
    radial_k1 : float
        See `calibration.lens.RadialLens`.
    residual_px : float
        Root mean square distance in the photo that the fit leaves.
    coverage : float
        Share of the cell area that the photo shows, 0 to 1.
    """

    method: Method
    board_from_photo: Matrix
    radial_k1: float
    residual_px: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Finding:
    """An advisory on a photo that did not stop the reading.

    A stable code (``blurred``), a message for staff: what is the matter and what to do,
    and the cells, if it is about a part of the board only.
    """

    code: str
    message: str
    cells: tuple[CellId, ...] = ()


def name_cells(cells: Sequence[CellId]) -> str:
    """Name one or more cells, as in ``Room 302 at 10:00, Room 303 at 11:00 and 5 more``."""
    # "and 1 more" is no shorter than its name.
    named = len(cells) if len(cells) <= MAX_NAMED + 1 else MAX_NAMED
    names = [f"{cell.room} at {cell.slot.split('-')[0]}" for cell in cells[:named]]
    if len(cells) > named:
        return f"{', '.join(names)} and {len(cells) - named} more"
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"


@dataclass(frozen=True, slots=True)
class CellReading:
    """One cell's state in this photo; ValueError if there is no such state."""

    cell: CellId
    state: CellState

    def __post_init__(self) -> None:
        if self.state not in get_args(CellState):
            raise ValueError(
                f"expected one of {get_args(CellState)}, got {self.state!r}"
            )


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of a card as it was read, its quad in pixels of the upright photo.

    Struck through, it is part of no field, unless the session is cancelled; a heading
    stands above the only rule across the card.
    """

    text: str
    confidence: float
    quad_photo: QuadCorners
    struck: bool = False
    heading: bool = False


@dataclass(frozen=True, slots=True)
class CardFields:
    """What the lines of a card mean; empty where there is nothing of the kind.

    Parameters
    ----------
    handles, hashtags, urls : tuple of str
        With their ``@`` and ``#``, in the order in which they stand.
    time, room : str
        An explicit time or room written on the card.
    split_confidence : float
        How likely the lines are rightly parted into title and host, 0 to 1.
    notice : Notice
        What the card gives notice of; its title then is all of its text.
    cancelled : bool
        Whether it is struck through. Then the fields say what the struck words were.
    """

    title: str = ""
    description: str = ""
    host: str = ""
    handles: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    time: str = ""
    room: str = ""
    split_confidence: float = 1.0
    notice: Notice = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class CardReading:
    """One card in one photo.

    Parameters
    ----------
    quad_photo : Quad
        Its outline, px, corners named as its own text stands.
    cell, rooms : CellId or None, tuple of str
        That in which most of it lies, None beside the cells; all rooms if in several.
    lines, confidence : tuple of CardLine, float
        In reading order; 0 to 1, of the text as a whole.
    colour, engine, until : str, str, str or None
        ``#rrggbb``; what read it, and version; ``HH:MM`` if it lasts several slots.
    blank, covered_by : bool, tuple of Quad
        Nothing on it but an arrow or a bar; cards that lie on it, in the photo.
    votes : int or None
        Dots on it that people voted with; None where none are counted.
    """

    quad_photo: QuadCorners
    cell: CellId | None
    lines: tuple[CardLine, ...]
    fields: CardFields
    confidence: float
    colour: str
    engine: str
    until: str | None = None
    blank: bool = False
    covered_by: tuple[QuadCorners, ...] = ()
    rooms: tuple[str, ...] = ()
    votes: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise ValueError(
                f"expected a confidence from 0 to 1, got {self.confidence}"
            )

    @property
    def text(self) -> str:
        """The raw text: all lines, joined by line breaks."""
        return "\n".join(line.text for line in self.lines)

    def with_words_of(self, other: "CardReading") -> "CardReading":
        """Return the card where it is in this photo, its words those of another one."""
        here_from_there = Homography.from_quads(
            target=self.quad_photo, source=other.quad_photo
        )
        return replace(
            self,
            lines=tuple(
                replace(line, quad_photo=here_from_there.apply_quad(line.quad_photo))
                for line in other.lines
            ),
            fields=other.fields,
            confidence=other.confidence,
            engine=other.engine,
            blank=other.blank,
        )


@dataclass(frozen=True, slots=True, eq=False)
class BoardReading:
    """What one photo of a board, by its slug, said; every cell of the layout, row by row."""

    board: str
    photo: PhotoFacts
    registration: RegistrationFacts
    findings: tuple[Finding, ...]
    cells: tuple[CellReading, ...]
    cards: tuple[CardReading, ...]


_READING = TypeAdapter(BoardReading)
_CARD = TypeAdapter(CardReading)


def to_json(reading: BoardReading) -> dict[str, Any]:
    """Return the reading as the JSON object of ``boardcast/reading/1``."""
    return {
        "schema": SCHEMA,
        **_READING.dump_python(reading, mode="json", exclude={"cells", "cards"}),
        "cells": [
            {**entry.cell._asdict(), "state": entry.state} for entry in reading.cells
        ],
        "cards": [card_to_json(card) for card in reading.cards],
    }


def from_json(document: dict[str, Any]) -> BoardReading:
    """Return the reading of a ``boardcast/reading/1`` object, ValueError if it is none."""
    if document.get("schema") != SCHEMA:
        raise ValueError(f"expected schema {SCHEMA}, got {document.get('schema')!r}")
    try:
        # What has a default is required here all the same.
        photo = {**document["photo"], "taken_at": document["photo"]["taken_at"]}
        findings = [{**one, "cells": one["cells"]} for one in document["findings"]]
        cells = [
            {"cell": (entry["room"], entry["slot"]), "state": entry["state"]}
            for entry in document["cells"]
        ]
        cards = [_nested(card) for card in document["cards"]]
        changed = {"photo": photo, "findings": findings, "cells": cells, "cards": cards}
        return _READING.validate_python({**document, **changed})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"expected a {SCHEMA} object, but {error!r}") from error


def card_to_json(card: CardReading) -> dict[str, Any]:
    """Return one card as it stands in ``boardcast/reading/1``."""
    document = _CARD.dump_python(card, mode="json", exclude={"cell"})
    fields = document.pop("fields")
    room, slot = card.cell or (None, None)
    return {
        "room": room,
        "slot": slot,
        **document,
        "text": card.text,
        "written_time": fields.pop("time"),
        "written_room": fields.pop("room"),
        **fields,
    }


def card_from_json(document: dict[str, Any]) -> CardReading:
    """Return the card of such an object; KeyError, TypeError or ValueError if none."""
    return _CARD.validate_python(_nested(document))


def notice_in(card: dict[str, Any]) -> str:
    """Return what the card of such an object gives notice of.

    Older readings emptied the fields of a card that keeps a place.
    """
    emptied = not card["title"] and (card.get("blank") or card["text"])
    return str(card.get("notice", "continued" if emptied else ""))


def _nested(card: dict[str, Any]) -> dict[str, Any]:
    """Return a card's object with its cell and fields as they are in `CardReading`."""
    names = ("title", "description", "host", "handles", "hashtags", "urls")
    fields = {name: card[name] for name in names} | {
        "time": card["written_time"],
        "room": card["written_room"],
        # Older readings said nothing of these.
        "split_confidence": card.get("split_confidence", 1.0),
        "notice": notice_in(card),
        "cancelled": card.get("cancelled", False),
    }
    cell = (card["room"], card["slot"]) if card["room"] is not None else None
    return {**card, "until": card["until"], "cell": cell, "fields": fields}
