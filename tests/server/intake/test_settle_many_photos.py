"""A doubtful card that many photos show: what they say is put together."""

from dataclasses import replace

import pytest

from calibration.layout import CellId
from server.store.board_states import state_of
from server.store.cards import cards_of, known_cards
from server.store.readings import alone_in_photos, further_readings
from server.store.words import MOST_LOOKS, said_elsewhere
from vision.reading import CardFields, CardLine

A, B = CellId("Room 301", "10:00-11:00"), CellId("Room 302", "10:00-11:00")

DOUBTED = 0.5
"""Confidence of a further reading that leaves a card in doubt."""


def seen_again(scripted, title, cell=A, **more):
    """A photo that shows a card whole, as sharp as ever."""
    return scripted.Shot({title: cell}, sharpness={title: 1.0}, **more)


def doubting(vision, seen):
    """A vision that reads every photo alike, yet is never sure."""

    def read_further(photo, card):
        seen.append(photo.sha256)
        quad = card.quad_photo
        return replace(
            card,
            lines=(CardLine("Knitting", DOUBTED, quad),),
            fields=CardFields(title="Knitting"),
            confidence=DOUBTED,
            engine="doubting 1",
        )

    return replace(vision, read_further=read_further)


HOURS = ("12:00", "13:00", "14:00", "15:00", "16:00", "17:00")


def test_doubtful_card_is_read_in_later_photos_too_but_not_for_ever(journey, scripted):
    shots = {f"photo {hour}": seen_again(scripted, "kniting") for hour in HOURS}
    seen, confidences = [], []

    for hour in HOURS:
        journey.send(f"photo {hour}", hour)
        journey.work(doubting(journey.scripted.vision_of(shots), seen))
        (card,) = journey.ask(cards_of, "friday")
        confidences.append(card.confidence)

    assert len(seen) == len(set(seen)) == MOST_LOOKS
    assert (card.fields.title, card.cell) == ("Knitting", A)
    assert confidences[0] == DOUBTED
    assert len(set(confidences[MOST_LOOKS - 1 :])) == 1


def test_what_photos_say_is_put_together_and_kept_beside_what_each_says(
    journey, scripted
):
    names = {"one": "Knit5ing", "two": "Knitting", "three": "Knitting"}
    shots = {
        name: seen_again(scripted, "kniting", further={"kniting": text})
        for name, text in names.items()
    }
    vision = scripted.vision_of(shots)

    def read_further(photo, card):
        return replace(
            vision.read_further(photo, card),
            lines=(CardLine(names[by_sha[photo.sha256]], DOUBTED, card.quad_photo),),
            confidence=DOUBTED,
        )

    by_sha, told = {}, []
    for name, hour in zip(names, HOURS, strict=False):
        sent = journey.send(name, hour)
        by_sha[sent.sha256] = name
        journey.work(replace(vision, read_further=read_further))
        (card,) = journey.ask(cards_of, "friday")
        told.append(card.text)

    assert told[0] == "Knit5ing"
    assert told[2] == "Knitting"
    alone = journey.ask(alone_in_photos, card.id)
    assert sorted(entry.text for entry in alone.values()) == sorted(names.values())
    (known,) = journey.ask(known_cards, "friday")
    assert known.reading.text == "Knitting"


@pytest.mark.parametrize(
    "later",
    [
        pytest.param({"sharpness": {}}, id="somebody is in front"),
        pytest.param({"confidence": {"kniting": 1.0}}, id="it was sure"),
    ],
)
def test_card_is_left_alone_in_a_later_photo(journey, scripted, later):
    first = {"sharpness": {"kniting": 1.0}} | (later if "confidence" in later else {})
    shots = {
        "one": scripted.Shot({"kniting": A}, **first),
        "two": scripted.Shot({"kniting": B}, **later),
    }
    seen = []

    for name, hour in zip(shots, HOURS, strict=False):
        journey.send(name, hour)
        journey.work(doubting(scripted.vision_of(shots), seen))

    assert len(seen) == ("confidence" not in later)


def test_readings_from_before_an_edit_are_never_put_together_with_those_after(
    journey, scripted
):
    shots = {
        "one": seen_again(scripted, "kniting"),
        "two": seen_again(scripted, "kniting", changed=frozenset({"kniting"})),
    }
    vision, seen = scripted.vision_of(shots), []
    journey.send("one", "12:00")
    journey.work(doubting(vision, seen))
    journey.send("two", "13:00")
    journey.work(doubting(vision, seen))

    (card,) = journey.ask(cards_of, "friday")
    assert len(seen) == 2
    # As one photo alone says it: two that agree would be another confidence.
    assert card.confidence == DOUBTED
    assert (
        journey.ask(
            said_elsewhere, card.id, journey.ask(last_photo_id, card.id), "friday"
        )
        == ()
    )


def test_nothing_seen_in_a_later_photo_leaves_the_words_as_they_are(journey, scripted):
    shots = {name: seen_again(scripted, "kniting") for name in ("one", "two")}
    vision, seen = scripted.vision_of(shots), []
    journey.send("one", "12:00")
    journey.work(doubting(vision, seen))
    before = journey.ask(cards_of, "friday")[0]
    second = journey.send("two", "13:00")
    journey.work(vision)

    after = journey.ask(cards_of, "friday")[0]
    assert (after.text, after.confidence) == (before.text, before.confidence)
    assert journey.photo(second).state == "settled"
    assert len(journey.ask(further_readings, "friday")) == 2


def last_photo_id(session, card_id):
    return state_of(session, "friday").cards[card_id].newest.photo
