"""Engines by their names: those of this machine, and the one that asks a chat server."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from threading import Lock

from server.chat.server import ChatServer
from vision.cards import Reading
from vision.errors import EngineUnavailableError
from vision.image.arrays import Image
from vision.recognition import registry
from vision.recognition.engine import OcrEngine, require_crops
from vision.recognition.registry import DEFAULT, Words

CHAT = "chat"
"""The engine that reads here, and asks a server about what is in doubt."""

ENGINE_NAMES = (*registry.ENGINE_NAMES, CHAT)
"""What `engine_named` takes; the first is the default."""

SURE = 0.9
"""Confidence of a local reading from which nobody else is asked."""

_making = Lock()

log = logging.getLogger(__name__)


def engine_named(
    name: str, chat: ChatServer | None = None, words: Words = ()
) -> OcrEngine:
    """Return the engine of this name; see `vision.recognition.registry.engine_named`.

    `chat` is the server of the engine `CHAT`.
    """
    if name == CHAT:
        with _making:  # two of them would spend an hour's requests each
            return _chat(required(chat), words)
    if name not in ENGINE_NAMES:
        raise registry.unknown_engine(name, ENGINE_NAMES)
    return registry.engine_named(name, words)


def quick_engine_named(name: str, words: Words = ()) -> OcrEngine:
    """Return the engine that reads cards before the one of this name reads thoroughly.

    Before a chat server is asked, the default engine reads.
    """
    return registry.quick_engine_named(DEFAULT if name == CHAT else name, words)


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
        from server.chat.engine import ChatEngine  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise EngineUnavailableError(
            f"The engine {CHAT} needs the package {error.name}, which is not installed.",
            hint='Install it with pip install "boardcast[chat]".',
        ) from error
    return ChatEngine(server, report)


@dataclass(frozen=True, slots=True, eq=False)
class SecondOpinion:
    """Reads here, and asks another engine about what is in doubt.

    The surer of both readings is taken, the local one where neither is surer. Each
    reading says which engine it is from. The local engine is loaded when it is needed.
    """

    other: OcrEngine
    local: Callable[[], OcrEngine]
    local_name: str

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.other.name} or {self.local_name}"

    def read(self, crops: Sequence[Image]) -> tuple[Reading, ...]:
        """Read each crop by itself; see `OcrEngine.read`."""
        require_crops(crops)
        if not crops:
            return ()
        local = self.local()
        return tuple(
            self._surer(crop, replace(own, engine=local.name))
            for crop, own in zip(crops, local.read(crops), strict=True)
        )

    def _surer(self, crop: Image, own: Reading) -> Reading:
        if own.confidence >= SURE:
            return own
        (other,) = self.other.read([crop])
        surer = other.confidence > own.confidence
        return replace(other, engine=self.other.name) if surer else own


@cache
def _chat(server: ChatServer, words: Words) -> OcrEngine:
    """Return the local engine with a server's second opinion; nothing is loaded yet."""
    asked = chat_alone(server, log.warning)
    load = partial(registry.engine_named, DEFAULT, words)
    return SecondOpinion(asked, load, DEFAULT)
