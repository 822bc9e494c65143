"""Engines by their names, each loaded once per process."""

import logging
from collections.abc import Callable
from functools import cache, lru_cache, partial
from threading import Lock
from typing import TYPE_CHECKING

from rapidfuzz.process import extractOne

from vision.errors import EngineUnavailableError, UnknownEngineError
from vision.recognition.chat_server import ChatServer
from vision.recognition.engine import (
    NO_ENGINE,
    NullEngine,
    OcrEngine,
    SecondOpinion,
)
from vision.recognition.tesseract import load_tesseract_engine

if TYPE_CHECKING:
    from vision.recognition.rapid import RapidEngine

DEFAULT = "rapidocr"

LOCAL_ENGINE_NAMES = (DEFAULT, "tesseract", NO_ENGINE)
"""Engines that run on this machine."""

CHAT = "chat"
"""The engine that reads here, and asks a server about what is in doubt."""

ENGINE_NAMES = (*LOCAL_ENGINE_NAMES, CHAT)
"""What `engine_named` takes; the first is the default."""

NEAR_SCORE = 60
"""From which likeness, of 100, a name is suggested; less is a wild guess."""

EVENTS_KEPT = 4
"""Vocabularies for which an engine is kept: a process serves one event. Each is
some 20 MB and takes a good part of a second to make."""

Words = tuple[str, ...]
"""What an event's cards are likely to say; see `lexicon.event_words`."""

_loading = Lock()

log = logging.getLogger(__name__)


def engine_named(
    name: str, chat: ChatServer | None = None, words: Words = ()
) -> OcrEngine:
    """Return the engine of this name; the first call in a process loads it.

    Threads may share it. `chat` is the server of the engine `CHAT`; `words` are known
    beforehand, which an engine without a lexicon ignores.

    Raises
    ------
    UnknownEngineError
        If there is no engine of this name.
    EngineUnavailableError
        If a program, package, model or server that it needs is missing. Not
        remembered: it may be installed meanwhile.
    """
    if name not in ENGINE_NAMES:
        near = extractOne(name, ENGINE_NAMES, score_cutoff=NEAR_SCORE)
        guess = f"Did you mean {near[0]}? " if near else ""
        raise UnknownEngineError(
            f"There is no OCR engine {name!r}.",
            hint=f"{guess}The engines are {', '.join(ENGINE_NAMES)}.",
        )
    with _loading:  # two threads must not load 300 MB each, or an hour's requests
        if name == CHAT:
            return _chat(required(chat), words)
        return _rapid(words) if name == DEFAULT else _other(name)


def quick_engine_named(name: str, words: Words = ()) -> OcrEngine:
    """Return the engine that reads cards before the one of this name reads thoroughly.

    See `engine_named`. Before a chat server is asked, the default engine reads.
    """
    if name not in {DEFAULT, CHAT}:
        return engine_named(name)
    with _loading:
        return _rapid(words).quick


def required(chat: ChatServer | None) -> ChatServer:
    """Return the server of the engine `CHAT`; raises an error if none is given."""
    if chat is None:
        raise EngineUnavailableError(
            f"The engine {CHAT} has no server to ask.",
            hint="Give its address and its model with --chat-url and --chat-model.",
        )
    return chat


def chat_alone(server: ChatServer, report: Callable[[str], None]) -> OcrEngine:
    """Return the chat engine of a server with nothing beside it.

    `report` takes the reason for what was not read, in words for people.
    EngineUnavailableError if the extra that it needs is not installed.
    """
    try:
        from vision.recognition.chat import ChatEngine  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise EngineUnavailableError(
            f"The engine {CHAT} needs the package {error.name}, which is not installed.",
            hint='Install it with pip install "boardcast[chat]".',
        ) from error
    return ChatEngine(server, report)


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


@cache
def _chat(server: ChatServer, words: Words) -> OcrEngine:
    """Return the local engine with a server's second opinion; nothing is loaded yet."""
    asked = chat_alone(server, log.warning)
    load = partial(engine_named, DEFAULT, words=words)
    return SecondOpinion(asked, load, DEFAULT)
