"""Doubtful cards are read further when nobody waits for anything."""

import datetime as dt
from dataclasses import replace

import pytest

from calibration.layout import CellId
from server.intake.claims import Worker
from server.intake.loop import work_once
from server.intake.settle import PUBLISH_EVERY, TURN
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.join import Join
from server.store.cards import cards_of, known_cards
from server.store.corrections import append_correction
from server.store.leases import claim
from server.store.readings import further_readings, reading_of
from server.store.releases import latest_release, releases
from vision.errors import EngineUnavailableError

A, B = CellId("Room 301", "10:00-11:00"), CellId("Room 302", "10:00-11:00")
C = CellId("Room 301", "11:00-12:00")


@pytest.fixture
def shot(scripted):
    """A photo of these misread cards, each of which is read well further."""

    def make(*titles, cells=(A, B, C), **more):
        return scripted.Shot(
            dict(zip(titles, cells, strict=False)),
            further={title: title.upper() for title in titles},
            **more,
        )

    return make


@pytest.fixture
def read_first(journey):
    """Take photos in and read them once; nothing is read further yet."""

    def read(shots, *sent):
        records = [journey.send(name, at) for name, at in sent]
        journey.work(shots, lanes=["straighten"])
        vision = journey.scripted.vision_of(shots)
        for _ in sent:
            assert work_once(Worker(journey.site, vision, "test"), "read")
        assert [journey.photo(record).state for record in records] == ["read"] * len(
            sent
        )
        return records

    return read


def watched(vision, seen, meanwhile=lambda _title: None):
    """A vision that notes which cards are read further, and what happens then."""

    def read_further(photo, card):
        seen.append(card.fields.title)
        meanwhile(card.fields.title)
        return vision.read_further(photo, card)

    return replace(vision, read_further=read_further)


def titles(journey):
    release = journey.ask(latest_release, "friday")
    return {session.title: session.cell for session in release.schedule.sessions}


def correct(journey, title, field, value):
    (card,) = (
        entry
        for entry in journey.ask(cards_of, "friday")
        if entry.fields.title == title
    )
    journey.change(
        append_correction,
        "friday",
        Edit.setting(card.id, {field: value}),
        author="Maya",
        made_at=journey.site.clock(),
    )


def test_better_words_are_published_after_the_first(journey, shot):
    sent = journey.send("morning")

    journey.work({"morning": shot("kniting", "tiping")})

    assert titles(journey) == {"KNITING": A, "TIPING": B}
    assert [entry.cause for entry in journey.ask(releases, "friday")] == [
        "cards read further",
        "photo read",
        "photo straightened",
    ]
    assert journey.photo(sent).state == "settled"
    # What the photo said first stays as it was.
    first = journey.ask(reading_of, sent.id)
    assert [card.fields.title for card in first.cards] == ["kniting", "tiping"]


def test_photo_that_is_read_is_done_for_people(journey, shot, read_first):
    (sent,) = read_first({"morning": shot("kniting")}, ("morning", "12:00"))

    assert journey.photo(sent).done
    assert titles(journey) == {"kniting": A}


def test_card_is_read_further_without_what_lies_on_it(journey, shot):
    sent = journey.send("morning")
    vision = journey.scripted.vision_of({"morning": shot("kniting", "tiping")})
    given = []

    def read_board(*asked):
        seen = vision.read_board(*asked)
        lower, upper = seen.reading.cards
        lower = replace(lower, covered_by=(upper.quad_photo,))
        return replace(
            seen,
            reading=replace(seen.reading, cards=(lower, upper)),
            cards=(replace(seen.cards[0], reading=lower), seen.cards[1]),
        )

    def read_further(photo, card):
        given.append(card.covered_by)
        return vision.read_further(photo, card)

    journey.work(replace(vision, read_board=read_board, read_further=read_further))

    _, upper = journey.ask(reading_of, sent.id).cards
    assert given == [(upper.quad_photo,), ()]


def test_most_doubtful_card_is_first_and_sure_ones_are_left_alone(
    journey, shot, read_first
):
    shots = {
        "morning": shot(
            "some", "sure", "much", confidence={"some": 0.6, "sure": 1.0, "much": 0.2}
        )
    }
    (sent,) = read_first(shots, ("morning", "12:00"))
    seen = []

    journey.work(watched(journey.scripted.vision_of(shots), seen))

    assert seen == ["much", "some"]
    assert journey.ask(further_readings, "friday").keys() == {
        (card.id, sent.id)
        for card in journey.ask(cards_of, "friday")
        if card.fields.title != "sure"
    }


