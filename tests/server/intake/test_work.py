from dataclasses import replace
from itertools import permutations

import pytest

from calibration.layout import CellId
from server.intake.work import LATE, new_card_ids
from server.publish.releases import current_schedule
from server.schedule.corrections.edit import Edit
from server.store.cards import cards_of, known_cards
from server.store.corrections import append_correction, corrections_of
from server.store.migrate import migrate
from server.store.readings import reading_of
from server.store.releases import latest_release, releases
from vision.reading import Finding, to_json

A, B = CellId("Room 301", "10:00-11:00"), CellId("Room 302", "10:00-11:00")
C = CellId("Room 301", "11:00-12:00")


@pytest.fixture
def shot(scripted):
    return scripted.Shot


def titles(release):
    return {session.title: session.cell for session in release.schedule.sessions}


def presences(journey):
    return {
        card.fields.title: (card.cell, card.presence)
        for card in journey.ask(cards_of, "friday")
    }


def states(release):
    return {entry.cell: entry.state for entry in release.schedule.cells}


def test_straight_picture_is_published_before_anything_is_read(journey, shot):
    sent = journey.send("morning")

    journey.work({"morning": shot({"Knitting": A})}, lanes=["straighten"])

    release = journey.ask(latest_release, "friday")
    assert (release.number, release.cause, release.photo_id) == (
        1,
        "photo straightened",
        sent.id,
    )
    assert titles(release) == {}
    assert set(states(release).values()) == {"unseen", "blocked"}
    assert journey.photo(sent).state == "straightened"


def test_words_follow(journey, shot):
    sent = journey.send("morning")

    journey.work({"morning": shot({"Knitting": A, "Typing": B})})

    release = journey.ask(latest_release, "friday")
    record = journey.photo(sent)
    assert titles(release) == {"Knitting": A, "Typing": B}
    assert (record.state, record.board, record.cards_read, record.cards_total) == (
        "settled",
        "friday",
        2,
        2,
    )
    assert to_json(journey.ask(reading_of, sent.id))["photo"]["sha256"] == sent.sha256


def test_new_picture_comes_with_the_old_words(journey, shot):
    journey.send("morning", "12:00")
    journey.work({"morning": shot({"Knitting": A})})
    noon = journey.send("noon", "13:00")

    journey.work({"noon": shot({"Knitting": A})}, lanes=["straighten"])

    release = journey.ask(latest_release, "friday")
    assert (release.number, release.photo_id) == (3, noon.id)
    assert titles(release) == {"Knitting": A}


def test_card_that_moved_keeps_its_identity_and_its_correction(journey, shot):
    journey.send("morning", "12:00")
    journey.work({"morning": shot({"Kniting": A})})
    (card,) = journey.ask(cards_of, "friday")
    journey.change(
        append_correction,
        "friday",
        Edit(card.id, title="Knitting"),
        author="Maya",
        made_at=journey.site.clock(),
    )

    journey.send("noon", "13:00")
    journey.work({"noon": shot({"Kniting": B, "Typing": A})})

    release = journey.ask(latest_release, "friday")
    assert titles(release) == {"Knitting": B, "Typing": A}
    assert {session.id for session in release.schedule.sessions} >= {card.id}
    assert len(journey.ask(corrections_of, "friday")) == 1


CUT_OFF = Finding("cut_off", "The board is cut off at the left: 75% is seen.")
IN_FRONT = Finding("covered", "Somebody is in front of Room 301 at 11:00.")
BLURRED = Finding("blurred", "Room 301 at 10:00 is blurred.", (A,))


def test_what_needs_no_reading_is_told_with_the_straight_picture(journey, shot):
    morning = shot({"Knitting": A}, at_once=(CUT_OFF,), findings=(CUT_OFF, BLURRED))
    sent = journey.send("morning")

    journey.work({"morning": morning}, lanes=["straighten"])

    record = journey.photo(sent)
    assert (record.state, record.findings) == ("straightened", (CUT_OFF,))

    journey.work({"morning": morning})

    assert journey.photo(sent).findings == (CUT_OFF, BLURRED)


