"""The fewest acts that set a board up on the page of `calibrate`, by its truth. Pure.

An ideal person knows where corners, lines and names belong, and leaves alone what is
right: a corner or a line within a tenth of a cell, a name that has all words of the true
one (headings in two languages are both read). Time is that of the keystroke-level model:
Card, Moran and Newell 1980, "The keystroke-level model for user performance time with
interactive systems", Communications of the ACM 23 (7).
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from calibration.geometry import Points, Quad, Rect
from calibration.homography import Homography

NEAR = 0.1
"""Cells by which a corner or a line may be off."""

KEY_S, POINT_S, HOME_S, MENTAL_S = 0.28, 1.1, 0.4, 1.35
"""Operators of the model: a key or a button of the mouse (an average non-secretary
typist), pointing, moving a hand between mouse and keyboard, and deciding."""

List = Literal["rooms", "slots"]


class Truth(NamedTuple):
    """A board's layout as a person measured it; corners are in pixels of the photo."""

    rooms: tuple[str, ...]
    slots: tuple[str, ...]
    corners: tuple[tuple[float, float], ...]
    column_edges: tuple[float, ...]
    row_edges: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a person does: what with, where to, which keys.

    Parameters
    ----------
    kind : {"drag", "type", "remove", "add"}
    what : str
        Id of the handle or field; the list that something is added to or removed from.
    to : tuple of float
        Pixels of the photo, of a drag.
    keys : tuple of str
        After a click at the end of a field.
    index : int
        Of what is removed.
    """

    kind: Literal["drag", "type", "remove", "add"]
    what: str
    to: tuple[float, float] = (0.0, 0.0)
    keys: tuple[str, ...] = ()
    index: int = 0


class Right(NamedTuple):
    """How many of a board's parts are right, and how many there are."""

    corners: int
    lines: int
    names: int
    of_lines: int
    of_names: int


def truth_of(layout: dict[str, Any]) -> Truth:
    """Return a truth from layout.json of a board's folder."""
    edges = {}
    for axis in ("column", "row"):
        px = np.array(layout.get(f"{axis}_px", ()), float)
        even = (px - px[0]) / (px[-1] - px[0]) if len(px) else ()
        edges[axis] = tuple(layout.get(f"{axis}_edges", even))
    return Truth(
        tuple(layout["rooms"]),
        tuple(layout["slots"]),
        tuple((x, y) for x, y in layout["corners"]),
        edges["column"],
        edges["row"],
    )


def right_parts(sheet: dict[str, Any], truth: Truth) -> Right:
    """Return what is right on a sheet of the page; lines are those between cells."""
    names = sum(
        says(said, name)
        for what in ("rooms", "slots")
        for said, name in zip(sheet[what], getattr(truth, what), strict=False)
    )
    lines = 0
    for axis in ("column_edges", "row_edges"):
        seen, true = sheet[axis], getattr(truth, axis)
        if len(seen) == len(true):
            # On the photo, as the corners are: of lines the middle counts.
            lines += int((_lines_off(sheet, truth, axis) < NEAR).sum())
    corners = int((_corners_off(sheet["corners"], truth) < NEAR).sum())
    of_lines = len(truth.column_edges) + len(truth.row_edges) - 4
    return Right(corners, lines, names, of_lines, len(truth.rooms) + len(truth.slots))


def naming(sheet: dict[str, Any], truth: Truth) -> Iterator[Act]:
    """Yield what makes the names right: removed, added at the end, typed anew.

    What is added says the next hours by itself, or the next room's number: `typing`
    looks at it once it stands there.
    """
    for what in ("rooms", "slots"):
        said, wanted = list(sheet[what]), getattr(truth, what)
        while len(said) > len(wanted):
            # The one without which most others are in their places.
            index = max(
                range(len(said)),
                key=lambda gone: sum(
                    map(says, [*said[:gone], *said[gone + 1 :]], wanted)
                ),
            )
            del said[index]
            yield Act("remove", what, index=index)
        for _ in range(len(wanted) - len(said)):
            yield Act("add", what)


