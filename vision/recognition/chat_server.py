"""Which chat server may be asked to read cards, and how far it may be used."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

TIMEOUT_S = 30.0
"""For one card, with all tries: a model on a graphics card takes some seconds."""

MAX_TIMEOUT_S = 300.0
"""A server that needs longer for a card is of no use to a board of sixty."""

REQUESTS_PER_HOUR = 300
"""The most by default: two full boards of 120 cards, and some tries again."""

NEAR_SUFFIXES = (".local", ".lan", ".internal", ".localdomain", ".home.arpa")
"""Host names that exist in a network of one's own only."""


class ChatServerFault(ValueError):  # noqa: N818  (the fault is in what was given)
    """What is said of a chat server cannot be used.

    Parameters
    ----------
    message : str
        What was expected, without any secret.
    part : str
        The field of `ChatServer` that is to blame.
    """

    def __init__(self, message: str, part: str) -> None:
        super().__init__(message)
        self.message = message
        self.part = part


@dataclass(frozen=True, slots=True)
class ChatServer:
    """A server that speaks the OpenAI-compatible chat API with images.

    Parameters
    ----------
    url : str
        Base address, for example ``http://localhost:11434/v1``; requests go to
        ``/chat/completions`` below it.
    model : str
        As the server calls it.
    key : str
        Sent as a bearer token; empty for none. Never shown.
    timeout_s : float
        How long one card may take, with all tries.
    requests_per_hour : int
        The most requests in any hour of this process, tries again included.

    Raises
    ------
    ChatServerFault
        If one of them cannot be used.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    timeout_s: float = TIMEOUT_S
    requests_per_hour: int = REQUESTS_PER_HOUR

    def __post_init__(self) -> None:
        _check_url(self.url)
        if not self.model.strip() or not self.model.isprintable():
            raise ChatServerFault("Expected the name of a model.", "model")
        if self.key and not (self.key.isascii() and _is_word(self.key)):
            raise ChatServerFault(
                "Expected a key of plain letters, digits and signs, on one line.", "key"
            )
        if self.key and _is_in_the_open(urlsplit(self.url)):
            raise ChatServerFault(
                "Expected an https address: the key would be sent in the open.", "url"
            )
        if not 0 < self.timeout_s <= MAX_TIMEOUT_S:
            raise ChatServerFault(
                f"Expected more than 0 and at most {MAX_TIMEOUT_S:.0f} seconds, "
                f"got {self.timeout_s:g}.",
                "timeout_s",
            )
        if self.requests_per_hour < 0:
            raise ChatServerFault(
                f"Expected 0 requests or more, got {self.requests_per_hour}.",
                "requests_per_hour",
            )


def _check_url(url: str) -> None:
    """Check an address; it is not repeated, as it may hold a password."""
    try:
        parts = urlsplit(url)
        port = parts.port
        (parts.hostname or "").encode("idna")
    except ValueError as error:
        raise ChatServerFault("Expected a whole http(s) address.", "url") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise ChatServerFault("Expected a whole http(s) address.", "url")
    if not (url.isascii() and _is_word(url)):
        raise ChatServerFault("Expected an address of ASCII without spaces.", "url")
    if parts.username is not None or parts.password is not None:
        raise ChatServerFault("Expected an address without user and password.", "url")


def _is_word(text: str) -> bool:
    return text.isprintable() and " " not in text


def _is_in_the_open(parts: SplitResult) -> bool:
    """Whether a request leaves one's own network unencrypted."""
    return parts.scheme == "http" and not _is_near(parts.hostname or "")


def _is_near(host: str) -> bool:
    """Whether a host is this machine or one of the network around it."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(NEAR_SUFFIXES)
