"""Reading doubtful cards again, with an engine that takes its time.

A board's first reading is published at once. What it was unsure of is read
further, the most doubtful card first. For that the photo and the first reading
are enough: a card's place in the photo is known, and so are the others'.
"""

from collections.abc import Sequence
from dataclasses import replace

from vision.cards import Reading
from vision.fields.title import parse_fields
from vision.image.photo import Photo
from vision.reading import CardFields, CardReading
from vision.recognition.card_text import read_card
from vision.recognition.engine import OcrEngine

DOUBTFUL = 0.9
"""Confidence of a card below which it is worth reading further. After one look
hardly any card reaches it: a second look is what tells the sure ones."""


def doubtful(cards: Sequence[CardReading]) -> tuple[CardReading, ...]:
    """Return the cards that are worth reading further, most doubtful first.

    Parameters
    ----------
    cards : sequence of CardReading
        Cards that were read by the engine ``none`` are not meant to be read.
    """
    chosen = [
        card for card in cards if card.confidence < DOUBTFUL and card.engine != "none"
    ]
    return tuple(sorted(chosen, key=lambda card: card.confidence))


def unread(card: CardReading) -> CardReading:
    """Return a card as if nobody had read it yet: anything is better then."""
    return replace(card, lines=(), fields=CardFields(), confidence=0.0, engine="")


def read_further(photo: Photo, card: CardReading, engine: OcrEngine) -> CardReading:
    """Read a card again and return the better reading.

    Parameters
    ----------
    photo : Photo
        In which the card was read.
    card : CardReading
        As it was read before.
    engine : OcrEngine
        Takes its time; may be another engine than before.

    Returns
    -------
    CardReading
        The same card, cell and place. The very same object if nothing better
        came of it: another engine must be surer, the same engine looked at
        more than before.
    """
    text = read_card(photo, card.quad_photo, engine, card.covered_by)
    reading = text.reading
    if not reading.lines or _worse(reading, card, engine):
        return card
    return replace(
        card,
        lines=text.lines,
        fields=parse_fields(reading.lines),
        confidence=reading.confidence,
        engine=reading.read_by(engine.name),
    )


def _worse(reading: Reading, card: CardReading, engine: OcrEngine) -> bool:
    # The same engine looked at more: its chance is the better estimate also where it
    # is less, for what disagrees is evidence. The greater of the two is right less
    # often than it says. An engine that says which one it chose has compared already.
    if reading.engine or engine.name == card.engine:
        return (reading.text, reading.confidence) == (card.text, card.confidence)
    return reading.confidence <= card.confidence
