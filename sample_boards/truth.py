"""What is true of a rendered photo, and its file: schema ``boardcast/truth/1``.

The file is JSON, one object for a folder's photos by name::

    {"schema": "boardcast/truth/1", "photos": {"1-morning.jpg": {…}}}

and each photo's object has the fields of `BoardTruth`: points are [x, y],
quads four points TL, TR, BR, BL, rects [left, top, right, bottom]. Photo
coordinates are pixels of the upright photo, board coordinates pixels of the
drawn board; a pixel's centre is a whole number.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from calibration.lens import Projection, RadialLens

SCHEMA: Final = "boardcast/truth/1"
"""Name of the file's schema."""

NUMBERS: Final = re.compile(r"\[\s+-?[\d.e+-]+(?:,\s+-?[\d.e+-]+)*\s+\]")
"""A list of numbers as json.dumps breaks it into lines."""

CardState = Literal["visible", "partial", "covered", "outside"]
"""At least 0.95 of it, 0.35 of it, or less is seen; or less lies in the photo."""

CellState = Literal["taken", "free", "blocked", "covered", "unseen"]
"""As DESIGN.md section 4; covered: people hide more than a third of the cell."""


@dataclass(frozen=True, slots=True)
class LineTruth:
    """One written line: its text, what it is, and where."""

    text: str
    role: str
    quad_board: Quad
    quad_photo: Quad


@dataclass(frozen=True, slots=True)
class CardTruth:
    """One card as it is.

    Parameters
    ----------
    card_id : str
        The same card has the same id in every photo.
    kind : {"card", "written"}
        Paper, or written on the board itself.
    quad_board, quad_photo : Quad
        Its corners; named after its own top left.
    room, slot : str
        The cell that it belongs to.
    text, title, description, host : str
        What it says, as written; `text` has one line for each written line.
    lines : tuple of LineTruth
        Every written line.
    visible : float
        Share of it that the photo shows, 0 to 1.
    state : {"visible", "partial", "covered", "outside"}
        The same in a word.
    struck : bool
        Whether its title is struck through.
    """

    card_id: str
    kind: str
    quad_board: Quad
    quad_photo: Quad
    room: str
    slot: str
    text: str
    title: str
    description: str
    host: str
    lines: tuple[LineTruth, ...]
    visible: float
    state: CardState
    struck: bool = False


@dataclass(frozen=True, slots=True)
class CellTruth:
    """One cell: where it is, what is in it, how much of it is not hidden by people."""

    room: str
    slot: str
    rect_board: Rect
    state: CellState
    visible: float


@dataclass(frozen=True, slots=True)
class BoardTruth:
    """Everything that is true of one rendered photo.

    Parameters
    ----------
    board : str
        Slug of the board.
    photo_wh, board_wh : tuple of int
        Sizes in pixels.
    px_per_mm : float
        Scale of the drawn board.
    board_from_photo : Homography
        From the straightened photo; the lens comes before it.
    radial_k1 : float
        Radial term, see `calibration.lens.RadialLens`.
    cell_area_board : Rect
        Outline of the cells.
    rooms, slots : tuple of str
        The layout.
    cells : tuple of CellTruth
        Row by row.
    cards : tuple of CardTruth
        The lowest first.
    tag_quads_photo : tuple of (int, Quad)
        Id and black square of each corner tag.
    taken_at : str
        Time with offset, ISO 8601; empty if unknown.
    """

    board: str
    photo_wh: tuple[int, int]
    board_wh: tuple[int, int]
    px_per_mm: float
    board_from_photo: tuple[tuple[float, float, float], ...]
    radial_k1: float
    cell_area_board: Rect
    rooms: tuple[str, ...]
    slots: tuple[str, ...]
    cells: tuple[CellTruth, ...]
    cards: tuple[CardTruth, ...]
    tag_quads_photo: tuple[tuple[int, Quad], ...] = ()
    taken_at: str = ""

    @property
    def projection(self) -> Projection:
        """The exact way between photo and board."""
        return Projection(
            Homography(np.array(self.board_from_photo)),
            RadialLens(self.radial_k1, self.photo_wh),
        )

    @property
    def corners_photo(self) -> Quad:
        """Corners of the cell area in the photo: what ``corners`` in event.toml says."""
        return self.projection.quad_photo(self.cell_area_board.to_quad())

    def card(self, card_id: str) -> CardTruth:
        """Return a card by its id.

        Raises
        ------
        KeyError
            If it is not on the board.
        """
        for card in self.cards:
            if card.card_id == card_id:
                return card
        raise KeyError(card_id)


