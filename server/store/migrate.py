"""Bringing a database to this version's tables; run at every start."""

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from server.errors import StorageError
from server.store.database import Database, translated

MIGRATIONS = Path(__file__).with_name("migrations")

_migrating = Lock()
"""Alembic keeps what it works on in its modules: one thread of a process at a time."""


def migrate(database: Database) -> None:
    """Create or update the tables; changes nothing if they are current.

    The file of an SQLite database is there already: see `Database.create`.

    Several threads and processes may do it at the same moment: on SQLite one waits for
    the other.

    Raises
    ------
    StorageError
        If the database cannot be used, or belongs to a newer Boardcast.
    """
    try:
        with _migrating, translated(), database.begin() as connection:
            command.upgrade(_config(connection), "head")
    except CommandError as error:  # it knows no migration of that name
        raise StorageError(
            f"The database cannot be brought to this version's tables: {error}.",
            hint="Use the version of Boardcast that it was last used with, or a newer.",
        ) from error


def needs_migration(database: Database) -> bool:
    """Say whether the tables are of another version than this; nothing is changed.

    Raises
    ------
    StorageError
        If the database cannot be used, or belongs to a newer Boardcast.
    """
    with translated(), database.engine.connect() as connection:
        scripts = ScriptDirectory.from_config(_config(connection))
        found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise StorageError(
            f"The database belongs to a newer Boardcast: {found}.",
            hint="Use the version of Boardcast that it was last used with, or a newer.",
        )
    return found != scripts.get_current_head()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
