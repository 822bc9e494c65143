"""The database: connections, and transactions that are whole or not at all."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self
from urllib.parse import quote

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DisconnectionError,
    InternalError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from server.errors import SettingsError, StorageError
from server.store.folder import PRIVATE_FILE, SiteFolder

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

DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""SQLite's codes for a file that it cannot make sense of."""

Files = tuple[tuple[int, int] | None, ...]
"""Device and number of the database file and its write-ahead log."""


@dataclass(frozen=True, slots=True, eq=False)
class Database:
    """Where the tables are.

    Parameters
    ----------
    engine : sqlalchemy.Engine
        Made by `open`.
    file : Path or None
        Where it is, if it is SQLite's.
    turn : threading.Lock
        Held by whoever writes in this process.
    """

    engine: Engine
    file: Path | None = None
    turn: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def open(cls, url: str, home: SiteFolder | None = None) -> Self:
        """Connect to a database; nothing is created yet.

        Parameters
        ----------
        url : str
            An SQLAlchemy address, for example ``sqlite:////data/boardcast.db``
            or ``postgresql+psycopg://host/name``.
        home : SiteFolder, optional
            The folder of an SQLite file: none is opened that is another site's.

        Raises
        ------
        SettingsError
            If the address is none, or its driver is not installed.
        """
        try:
            parsed = make_url(url)
            if parsed.get_backend_name() != "sqlite":
                return cls(create_engine(parsed, pool_pre_ping=True))
            file = sqlite_file(url)
            if file is None:
                raise ArgumentError("it names no file, and each process has its own")
            engine = create_engine(
                _never_created(parsed, file),
                connect_args={"timeout": BUSY_TIMEOUT_S},
            )
        except UNUSABLE as error:
            raise _unusable(error) from error
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "do_connect", partial(_note_files, file, home))
        event.listen(engine, "connect", partial(_check_opened, file))
        event.listen(engine, "checkout", partial(_check_files, file))
        return cls(engine, file)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one state of the database and writes nothing.

        Raises
        ------
        StorageError
            If the database cannot be used.
        """
        with self._translated(), Session(self.engine) as session:
            yield session
            session.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose changes are committed at the end, or none are.

        On SQLite it holds the write lock from its beginning: a transaction
        that reads first and then writes fails under load, however long it
        waits.

        Raises
        ------
        StorageError
            If the database cannot be used, or its file was removed meanwhile: what
            was written is then not found after a restart.
        """
        engine = self.engine.execution_options(**{IMMEDIATE: True})
        with self._turn(), self._translated():
            with Session(engine) as session, session.begin():
                opened = session.connection().info.get(OPENED)
                yield session
            if self.file is not None and opened != _files_at(self.file):
                raise _replaced(self.file)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Give a bare connection in a writing transaction, for migrations."""
        engine = self.engine.execution_options(**{IMMEDIATE: True})
        with engine.begin() as connection:
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for this process's other writers, without a connection.

        Who waits in the database holds one of the few connections that readers need,
        and SQLite lets whoever asks at the right moment go first.
        """
        if not self.turn.acquire(timeout=BUSY_TIMEOUT_S):
            raise StorageError(
                "The database is busy: others have been writing for "
                f"{BUSY_TIMEOUT_S} seconds.",
                hint="Try again; if it stays so, check its disk.",
            )
        try:
            yield
        finally:
            self.turn.release()

    def create(self) -> None:
        """Create the file of an SQLite database, for its owner only, unless it is there.

        Raises
        ------
        StorageError
            If it cannot be created.
        """
        if self.file is None or self.file.exists():
            return
        try:
            # By SQLite itself: to close a file that it has open elsewhere in this
            # process would take its locks away.
            sqlite3.connect(self.file).close()
            self.file.chmod(PRIVATE_FILE)
        except (sqlite3.Error, OSError) as error:
            raise _storage_error(error) from error

    def copy_to(self, target: Path) -> None:
        """Write one state of an SQLite database into a new file, whoever writes.

        Parameters
        ----------
        target : Path
            For its owner only, and without a write-ahead log.

        Raises
        ------
        StorageError
            If it cannot be read or written.
        """
        copy = sqlite3.connect(target)
        try:
            target.chmod(PRIVATE_FILE)
            with self._driver() as source:
                # All pages in one step: no writer can come between.
                source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        except (sqlite3.Error, OSError) as error:
            raise _storage_error(error) from error
        finally:
            copy.close()

    def problems(self) -> tuple[str, ...]:
        """Return what SQLite finds wrong with its database; empty if nothing is.

        Raises
        ------
        StorageError
            If it cannot be opened at all.
        """
        with self._driver() as connection:
            try:
                found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
                astray = connection.execute("PRAGMA foreign_key_check").fetchall()
            except sqlite3.DatabaseError as error:
                return (str(error),)
        return (
            *(line for line in found if line != "ok"),
            *(
                f"row {row} of {table} names a row of {parent} that is not there"
                for table, row, parent, _ in astray
            ),
        )

    @contextmanager
    def _driver(self) -> Iterator[sqlite3.Connection]:
        """Give SQLite's own connection."""
        with self._translated(), self.engine.connect() as connection:
            driver = connection.connection.driver_connection
            if not isinstance(driver, sqlite3.Connection):
                msg = f"expected an SQLite database, got {self.engine.url!r}"
                raise TypeError(msg)
            yield driver

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """As `translated`; and what is opened next is opened anew.

        A connection that was made while the disk took nothing stays read-only.
        """
        try:
            with translated():
                yield
        except StorageError:
            self.engine.dispose()
            raise


