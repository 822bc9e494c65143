import pytest
from sqlalchemy.exc import IntegrityError

from server.errors import NotFoundError
from server.store.readings import add_further_reading, further_readings, reading_of
from server.store.words import OpenCard, open_cards


@pytest.fixture
def photo_id(journey, scripted):
    """A photo that was read, all of whose cards are too sure to be read further."""
    cards = scripted.SHOTS["evening"].cards
    sure = scripted.Shot(cards, confidence=dict.fromkeys(cards, 1.0))
    sent = journey.send("evening")
    journey.work({"evening": sure})
    return sent.id


def test_photo_that_is_not_read_has_no_reading(journey):
    sent = journey.send("morning")

    with pytest.raises(NotFoundError, match="reading of photo"):
        journey.ask(reading_of, sent.id)


def test_cards_wait_in_the_order_of_the_reading(journey, photo_id):
    waiting = journey.ask(open_cards, photo_id)

    assert [card.reading for card in waiting] == list(
        journey.ask(reading_of, photo_id).cards
    )
    assert all(isinstance(card, OpenCard) for card in waiting)


def test_further_reading_is_kept_whole_and_beside_the_first(
    journey, scripted, photo_id
):
    first, *others = journey.ask(open_cards, photo_id)
    better = scripted.further_reading(first.reading, "Type checking")

    journey.change(add_further_reading, first.id, photo_id, better)

    assert journey.ask(further_readings, "friday") == {(first.id, photo_id): better}
    assert journey.ask(further_readings, "saturday") == {}
    assert journey.ask(open_cards, photo_id) == tuple(others)
    assert journey.ask(reading_of, photo_id).cards[0] == first.reading


def test_further_reading_is_kept_once(journey, photo_id):
    card, *_ = journey.ask(open_cards, photo_id)
    journey.change(add_further_reading, card.id, photo_id, card.reading)

    with pytest.raises(IntegrityError):
        journey.change(add_further_reading, card.id, photo_id, card.reading)
