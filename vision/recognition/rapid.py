"""RapidOCR's models (PP-OCRv6 small) as an engine: the default.

Which way up a card is, is decided from what can be read on it (the networks' own angle
classifier turns upright lines upside down): the right way up it gives lines that are
wider than high and letters that are sure. Of 47 upright real cards none was turned, and
of 141 turned ones each was put upright.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from operator import attrgetter
from threading import Lock

import numpy as np
from cachetools import LRUCache, cachedmethod

from calibration.geometry import Quad
from vision.cards import Line, Reading
from vision.image.arrays import Image
from vision.recognition.ctc import decode
from vision.recognition.engine import line_within, require_crops
from vision.recognition.fusion import (
    best_of_views,
    calibrated,
    sure_letters,
    without_pins,
    without_stray_marks,
)
from vision.recognition.lexicon import Lexicon, common_lexicon
from vision.recognition.line_order import reading_order
from vision.recognition.prepare import strip_of, view_of, without_colour
from vision.recognition.rapid_models import (
    DETECTOR_STRIDE_PX,
    Recognised,
    TextModels,
    load_text_models,
    rapidocr_version,
    wheel_models,
)

QUICK_VIEWS_PX, THOROUGH_VIEWS_PX = (480,), (240, 340, 480)
"""Widths at which a crop is shown to the detector: large letters are found in the small
view, small ones in the large view; the third settles what they say differently."""

SURE_LINE = 0.97
"""Confidence from which a line is taken as seen if the lexicon would know no more of
its words. At 0.995 real cards are read alike, at 0.9 worse."""

WORD = re.compile(r"\w*[^\W\d_]\w*")
"""A word: with a letter, perhaps with digits."""

VIEWS_KEPT = 768
"""Three of each card of a board of 250."""

TURN_RATIO, LEAST_EVIDENCE = 2.0, 3.0
"""Times the evidence of the orientation at hand that another one must have, and without
which no turn is believed: three letters that are sure."""

UPRIGHT_CONFIDENCE, UPRIGHT_LETTERS, UPRIGHT_SHARE = 0.85, 5, 0.5
"""From which confidence, with how many letters, and with which part of the evidence in
lines wider than high a card is taken as it is."""

Lines = tuple[Line, ...]
ViewKey = tuple[bytes, tuple[int, ...], int]


def _view_key(_engine: object, crop: Image, width_px: int) -> ViewKey:
    return blake2b(crop.tobytes(), digest_size=16).digest(), crop.shape, width_px


@dataclass(frozen=True, eq=False)  # no slots: cachetools keeps its wrapper in the dict
class RapidEngine:
    """Reads with PP-OCR's detector and recogniser. Threads may share it.

    In views of these widths, ascending, and quarter turns while the reading is in
    doubt.
    """

    models: TextModels
    lexicon: Lexicon
    views_px: tuple[int, ...] = THOROUGH_VIEWS_PX
    turns: tuple[int, ...] = (1, 2, 3)
    _known: LRUCache[ViewKey, Lines] = field(
        default_factory=lambda: LRUCache(VIEWS_KEPT), repr=False
    )
    _lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def name(self) -> str:
        """``rapidocr`` and its version."""
        return f"rapidocr {rapidocr_version()}"

    @property
    def quick(self) -> "RapidEngine":
        """The same engine, satisfied with one view, as the card is."""
        return replace(self, views_px=QUICK_VIEWS_PX, turns=())

    def with_words(self, words: Sequence[str]) -> "RapidEngine":
        """Return the same engine, knowing these words, too; see `Lexicon.with_words`."""
        if not words:
            return self
        lexicon = self.lexicon.with_words(words)
        return replace(self, lexicon=lexicon, _known=LRUCache(VIEWS_KEPT))

    def read(self, crops: Sequence[Image]) -> tuple[Reading, ...]:
        """Read each crop by itself; see `OcrEngine.read`."""
        require_crops(crops)
        return tuple(self._read_crop(crop) for crop in crops)

    def _read_crop(self, crop: Image) -> Reading:
        """Read a crop as it is, or turned if more speaks for that."""
        views = self._views(crop)
        seen = _reading_of(views)
        if not self.turns or is_upright(views[-1]):
            return seen
        around = {
            quarters: evidence_of(self._view(turned(crop, quarters), self.views_px[-1]))
            for quarters in self.turns
        }
        best = turn_of(evidence_of(views[-1]), around)
        return self._read_turned(crop, best) if best else seen

    def _read_turned(self, crop: Image, quarters: int) -> Reading:
        seen = _reading_of(self._views(turned(crop, quarters)))
        size_wh = crop.shape[1], crop.shape[0]
        lines = tuple(turned_back(line, quarters, size_wh) for line in seen.lines)
        return replace(seen, lines=lines)

    def _views(self, crop: Image) -> tuple[Lines, ...]:
        return tuple(self._view(crop, width_px) for width_px in self.views_px)

    @cachedmethod(attrgetter("_known"), _view_key, attrgetter("_lock"))
    def _view(self, crop: Image, width_px: int) -> Lines:
        # A margin around the crop costs character errors (.288 to .299) and time.
        view = view_of(
            crop, width_px=width_px, margin_px=0, stride_px=DETECTOR_STRIDE_PX
        )
        places = self.models.find_lines(view.picture)
        grey = without_colour(view.picture)
        said = self.models.read_strips([strip_of(grey, place) for place in places])
        size_wh = crop.shape[1], crop.shape[0]
        pieces = (
            line_within(
                self._text_of(strip), strip.confidence, view.to_crop(place), size_wh
            )
            for strip, place in zip(said, places, strict=True)
        )
        seen = without_pins([piece for piece in pieces if piece])
        return without_stray_marks(reading_order(seen))

    def _text_of(self, strip: Recognised) -> str:
        sure = strip.confidence >= SURE_LINE
        unknown = self._unknown_words(strip.text)
        if sure and not unknown:
            return strip.text
        text = decode(strip.posterior, self.models.characters, self.lexicon)
        return text if not sure or self._unknown_words(text) < unknown else strip.text

    def _unknown_words(self, text: str) -> int:
        words = WORD.findall(text)
        return sum(word not in self.lexicon for word in words)


def _reading_of(views: Sequence[Lines]) -> Reading:
    # A view's own lines are in order.
    best = views[0] if len(views) == 1 else reading_order(best_of_views(views))
    seen = Reading(best)
    if not seen.lines:
        return seen
    texts = [Reading(lines).text for lines in views]
    return replace(seen, chance=calibrated(seen.confidence, texts))


def evidence_of(lines: Sequence[Line]) -> float:
    """Return the letters in lines wider than high, weighted by certainty."""
    sizes = [line.quad_crop.size_wh for line in lines]
    return sure_letters(
        [line for line, (w, h) in zip(lines, sizes, strict=True) if w > h]
    )


def turn_of(as_it_is: float, around: Mapping[int, float]) -> int:
    """Return by how many quarter turns a card is the right way up, by the evidence.

    0 unless clearly more speaks for one of those that were tried than for it as it is.
    """
    least = max(LEAST_EVIDENCE, TURN_RATIO * as_it_is)
    best = max(around, key=lambda quarters: around[quarters], default=0)
    return best if best and around[best] > least else 0


def is_upright(lines: Sequence[Line]) -> bool:
    """Tell whether a card, as read here, is surely the right way up."""
    letters = sum(len(line.text) for line in lines)
    return (
        letters >= UPRIGHT_LETTERS
        and Reading(tuple(lines)).confidence >= UPRIGHT_CONFIDENCE
        and evidence_of(lines) >= UPRIGHT_SHARE * sure_letters(lines)
    )


def turned(crop: Image, quarters: int) -> Image:
    """Turn a crop by quarter turns, counterclockwise."""
    return np.ascontiguousarray(np.rot90(crop, quarters))


def turned_back(line: Line, quarters: int, size_wh: tuple[int, int]) -> Line:
    """Return a line of `turned(crop, quarters)` where it is in the crop of that size."""
    corners = line.quad_crop.to_array()
    for turn in range(quarters, 0, -1):
        # Undoing one turn swaps the sides and counts from the other end.
        width = size_wh[turn % 2 == 0]
        corners = np.stack([width - corners[:, 1], corners[:, 0]], axis=1)
    return Line(line.text, line.confidence, Quad.from_array(corners))


def load_rapid_engine() -> RapidEngine:
    """Load the models and the lexicon; takes some seconds and 350 MB."""
    return RapidEngine(load_text_models(wheel_models()), common_lexicon())
