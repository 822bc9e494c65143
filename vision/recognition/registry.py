"""Engines by their names, each loaded once per process."""

from collections.abc import Sequence
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from rapidfuzz.process import extractOne

from vision.errors import UnknownEngineError
from vision.recognition.engine import (
    NO_ENGINE,
    NullEngine,
    OcrEngine,
)
from vision.recognition.tesseract import load_tesseract_engine

if TYPE_CHECKING:
    from vision.recognition.rapid import RapidEngine

DEFAULT = "rapidocr"

ENGINE_NAMES = (DEFAULT, "tesseract", NO_ENGINE)
"""What `engine_named` takes; the first is the default."""

NEAR_SCORE = 60
"""From which likeness, of 100, a name is suggested; less is a wild guess."""

EVENTS_KEPT = 4
"""Vocabularies for which an engine (20 MB) is kept: a process serves one event."""

Words = tuple[str, ...]
"""What an event's cards are likely to say; see `lexicon.event_words`."""

_loading = Lock()


def engine_named(name: str, words: Words = ()) -> OcrEngine:
    """Return the engine of this name; the first call in a process loads it.

    Threads may share it. The words are known beforehand, to one with a lexicon.
    UnknownEngineError if there is no engine of this name; EngineUnavailableError if a
    program or model that it needs is missing, which is not remembered.
    """
    if name not in ENGINE_NAMES:
        raise unknown_engine(name, ENGINE_NAMES)
    with _loading:  # two threads must not load 300 MB each
        return _rapid(words) if name == DEFAULT else _other(name)


def quick_engine_named(name: str, words: Words = ()) -> OcrEngine:
    """Return the engine that reads cards before the one of this name reads thoroughly."""
    if name != DEFAULT:
        return engine_named(name)
    with _loading:
        return _rapid(words).quick


def unknown_engine(name: str, names: Sequence[str]) -> UnknownEngineError:
    """Return the refusal of a name that is none of these."""
    near = extractOne(name, names, score_cutoff=NEAR_SCORE)
    guess = f"Did you mean {near[0]}? " if near else ""
    return UnknownEngineError(
        f"There is no OCR engine {name!r}.",
        hint=f"{guess}The engines are {', '.join(names)}.",
    )


@cache
def _rapid_models() -> "RapidEngine":
    # 0.6 s that whoever only names engines, like most commands, does not wait for.
    from vision.recognition.rapid import load_rapid_engine  # noqa: PLC0415

    return load_rapid_engine()


@lru_cache(EVENTS_KEPT)
def _rapid(words: Words) -> "RapidEngine":
    return _rapid_models().with_words(words)


@cache
def _other(name: str) -> OcrEngine:
    return load_tesseract_engine() if name == "tesseract" else NullEngine()
