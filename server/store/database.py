"""The database: connections, and transactions that are whole or not at all."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    DatabaseError,
    InternalError,
    OperationalError,
)
from sqlalchemy.orm import Session

from server.errors import DatabaseDamagedError, StorageError
from server.store.folder import PRIVATE_FILE, SiteFolder
from server.store.sqlite import (
    BUSY_TIMEOUT_S,
    IMMEDIATE,
    OPENED,
    UNUSABLE,
    files_at,
    replaced,
    sqlite_engine,
    sqlite_file,
    unusable,
)

DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""SQLite's codes for a file that it cannot make sense of."""


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
        file = sqlite_file(url)
        try:
            parsed = make_url(url)
            if file is None:
                return cls(create_engine(parsed, pool_pre_ping=True))
            return cls(sqlite_engine(parsed, file, home), file)
        except UNUSABLE as error:
            raise unusable(error) from error

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
            if self.file is not None and opened != files_at(self.file):
                raise replaced(self.file)

    def compact(self) -> None:
        """Leave nothing of what was deleted in the database's file.

        Raises
        ------
        StorageError
            If the database cannot be used.
        """
        if self.file is None:
            return  # PostgreSQL does so by itself
        try:
            with self._turn(), self._driver() as connection:
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise _storage_error(error) from error

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


def _storage_error(error: BaseException) -> StorageError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in DAMAGED:
        return DatabaseDamagedError(str(error))
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
