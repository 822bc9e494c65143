"""One process, several lanes: the most urgent one is looked at after each step."""

import os
from dataclasses import replace

import pytest

from calibration.layout import CellId
from server.errors import StorageError
from server.intake.claims import Worker
from server.intake.loop import PAUSE_S, POLL_S, work
from server.intake.parts import FOLDER, Part

A, B = CellId("Room 301", "10:00-11:00"), CellId("Room 302", "10:00-11:00")


class EndedError(Exception):
    """The process was told to end."""


def waiting(waited, until):
    """A wait that notes for how long, and ends the process after one so long."""

    def wait(seconds):
        waited.append(seconds)
        if seconds == until:
            raise EndedError

    return wait


def test_process_of_several_lanes_reads_before_it_goes_on_settling(journey, scripted):
    shots = {
        "morning": scripted.Shot({"a": A, "b": B}),
        "noon": scripted.Shot({"c": A}, {B: "unseen"}),
    }
    sent = [journey.send("morning", "12:00", board="friday")]
    journey.work(shots, lanes=["straighten"])
    plain, done, waited = scripted.vision_of(shots), [], []

    def read_board(photo, *rest):
        done.append("read")
        return plain.read_board(photo, *rest)

    def read_further(photo, card):
        if "a" not in done:
            sent.append(journey.send("noon", "13:00", board="friday"))
            journey.work(shots, lanes=["straighten"])
        done.append(card.fields.title)
        return plain.read_further(photo, card)

    vision = replace(plain, read_board=read_board, read_further=read_further)
    with pytest.raises(EndedError):
        work(
            Worker(journey.site, vision, "test"),
            ("read", "settle"),
            waiting(waited, POLL_S),
        )

    # Of the morning only b is left, and noon, the newest, comes first.
    assert done == ["read", "a", "read", "c", "b"]
    assert waited == [0, 0, 0, 0, 0, POLL_S]
    assert [journey.photo(record).state for record in sent] == ["settled", "settled"]


def test_process_that_meets_an_operators_fault_pauses(journey, scripted):
    journey.send("morning")
    waited = []

    def straighten(_photo, _boards):
        raise StorageError("The disk is full.", hint="Make room.")

    vision = replace(scripted.vision_of({}), straighten=straighten)
    with pytest.raises(EndedError):
        work(
            Worker(journey.site, vision, "test"),
            ("straighten",),
            waiting(waited, PAUSE_S),
        )

    assert waited == [PAUSE_S]


def test_parts_of_photos_that_nobody_goes_on_with_are_let_go(journey, scripted):
    folder = journey.site.settings.data_dir / FOLDER
    old, new = (Part(folder, "staff Sam", name * 32) for name in "ab")
    old.add(0, b"faces")
    new.add(0, b"faces")
    os.utime(old.path, (0, 0))

    with pytest.raises(EndedError):
        work(
            Worker(journey.site, scripted.vision_of({}), "test"),
            ("straighten",),
            waiting([], POLL_S),
        )

    assert (old.received, new.received) == (0, 5)
