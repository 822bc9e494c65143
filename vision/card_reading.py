"""Reading the cards of a photo: which are worth it, and which of their readings holds."""

from collections.abc import Sequence
from dataclasses import replace

from calibration.event import Votes
from calibration.geometry import Quad
from vision.cards import ReadCard, Reading, TrackedCard
from vision.fields.title import parse_fields
from vision.image.photo import Photo
from vision.quality.letters import is_unwritten
from vision.reading import CardFields, CardReading
from vision.recognition.card_text import CardText, read_card
from vision.recognition.confidence import MARK
from vision.recognition.engine import NullEngine, OcrEngine
from vision.registration.frame import Registration
from vision.trace import Callbacks, TracedEngine
from vision.votes import count_votes

UNCHECKED = 0.5
"""What a card's confidence is multiplied by if only tags place its board: its cell is in
doubt."""

FEW_LETTERS = 1
"""Letters and digits that engines read into an arrow or a bar, at most."""


def read_cards(
    photo: Photo,
    registration: Registration,
    tracked: Sequence[TrackedCard],
    engine: OcrEngine,
    callbacks: Callbacks,
) -> tuple[ReadCard, ...]:
    """Read the cards that are new; carry over the readings of the others.

    Traces what of each the engine reads, and says how far it has come.
    """
    to_read = sum(card.readable for card in tracked)
    done = 0
    seen = []
    for number, card in enumerate(tracked, start=1):
        callbacks.progress(done, to_read)
        shown = TracedEngine(engine, callbacks.trace, f"6-read-{number:02d}")
        reading = reading_of(photo, registration, card, shown)
        done += card.readable
        if reading is not None:
            seen.append(as_read(card, reading))
    callbacks.progress(done, to_read)
    return _blank_for_sure(seen)


def reading_of(
    photo: Photo,
    registration: Registration,
    card: TrackedCard,
    engine: OcrEngine,
) -> CardReading | None:
    """Read a card if that is worth it; None if it turns out to be none.

    One card at a time: a batch gains nothing (FINDINGS section 1), and people see
    how far it has come.
    """
    known = card.known
    votes = votes_on(card, registration.board.votes)
    if known is not None and not card.readable:
        return replace(_known_reading(registration, card, known.reading), votes=votes)
    quad_photo, on_top = _places(registration, card)
    text = read_card(photo, quad_photo, engine, on_top)
    text = text.without_dots() if votes else text
    if known is None and _is_stain(card, text.reading, engine):
        return None
    trusted = 1.0 if registration.checked else UNCHECKED
    reading = replace(
        _new_reading(card, quad_photo, text, engine.name, trusted), covered_by=on_top
    )
    reading = replace(reading, votes=votes)
    if known is None or card.change != "sharper":
        return reading
    # The same words in two photos: the surer reading of them wins.
    before = replace(_known_reading(registration, card, known.reading), votes=votes)
    return max(before, reading, key=lambda one: one.confidence)


def votes_on(card: TrackedCard, counted: Votes) -> int | None:
    """Return how many votes are on a card; None where none are counted.

    Something in front of a known card hides dots, and fingertips look like some: as many
    as before, then.
    """
    if not counted:
        return None
    before = card.known.reading.votes if card.known else None
    if before is not None and (not card.whole or card.detected.covered_by):
        return before
    return count_votes(card.crop)


def _is_stain(card: TrackedCard, reading: Reading, engine: OcrEngine) -> bool:
    """Tell whether ink without a card has no text: tape, a shadow, a scratch."""
    reads = engine.name != NullEngine().name
    return reads and card.detected.kind == "ink" and not reading.lines


def _is_blank(card: TrackedCard, reading: Reading) -> bool:
    """Tell whether a card has nothing on it but an arrow or a bar, misread or not.

    Where something may hide a part of it (without a sharpness) nobody knows.
    """
    letters = sum(letter.isalnum() for letter in reading.text)
    is_mark = reading.confidence < MARK and letters <= FEW_LETTERS
    return is_mark and card.sharpness is not None and is_unwritten(card.crop)


def _blank_for_sure(seen: Sequence[ReadCard]) -> tuple[ReadCard, ...]:
    """Return the cards, none of them blank if most of the others cannot be read.

    In such a photo letters are as little to be seen as none.
    """
    others = [card.reading for card in seen if not card.reading.blank]
    read = sum(reading.confidence >= MARK for reading in others)
    if 2 * read >= len(others):
        return tuple(seen)
    return tuple(
        replace(card, reading=replace(card.reading, blank=False, fields=CardFields()))
        if card.reading.blank and card.read_again
        else card
        for card in seen
    )


def as_read(card: TrackedCard, reading: CardReading) -> ReadCard:
    """Return a card with its reading."""
    return ReadCard(
        reading=reading,
        # A card as it was keeps the picture that it was read in.
        crop=card.crop if card.readable else None,
        descriptor=card.descriptor,
        quad_area=card.quad_area,
        known=card.known.id if card.known is not None else None,
        change=card.change,
        sharpness=card.sharpness,
    )


def _known_reading(
    registration: Registration, card: TrackedCard, known: CardReading
) -> CardReading:
    """Return a known card's reading at the place where the card is now."""
    quad_photo, on_top = _places(registration, card)
    here = replace(
        known, quad_photo=quad_photo, cell=card.detected.cell, covered_by=on_top
    )
    return here.with_words_of(known)


def _places(
    registration: Registration, card: TrackedCard
) -> tuple[Quad, tuple[Quad, ...]]:
    """Return where a card and those that lie on it are in the photo."""
    quad_photo = registration.projection.quad_photo
    detected = card.detected
    return quad_photo(detected.quad_board), tuple(map(quad_photo, detected.covered_by))


def _new_reading(
    card: TrackedCard,
    quad_photo: Quad,
    text: CardText,
    engine_name: str,
    trusted: float,
) -> CardReading:
    """Return a card as an engine read it."""
    blue, green, red = card.detected.colour_bgr
    blank = _is_blank(card, text.reading)
    return CardReading(
        quad_photo=quad_photo,
        cell=card.detected.cell,
        lines=() if blank else text.lines,
        fields=(
            CardFields(notice="continued")
            if blank
            else parse_fields(text.reading.lines)
        ),
        confidence=0.0 if blank else text.reading.confidence * trusted,
        colour=f"#{red:02x}{green:02x}{blue:02x}",
        engine=text.reading.read_by(engine_name),
        blank=blank,
    )
