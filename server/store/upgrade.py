"""Taking over what another version of Boardcast left; done at every start."""

import logging

from server.store.board_states import outdated_boards, renew_state
from server.store.database import Database
from server.store.photos import failed_photos, retry_photo
from server.store.values import VERSION

log = logging.getLogger(__name__)


def take_over(database: Database, running: str = VERSION) -> None:
    """Do what is to be done once after an upgrade; nothing if there was none.

    Photos on which another version gave up are tried again: this one may do better.
    A version that has given up on a photo itself does not try it again by itself, so
    that one that takes all the memory does so once for each version, not for each
    start. What boards' photos come to is folded anew.

    Parameters
    ----------
    database : Database
        Migrated. Several processes may do it at the same moment.
    running : str
        The version that runs.

    Raises
    ------
    StorageError
        If the database cannot be used.
    """
    with database.read() as session:
        if not outdated_boards(session) and not failed_photos(session, but_in=running):
            return
    with database.write() as session:
        for board in outdated_boards(session):
            renew_state(session, board)
        for photo in failed_photos(session, but_in=running):
            retry_photo(session, photo.id)
            log.info("photo %s failed in another version; it is tried again", photo.id)