def save_truths(path: Path, truths: Mapping[str, BoardTruth]) -> None:
    """Write the truth of a folder's photos, by file name."""
    photos = {name: to_json(truth) for name, truth in truths.items()}
    text = json.dumps(
        {"schema": SCHEMA, "photos": photos}, ensure_ascii=False, indent=1
    )
    # Each list of numbers on one line: what people look for in a diff.
    flat = NUMBERS.sub(lambda found: " ".join(found[0].split()), text)
    path.write_text(flat + "\n", encoding="utf-8")


def load_truths(path: Path) -> dict[str, BoardTruth]:
    """Read what `save_truths` wrote.

    Raises
    ------
    ValueError
        If the file has another schema.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    if content.get("schema") != SCHEMA:
        msg = f"expected schema {SCHEMA}, got {content.get('schema')!r}"
        raise ValueError(msg)
    return {name: from_json(value) for name, value in content["photos"].items()}


def to_json(truth: BoardTruth) -> dict[str, Any]:
    """Return the truth of one photo as JSON values."""
    return {
        "board": truth.board,
        "photo_wh": list(truth.photo_wh),
        "board_wh": list(truth.board_wh),
        "px_per_mm": truth.px_per_mm,
        "board_from_photo": [list(row) for row in truth.board_from_photo],
        "radial_k1": truth.radial_k1,
        "cell_area_board": _rect_json(truth.cell_area_board),
        "rooms": list(truth.rooms),
        "slots": list(truth.slots),
        "cells": [
            {
                "room": cell.room,
                "slot": cell.slot,
                "rect_board": _rect_json(cell.rect_board),
                "state": cell.state,
                "visible": cell.visible,
            }
            for cell in truth.cells
        ],
        "cards": [_card_json(card) for card in truth.cards],
        "tags": [
            {"id": tag, "quad_photo": _quad_json(quad)}
            for tag, quad in truth.tag_quads_photo
        ],
        "taken_at": truth.taken_at,
    }


def from_json(value: Mapping[str, Any]) -> BoardTruth:
    """Return the truth of one photo from JSON values."""
    matrix = value["board_from_photo"]
    return BoardTruth(
        board=value["board"],
        photo_wh=(value["photo_wh"][0], value["photo_wh"][1]),
        board_wh=(value["board_wh"][0], value["board_wh"][1]),
        px_per_mm=value["px_per_mm"],
        board_from_photo=tuple((row[0], row[1], row[2]) for row in matrix),
        radial_k1=value["radial_k1"],
        cell_area_board=Rect(*value["cell_area_board"]),
        rooms=tuple(value["rooms"]),
        slots=tuple(value["slots"]),
        cells=tuple(
            CellTruth(
                cell["room"],
                cell["slot"],
                Rect(*cell["rect_board"]),
                cell["state"],
                cell["visible"],
            )
            for cell in value["cells"]
        ),
        cards=tuple(_card_from_json(card) for card in value["cards"]),
        tag_quads_photo=tuple(
            (tag["id"], Quad.from_array(tag["quad_photo"])) for tag in value["tags"]
        ),
        taken_at=value["taken_at"],
    )


def _rect_json(rect: Rect) -> list[float]:
    return [rect.left, rect.top, rect.right, rect.bottom]


def _quad_json(quad: Quad) -> list[list[float]]:
    return [[x, y] for x, y in quad.to_array().tolist()]


def _card_json(card: CardTruth) -> dict[str, Any]:
    return {
        "id": card.card_id,
        "kind": card.kind,
        "quad_board": _quad_json(card.quad_board),
        "quad_photo": _quad_json(card.quad_photo),
        "room": card.room,
        "slot": card.slot,
        "text": card.text,
        "title": card.title,
        "description": card.description,
        "host": card.host,
        "lines": [
            {
                "text": line.text,
                "role": line.role,
                "quad_board": _quad_json(line.quad_board),
                "quad_photo": _quad_json(line.quad_photo),
            }
            for line in card.lines
        ],
        "visible": card.visible,
        "state": card.state,
        "struck": card.struck,
    }


def _card_from_json(value: Mapping[str, Any]) -> CardTruth:
    return CardTruth(
        card_id=value["id"],
        kind=value["kind"],
        quad_board=Quad.from_array(value["quad_board"]),
        quad_photo=Quad.from_array(value["quad_photo"]),
        room=value["room"],
        slot=value["slot"],
        text=value["text"],
        title=value["title"],
        description=value["description"],
        host=value["host"],
        lines=tuple(
            LineTruth(
                line["text"],
                line["role"],
                Quad.from_array(line["quad_board"]),
                Quad.from_array(line["quad_photo"]),
            )
            for line in value["lines"]
        ),
        visible=value["visible"],
        state=value["state"],
        struck=value["struck"],
    )
