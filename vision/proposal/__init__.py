"""What a photo of a board, empty or full, tells of its layout: a proposal for a person.

The words on the photo are read; those that are hours, and stand in one line, are the
headings of the slots. Straight lines give the two directions of the board, and with them
its plane. What stands before the first hour, side by side, are the rooms' names. Lines
between headings are the edges of columns and rows.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from calibration.event import WIDEST_MARGIN, Margins
from calibration.geometry import Point, Quad, Rect
from calibration.homography import Homography
from calibration.layout import Layout, Slot
from vision.image.arrays import Image
from vision.proposal.days import title_among
from vision.proposal.edges import edges_of
from vision.proposal.hours import Hour, hours_in, slots_along, with_hour_after
from vision.proposal.plane import Segments, plane_of
from vision.proposal.rooms import PlacedWord, rooms_before
from vision.proposal.said_day import SaidDay, day_said
from vision.proposal.slots import Row, rows_of, with_rows_before
from vision.proposal.turned import quarter_turns, turned, turned_back
from vision.proposal.words import Word, words_on
from vision.recognition.rapid_models import TextModels

AROUND = 0.1
"""Part of their extent by which the board reaches beyond the words on it: other things in
the room have lines, too."""

SPARE = 0.25
"""Cells beyond the headings that the picture shows: their frames and papers."""

LONG_WORD = 3
"""Characters from which a word's direction is that of its line."""


@dataclass(frozen=True, slots=True)
class LayoutProposal:
    """What a board's layout seems to be.

    Some corners of the cell area may lie outside of the photo; the title is a day of the
    week, if one stands on it, and the day what headings say of it. Capacities are those that stand beside the names of rooms.
    """

    corners_photo: Quad
    layout: Layout
    title: str = ""
    margins: Margins = field(default_factory=Margins)
    capacities: Mapping[str, int] = field(default_factory=dict)
    day: SaidDay = field(default_factory=SaidDay)


def propose_layout(pixels: Image, models: TextModels) -> LayoutProposal | None:
    """Propose the layout of the board on a photo, (H, W, 3) uint8 BGR, however it lies.

    None if no two hours stand in one line, or no two rooms before them.
    """
    turns = quarter_turns(pixels, models)
    proposal = _on_upright(turned(pixels, turns), models)
    if proposal is None or not turns:
        return proposal
    size_wh = pixels.shape[1], pixels.shape[0]
    corners = turned_back(proposal.corners_photo, turns, size_wh)
    return replace(proposal, corners_photo=corners)


def _on_upright(pixels: Image, models: TextModels) -> LayoutProposal | None:
    words = words_on(pixels, models)
    hours = slots_along(hours_in(words))
    if len(hours) < 2:  # noqa: PLR2004  (a direction)
        return None
    hours = with_hour_after(hours, words)
    along_hours = _direction(hours)
    down = bool(abs(along_hours[1]) > abs(along_hours[0]))
    text = _text_direction(words)
    segments = Segments.on(pixels).within(_around(words))
    plane = plane_of(
        segments, *((text, along_hours) if down else (along_hours, _turn(text)))
    )
    if plane is None:
        return None
    # x along the rooms, y along the hours, whichever of them are the columns.
    swap = Homography(np.eye(3) if down else np.eye(3)[[1, 0, 2]])
    return _on_plane(words, hours, segments, swap @ plane, columns_are_rooms=down)


def _on_plane(
    words: Sequence[Word],
    hours: Sequence[Hour],
    segments: Segments,
    plane: Homography,
    *,
    columns_are_rooms: bool,
) -> LayoutProposal | None:
    headings = [_rect(plane, hour.quad_photo) for hour in hours]
    placed = [PlacedWord(word, _rect(plane, word.quad_photo)) for word in words]
    rows = rows_of(hours, [rect.centre.y for rect in headings])
    lines = _edges(rows, segments, plane, _beside(headings, placed))
    rooms = rooms_before(placed, headings, lines[0])
    if rooms is None:
        return None
    rows = with_rows_before(rows, lines[0], rooms.end)
    half = rooms.pitch / 2
    lines = _edges(
        rows, segments, plane, (rooms.places[0] - half, rooms.places[-1] + half)
    )
    along = lines[-1] - lines[0]
    columns = edges_of(
        rooms.places, segments.positions(plane, 0, (lines[0], lines[-1])), along
    )
    area = Rect(columns[0], lines[0], columns[-1], lines[-1])
    corners = plane.inverse.apply(area.to_quad().to_array())
    by_room, by_hour = _fractions(columns), _fractions(lines)
    title = title_among(words)
    above = [_rect(plane, title.quad_photo).top] if title else []
    names = _named(rooms.names)
    # What stands on a card is no heading.
    beside = [it for it in placed if _is_beside(it.rect.centre, area)]
    return LayoutProposal(
        Quad.from_array(
            corners.round(1) if columns_are_rooms else corners[[0, 3, 2, 1]].round(1)
        ),
        Layout(
            rooms=names,
            slots=tuple(Slot.parse(row.label) for row in rows),
            rooms_along="columns" if columns_are_rooms else "rows",
            column_edges=by_room if columns_are_rooms else by_hour,
            row_edges=by_hour if columns_are_rooms else by_room,
        ),
        title.text if title else "",
        _margins(
            area,
            left=min(heading.left for heading in headings),
            top=min([rooms.start, *above]),
            cell_wh=(rooms.pitch, area.height / len(rows)),
            columns_are_rooms=columns_are_rooms,
        ),
        {
            name: fits
            for name, fits in zip(names, rooms.capacities, strict=True)
            if fits is not None
        },
        day_said([it.word for it in beside]),
    )


