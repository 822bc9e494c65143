"""Steps that fail: the photo says why, nothing is half done, the others go on."""

import datetime as dt
from dataclasses import dataclass, replace

import pytest

from calibration.layout import CellId
from server.errors import StorageError
from server.intake.claims import Worker
from server.intake.loop import work_once
from server.intake.vision import Vision
from server.store.leases import claim
from server.store.releases import latest_release, releases
from vision.errors import (
    BoardNotFoundError,
    EngineUnavailableError,
    UnreadablePhotoError,
)

A, B = CellId("Room 301", "10:00-11:00"), CellId("Room 302", "10:00-11:00")
C = CellId("Room 301", "11:00-12:00")


@pytest.fixture
def shot(scripted):
    return scripted.Shot


def refusing(error):
    def straighten(_photo, _boards):
        raise error

    def judge(_straight):
        raise error

    def read_board(*_rest):
        raise error

    def read_further(_photo, _card):
        raise error

    return Vision(straighten, judge, read_board, read_further)


def test_photo_without_a_board_is_refused_with_what_to_do(journey):
    sent = journey.send("morning")

    journey.work(refusing(BoardNotFoundError("No board is seen.", hint="Step back.")))

    record = journey.photo(sent)
    assert (record.state, record.message, record.hint) == (
        "refused",
        "No board is seen.",
        "Step back.",
    )
    assert journey.site.originals.exists(sent.sha256)
    assert journey.ask(latest_release, "friday") is None


def test_photo_that_breaks_the_step_fails_and_lets_the_others_through(journey, shot):
    bad, good = journey.send("bad", "12:00"), journey.send("good", "12:05")
    vision = journey.scripted.vision_of({"good": shot({"Knitting": A})})

    journey.work(vision)  # the script knows no "bad": a KeyError

    assert journey.photo(good).state == "settled"
    record = journey.photo(bad)
    assert record.state == "failed"
    assert record.message == "Boardcast broke down on this photo 3 times."


def test_photo_that_fails_to_be_read_still_shows_its_picture(journey, shot):
    sent = journey.send("morning")
    vision = journey.scripted.vision_of({"morning": shot({"Knitting": A})})

    journey.work(replace(vision, read_board=refusing(ZeroDivisionError()).read_board))

    assert journey.photo(sent).state == "failed"
    assert journey.ask(latest_release, "friday").photo_id == sent.id


def test_engine_that_is_missing_is_not_the_photos_fault(journey, shot):
    sent = journey.send("morning")
    vision = journey.scripted.vision_of({"morning": shot({"Knitting": A})})
    error = EngineUnavailableError("No tesseract.", hint="Install it.")
    broken = replace(vision, read_board=refusing(error).read_board)

    for _ in range(5):
        with pytest.raises(EngineUnavailableError):
            journey.work(broken)
    assert journey.photo(sent).state == "straightened"

    journey.work(vision)
    assert journey.photo(sent).state == "settled"


@dataclass(frozen=True)
class FullDisk:
    """Blobs on a disk that is full after so many."""

    room: list[int]
    kept: object

    def put(self, data):
        if not self.room[0]:
            raise StorageError("The disk is full.", hint="Make room.")
        self.room[0] -= 1
        return self.kept.put(data)


@pytest.mark.parametrize(
    ("lane", "room"),
    [("straighten", 0), ("read", 0), ("read", 1), ("read", 2)],
)
def test_full_disk_publishes_nothing_half_and_goes_on_later(room, lane, journey, shot):
    shots = {"morning": shot({"Knitting": A, "Typing": B, "Tea": C})}
    sent = journey.send("morning")
    if lane == "read":
        journey.work(shots, lanes=["straighten"])
    before = journey.ask(releases, "friday")
    full = replace(journey.site, blobs=FullDisk([room], journey.site.blobs))

    with pytest.raises(StorageError):
        replace(journey, site=full).work(shots, lanes=[lane])

    assert journey.ask(releases, "friday") == before
    journey.work(shots)
    assert journey.photo(sent).state == "settled"


def test_worker_that_lost_its_claim_writes_nothing(journey, shot):
    sent = journey.send("morning")
    vision = journey.scripted.vision_of({"morning": shot({"Knitting": A})})

    def slow(photo, boards):
        # Meanwhile this worker is thought dead, and another takes over.
        with journey.site.database.write() as session:
            later = journey.site.clock() + dt.timedelta(hours=1)
            assert claim(session, "received", "other", later).id == sent.id
        return vision.straighten(photo, boards)

    work_once(
        Worker(journey.site, replace(vision, straighten=slow), "slow"), "straighten"
    )

    assert journey.photo(sent).state == "received"
    assert journey.ask(releases, "friday") == ()


def test_worker_that_lost_its_claim_refuses_nothing_either(journey):
    sent = journey.send("morning")

    def slow(_photo, _boards):
        with journey.site.database.write() as session:
            later = journey.site.clock() + dt.timedelta(hours=1)
            assert claim(session, "received", "other", later).id == sent.id
        raise BoardNotFoundError("No board is seen.", hint="Step back.")

    vision = replace(refusing(AssertionError()), straighten=slow)

    assert work_once(Worker(journey.site, vision, "slow"), "straighten")
    assert journey.photo(sent).state == "received"


def test_an_unreadable_photo_leaves_picture_and_schedule_as_they_were(journey, shot):
    morning, noon = journey.send("morning", "12:00"), journey.send("noon", "13:00")
    journey.work({"morning": shot({"Knitting": A}), "noon": shot({})}, ["straighten"])
    journey.work({"morning": shot({"Knitting": A}), "noon": shot({})}, ["read"])
    before = journey.ask(latest_release, "friday")
    sent = journey.send("black", "14:00")

    journey.work(
        refusing(UnreadablePhotoError("It is too dark.", hint="Switch on the light."))
    )

    record = journey.photo(sent)
    assert (record.state, record.message, record.hint) == (
        "refused",
        "It is too dark.",
        "Switch on the light.",
    )
    assert journey.ask(latest_release, "friday") == before
    assert before.photo_id == journey.photo(noon).id != journey.photo(morning).id


def test_program_that_ends_amid_a_step_gives_the_photo_back(journey):
    sent = journey.send("morning")

    for _ in range(20):
        with pytest.raises(SystemExit):
            journey.work(refusing(SystemExit()))

    record = journey.photo(sent)
    assert record.state == "received"
