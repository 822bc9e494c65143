"""Reading doubtful cards again, with an engine that takes its time.

A board's first reading is published at once. What it was unsure of is read
further, the most doubtful card first. For that the photo and the first reading
are enough: a card's place in the photo is known.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from vision.crops import crop_size_wh
from vision.fields import parse_fields
from vision.ocr.engine import Image, OcrEngine, Reading
from vision.photo import Photo
from vision.reading import CardLine, CardReading

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
    crop, photo_from_crop = _cut(photo, card.quad_photo)
    reading = engine.read([crop])[0]
    if not reading.lines or _worse(reading, card, engine):
        return card
    lines = tuple(
        CardLine(line.text, line.confidence, photo_from_crop.apply_quad(line.quad_crop))
        for line in reading.lines
    )
    return replace(
        card,
        lines=lines,
        fields=parse_fields(reading.lines),
        confidence=reading.confidence,
        engine=reading.read_by(engine.name),
    )


def _worse(reading: Reading, card: CardReading, engine: OcrEngine) -> bool:
    # An engine that says which one it chose has compared already.
    if reading.engine or engine.name == card.engine:
        return (reading.text, reading.confidence) == (card.text, card.confidence)
    return reading.confidence <= card.confidence


def _cut(photo: Photo, quad_photo: Quad) -> tuple[Image, Homography]:
    """Cut a card out of the photo; the lens bends nothing as small as a card."""
    size_wh = crop_size_wh(quad_photo)
    upright = Rect(0, 0, *size_wh).to_quad()
    crop_from_photo = Homography.from_quads(target=upright, source=quad_photo)
    # OpenCV's pixel centres are whole numbers, ours lie half a pixel further.
    centred = Homography.translation(-0.5, -0.5)
    pixels = cv2.warpPerspective(
        photo.pixels,
        (centred @ crop_from_photo @ centred.inverse).matrix,
        size_wh,
        flags=cv2.INTER_CUBIC,
    )
    return np.asarray(pixels, np.uint8), crop_from_photo.inverse
