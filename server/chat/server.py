"""Which chat server may be asked to read cards, and how far it may be used."""

import ipaddress

from pydantic import ConfigDict, Field, HttpUrl, model_validator
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

NEAR_SUFFIXES = (".local", ".lan", ".internal", ".localdomain", ".home.arpa")
"""Host names that exist in a network of one's own only."""


@dataclass(frozen=True, config=ConfigDict(hide_input_in_errors=True))
class ChatServer:
    """A server that speaks the OpenAI-compatible chat API with images.

    Parameters
    ----------
    url : HttpUrl
        Base address, for example ``http://localhost:11434/v1``.
    key : str
        Sent as a bearer token; empty for none. Never shown.
    timeout_s : float
        How long one card may take, with all tries.
    requests_per_hour : int
        The most in any hour of this process, tries again included.

    Raises
    ------
    ValidationError
        If one of them cannot be used; it repeats none of them.
    """

    url: HttpUrl
    model: str = Field(pattern=r"^\P{C}*\S\P{C}*$")
    key: str = Field(default="", pattern=r"^[!-~]*$", repr=False)
    timeout_s: float = Field(default=30.0, gt=0, le=300, allow_inf_nan=False)
    requests_per_hour: int = Field(default=300, ge=0)

    @model_validator(mode="after")
    def _keeps_secrets(self) -> "ChatServer":
        if self.url.username is not None or self.url.password is not None:
            raise _fault("Expected an address without user and password")
        if self.key and self.url.scheme == "http" and not _is_near(self.url.host or ""):
            raise _fault("Expected an https address: the key would be sent in the open")
        return self


def _fault(message: str) -> PydanticCustomError:
    return PydanticCustomError("chat_server", message)


def _is_near(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_private
    except ValueError:
        return "." not in host or host.endswith(NEAR_SUFFIXES)
