import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.recognition.chat_guard import (
    HOUR_S,
    MAX_FAILURES,
    MAX_WAITED_S,
    MISTAKE_REST_S,
    REST_S,
    WAIT_WINDOW_S,
    ChatGuard,
)

RESTS = "The chat server has a rest after failing."
SLOW = "The chat server is too slow to read all cards."


class Clock:
    def __init__(self):
        self.now_s = 1000.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


def spent(requests):
    return (
        f"The {requests} requests to the chat server that an hour may cost are spent."
    )


def test_requests_of_an_hour_are_counted_and_forgotten(clock):
    guard = ChatGuard(2, clock)

    first, clock.now_s = guard.begin(), 2000.0
    second, third = guard.begin(), guard.begin()
    clock.now_s = 1000.0 + HOUR_S
    again, over = guard.begin(), guard.begin()

    assert (first, second, third, again, over) == ("", "", spent(2), "", spent(2))


def test_no_requests_at_all_may_be_allowed(clock):
    assert ChatGuard(0, clock).begin() == spent(0)


@given(st.lists(st.floats(0, 2000), max_size=60), st.integers(0, 5))
def test_never_more_requests_than_allowed_in_any_hour(gaps_s, allowed):
    clock = Clock()
    guard, sent_s = ChatGuard(allowed, clock), []
    for gap_s in gaps_s:
        clock.now_s += gap_s
        if not guard.begin():
            sent_s.append(clock.now_s)

    for at_s in sent_s:
        assert sum(at_s - HOUR_S < other <= at_s for other in sent_s) <= allowed


def test_slow_server_gets_half_of_the_time(clock):
    guard = ChatGuard(100, clock)

    guard.begin()
    guard.end(MAX_WAITED_S - 1)
    before = guard.begin()
    guard.end(1)
    after = guard.begin()
    clock.now_s += WAIT_WINDOW_S

    assert (before, after, guard.begin()) == ("", SLOW, "")


def test_failures_in_a_row_end_the_use_for_a_while(clock):
    guard = ChatGuard(100, clock)
    for _ in range(MAX_FAILURES - 1):
        guard.failed()
    before = guard.begin()
    guard.failed()
    after, clock.now_s = guard.begin(), clock.now_s + REST_S
    rested = guard.begin()
    guard.failed()  # one is enough now

    assert (before, after, rested, guard.begin()) == ("", RESTS, "", RESTS)


def test_success_forgets_failures(clock):
    guard = ChatGuard(100, clock)
    for _ in range(9):
        guard.failed()
        guard.succeeded()

    assert guard.begin() == ""


def test_mistake_in_the_settings_ends_the_use_at_once(clock):
    guard = ChatGuard(100, clock)
    guard.failed(MISTAKE_REST_S)
    guard.failed()  # a shorter rest does not end the longer one

    at_once, clock.now_s = guard.begin(), clock.now_s + MISTAKE_REST_S

    assert (at_once, guard.begin()) == (RESTS, "")


def test_request_that_is_refused_is_not_counted(clock):
    guard = ChatGuard(1, clock)
    guard.failed(REST_S)
    guard.begin()
    clock.now_s += REST_S

    assert (guard.begin(), guard.begin()) == ("", spent(1))
