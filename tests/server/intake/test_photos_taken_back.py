"""Photos that people take back or give a time, from their arrival to the release."""

import datetime as dt
import itertools
import threading
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibration.layout import CellId
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.photo_taken_back import PhotoTakenBack
from server.schedule.corrections.photo_time import PhotoTime
from server.store.cards import cards_of, known_cards
from server.store.corrections import append_correction, set_undone
from server.store.photos import newest_by_board, photo
from server.store.releases import latest_number, latest_release, releases
from vision.image.photo import Photo

NOW = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)


@pytest.fixture
def say(journey):
    """Have a person say something on the board, and publish it."""

    def say(change):
        return journey.change(
            append_correction, "friday", change, author="Ada", made_at=NOW
        )

    return say


@pytest.fixture
def undo(journey):
    def undo(correction):
        journey.change(set_undone, correction, undone=True, author="Ada", at=NOW)

    return undo


@pytest.fixture
def published(journey):
    """Return the published photo, and titles by cell; nothing if nothing is."""

    def published():
        release = journey.ask(latest_release, "friday")
        if release is None:
            return None
        titles = {entry.cell.room: entry.title for entry in release.schedule.sessions}
        return release.photo_id, titles

    return published


def send(journey, scripted, name, at, **options):
    record = journey.send(name, at, **options)
    journey.work(scripted.SHOTS)
    return record


def known_in(journey):
    known = journey.ask(known_cards, "friday")
    return [(card.id, card.descriptor.to_bytes(), card.reading) for card in known]


def test_photo_taken_back_is_as_if_it_had_not_come(
    journey, scripted, say, undo, published
):
    morning = send(journey, scripted, "morning", "12:00")
    before, known = published(), known_in(journey)
    noon = send(journey, scripted, "noon", "13:00")
    after = published()

    taken_back = say(PhotoTakenBack(noon.id))

    assert published() == before == (morning.id, {"Room 301": "Type checking"})
    assert known_in(journey) == known
    assert journey.ask(newest_by_board) == {"friday": morning.at}
    undo(taken_back)
    assert published() == after
    assert journey.ask(newest_by_board) == {"friday": noon.at}


def test_only_photo_taken_back_leaves_nothing_published(
    journey, scripted, say, undo, published
):
    record = send(journey, scripted, "morning", "12:00")
    before, number = published(), journey.ask(latest_number, "friday")

    taken_back = say(PhotoTakenBack(record.id))

    assert published() is None
    assert journey.ask(latest_number, "friday") == number + 1
    newest, *_ = journey.ask(releases, "friday")
    assert newest.schedule.sessions == ()
    assert journey.ask(newest_by_board) == {}
    say(PhotoTime(record.id, NOW))  # changes nothing that is published
    assert journey.ask(latest_number, "friday") == number + 1
    undo(taken_back)
    assert published() == before


def test_corrections_of_a_card_outlive_its_photo(
    journey, scripted, say, undo, published
):
    record = send(journey, scripted, "morning", "12:00")
    (card,) = journey.ask(cards_of, "friday")
    say(Edit(card.id, title="Typing"))
    taken_back = say(PhotoTakenBack(record.id))
    assert journey.ask(cards_of, "friday") == ()

    undo(taken_back)

    assert published() == (record.id, {"Room 301": "Typing"})


def test_card_that_another_photo_shows_stays_with_its_corrections(
    journey, scripted, say, published
):
    first = send(journey, scripted, "morning", "12:00")
    (card,) = journey.ask(cards_of, "friday")
    say(Edit(card.id, title="Typing"))
    second = send(journey, scripted, "noon", "13:00")

    say(PhotoTakenBack(first.id))

    assert published() == (second.id, {"Room 302": "Typing", "Room 301": "Knitting"})


@pytest.mark.parametrize("lane", ["straighten", "read", "settle"])
def test_photo_taken_back_before_a_step_is_worked_on_and_not_published(
    lane, journey, scripted, *, say, undo, published
):
    send(journey, scripted, "morning", "12:00")
    before = published()
    record = journey.send("evening", "13:00")
    lanes = ["straighten", "read", "settle"]
    journey.work(scripted.SHOTS, lanes[: lanes.index(lane)])
    taken_back = say(PhotoTakenBack(record.id))

    journey.work(scripted.SHOTS)

    assert journey.photo(record).state == "settled"
    assert published() == before
    undo(taken_back)
    journey.work(scripted.SHOTS)
    assert published() == (
        record.id,
        {"Room 301": "Tea", "Room 302": "Knitting"},
    )
    titles = {card.fields.title for card in journey.ask(cards_of, "friday")}
    assert titles == {"Type checking", "Knitting", "Tea"}