def typing(sheet: dict[str, Any], truth: Truth) -> Iterator[Act]:
    """Yield the keys that make each name right, from a click at its end."""
    for what in ("rooms", "slots"):
        for index, (said, name) in enumerate(
            zip(sheet[what], getattr(truth, what), strict=True)
        ):
            if says(said, name):
                continue
            kept = len(
                [
                    *itertools.takewhile(
                        lambda two: two[0] == two[1], zip(said, name, strict=False)
                    )
                ]
            )
            back = ("End", *["Backspace"] * (len(said) - kept), *name[kept:])
            anew = ("Control+a", *name)
            keys = back if len(back) <= len(anew) + 1 else anew
            yield Act("type", f"{what}-{index}", keys=keys)


def corner_drags(sheet: dict[str, Any], truth: Truth) -> Iterator[Act]:
    """Yield the corners to be dragged."""
    off = _corners_off(sheet["corners"], truth)
    for index in np.flatnonzero(off >= NEAR):
        yield Act("drag", f"corner-{index}", to=truth.corners[index])


def line_drags(sheet: dict[str, Any], truth: Truth) -> Iterator[Act]:
    """Yield the lines to be dragged, once the corners are where they belong."""
    photo = _photo_from_unit(sheet["corners"])
    true = _photo_from_unit(truth.corners)
    unit = photo.inverse @ true
    for axis, name in (("column", 0), ("row", 1)):
        seen, wanted = sheet[f"{axis}_edges"], getattr(truth, f"{axis}_edges")
        cells = np.diff(wanted)
        for index in range(1, len(wanted) - 1):
            middle = np.full(2, 0.5)
            middle[name] = wanted[index]
            at = float(unit.apply([middle])[0][name])
            if abs(seen[index] - at) < NEAR * min(cells[index - 1 : index + 1]):
                continue
            end = np.zeros(2)
            end[name] = at
            x, y = photo.apply([end])[0]
            yield Act("drag", f"{axis}-{index}", to=(float(x), float(y)))


def says(said: str, name: str) -> bool:
    """Tell whether a heading as read has all words of a name, in their order."""
    words = iter(re.findall(r"\w+", said.casefold()))
    return all(word in words for word in re.findall(r"\w+", name.casefold()))


def seconds(acts: Sequence[Act], looked_at: int) -> float:
    """Return how long a person takes by the keystroke-level model.

    Parameters
    ----------
    acts : sequence of Act
    looked_at : int
        Corners, lines and names that are looked at, right or wrong: a decision each.
    """
    click = POINT_S + KEY_S
    time = MENTAL_S * looked_at
    for act in acts:
        time += {"drag": 2 * click, "type": click + 2 * HOME_S}.get(act.kind, click)
        time += KEY_S * sum(
            len(key.split("+")) if len(key) > 1 else 1 for key in act.keys
        )
    # Save at the end.
    return time + MENTAL_S + click


def _photo_from_unit(corners: Sequence[Sequence[float]]) -> Homography:
    return Homography.from_quads(
        source=Rect(0, 0, 1, 1).to_quad(), target=Quad.from_array(corners)
    )


def _corners_off(corners: Sequence[Sequence[float]], truth: Truth) -> Points:
    """Return how far each corner is off, in the cell that lies in it, along each side."""
    unit = _photo_from_unit(truth.corners).inverse
    off = np.abs(unit.apply(corners) - [[0, 0], [1, 0], [1, 1], [0, 1]])
    wide, high = np.diff(truth.column_edges), np.diff(truth.row_edges)
    cells = [[wide[i], high[j]] for i, j in ((0, 0), (-1, 0), (-1, -1), (0, -1))]
    return np.asarray((off / cells).max(axis=1))


def _lines_off(sheet: dict[str, Any], truth: Truth, axis: str) -> Points:
    """Return how far each line between cells is off at its middle, in cells."""
    along = 0 if axis == "column_edges" else 1
    seen, wanted = np.array(sheet[axis]), np.array(getattr(truth, axis))
    middles = np.full((len(seen), 2), 0.5)
    middles[:, along] = seen
    unit = _photo_from_unit(truth.corners).inverse @ _photo_from_unit(sheet["corners"])
    cells = np.diff(wanted)
    least = np.minimum(cells[:-1], cells[1:])
    off = np.abs(unit.apply(middles)[:, along] - wanted)
    return np.asarray(off[1:-1] / least)
