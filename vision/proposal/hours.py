"""The headings of slots: hours that stand in one line, in their order."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from calibration.geometry import Points, Quad
from vision.proposal.words import Word

CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?(am|pm|uhr|h)?"
HOUR = re.compile(rf"{CLOCK}(?:[-\u2013]{CLOCK})?", re.IGNORECASE)

DIGITS = re.compile(r"\D*(\d{3,5})\D(\d{2,4})")
"""A span as it is read where minutes are written small and high: "1300-1400"."""

ROUGH = re.compile(r"\D{0,2}([01]?\d|2[0-3])(?!\d?$)\S*\d")
"""What begins with an hour and goes on with digits that make none: "~15~1500"."""

AS_FAR = 0.35
"""Part of a row by which a half-read hour may be nearer or further than one row."""

HALF = re.compile(r"[ap]m", re.IGNORECASE)
"""Half of the day, when it is a word of its own, beside the hour or below it."""

DAY, NOON, HALF_DAY = 24 * 60, 12 * 60, 12 * 60
"""Minutes."""

LONGEST, SHORTEST = 6 * 60, 15
"""Minutes between the starts of two slots that follow each other; of a slot at the
least."""

IN_LINE = 1.2
"""Heights of a heading by which one may stand beside the line of the others: some are
set right, some left."""

NEXT_LINE, NEXT_WORD = 1.1, 1.4
"""Heights of an hour within which another one is on the next line, and widths of it within
which it follows on the same: the end of the same slot."""

BESIDE, BELOW = 3.5, 1.8
"""Heights of a number within which the middle of its "am" or "pm" is, on the right of it
and below it."""


@dataclass(frozen=True, slots=True)
class Hour:
    """What may be the heading of a slot.

    Parameters
    ----------
    starts, ends : int, int or None
        Minutes from midnight, the end where it says so.
    exact : bool
        Whether it says which half of the day; else it may be 12 hours later.
    """

    starts: int
    ends: int | None
    exact: bool
    quad_photo: Quad


def hours_in(words: Sequence[Word]) -> tuple[Hour, ...]:
    """Return all words that may be hours."""
    found: list[Hour] = []
    for word in words:
        if hour := _hour(word.text.rstrip("-\u2013"), word.quad_photo):
            found.append(hour)
        elif word.text.isdigit():
            found += _with_half(word, words)
    return _spans(found)


def slots_along(hours: Sequence[Hour]) -> tuple[Hour, ...]:
    """Return the hours that stand in one line, in their order; the most that do.

    Their times are those of one day: hours without a half are of the second one where
    they come after noon.
    """
    best: tuple[Hour, ...] = ()
    places = np.array([hour.quad_photo.centre for hour in hours]).reshape(-1, 2)
    heights = np.array([hour.quad_photo.size_wh[1] for hour in hours])
    for one, other in itertools.combinations(range(len(hours)), 2):
        along = places[other] - places[one]
        length = np.linalg.norm(along)
        if length == 0:
            continue
        along = along / length * (1 if along.sum() > 0 else -1)
        beside = np.abs((places - places[one]) @ np.array([-along[1], along[0]]))
        near = np.flatnonzero(beside < IN_LINE * np.median(heights))
        order = near[np.argsort((places[near] - places[one]) @ along)]
        best = max(best, _longest([hours[index] for index in order]), key=len)
    return best


def with_hour_after(hours: Sequence[Hour], words: Iterable[Word]) -> tuple[Hour, ...]:
    """Return hours with one that was half read, as far beyond the last as that is.

    Takes two hours or more in one line. A word there that begins with an hour after the
    last one begins a slot at that hour.
    """
    (x, y), last = hours[-1].quad_photo.centre, hours[-1]
    before = hours[-2].quad_photo.centre
    step = np.array([x - before.x, y - before.y])
    pitch = float(np.linalg.norm(step))
    along = step / pitch
    for word in words:
        match = ROUGH.match(word.text)
        if match is None:
            continue
        off = np.subtract(word.quad_photo.centre, last.quad_photo.centre)
        beside = abs(float(off @ [-along[1], along[0]]))
        starts = 60 * int(match[1])
        if (
            beside < IN_LINE * last.quad_photo.size_wh[1]
            and abs(float(off @ along) / pitch - 1) < AS_FAR
            and max(last.starts + 1, last.ends or 0) <= starts <= last.starts + LONGEST
        ):
            return (*hours, Hour(starts, None, exact=True, quad_photo=word.quad_photo))
    return tuple(hours)


def _spans(hours: Sequence[Hour]) -> tuple[Hour, ...]:
    """Return hours, those as one span that stand right below each other."""
    joined: list[Hour] = []
    for hour in sorted(hours, key=lambda one: one.quad_photo.centre.y):
        before = next((one for one in joined if _is_end_of(hour, one)), None)
        if before is None:
            joined.append(hour)
        else:
            joined[joined.index(before)] = replace(
                before,
                ends=hour.starts,
                quad_photo=_around(
                    np.concatenate(
                        [before.quad_photo.to_array(), hour.quad_photo.to_array()]
                    )
                ),
            )
    return tuple(joined)


def _is_end_of(hour: Hour, start: Hour) -> bool:
    right, down = np.subtract(hour.quad_photo.centre, start.quad_photo.centre)
    (width, height) = start.quad_photo.size_wh
    beside = 0 < right < NEXT_WORD * width and abs(down) < height / 2
    below = abs(right) < width and 0 < down < NEXT_LINE * height
    return (beside or below) and start.ends is None and start.starts < hour.starts


def _hour(text: str, quad: Quad) -> Hour | None:
    plain = text.replace(" ", "").strip(".,|~")
    if match := HOUR.fullmatch(plain):
        hour, minute, half, *end = match.groups()
        says = minute or half or end[0]
        starts = _minutes(hour, minute, half or end[2])
        ends = _minutes(*end) if end[0] else None
        if says and starts is not None:
            named = (half or end[2] or "").lower() in {"am", "pm"}
            exact = named or starts >= NOON
            return Hour(starts, ends, exact, quad)
    if match := DIGITS.fullmatch(plain):
        return _small_minutes(match[1], match[2], quad)
    return None


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    """Return minutes from midnight; None for no time of a day."""
    hours, minutes = int(hour), int(minute or 0)
    if hours > DAY // 60 or minutes >= 60:  # noqa: PLR2004  (an hour's)
        return None
    if (half or "").lower() in {"am", "pm"} and hours <= NOON // 60:
        hours = hours % 12 + (12 if str(half).lower() == "pm" else 0)
    return hours * 60 + minutes


def _small_minutes(start: str, end: str, quad: Quad) -> Hour | None:
    """Return the span of two runs of digits: the shortest that they may mean."""
    spans = [
        (ends - starts, starts, ends)
        for starts in _times(start)
        for ends in _times(end)
        if SHORTEST <= ends - starts <= LONGEST
    ]
    if not spans:
        return None
    _, starts, ends = min(spans)
    return Hour(starts, ends, exact=True, quad_photo=quad)


def _times(digits: str) -> Iterator[int]:
    """Yield the times that a run of digits may mean; of five, one is noise."""
    many = len(digits) > 4  # noqa: PLR2004  (hour and minute)
    without = [digits[:index] + digits[index + 1 :] for index in range(len(digits))]
    for run in without if many else [digits]:
        whole = _minutes(run[:2], run[2:4] if len(run) >= 4 else None, None)  # noqa: PLR2004  (hour and minute)
        if whole is not None:
            yield whole


def _with_half(word: Word, words: Iterable[Word]) -> Iterator[Hour]:
    """Yield the hour of a number beside or above an "am" or "pm"."""
    x, y = word.quad_photo.centre
    height = word.quad_photo.size_wh[1]
    for other in words:
        if not HALF.fullmatch(other.text):
            continue
        right, down = other.quad_photo.centre.x - x, other.quad_photo.centre.y - y
        beside = abs(down) < height / 2 and 0 < right < BESIDE * height
        below = abs(right) < height and 0 < down < BELOW * height
        if beside or below:
            both = np.concatenate(
                [word.quad_photo.to_array(), other.quad_photo.to_array()]
            )
            hour = _hour(word.text + other.text, _around(both))
            if hour is not None:
                yield hour


def _around(points: Points) -> Quad:
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return Quad.from_array([[left, top], [right, top], [right, bottom], [left, bottom]])


def _longest(hours: Sequence[Hour]) -> tuple[Hour, ...]:
    """Return the longest run, some left out, in which each is later than the one before."""
    runs: list[tuple[Hour, ...]] = []
    for hour in hours:
        longer = [
            (*run, later)
            for run in runs
            for later in _readings(hour)
            if run[-1].starts < later.starts <= run[-1].starts + LONGEST
        ]
        alone = [(reading,) for reading in _readings(hour)]
        # Of the runs that end in this hour, the longest for each time that it may be.
        ended = {run[-1].starts: run for run in sorted([*alone, *longer], key=len)}
        runs += ended.values()
    return max(runs, key=len, default=())


def _readings(hour: Hour) -> Iterator[Hour]:
    """Yield an hour, and what it is in the afternoon, if it does not say which."""
    yield hour
    if not hour.exact:
        ends = None if hour.ends is None else hour.ends + HALF_DAY
        yield Hour(hour.starts + HALF_DAY, ends, exact=True, quad_photo=hour.quad_photo)
