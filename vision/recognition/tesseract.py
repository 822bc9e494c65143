"""The tesseract program as an engine: for print, where it is installed."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pytesseract

from calibration.geometry import Rect
from vision.cards import Line, Reading
from vision.errors import EngineUnavailableError
from vision.image.arrays import Image
from vision.recognition.engine import line_within, require_crops
from vision.recognition.line_order import reading_order
from vision.recognition.prepare import View, flattened, view_of

TIMEOUT_S, PAGE_MODE, VIEW_WIDTH_PX, VIEW_MARGIN_PX = 20, "--psm 6", 640, 20
"""A card takes half a second, and is one block of text. Tesseract wants letters of 20
to 40 px, and ignores what touches the edge."""

NOT_LANGUAGES, MAX_LANGUAGES = frozenset({"osd", "equ"}), 3
"""Data files listed among the languages; how many are used: more are less certain."""

INSTALL_HINT = (
    "Install it (Debian: apt install tesseract-ocr, macOS: brew install tesseract) "
    "or choose the engine rapidocr."
)

NOT_STARTING = (
    pytesseract.TesseractError,
    OSError,
    subprocess.CalledProcessError,
    SystemExit,
)
"""How pytesseract says that the program is missing or does not work."""

WORD_LEVEL, TABLE_COLUMNS = "5", 12
"""A word's row: level, four places, word, x, y, width, height, percent, text."""


@dataclass(frozen=True, slots=True)
class TesseractEngine:
    """Reads with the tesseract program, in its languages. Threads may share it."""

    version: str
    languages: tuple[str, ...]
    timeout_s: float = TIMEOUT_S

    @property
    def name(self) -> str:
        """``tesseract`` and the program's version."""
        return f"tesseract {self.version}"

    def read(self, crops: Sequence[Image]) -> tuple[Reading, ...]:
        """Read each crop by itself; empty where it takes longer than `timeout_s`."""
        require_crops(crops)
        return tuple(self._read_crop(crop) for crop in crops)

    def _read_crop(self, crop: Image) -> Reading:
        view = view_of(
            crop, width_px=VIEW_WIDTH_PX, margin_px=VIEW_MARGIN_PX, stride_px=1
        )
        table = _run(
            flattened(view.picture),
            languages=self.languages[:MAX_LANGUAGES],
            timeout_s=self.timeout_s,
        )
        lines = _lines(table, view, (crop.shape[1], crop.shape[0]))
        return Reading(reading_order(line for line in lines if line))


def load_tesseract_engine() -> TesseractEngine:
    """Ask the program what it is and can read.

    From then on this process runs it in one thread: more make it slower on small
    pictures. EngineUnavailableError if it is missing, does not start or has no
    language.
    """
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    try:
        version = str(pytesseract.get_tesseract_version())
        found = set(pytesseract.get_languages()) - NOT_LANGUAGES
    except NOT_STARTING as error:
        raise EngineUnavailableError(
            "The program tesseract is not installed or does not start.",
            hint=INSTALL_HINT,
        ) from error
    if not found:
        raise EngineUnavailableError(
            f"Tesseract {version} has no language data.",
            hint="Install some (Debian: apt install tesseract-ocr-eng, "
            "macOS: brew install tesseract-lang).",
        )
    english_first = sorted(found, key=lambda name: (name != "eng", name))
    return TesseractEngine(version, tuple(english_first))


def _run(
    grey: npt.NDArray[np.uint8], *, languages: Sequence[str], timeout_s: float
) -> str:
    """Return tesseract's table; empty if it took too long."""
    try:
        data = pytesseract.image_to_data(
            grey,
            lang="+".join(languages),
            config=PAGE_MODE,
            output_type=pytesseract.Output.BYTES,
            timeout=timeout_s,
        )
    except (pytesseract.TesseractError, OSError, UnicodeDecodeError) as error:
        raise EngineUnavailableError(
            f"Tesseract failed: {error}", hint=INSTALL_HINT
        ) from error
    except RuntimeError:  # pytesseract's way to say "timeout"
        return ""
    # Broken UTF-8 happens in old language data: drop the letters, keep the line.
    return bytes(data).decode("utf-8", errors="ignore")


def _lines(table: str, view: View, size_wh: tuple[int, int]) -> Iterator[Line | None]:
    """Yield the lines of tesseract's table in a crop of this size."""
    rows = (row.split("\t") for row in table.splitlines())
    words = (row for row in rows if len(row) == TABLE_COLUMNS and row[0] == WORD_LEVEL)
    seen = (word for word in words if "0" not in word[8:10] and word[11].strip())
    for _, line in groupby(seen, key=lambda word: word[1:5]):
        said = list(line)
        numbers = np.array([word[6:11] for word in said], np.float64)
        x, y, width, height, percent = numbers.T
        texts = [word[11] for word in said]
        around = Rect(x.min(), y.min(), (x + width).max(), (y + height).max())
        yield line_within(
            " ".join(texts),
            float(np.average(percent, weights=list(map(len, texts)))) / 100,
            view.to_crop(around.to_quad().to_array()),
            size_wh,
        )
