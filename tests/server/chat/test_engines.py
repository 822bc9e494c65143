"""The engine that asks a chat server, by its name."""

import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from server.chat.engines import ENGINE_NAMES, chat_alone, engine_named
from server.chat.server import ChatServer
from vision.errors import EngineUnavailableError, UnknownEngineError


def test_engine_names_end_with_the_chat_server():
    assert ENGINE_NAMES == ("rapidocr", "tesseract", "none", "chat")


def test_unknown_engine_is_refused_with_all_names():
    with pytest.raises(UnknownEngineError) as refused:
        engine_named("chatt")

    assert refused.value.hint == (
        "Did you mean chat? The engines are rapidocr, tesseract, none, chat."
    )


def test_chat_engine_without_a_server_is_refused():
    with pytest.raises(EngineUnavailableError) as refused:
        engine_named("chat")

    assert str(refused.value) == (
        "The engine chat has no server to ask. "
        "Give its address and its model with --chat-url and --chat-model."
    )


def test_chat_engine_without_its_package_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    monkeypatch.delitem(sys.modules, "server.chat.engine", raising=False)

    with pytest.raises(EngineUnavailableError) as refused:
        engine_named("chat", ChatServer("http://192.0.2.1/v1", "not installed"))

    assert str(refused.value) == (
        "The engine chat needs the package openai, which is not installed. "
        'Install it with pip install "boardcast[chat]".'
    )


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
    chat_servers, server_that, caplog
):
    fake = chat_servers(server_that.fails("401 No"))
    sheet = Image.new("RGB", (360, 200), (246, 243, 236))
    paper = np.asarray(sheet)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(40)
    pen.text((20, 20), "OPEN SPACE\nat noon", (32, 28, 30), font, spacing=20)
    card = np.asarray(sheet)

    readings = engine_named("chat", ChatServer(fake.url, "m")).read([card, paper])

    assert [reading.text for reading in readings] == ["OPEN SPACE\nat noon", ""]
    assert {reading.engine.split()[0] for reading in readings} == {"rapidocr"}
    assert len(fake.asked) == 1  # about the one on which nothing was seen
    assert [record.message for record in caplog.records] == [
        ("The chat server refused or failed (401). Correct its address, model or key.")
    ]
