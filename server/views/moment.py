"""What time it is for a board: which one matters, how old its photo is.

Pure: `now` is always given. Aware datetimes throughout; "local" means the
event's timezone.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from calibration.profile import Board

STALE_AFTER = dt.timedelta(minutes=60)
"""A photo older than one slot: by then a whole round of sessions has changed."""


def board_span(board: Board, timezone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """Return when the board's first slot starts and its last one ends."""
    spans = [slot.span(board.date, timezone) for slot in board.layout.slots]
    return min(start for start, _ in spans), max(end for _, end in spans)


def board_that_matters(
    boards: Sequence[Board], now: dt.datetime, timezone: ZoneInfo
) -> Board:
    """Return the board to show without being asked for one.

    The one that is under way or still to come today; else the last one of
    today; else the next; else the last.

    Parameters
    ----------
    boards : sequence of Board
        At least one, in the order of the profile.
    now : datetime
        Aware.
    timezone : ZoneInfo
        The event's.
    """
    today = now.astimezone(timezone).date()
    ordered = sorted(boards, key=lambda board: board_span(board, timezone))
    for board in ordered:
        start, end = board_span(board, timezone)
        if start.date() <= today and now < end:
            return board
    todays = [board for board in ordered if board.date == today]
    coming = [board for board in ordered if board.date > today]
    return todays[-1] if todays else (coming or ordered[-1:])[0]


def is_stale(
    taken_at: dt.datetime, board: Board, now: dt.datetime, timezone: ZoneInfo
) -> bool:
    """Return whether the photo is too old for a board that is in use."""
    start, end = board_span(board, timezone)
    in_use = start.date() <= now.astimezone(timezone).date() and now < end
    return in_use and now - taken_at > STALE_AFTER


def turning_points(
    board: Board, taken_at: dt.datetime | None, timezone: ZoneInfo
) -> Iterable[dt.datetime]:
    """Yield the moments at which a board's page says something else by itself."""
    start, _ = board_span(board, timezone)
    yield start.replace(hour=0, minute=0)
    for slot in board.layout.slots:
        yield from slot.span(board.date, timezone)
    if taken_at is not None:
        yield taken_at + STALE_AFTER


def page_version(
    board: Board,
    release: int,
    taken_at: dt.datetime | None,
    now: dt.datetime,
    timezone: ZoneInfo,
) -> str:
    """Return a word that changes whenever the board's page has something new.

    Parameters
    ----------
    board : Board
    release : int
        Number of the newest release, 0 if there is none.
    taken_at : datetime or None
        When its photo was taken.
    now : datetime
        Aware.
    timezone : ZoneInfo
        The event's.
    """
    points = turning_points(board, taken_at, timezone)
    return f"{board.slug}.{release}.{sum(point <= now for point in points)}"


def clock_text(moment: dt.datetime, now: dt.datetime, timezone: ZoneInfo) -> str:
    """Return ``11:42``, or ``Fri 17 May, 11:42`` where today is another day."""
    local = moment.astimezone(timezone)
    if local.date() == now.astimezone(timezone).date():
        return f"{local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


def age_text(age: dt.timedelta) -> str:
    """Return an age in words: ``just now``, ``3 min ago``, ``2 h ago``.

    A negative age (the camera's clock is ahead) is ``just now``.
    """
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:  # noqa: PLR2004  (minutes in an hour)
        return f"{minutes} min ago"
    hours = minutes // 60
    if hours < 48:  # noqa: PLR2004  (below two days, hours say more)
        return f"{hours} h ago"
    return f"{hours // 24} days ago"
