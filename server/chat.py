"""Which chat server reads cards, from options and ``BOARDCAST_CHAT_*`` variables.

The key comes from the environment or a file, never from the command line: that
can be read by everyone on the machine.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from server.errors import SettingsError
from vision.recognition.chat_server import (
    REQUESTS_PER_HOUR,
    TIMEOUT_S,
    ChatServer,
    ChatServerFault,
)

VARIABLES = MappingProxyType(
    {
        "url": "BOARDCAST_CHAT_URL",
        "model": "BOARDCAST_CHAT_MODEL",
        "key": "BOARDCAST_CHAT_KEY",
        "timeout_s": "BOARDCAST_CHAT_TIMEOUT_S",
        "requests_per_hour": "BOARDCAST_CHAT_REQUESTS_PER_HOUR",
    }
)
"""By the fields of `ChatServer`."""

KEY_FILE = "BOARDCAST_CHAT_KEY_FILE"
"""Variable that names a file with the key, for example a mounted secret."""

MAX_KEY_CHARS = 10_000
"""Read of that file, which may be the wrong one, and endless."""


Number = TypeVar("Number", int, float)


def chat_server_from(environ: Mapping[str, str]) -> ChatServer | None:
    """Return the chat server that was named; None if none was.

    Parameters
    ----------
    environ : mapping of str to str
        The environment.

    Raises
    ------
    SettingsError
        If something of it cannot be used; without the key, whatever it is.
    """
    given = {part: environ.get(name, "") for part, name in VARIABLES.items()}
    if not given["url"] and not given["model"]:
        return None
    try:
        return ChatServer(
            url=given["url"],
            model=given["model"],
            key=given["key"] or _key_of(environ.get(KEY_FILE, "")),
            timeout_s=_number(given, "timeout_s", float, TIMEOUT_S),
            requests_per_hour=_number(
                given, "requests_per_hour", int, REQUESTS_PER_HOUR
            ),
        )
    except ChatServerFault as fault:
        raise SettingsError(
            f"{VARIABLES[fault.part]}: {fault.message}",
            hint="docs/chat-engine.md says what a chat server needs.",
        ) from fault


def chat_environ(server: ChatServer | None) -> dict[str, str]:
    """Return the variables from which a child process makes the same server."""
    if server is None:
        return {}
    return {name: str(getattr(server, part)) for part, name in VARIABLES.items()}


def with_chat(
    environ: Mapping[str, str], url: str | None, model: str | None
) -> dict[str, str]:
    """Return the environment with what a command's options say of the server.

    Parameters
    ----------
    environ : mapping of str to str
    url, model : str or None
        None leaves it to `environ`.
    """
    chosen = {VARIABLES["url"]: url, VARIABLES["model"]: model}
    return {
        **environ,
        **{name: value for name, value in chosen.items() if value is not None},
    }


def _number(
    given: Mapping[str, str],
    part: str,
    kind: Callable[[str], Number],
    default: Number,
) -> Number:
    text = given[part]
    if not text:
        return default
    try:
        return kind(text)
    except ValueError as error:
        raise SettingsError(
            f'Expected a number for {VARIABLES[part]}, got "{text}".',
            hint=f"Leave it out for {default:g}.",
        ) from error


def _key_of(path: str) -> str:
    """Return the key in a file; empty if no file is named."""
    if not path:
        return ""
    try:
        with Path(path).open(encoding="utf-8") as file:
            return file.read(MAX_KEY_CHARS).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The file {path} cannot be read as a key.",
            hint=f"{KEY_FILE} names a text file that holds the key and nothing else.",
        ) from error
