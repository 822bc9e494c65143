"""What people make at the desk, from the forms that they fill in. Pure."""

import math
from collections.abc import Iterable, Mapping
from itertools import product

from calibration.geometry import Rect
from calibration.layout import CellId, Layout
from server.errors import CorrectionError
from server.publish.plain_text import plain
from server.schedule.corrections.cell_state import MarkCells
from server.schedule.corrections.typed import Texts
from server.schedule.ends import check_end

LEAST_SIDE = 0.01
"""Of what is cut out, in fractions of the picture: less is a slip of the finger."""

STATES = {"free", "taken", "blocked", "as photographed"}

Form = Mapping[str, str]
"""The fields of a form; of one that is there several times, the first."""


def texts_from(form: Form) -> Texts:
    """Return the texts of a form; title and host have one line."""
    title, description, host = (
        plain(form.get(name, "")).strip() for name in ("title", "description", "host")
    )
    return Texts(" ".join(title.split()), description, " ".join(host.split()))


def cell_from(form: Form, layout: Layout) -> CellId:
    """Return the cell of a form's fields ``room`` and ``slot``.

    Raises
    ------
    CorrectionError
        If they make no cell of the board.
    """
    cell = CellId(form.get("room", ""), form.get("slot", ""))
    if cell not in layout.cells:
        raise CorrectionError(
            "It needs both a room and an hour of this board.", hint="Choose both."
        )
    return cell


def until_from(form: Form, cell: CellId, layout: Layout) -> str | None:
    """Return the end of a form's field ``until``; None for that of the slot.

    Raises
    ------
    CorrectionError
        If no slot ends then.
    """
    until = form.get("until", "")
    check_end(layout, cell, until)
    return until or None


def rect_from(form: Form) -> Rect:
    """Return the rect of a form's field, ``left,top,right,bottom`` in fractions.

    What reaches beyond the picture is cut off.

    Raises
    ------
    CorrectionError
        If it is none, or too small.
    """
    left, top, right, bottom = (
        min(1.0, max(0.0, number)) for number in _four(form.get("rect", ""))
    )
    if right - left < LEAST_SIDE or bottom - top < LEAST_SIDE:
        raise CorrectionError(
            "What was marked in the picture is too small.",
            hint="Draw from one corner of the card to the opposite one.",
        )
    return Rect(left, top, right, bottom)


def halves_from(form: Form) -> tuple[Rect, Rect]:
    """Return what of a crop stays and what becomes a card of its own.

    By a ``line`` across the crop, ``x,y,x,y`` in fractions: what is on its left or above
    it stays, unless ``keep`` is ``second``.

    Raises
    ------
    CorrectionError
        If the form has none, or one of the halves is too small.
    """
    x, y, other_x, other_y = _four(form.get("line", ""))
    upright = abs(other_x - x) < abs(other_y - y)
    at = (x + other_x) / 2 if upright else (y + other_y) / 2
    if not LEAST_SIDE <= at <= 1 - LEAST_SIDE:
        raise CorrectionError(
            "The line does not part the card in two.",
            hint="Draw it across the card, between the two.",
        )
    first = Rect(0, 0, at, 1) if upright else Rect(0, 0, 1, at)
    second = Rect(at, 0, 1, 1) if upright else Rect(0, at, 1, 1)
    return (second, first) if form.get("keep") == "second" else (first, second)


def marked_cells_from(
    form: Form, rooms: Iterable[str], slots: Iterable[str], layout: Layout
) -> MarkCells:
    """Return what a form says of cells: all of some rooms in some slots.

    Parameters
    ----------
    form : mapping of str to str
        Fields ``state``, ``reason`` and, for a span of hours, ``to_slot``: the last.
    rooms, slots : iterable of str
        The values of its fields ``room`` and ``slot``.
    layout : Layout

    Raises
    ------
    CorrectionError
        If there is no such state, or one of them is no cell of the board.
    """
    state = form.get("state", "")
    if state not in STATES:
        raise CorrectionError(
            "Say what these places are.", hint=f"One of {', '.join(sorted(STATES))}."
        )
    chosen = {*product(rooms, _span(tuple(slots), form.get("to_slot", ""), layout))}
    if unknown := chosen - set(layout.cells):
        room, slot = min(unknown)
        raise CorrectionError(
            f"{room}, {slot} is no place of this board.",
            hint="Choose rooms and hours of this board.",
        )
    cells = tuple(cell for cell in layout.cells if cell in chosen)
    reason = plain(form.get("reason", "")).strip() if state == "blocked" else ""
    # Checked above.
    return MarkCells(cells, state, reason)  # type: ignore[arg-type]  # see above


def _span(slots: tuple[str, ...], last: str, layout: Layout) -> tuple[str, ...]:
    """Return slots, and with a last one those between, in the order of the board."""
    if not last:
        return slots
    labels = [slot.label for slot in layout.slots]
    if not slots or not {slots[0], last} <= set(labels):
        return (*slots, last)
    first, end = sorted((labels.index(slots[0]), labels.index(last)))
    return (*slots, *labels[first : end + 1])


def _four(text: str) -> list[float]:
    """Return four numbers.

    Raises
    ------
    CorrectionError
        If the text is not four numbers with commas between.
    """
    try:
        numbers = [float(number) for number in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):  # noqa: PLR2004  (two points)
        raise CorrectionError(
            "Nothing was marked in the picture.",
            hint="Draw on the picture, or type four numbers from 0 to 1.",
        )
    return numbers
