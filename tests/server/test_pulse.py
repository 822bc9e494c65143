"""Signs of life in memory that processes share."""

import os

import pytest

from server.orphans import with_parent
from server.pulse import HEARD, Pulse


@pytest.fixture
def pulse():
    made = Pulse.create(["web", "read"])
    yield made
    made.close()


def long_ago(pulse, name):
    """Let a process have been silent for an hour."""
    pulse.cells[pulse.names.index(name), HEARD] -= 3600


def test_process_is_heard_in_another_one(pulse):
    pulse.begin("read")
    child = Pulse.of(os.environ | pulse.environ("read"))
    child.ready()
    long_ago(pulse, "read")
    silent = pulse.silence_s("read")

    child.beat()

    assert pulse.is_ready("read")
    assert not pulse.is_ready("web")
    assert silent > 3599
    assert pulse.silence_s("read") < 60


def test_process_that_is_asked_has_to_answer_and_to_be_heard(pulse):
    pulse.begin("web")
    pulse.answered("web")
    long_ago(pulse, "web")

    assert pulse.is_ready("web")
    assert pulse.silence_s("web") > 3599


def test_process_that_starts_again_and_again_has_not_worked_since_the_last_ready_one(
    pulse,
):
    pulse.begin("read")
    pulse.ready("read")
    long_ago(pulse, "read")
    for _ in range(3):
        pulse.begin("read")
    pulse.begin("web")

    assert not pulse.is_ready("read")
    assert pulse.silence_s("read") > 3599
    assert (pulse.restarts("read"), pulse.restarts("web")) == (3, 0)


def test_child_of_a_child_does_not_speak_for_it(pulse):
    pulse.begin("web")
    pulse.ready("web")
    long_ago(pulse, "web")
    grandchild = Pulse.of(with_parent(pulse.environ("web")))

    grandchild.beat()

    assert (grandchild.names, grandchild.own) == (("web", "read"), "")
    assert pulse.silence_s("web") > 3599


def test_process_that_nobody_supervises_has_no_pulse():
    assert Pulse.of({}) is None