def test_what_needs_no_words_is_told_before_they_are_read(journey, shot):
    told = []
    morning = shot(
        {"Knitting": A}, when_found=(IN_FRONT,), findings=(IN_FRONT, BLURRED)
    )
    sent = journey.send("morning")
    vision = journey.scripted.vision_of({"morning": morning})

    def read_board(photo, straight, known, watch):
        def look(_read, _total):
            told.append(journey.photo(sent).findings)

        watch = replace(watch, progress=look)
        return vision.read_board(photo, straight, known, watch)

    journey.work(replace(vision, read_board=read_board))

    assert told == [(IN_FRONT,)]
    assert journey.photo(sent).findings == (IN_FRONT, BLURRED)


def test_what_the_words_prove_wrong_is_withdrawn(journey, shot):
    # It looked blurred, and was read well.
    morning = shot(
        {"Knitting": A},
        at_once=(CUT_OFF,),
        when_found=(IN_FRONT, BLURRED),
        findings=(CUT_OFF, IN_FRONT),
    )
    sent = journey.send("morning")

    journey.work({"morning": morning})

    assert journey.photo(sent).findings == (CUT_OFF, IN_FRONT)


def test_a_remark_is_told_once_even_if_it_is_worded_anew(journey, shot):
    # Straightened anew against a newer photo, a little more of the board is seen.
    anew = replace(CUT_OFF, message="The board is cut off at the left: 76% is seen.")
    sent = journey.send("morning")

    journey.work({"morning": shot({}, at_once=(CUT_OFF,), findings=(anew,))})

    assert journey.photo(sent).findings == (anew,)


@pytest.mark.parametrize(
    ("hidden", "expected", "cell_state"),
    [
        ({}, {}, "free"),
        ({A: "covered"}, {"Knitting": A}, "taken"),
        ({A: "unseen"}, {"Knitting": A}, "taken"),
    ],
    ids=["gone", "covered", "outside"],
)
def test_card_that_is_not_seen_is_gone_only_with_evidence(
    hidden, expected, cell_state, journey, shot
):
    journey.send("morning", "12:00")
    journey.work({"morning": shot({"Knitting": A})})
    journey.send("noon", "13:00")

    journey.work({"noon": shot({}, hidden)})

    release = journey.ask(latest_release, "friday")
    assert titles(release) == expected
    assert states(release)[A] == cell_state


def test_three_close_ups_work_out_to_the_whole_board_in_any_order(journey, shot):
    parts = {
        "left": shot({"Knitting": A}, {B: "unseen", C: "unseen"}),
        "right": shot({"Typing": B}, {A: "unseen", C: "unseen"}),
        "below": shot({}, {A: "unseen", B: "unseen"}),
    }
    taken = dict(zip(parts, ("12:00", "12:01", "12:02"), strict=True))
    for order in permutations(parts):
        for name in order:
            journey.send(name, taken[name])
            journey.work(parts)

        release = journey.ask(latest_release, "friday")
        assert titles(release) == {"Knitting": A, "Typing": B}
        assert states(release) == {
            A: "taken",
            B: "taken",
            C: "free",
            CellId("Room 302", "11:00-12:00"): "blocked",
        }


def test_photo_that_arrives_late_does_not_overturn_a_newer_one(journey, shot):
    shots = {
        "morning": shot({"Knitting": A, "Typing": B}),
        "noon": shot({"Knitting": C}),
    }
    noon = journey.send("noon", "13:00")
    journey.work(shots)
    before = journey.ask(latest_release, "friday")

    morning = journey.send("morning", "12:00")
    journey.work(shots)

    release = journey.ask(latest_release, "friday")
    assert titles(release) == titles(before) == {"Knitting": C}
    assert release.photo_id == noon.id
    assert presences(journey) == {"Knitting": (C, "present"), "Typing": (B, "gone")}
    assert journey.photo(morning).findings == (LATE,)
    assert journey.photo(noon).findings == ()


def test_cards_published_do_not_depend_on_the_order_of_arrival(tmp_path, journey, shot):
    shots = {
        "one": shot({"Knitting": A}),
        "two": shot({"Knitting": A, "Typing": B}, {C: "unseen"}),
        "three": shot({"Typing": C}, {A: "covered"}),
    }
    taken = dict(zip(shots, ("12:00", "12:05", "12:10"), strict=True))
    found = set()
    for number, order in enumerate(permutations(shots)):
        board = replace(
            journey.site,
            database=type(journey.site.database).open(
                f"sqlite:///{tmp_path}/{number}.db"
            ),
        )
        again = fresh(journey, board)
        for name in order:
            again.send(name, taken[name])
            again.work(shots)
        release = again.ask(latest_release, "friday")
        found.add(
            (frozenset(titles(release).items()), frozenset(states(release).items()))
        )
        board.database.close()

    assert len(found) == 1


