"""Which chat server reads cards, from options and ``BOARDCAST_CHAT_*`` variables.

The key comes from the environment or a file, never from the command line: that
can be read by everyone on the machine.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from pydantic import TypeAdapter, ValidationError

from server.chat.server import ChatServer
from server.errors import SettingsError

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
    given = {
        part: environ[name] for part, name in VARIABLES.items() if environ.get(name)
    }
    if not given.keys() & {"url", "model"}:
        return None
    if "key" not in given:
        given["key"] = _key_of(environ.get(KEY_FILE, ""))
    try:
        return TypeAdapter(ChatServer).validate_python(given)
    except ValidationError as error:
        fault = error.errors(include_input=False)[0]
        part = str(fault["loc"][0]) if fault["loc"] else "url"
        raise SettingsError(
            f"{VARIABLES[part]}: {fault['msg']}.",
            hint="docs/chat-engine.md says what a chat server needs.",
        ) from None


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
