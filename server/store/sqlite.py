"""SQLite: how its connections are set up, and which file they have open.

A connection goes on writing into a file that was removed or replaced, and a new one
makes a file where none is. Neither happens here: before a connection is used, and
before anybody is told that something is written, the file that it has open is compared
with what its path names now.
"""

import sqlite3
import time
from functools import partial
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, DisconnectionError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from server.errors import SettingsError, StorageError
from server.store.folder import SiteFolder

BUSY_TIMEOUT_S = 20
"""How long a writer waits for another: transactions here take milliseconds,
so this only runs out when a disk hangs."""

WAL_RETRY_S = 0.02
"""Between two attempts to switch a new file to a write-ahead log: the other
process needs about as long to do it."""

IMMEDIATE = "boardcast_immediate"
"""Execution option that marks a transaction that is going to write."""


UNUSABLE = (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError)
"""What SQLAlchemy raises about an address; the last one for a port that is no number."""

OPENED = "boardcast_opened"
"""Under which name a connection's record keeps the `Files` that it opened."""

Files = tuple[tuple[int, int] | None, ...]
"""Device and number of the database file and its write-ahead log."""


def sqlite_engine(url: URL, file: Path, home: SiteFolder | None) -> Engine:
    """Return what connects to an SQLite database.

    Parameters
    ----------
    url : sqlalchemy.URL
    file : Path
        As of `sqlite_file`: it is never created.
    home : SiteFolder or None
        The site's folder: none is opened that is another site's.
    """
    engine = create_engine(
        _never_created(url, file), connect_args={"timeout": BUSY_TIMEOUT_S}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "do_connect", partial(_note_files, file, home))
    event.listen(engine, "connect", partial(_check_opened, file))
    event.listen(engine, "checkout", partial(_check_files, file))
    return engine


def sqlite_url(file: Path) -> str:
    """Return the address of an SQLite database in a file, whatever its path is."""
    return URL.create("sqlite", database=str(file)).render_as_string()


def sqlite_file(url: str) -> Path | None:
    """Return the file of an SQLite database's address; None for another database.

    Raises
    ------
    SettingsError
        If it is no address of a database, or names no file.
    """
    try:
        parsed = make_url(url)
    except UNUSABLE as error:
        raise unusable(error) from error
    if parsed.get_backend_name() != "sqlite":
        return None
    name = parsed.database or ""
    if name in {"", ":memory:"} or name.startswith("file:"):
        msg = "it names no file, and each process has its own"
        raise unusable(ArgumentError(msg))
    return Path(name)


def unusable(error: Exception) -> SettingsError:
    """Return what is said of a database's address that SQLAlchemy does not take."""
    # Its first line: some list every address there is.
    said = str(error).split("\n", 1)[0].rstrip(".")
    return SettingsError(
        f"The database address cannot be used: {said}.",
        hint="Leave it out for SQLite, or give one such as "
        'postgresql+psycopg://host/name after pip install "boardcast[postgres]".',
    )


def replaced(file: Path) -> StorageError:
    """Return what is said of a database whose file is not the one that was open."""
    return StorageError(
        f"The database {file} was removed or replaced.",
        hint="Put the data folder back in its place, or restore a backup with "
        "boardcast restore; the server goes on by itself.",
    )


def _never_created(url: URL, file: Path) -> URL:
    """Return the address under which SQLite opens a file that is there."""
    name = quote(str(file.absolute()))
    return url.set(database=f"file:{name}").update_query_dict(
        {"mode": "rw", "uri": "true"}
    )


def files_at(file: Path) -> Files:
    """Return what is at a database's path now."""
    found: list[tuple[int, int] | None] = []
    for path in (file, file.with_name(f"{file.name}-wal")):
        try:
            status = path.stat()
        except OSError:
            found.append(None)
        else:
            found.append((status.st_dev, status.st_ino))
    return tuple(found)


def _note_files(
    file: Path,
    home: SiteFolder | None,
    _dialect: Dialect,
    entry: ConnectionPoolEntry,
    _arguments: list[object],
    _options: dict[str, object],
) -> None:
    """Note what is at a database's path before it is opened.

    Raises
    ------
    StorageError
        If it is not this site's.
    """
    if home is not None:
        home.check()
    entry.info[OPENED] = files_at(file)


def _check_opened(
    file: Path, _connection: DBAPIConnection, entry: ConnectionPoolEntry
) -> None:
    """Note which files a new connection has opened.

    Raises
    ------
    StorageError
        If others were put in their place just then.
    """
    opened = files_at(file)
    if opened[0] != entry.info[OPENED][0]:
        raise replaced(file)
    entry.info[OPENED] = opened


def _check_files(
    file: Path,
    _connection: DBAPIConnection,
    entry: ConnectionPoolEntry,
    _proxy: PoolProxiedConnection,
) -> None:
    """Take a connection out of use whose files were removed or replaced.

    Raises
    ------
    DisconnectionError
        SQLAlchemy then makes a new one.
    """
    if entry.info.get(OPENED) != files_at(file):
        msg = f"{file} was removed or replaced"
        raise DisconnectionError(msg)


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Set up a new connection.

    WAL lets readers go on while someone writes; FULL makes a commit last
    through a power cut, which an acknowledged photo must.
    """
    # Python's driver would begin transactions by itself, and deferred ones.
    connection.isolation_level = None
    cursor = connection.cursor()
    _use_wal(cursor)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _use_wal(cursor: DBAPICursor) -> None:
    """Switch the file to a write-ahead log; it stays so for every connection.

    Two connections that switch a new file at the same moment block each other,
    and SQLite then fails one of them at once instead of letting it wait
    (https://www.sqlite.org/c3ref/busy_handler.html): so the waiting is here.
    """
    give_up = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            if time.monotonic() > give_up:
                raise
            time.sleep(WAL_RETRY_S)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(IMMEDIATE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
