"""Reading the cards of a photo: which are worth it, and which of their readings holds."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from calibration.event import Votes
from vision.cards import ReadCard, Reading, TrackedCard
from vision.fields.title import parse_fields
from vision.image.arrays import Image
from vision.image.photo import Photo
from vision.quality.letters import is_unwritten
from vision.reading import CardFields, CardReading
from vision.recognition.card_text import read_card
from vision.recognition.engine import NO_ENGINE, OcrEngine
from vision.recognition.fusion import MARK
from vision.registration.frame import Registration
from vision.trace import Callbacks
from vision.votes import count_votes

UNCHECKED = 0.5
"""What a card's confidence is multiplied by if only tags place its board."""

FEW_LETTERS = 1
"""Letters and digits read into an arrow or a bar, at most."""


def read_cards(
    photo: Photo,
    registration: Registration,
    tracked: Sequence[TrackedCard],
    engine: OcrEngine,
    callbacks: Callbacks,
) -> tuple[ReadCard, ...]:
    """Read the cards that are new; carry over the readings of the others."""
    to_read = sum(card.readable for card in tracked)
    done = 0
    seen = []
    for number, card in enumerate(tracked, start=1):
        callbacks.progress(done, to_read)
        shown = partial(callbacks.trace, f"6-read-{number:02d}")
        reading = reading_of(photo, registration, card, engine, shown)
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
    shown: Callable[[Image], None] = lambda _crop: None,
) -> CardReading | None:
    """Read a card if that is worth it; None if it turns out to be none.

    `shown` takes the crop that the engine sees. One card at a time: a batch gains
    nothing.
    """
    known, detected = card.known, card.detected
    to_photo = registration.projection.quad_photo
    quad_photo = to_photo(detected.quad_board)
    on_top = tuple(map(to_photo, detected.covered_by))
    votes = votes_on(card, registration.board.votes)
    before = None
    if known is not None:
        before = replace(
            known.reading,
            quad_photo=quad_photo,
            cell=detected.cell,
            covered_by=on_top,
            votes=votes,
        ).with_words_of(known.reading)
        if not card.readable:
            return before
    text = read_card(photo, quad_photo, engine, on_top, shown)
    text = text.without_dots() if votes else text
    reads, is_ink = engine.name != NO_ENGINE, detected.kind == "ink"
    if before is None and reads and is_ink and not text.reading.lines:
        return None  # tape, a shadow, a scratch
    blank = _is_blank(card, text.reading)
    trusted = 1.0 if registration.checked else UNCHECKED
    blue, green, red = detected.colour_bgr
    reading = CardReading(
        quad_photo=quad_photo,
        cell=detected.cell,
        lines=() if blank else text.lines,
        fields=(
            CardFields(notice="continued")
            if blank
            else parse_fields(text.reading.lines)
        ),
        confidence=0.0 if blank else text.reading.confidence * trusted,
        colour=f"#{red:02x}{green:02x}{blue:02x}",
        engine=text.reading.engine or engine.name,
        blank=blank,
        covered_by=on_top,
        votes=votes,
    )
    if before is None or card.change != "sharper":
        return reading
    # The same words in two photos: the surer reading of them wins.
    return max(before, reading, key=lambda one: one.confidence)


def votes_on(card: TrackedCard, counted: Votes) -> int | None:
    """Return how many votes are on a card; None where none are counted.

    Something in front of a known card hides dots: as many as before, then.
    """
    if not counted:
        return None
    before = card.known.reading.votes if card.known else None
    if before is not None and (not card.whole or card.detected.covered_by):
        return before
    return count_votes(card.crop)


def _is_blank(card: TrackedCard, reading: Reading) -> bool:
    """Tell whether a card, wholly seen, has nothing on it but an arrow or a bar."""
    letters = sum(letter.isalnum() for letter in reading.text)
    is_mark = reading.confidence < MARK and letters <= FEW_LETTERS
    return is_mark and card.sharpness is not None and is_unwritten(card.crop)


def _blank_for_sure(seen: Sequence[ReadCard]) -> tuple[ReadCard, ...]:
    """Return the cards, none of them blank if most of the others cannot be read."""
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
