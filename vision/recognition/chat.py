"""A chat server with images as an engine: optional, and off by default.

Any server that speaks the OpenAI-compatible chat API will do: vLLM, llama.cpp or
Ollama on one's own machine, or a hosted one. It is given single crops of cards
and never a photo. What it cannot or may not read is declined, and what was read
here stands; see `vision.recognition.opinion`.
"""

import datetime as dt
import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Protocol

from vision.cards import Reading
from vision.image.arrays import Image
from vision.recognition.chat_answer import reading_from
from vision.recognition.chat_guard import HOUR_S, MISTAKE_REST_S, ChatGuard
from vision.recognition.chat_http import Answer, ChatAddress, NoAnswer
from vision.recognition.chat_request import Dialect, is_card_sized, request_body
from vision.recognition.chat_server import ChatServer
from vision.recognition.opinion import Declined

TRIES = 3
"""Of one card, in all; a server that is busy for longer has a rest."""

BACKOFF_S = 0.5
"""Before the second try, doubled before each further one, less up to a half at
random: those who were refused together must not come back together."""

MIN_TIMEOUT_S = 0.001
"""Of a request: a socket takes 0 for something else."""

TOO_LARGE = Declined("A picture larger than a card's crop is not sent to a server.")

MISTAKES = {
    HTTPStatus.UNAUTHORIZED: "wants a key, or another one",
    HTTPStatus.FORBIDDEN: "does not allow this key to do that",
    HTTPStatus.NOT_FOUND: "knows no such address or model",
    HTTPStatus.METHOD_NOT_ALLOWED: "knows no such address or model",
    HTTPStatus.PAYMENT_REQUIRED: "wants to be paid",
}
"""Statuses that say that the settings are wrong."""

STRANGE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
"""Statuses of servers that do not know an option that they were given."""


class Post(Protocol):
    """Sends one request; `ChatAddress.post` is one."""

    def __call__(
        self, body: bytes, headers: Mapping[str, str], *, timeout_s: float
    ) -> Answer | NoAnswer:
        """Return what came back; see `ChatAddress.post`."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the engine needs of the world, so that tests need not wait for it.

    Parameters
    ----------
    clock : callable
        Seconds that never go back.
    today : callable
        The time of day, with its zone.
    sleep : callable
        Waits so many seconds.
    chance : callable
        A random number from 0 to 1.
    """

    clock: Callable[[], float] = time.monotonic
    today: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


@dataclass(slots=True, eq=False)
class _Manners:
    """How this server wants to be spoken to, once it has said so."""

    dialect: Dialect = "strict"


@dataclass(frozen=True, slots=True, eq=False)
class ChatEngine:
    """Asks a chat server what is written on a card. Threads may share it.

    Unlike other engines it remembers something between calls: what the server
    has cost, whether it works, and whether it knows the options of a request.

    Parameters
    ----------
    server : ChatServer
    post : callable
        Sends a request to it.
    guard : ChatGuard
        How far it may be used.
    world : Surroundings
    """

    server: ChatServer
    post: Post
    guard: ChatGuard
    world: Surroundings = field(default_factory=Surroundings)
    _manners: _Manners = field(default_factory=_Manners, init=False, repr=False)

    @property
    def name(self) -> str:
        """``chat`` and the model."""
        return f"chat {self.server.model}"

    def attempt(self, crops: Sequence[Image]) -> tuple[Reading | Declined, ...]:
        """Read crops one after the other, or say why not; see `PartialEngine`.

        A crop takes no longer than the server's `timeout_s`, with all tries.
        """
        return tuple(self._attempt(crop) for crop in crops)

    def _attempt(self, crop: Image) -> Reading | Declined:
        if not is_card_sized(crop):
            return TOO_LARGE
        ends_s = self.world.clock() + self.server.timeout_s
        said = self._asked(crop, ends_s)
        if isinstance(said, Declined):
            return said
        reading = reading_from(said.body, (crop.shape[1], crop.shape[0]))
        if isinstance(reading, Declined):
            self.guard.failed()
        else:
            self.guard.succeeded()
        return reading

    def _asked(self, crop: Image, ends_s: float) -> Answer | Declined:
        """Return the server's answer of status 200, tried for as long as it may be."""
        dialect, tries = self._manners.dialect, 0
        while True:
            said, tries = self._said(crop, dialect, ends_s), tries + 1
            if isinstance(said, Declined):
                return said
            if isinstance(said, Answer) and said.status == HTTPStatus.OK:
                self._manners.dialect = dialect
                return said
            if dialect == "strict" and _is_strange(said):
                dialect = "bare"
                continue
            pause_s = self._pause_s(said, tries)
            if tries == TRIES or self.world.clock() + pause_s >= ends_s:
                self.guard.failed(_rest_s(said, self.world.today()))
                return Declined(_reason(said))
            self.world.sleep(pause_s)

    def _said(
        self, crop: Image, dialect: Dialect, ends_s: float
    ) -> Answer | NoAnswer | Declined:
        """Send one request, if it may be sent."""
        refusal = self.guard.begin()
        if refusal:
            return Declined(refusal)
        body = request_body(crop, model=self.server.model, dialect=dialect)
        began_s = self.world.clock()
        said = self.post(
            body,
            _headers(self.server.key),
            timeout_s=max(MIN_TIMEOUT_S, ends_s - began_s),
        )
        self.guard.end(self.world.clock() - began_s)
        return said

    def _pause_s(self, said: Answer | NoAnswer, tries: int) -> float:
        """Return how long to wait before the next try; for ever if it is no use."""
        if not _may_come_right(said):
            return math.inf
        backoff_s = BACKOFF_S * 2.0 ** (tries - 1) * (1 - self.world.chance() / 2)
        return max(backoff_s, _wanted_s(said, self.world.today()))