def fresh(journey, site):
    site.database.create()
    migrate(site.database)
    return replace(journey, site=site)


def test_same_photo_again_changes_nothing(journey, shot):
    shots = {"morning": shot({"Knitting": A})}
    first = journey.send("morning", "12:00")
    journey.work(shots)
    before = journey.ask(releases, "friday")

    again = journey.send("morning", "14:00")
    journey.work(shots)

    assert again.id == first.id
    assert again.state == "settled"
    assert journey.ask(releases, "friday") == before


def test_photo_of_an_unclear_board_may_show_any(journey, shot):
    sent = journey.send("morning")

    journey.work({"morning": shot({"Knitting": A}, board="saturday")})

    assert journey.photo(sent).board == "saturday"
    assert journey.ask(latest_release, "friday") is None
    assert titles(journey.ask(latest_release, "saturday")) == {"Knitting": A}


def test_known_cards_are_as_they_were_last_seen(journey, shot):
    shots = {"one": shot({"Knitting": A}), "two": shot({"Knitting": B})}
    journey.send("one", "12:00")
    journey.send("two", "12:05")
    journey.work(shots)

    (known,) = journey.ask(known_cards, "friday")

    board = journey.site.profile.board("friday")
    assert known.quad_area == board.layout.cell_rect(B).to_quad()
    assert known.reading.cell == B
    assert known.reading.text == "Knitting"
    assert known.descriptor.patch.shape == (6, 9)


def test_card_that_is_not_cut_out_again_keeps_the_crop_that_is_shown_of_it(
    journey, shot
):
    both = {"Knitting": A, "Typing": B}
    journey.send("morning", "12:00")
    journey.work({"morning": shot(both, sharpness={"Knitting": 1.0, "Typing": 1.0})})
    before = {card.id: card.crop for card in journey.ask(cards_of, "friday")}

    noon = journey.send("noon", "13:00")
    journey.work({"noon": shot({**both, "Sewing": C}, uncut=frozenset(both))})

    after = {card.id: card.crop for card in journey.ask(cards_of, "friday")}
    assert {name: after[name] for name in before} == before
    assert len(set(after.values())) == 3
    assert titles(journey.ask(latest_release, "friday")) == {**both, "Sewing": C}
    assert journey.photo(noon).cards_total == 3


def test_card_ids_are_the_same_when_a_step_is_done_again():
    first, second = new_card_ids("a"), new_card_ids("a")

    ids = [next(first) for _ in range(200)]
    assert ids == [next(second) for _ in range(200)]
    assert len(set(ids)) == 200
    assert all(len(name) == 12 and int(name, 16) >= 0 for name in ids)
    assert next(new_card_ids("b")) not in ids


def test_what_is_published_is_what_the_store_says(journey, shot):
    journey.send("morning")
    journey.work({"morning": shot({"Knitting": A})})

    release = journey.ask(latest_release, "friday")
    assert release.schedule == journey.ask(
        current_schedule, journey.site.profile, "friday"
    )


def test_card_that_somebody_crossed_out_since_is_cancelled_until_a_person_says_no(
    journey, shot
):
    journey.send("morning", "12:00")
    journey.send("noon", "13:00")
    cards = {"Knitting": A, "Typing": B}
    crossed = frozenset({"Knitting"})
    shots = {
        "morning": shot(cards),
        "noon": shot(cards, changed=crossed, struck=crossed),
    }

    journey.work(shots)

    def cancelled():
        sessions = journey.ask(
            current_schedule, journey.site.profile, "friday"
        ).sessions
        return {session.title: session.cancelled for session in sessions}

    assert cancelled() == {"Knitting": True, "Typing": False}
    (card,) = (
        entry
        for entry in journey.ask(cards_of, "friday")
        if entry.fields.title == "Knitting"
    )
    journey.change(
        append_correction,
        "friday",
        Edit(card.id, cancelled=False),
        author="Ada",
        made_at=journey.site.clock(),
    )
    assert cancelled() == {"Knitting": False, "Typing": False}
