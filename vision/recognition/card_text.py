"""What is written on a card in a photo: its lines, and where they are there.

It is cut out with a narrow margin, for letters that a cut touches are misread, and
other cards that lie on it are painted over.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from vision.cards import Reading
from vision.image.arrays import Image
from vision.image.photo import Photo
from vision.image.warp import crop_size_wh
from vision.reading import CardLine
from vision.recognition.engine import OcrEngine
from vision.recognition.heading import with_headings
from vision.recognition.strikes import with_strikes

MARGIN = 0.03
"""Around the outline, of the card's width and height. Drawn cards are read alike from
.015 to .06; on real boards more lets neighbours' letters in."""

DOTS = re.compile(r"(?:\s*[0oOQ\u00b0\u2022\u00b7]){3,}\s*")
"""What engines read a row of round stickers as; "99" and "9.00" may be written."""


@dataclass(frozen=True, slots=True)
class CardText:
    """What an engine made of a card, and where the crop that it saw is in the photo."""

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
                line.struck,
                line.heading,
            )
            for line in self.reading.lines
        )

    def without_dots(self) -> "CardText":
        """Return it without lines that are rows of sticker dots, taken for letters."""
        lines = tuple(
            line for line in self.reading.lines if not DOTS.fullmatch(line.text)
        )
        return replace(self, reading=replace(self.reading, lines=lines))


def read_card(
    photo: Photo,
    quad_photo: Quad,
    engine: OcrEngine,
    on_top: Sequence[Quad] = (),
    shown: Callable[[Image], None] = lambda _crop: None,
) -> CardText:
    """Cut a card out of the photo and read it, without the cards on top of it.

    All in photo pixels, corners named as the card's text stands. `shown` takes the crop
    that the engine sees. EngineUnavailableError if it cannot run.
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
    crop = np.asarray(pixels, np.uint8)
    for other in on_top:
        _paint_over(crop, crop_from_photo.apply_quad(other))
    shown(crop)
    (reading,) = engine.read([crop])
    lines = with_headings(crop, with_strikes(crop, reading.lines))
    return CardText(replace(reading, lines=lines), crop_from_photo.inverse)


def _paint_over(crop: Image, other: Quad) -> None:
    """Give a crop the colour of most of its paper where another card lies on it."""
    outline = np.rint(other.to_array()).astype(np.int32)
    covered = cv2.fillConvexPoly(np.zeros(crop.shape[:2], np.uint8), outline, 1)
    own = crop[covered == 0]
    if len(own) and covered.any():
        crop[covered > 0] = np.median(own, axis=0)