@pytest.mark.parametrize("step", ["straighten", "judge", "read_board", "read_further"])
def test_photo_taken_back_while_a_step_is_under_way_is_not_published(
    step, journey, scripted, *, say, undo, published
):
    """The worker is in the middle of a step, in a thread of its own."""
    send(journey, scripted, "morning", "12:00")
    before = published()
    record = journey.send("evening", "13:00")
    vision = scripted.vision_of(scripted.SHOTS)
    reached, go_on = threading.Event(), threading.Event()

    def halting(*args):
        reached.set()
        assert go_on.wait(60)
        return getattr(vision, step)(*args)

    worker = threading.Thread(
        target=journey.work, args=(replace(vision, **{step: halting}),)
    )
    worker.start()
    assert reached.wait(60)
    taken_back = say(PhotoTakenBack(record.id))
    go_on.set()
    worker.join()

    assert published() == before
    assert journey.photo(record).state == "settled"
    undo(taken_back)
    journey.work(vision)
    assert published()[0] == record.id
    assert journey.photo(record).state == "settled"
    titles = {card.fields.title for card in journey.ask(cards_of, "friday")}
    assert titles == {"Type checking", "Knitting", "Tea"}


def test_board_that_becomes_known_only_later_takes_what_was_said(
    journey, scripted, say, published
):
    record = journey.send("morning", "12:00", board=None)
    assert journey.photo(record).board is None
    say(PhotoTakenBack(record.id))

    journey.work(scripted.SHOTS)

    assert journey.photo(record).board == "friday"
    assert published() is None


@pytest.fixture
def parts(scripted):
    """Close-ups of three parts, and the whole board."""
    return {
        "grey 90": scripted.Shot(),
        "grey 150": scripted.Shot(part=(0, 0, 0.4, 1)),
        "grey 190": scripted.Shot(part=(0.3, 0, 0.7, 1)),
        "grey 220": scripted.Shot(part=(0.6, 0, 1, 1)),
    }


@pytest.fixture
def shades(journey):
    def shades():
        release = journey.ask(latest_release, "friday")
        pixels = Photo.decode(
            journey.site.blobs.get(release.picture.full.sha256)
        ).pixels
        height, width = pixels.shape[:2]
        row = pixels[height // 2, :, 0].astype(int)
        return [int(row[int(x * width)]) for x in (0.15, 0.5, 0.85)]

    return shades


def near(*expected):
    return [pytest.approx(shade, abs=3) for shade in expected]


def test_close_up_in_the_middle_taken_back_is_set_together_anew(
    journey, parts, say, shades
):
    sent = {}
    for minute, name in enumerate(parts):
        sent[name] = journey.send(name, f"12:{minute:02}")
        journey.work(parts)
    assert shades() == near(150, 190, 220)

    say(PhotoTakenBack(sent["grey 190"].id))
    # Until a worker has set it together: as it was before the one taken back.
    assert shades() == near(150, 90, 90)
    journey.work(parts)

    assert shades() == near(150, 90, 220)


def test_time_that_a_person_gives_orders_pictures(
    journey, scripted, say, undo, published
):
    wrong = send(journey, scripted, "noon", "13:00")
    right = send(journey, scripted, "morning", "12:00")
    assert published()[0] == wrong.id
    assert [one.code for one in journey.photo(right).findings] == ["late"]

    said = say(PhotoTime(wrong.id, NOW.replace(hour=11)))

    assert published() == (right.id, {"Room 301": "Type checking"})
    undo(said)
    assert published()[0] == wrong.id


def test_photo_without_a_time_stays_behind_those_that_have_one(
    journey, scripted, say, published
):
    dated = send(journey, scripted, "noon", "13:00")
    before = published()

    undated = send(journey, scripted, "evening", "14:00", source="file")

    photo_id, titles = published()
    assert photo_id == before[0] == dated.id
    assert before[1].items() <= titles.items()
    assert [one.code for one in journey.photo(undated).findings] == ["undated"]
    say(PhotoTime(undated.id, undated.received_at))
    assert published()[0] == undated.id


def test_photo_without_a_time_is_shown_where_there_is_no_other(
    journey, scripted, published
):
    record = send(journey, scripted, "noon", "13:00", source="file")

    assert published()[0] == record.id
    release = journey.ask(latest_release, "friday")
    assert release.photo_taken_at == record.received_at
    assert journey.ask(newest_by_board) == {"friday": record.received_at}


ARRIVAL = st.tuples(
    st.sampled_from(["camera", "file"]),
    st.dictionaries(
        st.sampled_from(["One", "Two", "Three"]),
        st.sampled_from(
            [CellId(room, slot) for room in ("Room 301", "Room 302")
             for slot in ("10:00-11:00", "11:00-12:00")]
        ),
        min_size=0,
    ),
)  # fmt: skip


@pytest.fixture
def numbers():
    """Photos of one example after the other, on one board."""
    return itertools.count()


@settings(
    max_examples=settings.default.max_examples // 8,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(ARRIVAL, min_size=2, max_size=4))
def test_photo_without_a_time_keeps_picture_and_sessions(
    journey, scripted, numbers, arrivals
):
    """Whatever is on it, and on those before it."""
    for source, cards in arrivals:
        number = next(numbers)
        shots = {f"photo {number}": scripted.Shot(cards)}
        before = journey.ask(latest_release, "friday")
        journey.send(f"photo {number}", f"12:{number:02}", source=source)
        journey.work(shots)
        after = journey.ask(latest_release, "friday")
        if source == "file" and before:
            assert session_ids(before) <= session_ids(after)
            newest = journey.ask(photo, before.photo_id)
            assert newest.dated <= (after.photo_id == before.photo_id)


def session_ids(release):
    return {entry.id for entry in release.schedule.sessions}
