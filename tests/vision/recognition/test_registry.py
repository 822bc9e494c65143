import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from vision.errors import EngineUnavailableError, UnknownEngineError
from vision.recognition.chat_server import ChatServer
from vision.recognition.registry import (
    ENGINE_NAMES,
    chat_alone,
    engine_named,
    quick_engine_named,
)


def test_engine_names_begin_with_the_default():
    assert ENGINE_NAMES == ("rapidocr", "tesseract", "none", "chat")


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
            "Did you mean rapidocr? The engines are rapidocr, tesseract, none, chat.",
            id="near",
        ),
        pytest.param(
            "teseract",
            "Did you mean tesseract? The engines are rapidocr, tesseract, none, chat.",
            id="misspelt",
        ),
        pytest.param(
            "", "The engines are rapidocr, tesseract, none, chat.", id="empty"
        ),
        pytest.param(
            "xyz", "The engines are rapidocr, tesseract, none, chat.", id="far"
        ),
    ],
)
def test_unknown_engine_is_refused_with_the_names(name, hint):
    with pytest.raises(UnknownEngineError) as refused:
        engine_named(name)

    assert refused.value.hint == hint
    assert refused.value.message == f"There is no OCR engine {name!r}."


def test_chat_engine_without_a_server_is_refused():
    with pytest.raises(EngineUnavailableError) as refused:
        engine_named("chat")

    assert str(refused.value) == (
        "The engine chat has no server to ask. "
        "Give its address and its model with --chat-url and --chat-model."
    )


def test_chat_engine_without_its_package_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    monkeypatch.delitem(sys.modules, "vision.recognition.chat", raising=False)

    with pytest.raises(EngineUnavailableError) as refused:
        engine_named("chat", ChatServer("http://192.0.2.1/v1", "not installed"))

    assert str(refused.value) == (
        "The engine chat needs the package openai, which is not installed. "
        'Install it with pip install "boardcast[chat]".'
    )


@pytest.mark.ocr
def test_engine_that_is_told_of_words_is_kept_for_these_words():
    engine = engine_named("rapidocr", words=("zzyzx",))

    assert engine_named("rapidocr", words=("zzyzx",)) is engine
    assert engine_named("rapidocr") is not engine
    assert quick_engine_named("rapidocr", ("zzyzx",)) is not quick_engine_named(
        "rapidocr"
    )
    assert engine_named("none", words=("zzyzx",)) is engine_named("none")


def test_chat_engine_is_one_for_each_server_and_asks_nobody_yet():
    server = ChatServer("http://192.0.2.1/v1", "a", key="k")

    engine = engine_named("chat", server)

    assert engine.name == "chat a or rapidocr"
    assert engine_named("chat", ChatServer("http://192.0.2.1/v1", "a", "k")) is engine
    assert engine_named("chat", ChatServer("http://192.0.2.1/v1", "b")) is not engine


def test_chat_alone_reads_nothing_that_the_server_does_not(chat_servers, server_that):
    fake = chat_servers(
        server_that.says("nonsense"), server_that.says('{"lines": ["Knitting"]}')
    )
    heard = []
    crop = np.full((40, 60, 3), 200, np.uint8)

    engine = chat_alone(ChatServer(fake.url, "m"), heard.append)

    assert [reading.text for reading in engine.read([crop, crop])] == ["", "Knitting"]
    assert heard == ["The model's answer is not the lines of a card."]


@pytest.mark.ocr
def test_chat_engine_asks_about_doubtful_cards_and_keeps_to_its_own_reading(
    chat_servers, server_that, printed_card, caplog
):
    fake = chat_servers(server_that.fails("401 No"))
    card, paper = printed_card(["OPEN SPACE", "at noon"]), printed_card([])

    readings = engine_named("chat", ChatServer(fake.url, "m")).read([card, paper])

    assert [reading.text for reading in readings] == ["OPEN SPACE\nat noon", ""]
    assert {reading.engine.split()[0] for reading in readings} == {"rapidocr"}
    assert len(fake.asked) == 1  # about the one on which nothing was seen
    assert [record.message for record in caplog.records] == [
        ("The chat server refused or failed (401). Correct its address, model or key.")
    ]