def chat_engine(server: ChatServer) -> ChatEngine:
    """Return an engine that asks a real server; nothing is sent yet."""
    world = Surroundings()
    guard = ChatGuard(server.requests_per_hour, world.clock)
    return ChatEngine(server, ChatAddress(server.url).post, guard, world)


def _headers(key: str) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    return headers | ({"Authorization": f"Bearer {key}"} if key else {})


def _is_strange(said: Answer | NoAnswer) -> bool:
    """Whether a server may not have known an option."""
    return isinstance(said, Answer) and said.status in STRANGE


def _may_come_right(said: Answer | NoAnswer) -> bool:
    """Whether the same request may be answered in a while."""
    match said:
        case NoAnswer(again=again):
            return again
        case Answer(status=status):
            return (
                status == HTTPStatus.TOO_MANY_REQUESTS
                or status >= HTTPStatus.INTERNAL_SERVER_ERROR
            )


def _wanted_s(said: Answer | NoAnswer, today: dt.datetime) -> float:
    """Return how long a server wants to be left alone; 0 if it does not say."""
    if isinstance(said, NoAnswer) or not said.retry_after:
        return 0.0
    if said.retry_after.isascii() and said.retry_after.isdecimal():
        return float(said.retry_after)
    try:
        until = parsedate_to_datetime(said.retry_after)
    except ValueError:
        return 0.0
    aware = until if until.tzinfo else until.replace(tzinfo=dt.UTC)
    return max(0.0, (aware - today).total_seconds())


def _rest_s(said: Answer | NoAnswer, today: dt.datetime) -> float:
    """Return how long a server is not to be asked after what it said."""
    if isinstance(said, Answer) and (said.status in MISTAKES or _redirects(said)):
        return MISTAKE_REST_S
    return min(HOUR_S, _wanted_s(said, today)) if _may_come_right(said) else 0.0


def _redirects(said: Answer) -> bool:
    return HTTPStatus.MULTIPLE_CHOICES <= said.status < HTTPStatus.BAD_REQUEST


def _reason(said: Answer | NoAnswer) -> str:
    """Say what went wrong, without a word of the server's own: it may be the key."""
    if isinstance(said, NoAnswer):
        return f"The chat server {said.reason}."
    if said.status in MISTAKES:
        what = f"{MISTAKES[HTTPStatus(said.status)]} ({said.status})"
        return f"The chat server {what}. Correct its address, model or key."
    if _redirects(said):
        return (
            "The chat server sends on to another address, and is not followed "
            f"({said.status}). Give the right address itself."
        )
    return f"The chat server refused or failed ({said.status})."
