"""Which board and which release a request is about."""

from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board
from server.errors import NotFoundError
from server.schedule.sessions import Session
from server.site import Site
from server.store.releases import latest_release
from server.store.values import Release
from server.views.moment import board_that_matters


def chosen_board(site: Site, slug: str | None) -> Board:
    """Return the board of an address; the one that matters now without a slug.

    Raises
    ------
    NotFoundError
        If the event has no such board.
    """
    profile = site.profile
    if slug is None:
        return board_that_matters(profile.boards, site.clock(), profile.event.timezone)
    for board in profile.boards:
        if board.slug == slug:
            return board
    raise NotFoundError(f'board "{slug}"')


def newest_release(site: Site, board: Board) -> Release | None:
    """Return what is published for a board; None before the first photo."""
    with site.database.read() as database:
        return latest_release(database, board.slug)


def published_session(
    database: DatabaseSession, site: Site, session_id: str
) -> tuple[Board, Session] | None:
    """Return a session that is published now and its board; None if it is not.

    It is also found by another card that belongs to it.
    """
    for board in site.profile.boards:
        release = latest_release(database, board.slug)
        for session in release.schedule.every if release else ():
            if session_id in {session.id, *(other.id for other in session.others)}:
                return board, session
    return None
