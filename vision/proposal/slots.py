"""From headings of hours to slots: when each ends, and which were not read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from calibration.layout import Slot
from vision.image.arrays import Vector
from vision.proposal.hours import DAY, Hour

USUAL = 1.5
"""Times the usual distance of two starts from which there is a break between them: the
slot before it is as long as usual."""

ALIKE = 0.25
"""Share by which the distance of two headings may differ from that of two rows to be two
rows apart: one between them was not read."""


HIDDEN = 0.35
"""Part of a row by which headings of rooms may stand further from the first slot and
still tell of no other one between."""


@dataclass(frozen=True, slots=True)
class Row:
    """A slot, ``HH:MM-HH:MM``, and where its heading stands along the hours, on the board's plane."""

    label: str
    place: float


def rows_of(hours: Sequence[Hour], places: Sequence[float]) -> tuple[Row, ...]:
    """Return the slots of headings, with those that were not read between two others.

    Takes two hours or more in their order, and where each stands, ascending.
    """
    steps = np.diff([hour.starts for hour in hours])
    gaps = np.diff(places)
    usual, pitch = _usual(steps), _usual(gaps)
    starts, ends, where = [], [], []
    for hour, place, missing in zip(
        hours, places, [*_missing(steps, gaps, usual, pitch), 0], strict=True
    ):
        starts += [hour.starts + round(step * usual) for step in range(missing + 1)]
        ends += [hour.ends, *[None] * missing]
        where += [place + step * pitch for step in range(missing + 1)]
    nexts = [*starts[1:], starts[-1] + round(usual)]
    return tuple(
        Row(_label(start, _end(start, said, after, usual)), place)
        for start, said, after, place in zip(starts, ends, nexts, where, strict=True)
    )


def _usual(distances: Vector) -> float:
    """Return the lower median: where one of three headings is missing, the small one."""
    return float(np.sort(distances)[(len(distances) - 1) // 2])


def with_rows_before(rows: Sequence[Row], edge: float, start: float) -> tuple[Row, ...]:
    """Return slots with those before the first whose headings were not read.

    `edge` is where the first of them begins, `start` where headings of rooms end: slots
    begin there.
    """
    pitch = _usual(np.diff([row.place for row in rows]))
    first = Slot.parse(rows[0].label)
    begin, end = first.minutes()
    number = min(round((edge - start) / pitch - HIDDEN), begin // (end - begin))
    missing = (
        Row(
            _label(begin - step * (end - begin), begin - (step - 1) * (end - begin)),
            rows[0].place - step * pitch,
        )
        for step in range(max(0, number), 0, -1)
    )
    return (*missing, *rows)


def _missing(steps: Vector, gaps: Vector, usual: float, pitch: float) -> Iterator[int]:
    """Yield how many headings were not read between each two."""
    for step, gap in zip(steps, gaps, strict=True):
        rows = round(step / usual)
        whole = rows > 1 and abs(gap / pitch - rows) < ALIKE * rows
        yield rows - 1 if whole else 0


def _end(start: int, said: int | None, after: int, usual: float) -> int:
    """Return when a slot ends: as its heading says, else when the next begins."""
    if said is not None and start < said <= after:
        return said
    return after if after - start <= USUAL * usual else start + round(usual)


def _label(start: int, end: int) -> str:
    if end % DAY == 0:
        return f"{_clock(start)}-24:00"
    return f"{_clock(start)}-{_clock(end)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
