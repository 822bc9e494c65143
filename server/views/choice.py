"""Which board and which release a request is about."""

from sqlalchemy.orm import Session as DatabaseSession

from calibration.profile import Board
from server.errors import NotFoundError
from server.schedule.sessions import Session
from server.site import Site, newest_site, site
from server.store.profiles import newest_version
from server.store.releases import latest_release
from server.store.values import Release
from server.views.moment import board_that_matters


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


def published(slug: str | None) -> tuple[Site, Board, Release | None]:
    """Return the site, the board of an address, and what is published for it.

    All of one event: a page that has its release from a newer event than it knew asks
    for the event once more. There is no release before the first photo.

    Raises
    ------
    NotFoundError
        If the event has no such board.
    """
    here = site()
    board = chosen_board(here, slug)
    with here.database.read() as database:
        release = latest_release(database, board.slug)
        if newest_version(database) == here.profile_version:
            return here, board, release
    here = newest_site()
    board = chosen_board(here, slug)
    with here.database.read() as database:
        return here, board, latest_release(database, board.slug)


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
