"""Engines by their names, each loaded once per process."""

from collections.abc import Callable, Mapping
from functools import cache
from threading import Lock
from types import MappingProxyType

from rapidfuzz.process import extractOne

from vision.errors import UnknownEngineError
from vision.ocr.engine import OcrEngine
from vision.ocr.guard import CheckedEngine
from vision.ocr.null import NullEngine
from vision.ocr.rapid import load_rapid_engine
from vision.ocr.tesseract import load_tesseract_engine

_LOADERS: Mapping[str, Callable[[], OcrEngine]] = MappingProxyType(
    {
        "rapidocr": load_rapid_engine,
        "tesseract": load_tesseract_engine,
        "none": NullEngine,
    }
)

ENGINE_NAMES = tuple(_LOADERS)
"""What `engine_named` takes; the first is the default."""

NEAR_SCORE = 60
"""From which likeness, of 100, a name is suggested; less is a wild guess."""

_loading = Lock()


def engine_named(name: str) -> OcrEngine:
    """Return the engine of this name; the first call loads it.

    Parameters
    ----------
    name : str
        One of `ENGINE_NAMES`.

    Returns
    -------
    OcrEngine
        The same object for every caller in this process; threads may share it.

    Raises
    ------
    UnknownEngineError
        If there is no engine of this name.
    EngineUnavailableError
        If a program or model that it needs is missing. Not remembered: it may
        be installed meanwhile.
    """
    if name not in _LOADERS:
        raise _unknown(name)
    with _loading:  # two threads must not load 300 MB each
        return _load(name)


@cache
def _load(name: str) -> OcrEngine:
    return CheckedEngine(_LOADERS[name]())


def _unknown(name: str) -> UnknownEngineError:
    near = extractOne(name, ENGINE_NAMES, score_cutoff=NEAR_SCORE)
    guess = f"Did you mean {near[0]}? " if near else ""
    return UnknownEngineError(
        f"There is no OCR engine {name!r}.",
        hint=f"{guess}The engines are {', '.join(ENGINE_NAMES)}.",
    )