def test_card_keeps_its_words_if_nothing_better_came(journey, scripted):
    sent = journey.send("morning")
    seen = []
    shots = {"morning": scripted.Shot({"kniting": A})}

    journey.work(watched(journey.scripted.vision_of(shots), seen))
    journey.work(watched(journey.scripted.vision_of(shots), seen))

    assert seen == ["kniting"]
    assert titles(journey) == {"kniting": A}
    assert len(journey.ask(releases, "friday")) == 2
    assert journey.photo(sent).state == "settled"


def test_new_photo_goes_first_and_the_old_one_goes_on_where_it_was(
    journey, shot, read_first
):
    shots = {"morning": shot("a", "b"), "noon": shot("a", "b", "c")}
    (morning,) = read_first(shots, ("morning", "12:00"))
    sent, seen = [], []

    def send_noon(title):
        if title == "a":
            sent.append(journey.send("noon", "13:00"))

    vision = watched(journey.scripted.vision_of(shots), seen, send_noon)
    worker = Worker(journey.site, vision, "test")
    assert work_once(worker, "settle")
    assert (seen, journey.photo(morning).state) == (["a"], "read")
    # What came so far is published at once, and nothing is done until the new
    # photo is read, though it is not even straightened yet.
    assert titles(journey) == {"A": A, "b": B}
    assert not work_once(worker, "settle")

    assert work_once(worker, "straighten")
    assert not work_once(worker, "settle")
    assert work_once(worker, "read")
    assert journey.photo(sent[0]).state == "read"
    assert titles(journey) == {"A": A, "b": B, "c": C}
    journey.work(vision)

    assert seen == ["a", "c", "b"]
    assert titles(journey) == {"A": A, "B": B, "C": C}
    assert [journey.photo(entry).state for entry in (morning, *sent)] == [
        "settled",
        "settled",
    ]


def test_newest_photo_is_read_further_first(journey, shot, read_first):
    shots = {
        "morning": shot("old"),
        "noon": shot("new", cells=(B,), hidden={A: "unseen"}),
    }
    read_first(shots, ("morning", "12:00"), ("noon", "13:00"))
    seen = []

    journey.work(watched(journey.scripted.vision_of(shots), seen))

    assert seen == ["new", "old"]


def test_card_that_a_newer_photo_has_read_is_not_overwritten(journey, shot, read_first):
    shots = {
        "morning": shot("kniting"),
        "noon": shot(
            "kniting", changed=frozenset({"kniting"}), confidence={"kniting": 1}
        ),
    }
    morning, _ = read_first(shots, ("morning", "12:00"), ("noon", "13:00"))
    seen = []

    journey.work(watched(journey.scripted.vision_of(shots), seen))

    assert seen == []
    assert titles(journey) == {"kniting": A}
    assert journey.photo(morning).state == "settled"


def test_card_that_a_newer_photo_reads_meanwhile_is_not_overwritten(
    journey, shot, read_first
):
    """As two workers may do it on a larger machine."""
    shots = {
        "morning": shot("kniting"),
        "noon": shot(
            "kniting", changed=frozenset({"kniting"}), confidence={"kniting": 1}
        ),
    }
    read_first(shots, ("morning", "12:00"))
    vision = journey.scripted.vision_of(shots)

    def read_noon(_title):
        journey.send("noon", "13:00")
        other = Worker(journey.site, vision, "other")
        assert work_once(other, "straighten")
        assert work_once(other, "read")

    journey.work(watched(vision, [], read_noon))

    assert titles(journey) == {"kniting": A}


def test_card_that_is_merely_known_again_gets_the_older_photos_words(
    journey, shot, read_first
):
    shots = {"morning": shot("kniting"), "noon": shot("kniting", cells=(B,))}
    read_first(shots, ("morning", "12:00"), ("noon", "13:00"))
    seen = []

    journey.work(watched(journey.scripted.vision_of(shots), seen))

    assert seen == ["kniting"]
    assert titles(journey) == {"KNITING": B}
    (known,) = journey.ask(known_cards, "friday")
    assert (known.reading.fields.title, known.reading.text, known.reading.cell) == (
        "KNITING",
        "KNITING",
        B,
    )
    assert (known.reading.confidence, known.reading.engine) == (0.95, "scripted 2")


