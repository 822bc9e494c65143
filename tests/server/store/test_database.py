import datetime as dt
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from server.errors import SettingsError, StorageError
from server.store import database
from server.store.database import Database
from server.store.migrate import migrate
from server.store.tables import WRITTEN_ONCE, Base, BlobRow, CardRow, PhotoRow


def journal_mode(database):
    with database.read() as session:
        return session.scalar(text("PRAGMA journal_mode"))


def blob(number):
    return BlobRow(sha256=f"{number:064x}", content_type="image/jpeg", size_bytes=1)


def count(database):
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(BlobRow))


def test_migrated_tables_are_those_of_the_models(site):
    with site.database.begin() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_changes_nothing(site):
    with site.database.write() as session:
        session.add(blob(1))

    migrate(site.database)

    assert count(site.database) == 1


def test_migrating_from_several_processes_at_once_makes_the_tables_once(tmp_path):
    url = f"sqlite:///{tmp_path}/new.db"

    def begin():
        database = Database.open(url)
        database.create()
        migrate(database)

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert count(Database.open(url)) == 0


def test_new_file_that_another_process_is_writing_is_waited_for(tmp_path):
    other = sqlite3.connect(tmp_path / "new.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as pool:
        opened = pool.submit(
            journal_mode, Database.open(f"sqlite:///{tmp_path}/new.db")
        )
        still_waiting = not wait([opened], timeout=0.2).done
        other.execute("CREATE TABLE theirs (x)")
        other.execute("COMMIT")
        other.close()

        assert (still_waiting, opened.result()) == (True, "wal")


def test_sqlite_is_set_up_to_last_and_to_check(site):
    with site.database.read() as session:
        found = [
            session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert found == ["wal", 2, 1]


def test_write_that_fails_leaves_nothing(site):
    with pytest.raises(IntegrityError), site.database.write() as session:
        session.add_all([blob(1), BlobRow(sha256="2", size_bytes=1)])

    assert count(site.database) == 0


def test_read_writes_nothing(site):
    with site.database.read() as session:
        session.add(blob(1))

    assert count(site.database) == 0


def test_reading_goes_on_while_somebody_writes(site):
    with site.database.write() as session:
        session.add(blob(1))
        session.flush()
        assert count(site.database) == 0

    assert count(site.database) == 1


def test_writers_at_once_wait_for_each_other(site):
    def add_twenty(start):
        for number in range(start, start + 20):
            with site.database.write() as session:
                # Reads first: a deferred transaction would fail here.
                session.scalars(select(BlobRow)).all()
                session.add(blob(number))

    threads = [
        threading.Thread(target=add_twenty, args=(100 * number,)) for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert count(site.database) == 80


def test_writer_whose_turn_does_not_come_says_so(site, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.01)

    def write():
        with site.database.write():
            pass

    with (
        site.database.write(),
        ThreadPoolExecutor(1) as pool,
        pytest.raises(StorageError) as error,
    ):
        pool.submit(write).result()

    assert error.value.message == (
        "The database is busy: others have been writing for 0.01 seconds."
    )
    write()


def test_foreign_keys_are_checked(site):
    with pytest.raises(IntegrityError), site.database.write() as session:
        session.execute(
            text(
                "INSERT INTO undos VALUES (7, 3, 1, 'Maya', '2024-05-17 10:00:00', NULL)"
            )
        )


@pytest.mark.parametrize("end", ["change", "delete"])
def test_row_that_is_written_once_is_never_changed(end, site):
    with site.database.write() as session:
        session.add(CardRow(id="a", board="friday"))

    with site.database.read() as session:
        row = session.get(CardRow, "a")
        if end == "delete":
            session.delete(row)
        else:
            row.board = "saturday"
        with pytest.raises(ValueError, match="written once"):
            session.flush()


@pytest.mark.parametrize("table", sorted(row.__tablename__ for row in WRITTEN_ONCE))
def test_database_itself_refuses_to_change_such_a_row(table, site):
    with site.database.read() as session:
        trigger = session.scalar(
            text("SELECT sql FROM sqlite_master WHERE name = :name"),
            {"name": f"{table}_written_once"},
        )

    assert trigger == (
        f"CREATE TRIGGER {table}_written_once BEFORE UPDATE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"
    )


def test_database_refuses_with_the_tables_name(site):
    with site.database.write() as session:
        session.add(CardRow(id="a", board="friday"))

    with (
        pytest.raises(IntegrityError, match="cards are never changed"),
        site.database.write() as session,
    ):
        session.execute(text("UPDATE cards SET board = 'saturday'"))


def test_naive_datetime_is_a_mistake(site):
    with pytest.raises(StatementError, match="aware"), site.database.read() as session:
        session.scalars(
            select(PhotoRow).where(PhotoRow.at == dt.datetime(2024, 5, 17))  # noqa: DTZ001  (the mistake)
        )


@pytest.mark.parametrize(
    "url",
    [
        *("nonsense", "oracle3://x", "mysql://host/x", "postgres://host/x"),
        *("postgresql+psycopg://host:port/x", "sqlite:/x.db", "sqlite://x.db"),
        *("sqlite://", "sqlite:///", "sqlite:///:memory:"),
    ],
)
def test_address_of_no_usable_database_says_so(url):
    with pytest.raises(SettingsError, match="database address cannot be used"):
        Database.open(url)


def test_password_of_a_database_is_not_repeated():
    with pytest.raises(SettingsError) as error:
        Database.open("postgres://maya:geheim@host/x")

    assert "geheim" not in str(error.value)


def test_database_in_a_folder_that_is_not_there_says_what_to_do(tmp_path):
    database = Database.open(f"sqlite:///{tmp_path}/missing/x.db")

    with pytest.raises(StorageError) as error:
        migrate(database)

    assert error.value.message == (
        "The database cannot be used: unable to open database file."
    )
