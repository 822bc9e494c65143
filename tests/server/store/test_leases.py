import datetime as dt

import pytest

from server.store.leases import (
    LEASE,
    MAX_CRASHES,
    MAX_KILLS,
    claim,
    end_claims,
    holds,
    renew,
)
from server.store.photos import people_wait, photo, set_state

START = dt.datetime(2024, 5, 17, 18, 0, tzinfo=dt.UTC)


@pytest.fixture
def claimed(journey):
    """Claim for an owner, after so many seconds; return the photo's id."""

    def claim_for(owner, seconds=0):
        with journey.site.database.write() as session:
            record = claim(
                session, "received", owner, START + dt.timedelta(seconds=seconds)
            )
        return record.id if record else None

    return claim_for


def test_nothing_waits_in_the_beginning(claimed):
    assert claimed("one") is None


def test_photo_is_claimed_once(journey, claimed):
    sent = journey.send("a")

    assert claimed("one") == sent.id
    assert claimed("two") is None
    assert claimed("one") is None


def test_photo_taken_first_comes_first(journey, claimed):
    later, sooner = journey.send("a", "12:05"), journey.send("b", "12:00")

    assert [claimed("one"), claimed("two"), claimed("three")] == [
        sooner.id,
        later.id,
        None,
    ]


def test_photos_of_one_board_are_worked_on_one_by_one(journey, claimed):
    first = journey.send("a", "12:00", board="friday")
    second = journey.send("b", "12:05", board="friday")
    other = journey.send("c", "12:10", board="saturday")

    assert [claimed("one"), claimed("two"), claimed("three")] == [
        first.id,
        other.id,
        None,
    ]
    journey.change(end_claims, "one", "stop")
    journey.change(set_state, first.id, "straightened")
    assert claimed("one") == second.id


def test_claim_that_is_renewed_holds(journey, claimed):
    sent = journey.send("a")
    claimed("one")
    half = LEASE.total_seconds() / 2

    for number in range(4):
        when = START + dt.timedelta(seconds=half * number)
        assert journey.change(renew, sent.id, "one", when)

    assert claimed("two", seconds=half * 4) is None
    assert journey.ask(holds, sent.id, "one")


def test_claim_that_nobody_renews_runs_out(journey, claimed):
    sent = journey.send("a")
    claimed("one")

    assert claimed("two", seconds=LEASE.total_seconds() + 1) == sent.id
    assert not journey.ask(holds, sent.id, "one")
    assert not journey.change(renew, sent.id, "one", START)


def test_claim_from_before_the_clock_was_set_back_runs_out_at_once(journey, claimed):
    # The power was cut, and the machine woke up an hour earlier.
    sent = journey.send("a")
    claimed("one", seconds=3600)

    assert claimed("two", seconds=0) == sent.id
    assert not journey.ask(holds, sent.id, "one")


def test_claim_of_a_machine_whose_clock_is_ahead_holds(journey, claimed):
    journey.send("a")
    claimed("one", seconds=LEASE.total_seconds())

    assert claimed("two", seconds=0) is None


@pytest.mark.parametrize(
    ("end", "times", "state"),
    [
        ("crash", MAX_CRASHES - 1, "received"),
        ("crash", MAX_CRASHES, "failed"),
        ("kill", MAX_KILLS - 1, "received"),
        ("kill", MAX_KILLS, "failed"),
        ("stop", 2 * MAX_KILLS, "received"),
    ],
)
def test_photo_fails_when_it_may_be_to_blame(end, times, state, journey, claimed):
    sent = journey.send("a")

    for _ in range(times):
        assert claimed("one") == sent.id
        journey.change(end_claims, "one", end)

    record = journey.ask(photo, sent.id)
    assert record.state == state
    assert bool(record.message) == bool(record.hint) == (state == "failed")


def test_photo_that_brings_its_step_down_lets_others_go_first(journey, claimed):
    bad, good = journey.send("a", "12:00"), journey.send("b", "12:05")
    assert claimed("one") == bad.id
    journey.change(end_claims, "one", "crash")

    assert [claimed("one"), claimed("two")] == [good.id, bad.id]


def test_photo_sent_again_after_it_failed_gets_another_try(journey, claimed):
    sent = journey.send("a")
    for _ in range(MAX_CRASHES):
        claimed("one")
        journey.change(end_claims, "one", "crash")

    again = journey.send("a", board="saturday")

    assert (again.id, again.state, again.message, again.hint, again.board) == (
        sent.id,
        "received",
        "",
        "",
        "saturday",
    )
    assert claimed("two") == sent.id


@pytest.mark.parametrize(
    ("end", "times", "state"),
    [
        ("crash", MAX_CRASHES - 1, "read"),
        ("crash", MAX_CRASHES, "settled"),
        ("kill", MAX_KILLS - 1, "read"),
        ("kill", MAX_KILLS, "settled"),
        ("stop", 2 * MAX_KILLS, "read"),
    ],
)
def test_photo_that_is_read_cannot_fail_any_more(end, times, state, journey):
    sent = journey.send("a", board="friday")
    journey.change(set_state, sent.id, "read")

    for number in range(times):
        owner = f"worker-{number}"
        assert journey.change(claim, "read", owner, START).id == sent.id
        journey.change(end_claims, owner, end)

    record = journey.ask(photo, sent.id)
    assert (record.state, record.message, record.hint) == (state, "", "")


def test_photo_that_is_read_newest_is_claimed_first(journey):
    sent = [
        journey.send(name, at, board=board)
        for name, at, board in (
            ("a", "12:00", "friday"),
            ("b", "12:10", "saturday"),
            ("c", "12:05", "friday"),
        )
    ]
    for record in sent:
        journey.change(set_state, record.id, "read")

    claims = [journey.change(claim, "read", owner, START) for owner in "123"]

    # The other one of Friday has to wait: one of each board at a time.
    assert [record and record.id for record in claims] == [sent[1].id, sent[2].id, None]


@pytest.mark.parametrize(
    ("state", "waits", "done"),
    [
        ("received", True, False),
        ("straightened", True, False),
        ("read", False, True),
        ("settled", False, True),
        ("refused", False, True),
        ("failed", False, True),
    ],
)
def test_people_wait_for_a_photo_until_it_is_read(state, waits, done, journey):
    sent = journey.send("a", board="friday")

    journey.change(set_state, sent.id, state)

    assert journey.ask(people_wait) is waits
    assert journey.ask(photo, sent.id).done is done
