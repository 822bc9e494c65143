"""The database: connections, and transactions that are whole or not at all."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from server.errors import SettingsError, StorageError

BUSY_TIMEOUT_S = 20
"""How long a writer waits for another: transactions here take milliseconds,
so this only runs out when a disk hangs."""

WAL_RETRY_S = 0.02
"""Between two attempts to switch a new file to a write-ahead log: the other
process needs about as long to do it."""

IMMEDIATE = "boardcast_immediate"
"""Execution option that marks a transaction that is going to write."""


@dataclass(frozen=True, slots=True, eq=False)
class Database:
    """Where the tables are.

    Parameters
    ----------
    engine : sqlalchemy.Engine
        Made by `open`.
    turn : threading.Lock
        Held by whoever writes in this process.
    """

    engine: Engine
    turn: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def open(cls, url: str) -> Self:
        """Connect to a database; nothing is created yet.

        Parameters
        ----------
        url : str
            An SQLAlchemy address, for example ``sqlite:////data/boardcast.db``
            or ``postgresql+psycopg://host/name``.

        Raises
        ------
        SettingsError
            If the address is none, or its driver is not installed.
        """
        try:
            parsed = make_url(url)
            if parsed.get_backend_name() != "sqlite":
                return cls(create_engine(parsed, pool_pre_ping=True))
            engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_S})
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise SettingsError(
                f"The database address cannot be used: {error}.",
                hint="Leave it out for SQLite, or install the driver, for example "
                "psycopg.",
            ) from error
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return cls(engine)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one state of the database and writes nothing.

        Raises
        ------
        StorageError
            If the database cannot be used.
        """
        with translated(), Session(self.engine) as session:
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
            If the database cannot be used.
        """
        engine = self.engine.execution_options(**{IMMEDIATE: True})
        with (
            self._turn(),
            translated(),
            Session(engine) as session,
            session.begin(),
        ):
            yield session

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

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


@contextmanager
def translated() -> Iterator[None]:
    """Turn what only an operator can mend into a StorageError.

    Raises
    ------
    StorageError
        Instead of the driver's error: no space, no connection, no lock.
    """
    try:
        yield
    except OperationalError as error:
        raise StorageError(
            f"The database cannot be used: {error.orig}.",
            hint="Check that its disk has space and that it is running, and try again.",
        ) from error


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
