"""Whether the database's file is damaged, or only away or busy for a moment."""

import sqlite3

from sqlalchemy.exc import DBAPIError

from calibration.errors import BoardcastError
from server.errors import StorageError
from server.store.database import Database
from server.store.photos import oldest_waiting

DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""SQLite's codes for a file that it cannot make sense of."""


def damage_of(database: Database) -> StorageError | None:
    """Return what to say of a database whose file is damaged; None if it is not.

    Parameters
    ----------
    database : Database
        Asked something small.
    """
    try:
        with database.read() as session:
            oldest_waiting(session)
    except (BoardcastError, DBAPIError, sqlite3.Error) as error:
        reason = _reason(error)
        if reason is not None and reason.sqlite_errorcode & 0xFF in DAMAGED:
            return StorageError(
                f"The database is damaged: {reason}.",
                hint="Restore the data folder from a backup.",
            )
    return None


def _reason(error: BaseException | None) -> sqlite3.Error | None:
    """Return what SQLite itself said, whatever that became since."""
    while error is not None and not isinstance(error, sqlite3.Error):
        error = error.orig if isinstance(error, DBAPIError) else error.__cause__
    return error
