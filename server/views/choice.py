"""Which boards and which releases a request is about."""

import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board
from server.errors import NotFoundError
from server.schedule.sessions import Session
from server.site import Site, newest_site, site
from server.store.profiles import newest_version
from server.store.releases import latest_release
from server.store.values import Release
from server.views.moment import board_that_matters

Releases = tuple[tuple[Board, Release | None], ...]
"""Boards, each with its newest release; None before its first photo."""


def chosen_board(here: Site, slug: str | None) -> Board:
    """Return the board of an address; the one that matters now without a slug.

    Raises
    ------
    NotFoundError
        If the event has no such board.
    """
    profile = here.profile
    if slug is None:
        return board_that_matters(profile.boards, here.clock(), profile.event.timezone)
    for board in profile.boards:
        if board.slug == slug:
            return board
    raise NotFoundError(f'board "{slug}"')


def day_address(date: dt.date, boards: Sequence[Board]) -> str:
    """Return the address of a day; where a board has it, ``day-`` stands before it."""
    address, slugs = date.isoformat(), {board.slug for board in boards}
    while address in slugs:
        address = f"day-{address}"
    return address


def chosen_boards(here: Site, address: str | None) -> tuple[Board, ...]:
    """Return the boards that a page shows together: of a day, or the one of a slug.

    Parameters
    ----------
    here : Site
    address : str or None
        A slug, a day (see `day_address`), or None for the day that matters now.

    Raises
    ------
    NotFoundError
        If the event has no such board or day.
    """
    boards = here.profile.boards
    if address is None:
        address = day_address(chosen_board(here, None).date, boards)
    # The photos of a wall first, what is online below.
    of_day = [one for one in boards if day_address(one.date, boards) == address]
    of_day.sort(key=lambda board: board.online)
    return tuple(of_day) or (chosen_board(here, address),)


def published(slug: str | None) -> tuple[Site, Board, Release | None]:
    """Return the site, the board of an address, and what is published for it.

    There is no release before the first photo.

    Raises
    ------
    NotFoundError
        If the event has no such board.
    """
    here, ((board, release),) = _published(lambda here: (chosen_board(here, slug),))
    return here, board, release


def published_together(address: str | None) -> tuple[Site, Releases]:
    """Return the site, the boards of a page (`chosen_boards`), and what is published.

    Raises
    ------
    NotFoundError
        If the event has no such board or day.
    """
    return _published(lambda here: chosen_boards(here, address))


def _published(
    choose: Callable[[Site], tuple[Board, ...]],
) -> tuple[Site, Releases]:
    """Return the site, boards of it, and what is published of them.

    All of one event: a page that has its releases from a newer event than it knew asks
    for the event once more.
    """
    here = site()
    boards = choose(here)
    with here.database.read() as database:
        releases = _releases(database, boards)
        if newest_version(database) == here.profile_version:
            return here, releases
    here = newest_site()
    boards = choose(here)
    with here.database.read() as database:
        return here, _releases(database, boards)


def _releases(database: DatabaseSession, boards: tuple[Board, ...]) -> Releases:
    return tuple((board, latest_release(database, board.slug)) for board in boards)


def published_session(
    database: DatabaseSession, here: Site, session_id: str
) -> tuple[Board, Session] | None:
    """Return a session that is published now and its board; None if it is not.

    It is also found by another card that belongs to it.
    """
    for board in here.profile.boards:
        release = latest_release(database, board.slug)
        for session in release.schedule.every if release else ():
            if session_id in {session.id, *(other.id for other in session.others)}:
                return board, session
    return None