@contextmanager
def translated() -> Iterator[None]:
    """Turn what only an operator can mend into a StorageError.

    Raises
    ------
    StorageError
        Instead of the driver's error: no space, no connection, no lock, or a file
        that is damaged.
    """
    try:
        yield
    except (OperationalError, InternalError) as error:
        raise _storage_error(error.orig or error) from error
    except DatabaseError as error:
        # Those that say more are of its subclasses, and a programmer's mistakes.
        if type(error) is not DatabaseError:
            raise
        raise _storage_error(error.orig or error) from error


def sqlite_url(file: Path) -> str:
    """Return the address of an SQLite database in a file, whatever its path is."""
    return URL.create("sqlite", database=str(file)).render_as_string()


def sqlite_file(url: str) -> Path | None:
    """Return the file of an SQLite database's address; None if it has none.

    Raises
    ------
    SettingsError
        If it is no address of a database.
    """
    try:
        parsed = make_url(url)
    except UNUSABLE as error:
        raise _unusable(error) from error
    name = parsed.database or ""
    if parsed.get_backend_name() != "sqlite" or name in {"", ":memory:"}:
        return None
    return None if name.startswith("file:") else Path(name)


def _unusable(error: Exception) -> SettingsError:
    # Its first line: some list every address there is.
    said = str(error).split("\n", 1)[0].rstrip(".")
    return SettingsError(
        f"The database address cannot be used: {said}.",
        hint="Leave it out for SQLite, or give one such as "
        "postgresql+psycopg://host/name, with the driver psycopg installed.",
    )


def _storage_error(error: BaseException) -> StorageError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in DAMAGED:
        return _damaged(str(error))
    if code == sqlite3.SQLITE_CANTOPEN:
        return StorageError(
            f"The database cannot be used: {error}.",
            hint="Check that its folder is there and may be written, or restore a "
            "backup with boardcast restore; the server goes on by itself.",
        )
    return StorageError(
        f"The database cannot be used: {error}.",
        hint="Check that its disk has space and that it is running, and try again.",
    )


def _damaged(what: str) -> StorageError:
    return StorageError(
        f"The database is damaged: {what}.",
        hint="Stop the server and restore a backup: boardcast restore. "
        "boardcast check says what is damaged.",
    )


def _replaced(file: Path) -> StorageError:
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


def _files_at(file: Path) -> Files:
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
    entry.info[OPENED] = _files_at(file)


def _check_opened(
    file: Path, _connection: DBAPIConnection, entry: ConnectionPoolEntry
) -> None:
    """Note which files a new connection has opened.

    Raises
    ------
    StorageError
        If others were put in their place just then.
    """
    opened = _files_at(file)
    if opened[0] != entry.info[OPENED][0]:
        raise _replaced(file)
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
    if entry.info.get(OPENED) != _files_at(file):
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
