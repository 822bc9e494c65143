"""Migrations change a database that has a history, and can be taken back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from sqlalchemy import inspect, text

from server.store.cards import cards_of
from server.store.database import Database
from server.store.migrate import _config, migrate
from server.store.values import PhotoState

FIRST = "0001"

STATES: dict[PhotoState, PhotoState] = {
    "received": "received",
    "straightened": "straightened",
    "read": "settled",
    "refused": "refused",
    "failed": "failed",
}
"""States of photos before further readings, and after the migration."""


@pytest.fixture
def old(tmp_path):
    """A database as the first version left it, a photo in each state."""
    database = Database.open(f"sqlite:///{tmp_path}/old.db")
    database.create()
    with database.begin() as connection:
        command.upgrade(_config(connection), FIRST)
        for number, state in enumerate(STATES):
            connection.execute(
                text(
                    "INSERT INTO photos (id, sha256, size_bytes, board, sender, "
                    "received_at, at, state, message, hint, cards_read, cards_total, "
                    "findings, crashes, kills) VALUES (:id, :id, 1, 'friday', 'Ada', "
                    "'2024-05-17 10:00:00', '2024-05-17 10:00:00', :state, '', '', "
                    "0, 0, '[]', 0, 0)"
                ),
                {"id": f"{number}-{state}", "state": state},
            )
    yield database
    database.close()


def states(database):
    with database.begin() as connection:
        rows = connection.execute(text("SELECT id, state FROM photos"))
        return {photo_id.split("-")[1]: state for photo_id, state in rows}


def tables(database):
    with database.begin() as connection:
        return set(inspect(connection).get_table_names())


def test_photos_that_were_read_are_settled_by_the_migration(old):
    migrate(old)

    assert states(old) == STATES
    assert "further_readings" in tables(old)


def test_migration_taken_back_leaves_the_photos_read(old):
    migrate(old)

    with old.begin() as connection:
        command.downgrade(_config(connection), FIRST)

    assert states(old) == {state: state for state in STATES}
    assert "further_readings" not in tables(old)


def test_migration_taken_back_and_done_again_keeps_first_readings(
    journey, site, scripted
):
    journey.send("evening")
    journey.work(scripted.SHOTS)
    with site.database.begin() as connection:
        command.downgrade(_config(connection), FIRST)

    migrate(site.database)

    titles = {card.fields.title for card in journey.ask(cards_of, "friday")}
    assert titles == set(scripted.SHOTS["evening"].cards)


def test_threads_bring_databases_of_their_own_up_to_date(tmp_path):
    """As while a backup is checked: Alembic by itself mixes them up."""

    def begin(number):
        database = Database.open(f"sqlite:///{tmp_path}/{number}.db")
        database.create()
        migrate(database)
        with database.begin() as connection:
            tables = set(inspect(connection).get_table_names())
        database.close()
        return tables

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(begin, range(8)))
    assert all("photos" in tables and tables == made[0] for tables in made)