def test_better_words_are_carried_over_to_the_next_photo(journey, shot):
    shots = {"morning": shot("kniting"), "noon": shot("kniting", cells=(B,))}
    journey.send("morning", "12:00")
    journey.work(shots)
    noon = journey.send("noon", "13:00")

    journey.work(shots)

    (card,) = journey.ask(reading_of, noon.id).cards
    assert (card.fields.title, card.cell) == ("KNITING", B)
    assert titles(journey) == {"KNITING": B}


@pytest.mark.parametrize(
    ("field", "value", "published"),
    [
        pytest.param("title", "Knitting", {"Knitting": A, "TEA": B}, id="corrected"),
        pytest.param("title", "kniting", {"kniting": A, "TEA": B}, id="confirmed"),
        pytest.param("hidden", True, {"TEA": B}, id="hidden"),
    ],
)
def test_card_that_a_person_looked_at_is_left_alone(
    journey, shot, read_first, *, field, value, published
):
    shots = {"morning": shot("kniting", "tea")}
    read_first(shots, ("morning", "12:00"))
    correct(journey, "kniting", field, value)
    seen = []

    journey.work(watched(journey.scripted.vision_of(shots), seen))

    assert seen == ["tea"]
    assert titles(journey) == published


def test_card_of_another_that_a_person_looked_at_is_left_alone(
    journey, shot, read_first
):
    shots = {"morning": shot("kniting", "tea", "yoga")}
    read_first(shots, ("morning", "12:00"))
    ids = {card.fields.title: card.id for card in journey.ask(cards_of, "friday")}
    join = Join(ids["kniting"], (ids["yoga"],))
    journey.change(
        append_correction, "friday", join, author="Ada", made_at=journey.site.clock()
    )
    correct(journey, "kniting", "title", "Knitting")
    seen = []

    journey.work(watched(journey.scripted.vision_of(shots), seen))

    assert seen == ["tea"]


def test_correction_that_is_made_meanwhile_wins(journey, shot, read_first):
    shots = {"morning": shot("kniting", "tea")}
    read_first(shots, ("morning", "12:00"))
    seen = []

    def correct_both(title):
        if title == "kniting":
            correct(journey, "kniting", "title", "Knitting")
            correct(journey, "tea", "title", "Tea at ten")

    journey.work(watched(journey.scripted.vision_of(shots), seen, correct_both))

    assert seen == ["kniting"]
    assert titles(journey) == {"Knitting": A, "Tea at ten": B}


def test_card_that_left_the_board_is_left_alone(journey, shot, read_first):
    shots = {"morning": shot("kniting"), "noon": shot("tea", cells=(B,))}
    read_first(shots, ("morning", "12:00"), ("noon", "13:00"))
    seen = []

    journey.work(watched(journey.scripted.vision_of(shots), seen))

    assert seen == ["tea"]
    assert titles(journey) == {"TEA": B}


def test_card_that_breaks_the_reader_keeps_its_words_and_the_others_go_on(
    journey, shot, read_first
):
    shots = {"morning": shot("a", "b")}
    (sent,) = read_first(shots, ("morning", "12:00"))
    seen = []

    def fail(title):
        if title == "a":
            raise ZeroDivisionError

    journey.work(watched(journey.scripted.vision_of(shots), seen, fail))

    assert seen == ["a", "b"]
    assert titles(journey) == {"a": A, "B": B}
    assert journey.photo(sent).state == "settled"


def test_engine_that_is_missing_lets_the_cards_wait(journey, shot, read_first):
    shots = {"morning": shot("a", "b")}
    (sent,) = read_first(shots, ("morning", "12:00"))
    seen = []

    def fail(title):
        if title == "b":
            raise EngineUnavailableError("No tesseract.", hint="Install it.")

    for _ in range(5):
        with pytest.raises(EngineUnavailableError):
            journey.work(watched(journey.scripted.vision_of(shots), seen, fail))
    assert journey.photo(sent).state == "read"
    journey.work(shots)

    assert seen == ["a", "b", "b", "b", "b", "b"]
    assert titles(journey) == {"A": A, "B": B}


