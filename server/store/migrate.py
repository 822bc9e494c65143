"""Bringing a database to this version's tables; run at every start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from server.store.database import Database, translated

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(database: Database) -> None:
    """Create or update the tables; changes nothing if they are current.

    Several processes may do it at the same moment: on SQLite one waits for
    the other.

    Raises
    ------
    StorageError
        If the database cannot be used.
    """
    with translated(), database.begin() as connection:
        command.upgrade(_config(connection), "head")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
