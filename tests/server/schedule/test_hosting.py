import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.layout import CellId, Layout, Slot
from calibration.profile import Board
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.typed import Texts
from server.schedule.corrections.written_session import WriteSession
from server.schedule.hosting import HOST, Place, cells_from, next_end, next_free
from server.schedule.placed import spans_of
from server.schedule.sessions import build_schedule

TAIPEI = ZoneInfo("Asia/Taipei")
SLOTS = ("09:00-10:00", "10:00-11:00", "11:00-12:00", "13:00-14:00")
ROOMS = ("Desk 1", "Desk 2", "Desk 3", "Desk 4")
LAYOUT = Layout(ROOMS, tuple(map(Slot.parse, SLOTS)))
BOARD = Board("day", "Day", dt.date(2021, 10, 2), LAYOUT, online=True)
SPANS = spans_of(BOARD, TAIPEI)
CELLS = st.sampled_from(LAYOUT.cells)


def at(hour, minute=0):
    return dt.datetime(2021, 10, 2, hour, minute, tzinfo=TAIPEI)


def made(number, change, author=HOST, when=None):
    return Correction(number, change, author, when or at(8))


def hosted(number, room="Desk 1", slot=SLOTS[0], title="Talk", **more):
    texts = Texts(title, "", "Mei")
    change = WriteSession(f"{number:012x}", "day", CellId(room, slot), texts, **more)
    return made(number, change)


def schedule(*corrections):
    return build_schedule((), corrections, BOARD, TAIPEI, ())


def states(built, *, but="free"):
    return {entry.cell: entry.state for entry in built.cells if entry.state != but}


@given(CELLS, st.frozensets(CELLS))
def test_what_is_offered_is_free_and_nearest(wanted, free):
    offered = next_free(wanted, free, LAYOUT, SPANS)

    assert (offered is None) == (not free)
    if wanted in free:
        assert offered == wanted
    if any(cell.slot == wanted.slot for cell in free):
        assert offered.slot == wanted.slot
    elif any(SPANS[cell.slot] > SPANS[wanted.slot] for cell in free):
        assert SPANS[offered.slot] > SPANS[wanted.slot]


@pytest.mark.parametrize(
    ("until", "slots"),
    [("", 1), ("10:00", 1), ("12:00", 3), ("14:00", 0), ("10:30", 0)],
)
def test_place_lasts_until_a_slot_ends_without_a_break(until, slots):
    cells = cells_from(Place(CellId("Desk 1", SLOTS[0]), until), LAYOUT, SPANS)

    assert cells == tuple(CellId("Desk 1", slot) for slot in SLOTS[:slots])


def test_session_goes_on_only_into_what_follows_and_is_free():
    free = {CellId("Desk 1", SLOTS[1]), CellId("Desk 1", SLOTS[3])}

    def more(slot, until=""):
        return next_end(Place(CellId("Desk 1", slot), until), free, LAYOUT, SPANS)

    assert [more(SLOTS[0]), more(SLOTS[1]), more(SLOTS[2])] == ["11:00", "", ""]


def test_called_off_before_it_begins_it_is_cancelled_and_its_place_free():
    built = schedule(hosted(1), made(2, Edit(f"{1:012x}", cancelled=True)))

    (session,) = built.sessions
    assert (session.cancelled, session.ends_at) == (True, at(10))
    assert states(built) == {}


def test_left_while_it_is_on_it_was_held_until_then():
    left = made(2, Edit(f"{1:012x}", cancelled=True), when=at(9, 20))

    built = schedule(hosted(1), left)

    (session,) = built.sessions
    assert (session.cancelled, session.ends_at) == (False, at(9, 20))
    assert states(built) == {}


def test_left_within_its_first_minute_it_was_not_held():
    left = made(
        2, Edit(f"{1:012x}", cancelled=True), when=at(9) + dt.timedelta(seconds=20)
    )

    (session,) = schedule(hosted(1), left).sessions

    assert (session.cancelled, session.ends_at) == (True, at(10))


def test_each_session_online_is_one_of_its_own():
    """On a wall, lunch takes all rooms, and the same card in most is one entry."""
    lunch = [hosted(1, title="Lunch"), made(2, Edit(f"{1:012x}", host=""))]
    alike = [hosted(n, f"Desk {n - 2}", SLOTS[1], "Sprint") for n in (3, 4, 5)]

    built = schedule(*lunch, *alike)

    assert [(one.title, one.place) for one in built.sessions] == [
        ("Lunch", "Desk 1"),
        ("Sprint", "Desk 1"),
        ("Sprint", "Desk 2"),
        ("Sprint", "Desk 3"),
    ]


def test_what_waits_is_not_published_and_keeps_its_place():
    waits = hosted(1, waits=True, until="11:00")
    taken = {CellId("Desk 1", slot): "taken" for slot in SLOTS[:2]}

    waiting = schedule(waits)
    through = schedule(waits, made(2, Edit(f"{1:012x}", hidden=False), "Ada"))
    kept_off = schedule(waits, made(2, Edit(f"{1:012x}", hidden=True), "Ada"))

    assert (waiting.sessions, states(waiting)) == ((), taken)
    assert (len(through.sessions), states(through)) == (1, taken)
    assert (kept_off.sessions, states(kept_off)) == ((), {})
