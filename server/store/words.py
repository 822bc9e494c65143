"""The words that cards have: which photo they come from, and what may better them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.schedule.board_state import CardState
from server.schedule.corrections.held import HeldPhoto
from server.schedule.showings import Showing
from server.store.board_states import state_of
from server.store.corrections import held_photos
from server.store.readings import alone_in_photos, looks_of, reading_of
from server.store.sightings import further_of, showings_in
from server.store.tables import ReadingRow
from vision.reading import CardReading, card_from_json

MOST_LOOKS = 4
"""In so many photos a card is read further while its words stay the same. What each
adds is measured by ``make bench``: the fourth adds little."""


@dataclass(frozen=True, slots=True)
class OpenCard:
    """A card that may be read further in a photo.

    Parameters
    ----------
    id : str
    reading : CardReading
        What it says as far as is known, at its place in this photo.
    known_again : bool
        Whether these words come from other photos, in part or all: what is read here
        is then to be combined with what they say.
    """

    id: str
    reading: CardReading
    known_again: bool


def last_words(
    session: Session, cards: Collection[CardState]
) -> dict[str, CardReading]:
    """Return, by id, what cards say, at their places in the photos that said it.

    With the outline of that photo's first reading: cornered as in the photos before
    and after it, even if the text stands otherwise.

    Parameters
    ----------
    session : Session
    cards : collection of CardState
    """
    sources = {card.newest.card: card.source for card in cards}
    looked = [(name, entry.photo) for name, entry in sources.items() if entry.further]
    further = further_of(session, looked)
    first = _first_readings(session, sources.values())
    return {
        card_id: _words(first[source], further.get((card_id, source.photo)))
        for card_id, source in sources.items()
    }


def readings_of(session: Session, board: str) -> dict[str, tuple[CardReading, ...]]:
    """Return, by card id, what readings say of it, the one that holds first.

    Of photos in which it has the words that it has now, each text once; nothing of a
    card on which nothing was read.

    Parameters
    ----------
    session : Session
    board : str
        Slug.
    """
    cards = state_of(session, board).cards
    words = last_words(session, cards.values())
    looks = looks_of(session, board)
    first = _first_readings(
        session,
        [
            showing
            for card in cards.values()
            for showing in card.showings
            if showing.further or showing.changed
        ],
    )
    found = {}
    for card_id, card in cards.items():
        said = [words[card_id]]
        for showing in reversed(card.showings):
            said += looks.get((card_id, showing.photo), ())
            if showing in first:
                said.append(first[showing])
        texts = dict.fromkeys(reading.text for reading in said if reading.lines)
        found[card_id] = tuple(
            next(reading for reading in said if reading.text == text) for text in texts
        )
    return found


def open_cards(session: Session, photo_id: str) -> tuple[OpenCard, ...]:
    """Return the cards that may be read further in a photo, in its reading's order.

    Those whose words it shows whole, which no newer photo has read meanwhile, and
    which were not read further in it, nor in `MOST_LOOKS` photos before. None in a
    photo that was taken back.

    Parameters
    ----------
    session : Session
    photo_id : str
        Of a photo that was read.

    Raises
    ------
    NotFoundError
        If there is no such photo, or it is not read (yet).
    """
    reading = reading_of(session, photo_id)
    said = held_photos(session).get(photo_id, HeldPhoto())
    if said.taken_back:
        return ()
    cards = state_of(session, reading.board).cards
    showings = showings_in(session, photo_id)
    shown = {
        card_id: here
        for card_id, showing in showings.items()
        for here in [replace(showing, at=said.moment(showing.at))]
        if _is_open(here, cards[card_id])
    }
    words = last_words(session, [cards[card_id] for card_id in shown])
    return tuple(
        OpenCard(
            card_id,
            reading.cards[here.position].with_words_of(words[card_id]),
            known_again=not here.changed,
        )
        for card_id, here in sorted(shown.items(), key=lambda one: one[1].position)
    )


def said_elsewhere(
    session: Session, card_id: str, photo_id: str, board: str
) -> tuple[CardReading, ...]:
    """Return what each other photo alone says of a card, the oldest first.

    Parameters
    ----------
    session : Session
    card_id : str
    photo_id : str
        Of the photo that is left out.
    board : str
        Slug of the card's board.

    Returns
    -------
    tuple of CardReading
        Of photos in which it has the words that it has now, and text was read.
    """
    looked = alone_in_photos(session, card_id)
    said = []
    for showing in state_of(session, board).cards[card_id].showings:
        if showing.photo == photo_id:
            continue
        if showing.photo in looked:
            said.append(looked[showing.photo])
        elif showing.changed:
            said.append(reading_of(session, showing.photo).cards[showing.position])
    return tuple(reading for reading in said if reading.lines)


def _first_readings(
    session: Session, showings: Iterable[Showing]
) -> dict[Showing, CardReading]:
    """Return what photos said of cards at first: a statement for each photo."""
    by_photo: dict[str, list[Showing]] = {}
    for showing in showings:
        by_photo.setdefault(showing.photo, []).append(showing)
    found: dict[Showing, CardReading] = {}
    for photo_id, shown in by_photo.items():
        query = select(ReadingRow.document["cards"])
        cards = session.scalars(query.where(ReadingRow.photo_id == photo_id)).one()
        found |= {one: card_from_json(cards[one.position]) for one in shown}
    return found


def _words(first: CardReading, better: CardReading | None) -> CardReading:
    """Return what a card says, as read in one photo, first and then further."""
    return replace(better or first, quad_photo=first.quad_photo)


def _is_open(here: Showing, card: CardState) -> bool:
    """Say whether a card may be read further in a photo that shows it so."""
    looked = [entry for entry in card.showings if entry.further]
    has_these_words = here.order >= card.showings[0].order
    overtaken = card.source.order > here.order and card.source.was_read
    return (
        has_these_words
        and not here.further
        and len(looked) < MOST_LOOKS
        and (here.read_again or here.whole)
        and not overtaken
    )
