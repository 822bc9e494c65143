"""What is written on a card in a photo: its lines, whole, and nobody else's.

A card's outline is never exact, and letters that it cuts are misread. So the card
is cut out with a margin, and of what is read there only the lines are kept whose
centres lie on the card.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from vision.crops import crop_size_wh
from vision.ocr.engine import Line, OcrEngine, Reading
from vision.photo import Photo
from vision.reading import CardLine

MARGIN = 0.03
"""Around the outline on each side, as a part of the card's width and height. Outlines
come out a little tight; with more, neighbours' letters join the card's lines. On 62
legible cards of three real boards (titles, characters wrong, words): none
.71/.306/.71, this .76/.296/.74, .08 of the height .74/.302/.72."""


@dataclass(frozen=True, slots=True)
class CardText:
    """What an engine made of a card.

    Parameters
    ----------
    reading : Reading
        With its lines in pixels of the crop that the engine saw.
    photo_from_crop : Homography
    """

    reading: Reading
    photo_from_crop: Homography

    @property
    def lines(self) -> tuple[CardLine, ...]:
        """The lines where they are in the photo."""
        return tuple(
            CardLine(
                line.text,
                line.confidence,
                self.photo_from_crop.apply_quad(line.quad_crop),
            )
            for line in self.reading.lines
        )


def read_card(photo: Photo, quad_photo: Quad, engine: OcrEngine) -> CardText:
    """Cut a card out of the photo and read it.

    Parameters
    ----------
    photo : Photo
    quad_photo : Quad
        The card in the photo. The lens bends nothing as small as a card.
    engine : OcrEngine
    """
    width, height = crop_size_wh(quad_photo)
    left, top = round(MARGIN * width), round(MARGIN * height)
    card = Rect(left, top, left + width, top + height)
    crop_from_photo = Homography.from_quads(target=card.to_quad(), source=quad_photo)
    # OpenCV's pixel centres are whole numbers, ours lie half a pixel further.
    centred = Homography.translation(-0.5, -0.5)
    pixels = cv2.warpPerspective(
        photo.pixels,
        (centred @ crop_from_photo @ centred.inverse).matrix,
        (width + 2 * left, height + 2 * top),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    reading = engine.read([np.asarray(pixels, np.uint8)])[0]
    kept = tuple(line for line in reading.lines if _lies_on(line, card))
    return CardText(replace(reading, lines=kept), crop_from_photo.inverse)


def _lies_on(line: Line, card: Rect) -> bool:
    centre = line.quad_crop.centre
    return card.left <= centre.x <= card.right and card.top <= centre.y <= card.bottom
