"""Migrations change a database that has a history, and can be taken back."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from calibration.layout import CellId
from server.schedule.corrections.correction import Correction, Turn
from server.schedule.corrections.edit import Edit
from server.schedule.sessions import Schedule
from server.store.cards import cards_of
from server.store.corrections import append_correction, corrections_of
from server.store.database import Database
from server.store.migrate import _config, migrate
from server.store.photos import photo, photo_for_board, photos_of, same_photos
from server.store.releases import append_release, latest_release
from server.store.tables import Base
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


@pytest.mark.databases
def test_photo_given_to_another_day_is_so_again_after_a_version_before(
    journey, site, scripted
):
    journey.send("evening", board="friday")
    journey.work(scripted.SHOTS)
    with site.database.write() as session:
        (own,) = photos_of(session, None)
        given = photo_for_board(session, own.id, "saturday")
    with site.database.begin() as connection:
        command.downgrade(_config(connection), "0018")
    migrate(site.database)

    with site.database.write() as session:
        assert photo(session, given.id).state == "failed"
        again = photo_for_board(session, own.id, "saturday")
        assert same_photos(session, own.id) == {own.id, given.id}

    assert (again.id, again.sha256, again.state) == (given.id, own.sha256, "received")


@pytest.mark.databases
def test_releases_without_a_photo_go_with_the_migration(site):
    with site.database.write() as session:
        schedule = Schedule("friday", (), ())
        append_release(
            session,
            board="friday",
            created_at=site.clock(),
            cause="correction",
            picture=None,
            schedule=schedule,
        )
        assert latest_release(session, "friday").schedule == schedule
    with site.database.begin() as connection:
        command.downgrade(_config(connection), FIRST)

    migrate(site.database)

    with site.database.read() as session:
        assert latest_release(session, "friday") is None


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


def test_corrections_of_one_field_each_become_acts_and_back(tmp_path):
    database = Database.open(f"sqlite:///{tmp_path}/old.db")
    database.create()
    with database.begin() as connection:
        command.upgrade(_config(connection), "0009")
        connection.execute(text("INSERT INTO cards VALUES ('a1', 'friday')"))
        rows = [
            (1, "title", '"Typing"'),
            (2, "cell", '["Room 301", "10:00-11:00"]'),
            (4, "hidden", "true"),
        ]
        for number, field, value in rows:
            connection.execute(
                text(
                    "INSERT INTO corrections VALUES "
                    "(:id, 'a1', :field, :value, 'Ada', '2024-05-17 10:00:00')"
                ),
                {"id": number, "field": field, "value": value},
            )
        connection.execute(
            text("INSERT INTO undos VALUES (4, 'Bea', '2024-05-17 10:05:00')")
        )

    migrate(database)

    made_at = dt.datetime(2024, 5, 17, 10, tzinfo=dt.UTC)
    cell = CellId("Room 301", "10:00-11:00")
    turn = Turn(1, "Bea", made_at + dt.timedelta(minutes=5))
    expected = (
        Correction(1, Edit("a1", title="Typing"), "Ada", made_at),
        Correction(2, Edit("a1", cell=cell), "Ada", made_at),
        Correction(4, Edit("a1", hidden=True), "Ada", made_at, undone=True, turn=turn),
    )
    with database.read() as session:
        assert corrections_of(session, "friday") == expected
    both = Edit("a1", description="At scale", host="Maya")
    with database.write() as session:
        made = append_correction(session, "friday", both, author="C", made_at=made_at)
    assert made.id == 5

    with database.begin() as connection:
        command.downgrade(_config(connection), "0009")
        query = "SELECT field, value FROM corrections ORDER BY id"
        assert [tuple(row) for row in connection.execute(text(query))] == [
            ("title", '"Typing"'),
            ("cell", '["Room 301", "10:00-11:00"]'),
            ("hidden", "true"),
            ("description", '"At scale"'),
            ("host", '"Maya"'),
        ]
        query = "SELECT correction_id, author FROM undos"
        assert [tuple(row) for row in connection.execute(text(query))] == [(3, "Bea")]
    database.close()


@pytest.mark.databases
def test_tables_after_all_migrations_are_those_of_the_program(site, database_kind):
    with site.database.begin() as connection:
        context = MigrationContext.configure(connection)
        lacking = compare_metadata(context, Base.metadata)

    assert site.database.engine.name == database_kind
    assert lacking == []