def _is_beside(place: Point, area: Rect) -> bool:
    """Tell whether something stands before the first cells, where headings are."""
    return place.y < area.top or place.x < area.left


def _margins(
    area: Rect,
    *,
    left: float,
    top: float,
    cell_wh: tuple[float, float],
    columns_are_rooms: bool,
) -> Margins:
    """Return how far the picture has to reach to show headings that begin there."""
    beside, above = (area.left - left) / cell_wh[0], (area.top - top) / cell_wh[1]
    reach = (beside, above) if columns_are_rooms else (above, beside)
    return Margins(
        *(
            round(float(np.clip(cells, 0, WIDEST_MARGIN - SPARE)) + SPARE, 2)
            for cells in reach
        )
    )


def _edges(
    rows: Sequence[Row],
    segments: Segments,
    plane: Homography,
    across: tuple[float, float],
) -> tuple[float, ...]:
    """Return the edges of rows, by the lines in some part of the plane."""
    lines = segments.positions(plane, 1, across)
    return edges_of([row.place for row in rows], lines, across[1] - across[0])


def _beside(hours: Sequence[Rect], words: Sequence[PlacedWord]) -> tuple[float, float]:
    """Return from where to where things are written beside the hours."""
    end = max(hour.right for hour in hours)
    return end, max(end + 1, *(word.rect.right for word in words))


def _direction(hours: Sequence[Hour]) -> np.ndarray:
    """Return the unit vector from the first hour to the last."""
    first, last = hours[0].quad_photo.centre, hours[-1].quad_photo.centre
    along = np.subtract(last, first)
    return np.asarray(along / np.linalg.norm(along))


def _text_direction(words: Sequence[Word]) -> np.ndarray:
    """Return the unit vector along which most words are written."""
    tops = [
        np.subtract(word.quad_photo.top_right, word.quad_photo.top_left)
        for word in words
        if len(word.text) >= LONG_WORD
    ]
    if not tops:
        return np.array([1.0, 0.0])
    middle = np.median([top / np.linalg.norm(top) for top in tops], axis=0)
    return np.asarray(middle / np.linalg.norm(middle))


def _around(words: Sequence[Word]) -> Rect:
    """Return the part of the photo in which the board is: around all words."""
    words_rect = Rect.around(word.quad_photo.bounds for word in words)
    x, y = AROUND * words_rect.width, AROUND * words_rect.height
    return Rect(
        words_rect.left - x,
        words_rect.top - y,
        words_rect.right + x,
        words_rect.bottom + y,
    )


def _turn(direction: np.ndarray) -> np.ndarray:
    """Return a direction a quarter turn on, from rightwards to downwards."""
    return np.array([-direction[1], direction[0]])


def _rect(plane: Homography, quad: Quad) -> Rect:
    """Return the upright rect around a quad on the plane."""
    points = plane.apply(quad.to_array())
    return Rect(*points.min(axis=0), *points.max(axis=0))


def _fractions(edges: Sequence[float]) -> tuple[float, ...]:
    first, last = edges[0], edges[-1]
    inner = (round((edge - first) / (last - first), 4) for edge in edges[1:-1])
    return (0.0, *inner, 1.0)


def _named(names: Sequence[str]) -> tuple[str, ...]:
    """Return names for all rooms, each only once."""
    counts: Counter[str] = Counter()
    named = []
    for number, name in enumerate(names, start=1):
        plain = name or f"Room {number}"
        counts[plain] += 1
        named.append(plain if counts[plain] == 1 else f"{plain} {counts[plain]}")
    return tuple(named)
