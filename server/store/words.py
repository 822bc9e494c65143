"""The words that cards have: which photo they come from, and what may better them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from calibration.geometry import Quad
from server.schedule.showings import Showing
from server.store.readings import (
    CardInPhoto,
    alone_in_photos,
    further_readings,
    reading_of,
)
from server.store.sightings import showings_of
from vision.consensus import placed_as
from vision.reading import BoardReading, CardReading

MOST_LOOKS = 4
"""In so many photos a card is read further while its words stay the same. What each
adds is measured by ``boardcast bench``: the fourth adds little."""


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
    in_photo : tuple of Quad
        Where all of this photo's cards are in it: some lie on others.
    """

    id: str
    reading: CardReading
    known_again: bool
    in_photo: tuple[Quad, ...] = ()


def source_of(
    card_id: str,
    shown: Sequence[Showing],
    further: Mapping[CardInPhoto, CardReading],
) -> Showing:
    """Return the showing that a card's words come from.

    The newest in which it was read, at first or further: in those after it the card
    was merely known again.

    Parameters
    ----------
    card_id : str
    shown : sequence of Showing
        Where it has the words that it has now, the oldest first; at least one.
    further : mapping of CardInPhoto to CardReading
        Further readings.
    """
    read = [
        showing
        for showing in shown
        if showing.read_again or (card_id, showing.photo) in further
    ]
    return read[-1] if read else shown[-1]


def last_words(session: Session, board: str) -> dict[str, CardReading]:
    """Return, by id, what each card of a board says, at its place in that photo.

    With the outline of that photo's first reading: cornered as in the photos before
    and after it, even if the text stands otherwise.
    """
    showings = showings_of(session, board)
    further = further_readings(session, board)
    sources = {
        card_id: source_of(card_id, shown, further)
        for card_id, shown in showings.items()
    }
    readings = {
        photo_id: reading_of(session, photo_id)
        for photo_id in sorted({source.photo for source in sources.values()})
    }
    return {
        card_id: _words(card_id, source, readings[source.photo], further)
        for card_id, source in sources.items()
    }


def open_cards(session: Session, photo_id: str) -> tuple[OpenCard, ...]:
    """Return the cards that may be read further in a photo, in its reading's order.

    Those whose words it shows whole, which no newer photo has read meanwhile, and
    which were not read further in it, nor in `MOST_LOOKS` photos before.

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
    further = further_readings(session, reading.board)
    words = last_words(session, reading.board)
    places = tuple(card.quad_photo for card in reading.cards)
    found = []
    for card_id, shown in showings_of(session, reading.board).items():
        here = _open_in(photo_id, card_id, shown, further)
        if here is not None:
            seen = reading.cards[here.position]
            said = placed_as(seen, words[card_id])
            known_again = not here.changed
            card = OpenCard(card_id, said, known_again, places)
            found.append((here.position, card))
    return tuple(card for _, card in sorted(found, key=lambda pair: pair[0]))


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
    for showing in showings_of(session, board)[card_id]:
        if showing.photo == photo_id:
            continue
        if showing.photo in looked:
            said.append(looked[showing.photo])
        elif showing.changed:
            said.append(reading_of(session, showing.photo).cards[showing.position])
    return tuple(reading for reading in said if reading.lines)


def _words(
    card_id: str,
    source: Showing,
    reading: BoardReading,
    further: Mapping[CardInPhoto, CardReading],
) -> CardReading:
    """Return what a card says, as read in one photo."""
    first = reading.cards[source.position]
    better = further.get((card_id, source.photo), first)
    return replace(better, quad_photo=first.quad_photo)


def _open_in(
    photo_id: str,
    card_id: str,
    shown: Sequence[Showing],
    further: Mapping[CardInPhoto, CardReading],
) -> Showing | None:
    """Return the photo's showing of a card if it may be read further in it."""
    looked_in = {
        showing.photo for showing in shown if (card_id, showing.photo) in further
    }
    if photo_id in looked_in or len(looked_in) >= MOST_LOOKS:
        return None
    index = next(
        (index for index, showing in enumerate(shown) if showing.photo == photo_id),
        None,
    )
    if index is None:
        return None
    here, later = shown[index], shown[index + 1 :]
    overtaken = any(entry.read_again or entry.photo in looked_in for entry in later)
    return here if (here.read_again or here.whole) and not overtaken else None