def test_program_that_ends_meanwhile_goes_on_where_it_was(journey, shot, read_first):
    shots = {"morning": shot("a", "b", "c")}
    (sent,) = read_first(shots, ("morning", "12:00"))
    seen = []

    def end(title):
        if seen.count(title) == 1:
            raise SystemExit

    for _ in range(3):
        with pytest.raises(SystemExit):
            journey.work(watched(journey.scripted.vision_of(shots), seen, end))
    journey.work(shots)

    assert seen == ["a", "a", "b", "b", "c"]
    assert titles(journey) == {"A": A, "B": B, "C": C}
    assert journey.photo(sent).state == "settled"


def test_worker_that_lost_its_claim_writes_nothing(journey, shot, read_first):
    shots = {"morning": shot("a")}
    (sent,) = read_first(shots, ("morning", "12:00"))

    def lose(_title):
        with journey.site.database.write() as session:
            later = journey.site.clock() + dt.timedelta(hours=1)
            assert claim(session, "read", "other", later).id == sent.id

    vision = watched(journey.scripted.vision_of(shots), [], lose)
    assert work_once(Worker(journey.site, vision, "slow"), "settle")

    assert journey.ask(further_readings, "friday") == {}
    assert (journey.photo(sent).state, titles(journey)) == ("read", {"a": A})


class Watch:
    """A clock that a vision moves on."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now

    def move(self, span):
        self.now += span


@pytest.fixture
def watch(site):
    return Watch(site.clock())


@pytest.mark.parametrize(
    ("a_card_takes", "expected"),
    [
        pytest.param(PUBLISH_EVERY / 4, ["ABC"], id="fast-cards-together"),
        pytest.param(PUBLISH_EVERY, ["Abc", "ABc", "ABC"], id="slow-cards-one-by-one"),
        pytest.param(PUBLISH_EVERY / 2, ["ABc", "ABC"], id="in-between"),
    ],
)
def test_better_words_are_published_as_they_come_but_not_all_the_time(
    journey, shot, read_first, watch, *, a_card_takes, expected
):
    shots = {"morning": shot("a", "b", "c")}
    timed = replace(journey, site=replace(journey.site, clock=watch))
    read_first(shots, ("morning", "12:00"))

    vision = journey.scripted.vision_of(shots)
    timed.work(watched(vision, [], lambda _title: watch.move(a_card_takes)))

    further = [
        "".join(sorted((s.title for s in release.schedule.sessions), key=str.lower))
        for release in reversed(journey.ask(releases, "friday"))
        if release.cause == "cards read further"
    ]
    assert further == expected


def test_photo_is_given_back_after_a_while_and_goes_on(
    journey, shot, read_first, watch
):
    shots = {"morning": shot("a", "b", "c")}
    timed = replace(journey.site, clock=watch)
    (sent,) = read_first(shots, ("morning", "12:00"))
    seen = []

    vision = watched(
        journey.scripted.vision_of(shots), seen, lambda _title: watch.move(TURN)
    )
    worker = Worker(timed, vision, "test")
    turns = []
    while work_once(worker, "settle"):
        turns.append("".join(seen))

    assert turns == ["a", "ab", "abc"]
    assert journey.photo(sent).state == "settled"


def test_clock_that_is_set_back_holds_nothing_up(journey, shot, read_first, watch):
    # A machine without a clock of its own gets the time of day over the network.
    shots = {"morning": shot("a", "b", "c")}
    timed = replace(journey.site, clock=watch)
    read_first(shots, ("morning", "12:00"))
    seen = []

    vision = watched(
        journey.scripted.vision_of(shots),
        seen,
        lambda _title: watch.move(-dt.timedelta(hours=1)),
    )
    worker = Worker(timed, vision, "test")
    assert work_once(worker, "settle")

    # Its turn is over, and what came so far is published.
    assert seen == ["a"]
    assert set(titles(journey)) == {"A", "b", "c"}
    assert work_once(worker, "settle")


def test_board_without_doubtful_cards_is_settled_at_once(journey, shot, read_first):
    shots = {"morning": shot("a", confidence={"a": 1.0})}
    (sent,) = read_first(shots, ("morning", "12:00"))
    before = journey.ask(releases, "friday")

    journey.work(shots)

    assert journey.photo(sent).state == "settled"
    assert journey.ask(releases, "friday") == before
