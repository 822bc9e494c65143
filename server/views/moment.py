"""What time it is for a board: which one matters, how old its photo is.

Pure: `now` is always given. Aware datetimes throughout; "local" means the
event's timezone.
"""

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from calibration.profile import Board
from server.languages.current import language
from server.languages.times import clock_in, moment_in

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
    today; else the next; else the last. Of one day, a wall before boards online.

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
    walls_first = sorted(ordered, key=lambda board: board.online)
    for board in walls_first:
        start, end = board_span(board, timezone)
        if start.date() <= today and now < end:
            return board
    todays = [board for board in ordered if board.date == today]
    if todays:
        return ([board for board in todays if not board.online] or todays)[-1]
    coming = [board for board in ordered if board.date > today] or ordered[-1:]
    return min(coming, key=lambda board: (board.date, board.online))


def stale_from(
    taken_at: dt.datetime, board: Board, now: dt.datetime, timezone: ZoneInfo
) -> dt.datetime | None:
    """Return when the photo is too old; None where its age does not matter.

    It matters on the board's own day, until its last slot ends.
    """
    start, end = board_span(board, timezone)
    in_use = start.date() <= now.astimezone(timezone).date() and now < end
    return taken_at + STALE_AFTER if in_use else None


def page_version(
    board: Board, release: int, profile: int, now: dt.datetime, timezone: ZoneInfo
) -> str:
    """Return a word that changes whenever the board's page has something new.

    A release is new, so is a slot that begins or ends, and what event.toml says.

    Parameters
    ----------
    board : Board
    release : int
        Number of the newest release, 0 if there is none.
    profile : int
        Version of the event's profile.
    now : datetime
        Aware.
    timezone : ZoneInfo
        The event's.
    """
    start, _ = board_span(board, timezone)
    points = [start.replace(hour=0, minute=0)]
    for slot in board.layout.slots:
        points.extend(slot.span(board.date, timezone))
    begun = sum(point <= now for point in points)
    return f"{board.slug}.{release}.{begun}.{profile}"


def pages_version(versions: Sequence[str]) -> str:
    """Return the word of a page of several boards, of the words of each."""
    return "+".join(versions)


def clock_text(moment: dt.datetime, now: dt.datetime, timezone: ZoneInfo) -> str:
    """Return ``11:42``, or ``Fri 17 May, 11:42`` where today is another day.

    As the language of the request writes it.
    """
    local = moment.astimezone(timezone)
    today = local.date() == now.astimezone(timezone).date()
    return clock_in(language(), local) if today else moment_in(language(), local)
