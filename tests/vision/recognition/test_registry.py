from concurrent.futures import ThreadPoolExecutor

import pytest

from vision.errors import UnknownEngineError
from vision.recognition.registry import (
    ENGINE_NAMES,
    engine_named,
    quick_engine_named,
)


def test_engine_names_begin_with_the_default():
    assert ENGINE_NAMES == ("rapidocr", "tesseract", "none")


def test_engine_named_none_reads_nothing():
    assert engine_named("none").name == "none"


def test_engine_is_loaded_once_for_all_threads():
    with ThreadPoolExecutor(4) as threads:
        engines = list(threads.map(engine_named, ["none"] * 8))

    assert len({id(engine) for engine in engines}) == 1


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param(
            "rapid",
            "Did you mean rapidocr? The engines are rapidocr, tesseract, none.",
            id="near",
        ),
        pytest.param(
            "teseract",
            "Did you mean tesseract? The engines are rapidocr, tesseract, none.",
            id="misspelt",
        ),
        pytest.param("", "The engines are rapidocr, tesseract, none.", id="empty"),
        pytest.param("xyz", "The engines are rapidocr, tesseract, none.", id="far"),
    ],
)
def test_unknown_engine_is_refused_with_the_names(name, hint):
    with pytest.raises(UnknownEngineError) as refused:
        engine_named(name)

    assert refused.value.hint == hint
    assert refused.value.message == f"There is no OCR engine {name!r}."


@pytest.mark.ocr
def test_engine_that_is_told_of_words_is_kept_for_these_words():
    engine = engine_named("rapidocr", words=("zzyzx",))

    assert engine_named("rapidocr", words=("zzyzx",)) is engine
    assert engine_named("rapidocr") is not engine
    assert quick_engine_named("rapidocr", ("zzyzx",)) is not quick_engine_named(
        "rapidocr"
    )
    assert engine_named("none", words=("zzyzx",)) is engine_named("none")
