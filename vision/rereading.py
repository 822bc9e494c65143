"""Reading doubtful cards again: with an engine that takes its time, and in more photos.

What a board's first reading was unsure of is read again, the most doubtful card first.
What several photos say of a card whose words did not change is put together.
"""

from collections.abc import Sequence
from dataclasses import replace

from calibration.geometry import Rect
from calibration.homography import Homography
from vision.cards import Line, Reading
from vision.fields.title import parse_fields
from vision.image.photo import Photo
from vision.image.warp import crop_size_wh
from vision.reading import CardFields, CardReading
from vision.recognition.card_text import CardText, read_card
from vision.recognition.engine import NO_ENGINE, OcrEngine
from vision.recognition.fusion import MARK, best_of_views, calibrated_in_photos
from vision.recognition.line_order import reading_order

DOUBTFUL = 0.9
"""Confidence of a card below which it is read again: hardly any first reading has
it."""


def doubtful(cards: Sequence[CardReading]) -> tuple[CardReading, ...]:
    """Return the cards that are worth reading again, most doubtful first."""
    chosen = [
        card
        for card in cards
        if card.confidence < DOUBTFUL and card.engine != NO_ENGINE
    ]
    return tuple(sorted(chosen, key=lambda card: card.confidence))


def unread(card: CardReading) -> CardReading:
    """Return a card as if nobody had read it yet: anything is better then."""
    return replace(card, lines=(), fields=CardFields(), confidence=0.0, engine="")


def reread(photo: Photo, card: CardReading, engine: OcrEngine) -> CardReading:
    """Read a card again; return `card` itself if nothing better came of it.

    EngineUnavailableError if the engine cannot run.
    """
    text = read_card(photo, card.quad_photo, engine, card.covered_by)
    text = text.without_dots() if card.votes else text
    reading = text.reading
    if not reading.lines or _worse(reading, card, engine):
        return card
    return replace(
        card,
        lines=text.lines,
        fields=parse_fields(reading.lines),
        confidence=reading.confidence,
        engine=reading.engine or engine.name,
        blank=False,
    )


def _worse(reading: Reading, card: CardReading, engine: OcrEngine) -> bool:
    if card.blank and reading.confidence < MARK:
        return True
    # The same engine saw more views: its chance is the better estimate also where it
    # is less, for what disagrees is evidence. The greater of the two is right less
    # often than it says. An engine that says which one it chose has compared already.
    if reading.engine is not None or engine.name == card.engine:
        return (reading.text, reading.confidence) == (card.text, card.confidence)
    return reading.confidence <= card.confidence


def after_rereading(
    card: CardReading, alone: CardReading, others: Sequence[CardReading]
) -> CardReading:
    """Return what a card says after it was read in a further photo.

    Takes it as it was before; what that photo alone says, perhaps nothing; and what
    each other photo of the same words alone says, the oldest first.
    """
    return together([*others, alone]) if alone.lines else card


def together(views: Sequence[CardReading]) -> CardReading:
    """Return what photos, the newest last, say together of a card of the same words."""
    newest = views[-1]
    if len(views) == 1:
        return newest
    width, height = crop_size_wh(newest.quad_photo)
    upright = Rect(0, 0, width, height).to_quad()
    laid = [
        _laid(view, Homography.from_quads(target=upright, source=view.quad_photo))
        for view in views
    ]
    reading = Reading(reading_order(best_of_views(laid)))
    photo_from_upright = Homography.from_quads(target=newest.quad_photo, source=upright)
    return replace(
        newest,
        lines=CardText(reading, photo_from_upright).lines,
        fields=parse_fields(reading.lines),
        confidence=calibrated_in_photos(
            reading.text, [(view.text, view.confidence) for view in views]
        ),
    )


def _laid(view: CardReading, upright_from_photo: Homography) -> tuple[Line, ...]:
    return tuple(
        Line(
            line.text,
            line.confidence,
            upright_from_photo.apply_quad(line.quad_photo),
            line.struck,
            line.heading,
        )
        for line in view.lines
    )
