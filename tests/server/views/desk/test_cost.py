"""What a save asks of the database: no more after many photos than after few."""

import datetime as dt
import threading
from itertools import count

import pytest
from sqlalchemy import event, text

from server.store.releases import latest_number

MOST_STATEMENTS = 30
"""For a page of the desk, whatever hangs on the board."""

CARDS = ("aa0000000001", "bb0000000002", "cc0000000003")


@pytest.fixture
def photographed(seeder, make_post):
    """Photograph the same three cards every minute, so many more times."""
    taken = []

    def photographed(times):
        for _ in range(times):
            at = dt.datetime(2024, 5, 17, 13, len(taken), tzinfo=dt.UTC)
            known = CARDS if taken else ()
            slots = ("10:00-11:00", "11:00-12:00", "13:00-14:00")
            posts = [
                make_post(name, slot=slot, title=f"{name} at {slot}")
                for name, slot in zip(CARDS, slots, strict=True)
            ]
            taken.append(seeder.photo(*posts, at=at, known=known))

    return photographed


@pytest.fixture
def asked(site):
    """Note every statement, its parameters and how many rows it gave."""
    statements = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        statements.append((statement, parameters))

    event.listen(site.database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(site.database.engine, "before_cursor_execute", note)


@pytest.fixture
def save(client, sign_in):
    token = sign_in()
    acts = count()

    def save(title):
        response = client.post(
            f"/desk/friday/cards/{CARDS[0]}",
            data={"csrf_token": token, "title": title},
            headers={"Boardcast-Act": f"{next(acts):032x}"},
        )
        assert response.status_code == 200

    return save


def plan(site, statement, parameters):
    """Return the steps in which SQLite answers a statement."""
    with site.database.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [row[-1] for row in rows]


def test_save_asks_the_same_after_ten_photos_as_after_one(photographed, asked, save):
    counts = []
    for times in (1, 9):
        photographed(times)
        save(f"before {times}")
        asked.clear()
        save(f"after {times}")
        counts.append([statement for statement, _ in asked])

    assert counts[0] == counts[1]
    assert not [one for one in counts[1] if "readings" in one or "sightings" in one]


def test_pages_ask_little_whatever_hangs_on_the_board(
    seeder, make_post, asked, client, sign_in
):
    sign_in()
    names = [f"dd{number:010x}" for number in range(60)]
    at = dt.datetime(2024, 5, 17, 13, tzinfo=dt.UTC)
    seeder.photo(*(make_post(name, title=name) for name in names), at=at)
    for page in ("/desk/friday", "/desk/friday/board"):
        client.get(page)  # what is stored anew after a photo is looked up once
        asked.clear()
        shown = client.get(page).text

        assert all(name in shown for name in names)
        assert len(asked) <= MOST_STATEMENTS


def test_save_goes_through_no_table_and_sorts_none(photographed, site, asked, save):
    photographed(3)
    asked.clear()
    save("Knitting")

    selects = [entry for entry in asked if entry[0].startswith("SELECT")]
    steps = [step for entry in selects for step in plan(site, *entry)]

    tables = ("photos", "pictures", "sightings", "readings", "releases", "cards")
    assert not [
        step
        for step in steps
        if step.startswith("SCAN") and "USING" not in step and step.endswith(tables)
    ]
    # Of photos, those that came last are looked at, until there are enough.
    assert "SCAN photos USING INDEX ix_photos_received_at" in steps


def test_readers_go_on_while_many_wait_to_write(site):
    """As many as would have held every connection there is."""
    many = 20
    ready = threading.Barrier(many + 1)

    def write():
        ready.wait()
        with site.database.write() as session:
            session.execute(text("SELECT 1"))

    threads = [threading.Thread(target=write) for _ in range(many)]
    with site.database.write():
        for thread in threads:
            thread.start()
        ready.wait()
        with site.database.read() as session:
            assert latest_number(session, "friday") == 0
            assert site.database.engine.pool.checkedout() <= 2
    for thread in threads:
        thread.join()
