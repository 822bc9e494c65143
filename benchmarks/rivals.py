"""The alternatives, as people find them: what Boardcast is measured against.

An OCR program given the whole photo; a finder of sticky notes as tutorials write it;
and the networks alone on each card, once, for the speed.
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import numpy.typing as npt
import pytesseract  # noqa: TID251  (as people call it, on the whole photo)

from calibration.geometry import Quad, Rect
from calibration.homography import Homography
from vision.cards import Line
from vision.errors import EngineUnavailableError
from vision.image.arrays import Image
from vision.recognition.prepare import strip_of, view_of
from vision.recognition.rapid_models import (
    DETECTOR_STRIDE_PX,
    load_text_models,
    rapidocr_version,
    wheel_models,
)
from vision.recognition.tesseract import INSTALL_HINT, load_tesseract_engine

ReadPicture = Callable[[Image], tuple[Line, ...]]
"""Takes a picture (H, W, 3), uint8, BGR; gives its lines in no certain order."""

ReadCrops = Callable[[Sequence[Image]], object]
"""Takes crops (H, W, 3), uint8, BGR; what it makes of them is not looked at."""

BARE_VIEW_PX = 480
"""Width of the bare engine's one view: FINDINGS' width for perfectly cut cards."""

QUIET_WITHOUT_TURNING = {"Global.log_level": "critical", "Global.use_cls": False}
"""RapidOCR's angle classifier turns upright lines over: it is better without."""

TIMEOUT_S = 300
"""A photo of 12 megapixels takes tesseract some seconds; this long it hangs."""

SPARSE_TEXT = "11"
"""Tesseract's page mode for text in no particular place: its best on a wall."""

NOTES_SIDE_PX = 1200
"""Long side at which notes are looked for: letters vanish, notes do not."""

LEAST_HSV = (0, 100, 160)
"""Hue, saturation and value from which a pixel is a note's: paper in a bright colour.
Of twelve pairs the one that finds most in ten photos, so that it is no strawman."""

SPECK_PX, WRITING_PX = 5, 9
"""Specks up to the one size go; writing up to the other width is filled in."""

NOTE_SHARE = (0.0008, 0.08)
"""Least and most of the photo's area that a note takes."""

MIN_FILLED = 0.7
"""Part of its rectangle that a note fills; less is a shirt or a shadow."""

MAX_ASPECT = 3.0
"""Longer rectangles are headings and tape."""


def whole_photo_readers() -> tuple[dict[str, ReadPicture], tuple[str, ...]]:
    """Return who reads a whole photo, by name, and why others could not come."""
    readers = {f"RapidOCR {rapidocr_version()}, whole photo": rapidocr_reader()}
    try:
        tesseract = load_tesseract_engine()
    except EngineUnavailableError as error:
        return readers, (f"Without Tesseract: {error.message} {error.hint}",)
    readers[f"Tesseract {tesseract.version}, whole photo"] = tesseract_reader(
        tesseract.languages
    )
    return readers, ()


def bare_engine() -> ReadCrops:
    """Load the models once more; returns what looks at each crop once.

    No finding of cards, no second view, no lexicon, no order of lines.
    """
    models = load_text_models(wheel_models())

    def read(crops: Sequence[Image]) -> None:
        for crop in crops:
            view = view_of(
                crop,
                width_px=BARE_VIEW_PX,
                margin_px=0,
                stride_px=DETECTOR_STRIDE_PX,
            ).picture
            models.read_strips(
                [strip_of(view, place) for place in models.find_lines(view)]
            )

    return read


def rapidocr_reader() -> ReadPicture:
    """Return RapidOCR with its own options; its models are in its wheel."""
    from rapidocr import RapidOCR  # noqa: PLC0415, TID251 - after vision
    from rapidocr.utils.output import RapidOCROutput  # noqa: PLC0415, TID251

    look = RapidOCR(params=QUIET_WITHOUT_TURNING)

    def read(picture: Image) -> tuple[Line, ...]:
        said = look(picture)
        if not isinstance(said, RapidOCROutput) or said.boxes is None:
            return ()
        found = zip(said.txts or (), said.scores or (), said.boxes, strict=True)
        return tuple(line for one in found if (line := line_of(*one)))

    return read


def tesseract_reader(languages: Sequence[str]) -> ReadPicture:
    """Return the tesseract program, looking for text anywhere in the picture."""

    def read(picture: Image) -> tuple[Line, ...]:
        try:
            said = pytesseract.image_to_data(
                picture[:, :, ::-1],
                lang="+".join(languages),
                config=f"--psm {SPARSE_TEXT}",
                timeout=TIMEOUT_S,
                output_type=pytesseract.Output.DICT,
            )
        except (RuntimeError, pytesseract.TesseractError) as error:
            raise EngineUnavailableError(
                f"Tesseract failed on a whole photo: {error}.", hint=INSTALL_HINT
            ) from error
        names = ("text", "conf", "left", "top", "width", "height")
        words = []
        for text, percent, left, top, width, height in zip(
            *(said[name] for name in names), strict=True
        ):
            if width > 0 and height > 0:
                bounds = Rect(left, top, left + width, top + height)
                corners = bounds.to_quad().to_array()
                words.append(line_of(text, float(percent) / 100, corners))
        return tuple(word for word in words if word)

    return read


def line_of(text: str, confidence: float, corners: npt.ArrayLike) -> Line | None:
    """Return one line of an engine; None if there is nothing in it.

    Parameters
    ----------
    text : str
    confidence : float
        0 to 1, but for rounding.
    corners : array_like of shape (4, 2)
        TL, TR, BR, BL in pixels.
    """
    printable = "".join(sign for sign in text if sign.isprintable()).strip()
    if not printable:
        return None
    try:
        quad = Quad.from_array(corners)
    except ValueError:  # a degenerate outline of a speck
        return None
    return Line(printable, min(1.0, max(0.0, float(confidence))), quad)


def find_sticky_notes(pixels: Image) -> tuple[Quad, ...]:
    """Find bright rectangles: colour, contour, rectangle.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8, BGR
        A photo.

    Returns
    -------
    tuple of Quad
        In photo pixels, as upright as they can be.
    """
    scale = min(1.0, NOTES_SIDE_PX / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    hsv = cv2.cvtColor(small, cv2.COLOR_BGR2HSV)
    mask = cv2.inRange(hsv, np.array(LEAST_HSV), np.array([180, 255, 255]))
    for step, side in ((cv2.MORPH_CLOSE, WRITING_PX), (cv2.MORPH_OPEN, SPECK_PX)):
        mask = cv2.morphologyEx(mask, step, np.ones((side, side), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    to_photo = Homography.scaling(1 / scale, 1 / scale)
    notes = []
    for contour in contours:
        rect = cv2.minAreaRect(contour)
        short, long = sorted(rect[1])
        covered = cv2.contourArea(contour)
        least, most = NOTE_SHARE
        if (
            least <= covered / mask.size <= most
            and long <= MAX_ASPECT * short
            and covered >= MIN_FILLED * short * long
        ):
            quad = Quad.from_unordered(cv2.boxPoints(rect))
            notes.append(to_photo.apply_quad(quad))
    return tuple(notes)
