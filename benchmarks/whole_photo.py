"""The alternatives as people find them: an OCR program given the whole photo.

The engines of `vision.recognition` are prepared for single cards and would be poor
rivals here, so RapidOCR's own facade and the tesseract program are run as
their manuals say.
"""

import subprocess
from collections.abc import Callable

import numpy.typing as npt

from calibration.geometry import Quad, Rect
from vision.cards import Line
from vision.errors import EngineUnavailableError
from vision.image.arrays import Image
from vision.image.photo import encode_png
from vision.recognition.rapid_models import load_facade, rapidocr_version
from vision.recognition.tesseract import INSTALL_HINT, TesseractProbe

ReadPicture = Callable[[Image], tuple[Line, ...]]
"""Takes a picture (H, W, 3), uint8, BGR; gives its lines in no certain order."""

TIMEOUT_S = 300
"""A photo of 12 megapixels takes tesseract some seconds; this long it hangs."""

SPARSE_TEXT = "11"
"""Tesseract's page mode for text in no particular place: its best on a wall."""

WORD_LEVEL = "5"
"""Rows of this level in tesseract's table are words."""

TABLE_COLUMNS = 12
"""Level, five numbers, left, top, width, height in pixels, confidence in
percent, text."""


def rapidocr_reader() -> ReadPicture:
    """Return RapidOCR with its own options; its models are in its wheel."""
    look = load_facade()

    def read(picture: Image) -> tuple[Line, ...]:
        said = look(picture)
        if said is None or said.boxes is None:
            return ()
        lines = (
            line_of(text, score, corners)
            for corners, text, score in zip(
                said.boxes, said.txts or (), said.scores or (), strict=True
            )
        )
        return tuple(line for line in lines if line)

    return read


def rapidocr_name() -> str:
    """Return name and version of RapidOCR."""
    return f"RapidOCR {rapidocr_version()}"


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


def tesseract_reader(probe: TesseractProbe) -> ReadPicture:
    """Return the tesseract program, looking for text anywhere in the picture.

    Parameters
    ----------
    probe : TesseractProbe
        From `vision.recognition.tesseract.probe_tesseract`.
    """
    command = ["tesseract", "-", "-", "--psm", SPARSE_TEXT]
    command += ["-l", "+".join(probe.languages), "tsv"]

    def read(picture: Image) -> tuple[Line, ...]:
        try:
            done = subprocess.run(  # noqa: S603  (fixed words and language names)
                command,
                input=encode_png(picture),
                capture_output=True,
                timeout=TIMEOUT_S,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise EngineUnavailableError(
                f"Tesseract failed on a whole photo: {error}.", hint=INSTALL_HINT
            ) from error
        return words_of(done.stdout.decode("utf-8", errors="ignore"))

    return read


def words_of(table: str) -> tuple[Line, ...]:
    """Return the words of tesseract's table, each as a line.

    Parameters
    ----------
    table : str
        Tab-separated, as the program prints it.
    """
    words = []
    for row in table.splitlines():
        columns = row.split("\t")
        if len(columns) != TABLE_COLUMNS or columns[0] != WORD_LEVEL:
            continue
        left, top, width, height = (float(value) for value in columns[6:10])
        if width <= 0 or height <= 0:
            continue
        corners = Rect(left, top, left + width, top + height).to_quad().to_array()
        word = line_of(columns[11], float(columns[10]) / 100, corners)
        if word:
            words.append(word)
    return tuple(words)
