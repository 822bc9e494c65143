"""Options and progress bars that several commands share."""

import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from server.chat.engines import ENGINE_NAMES
from server.config import DEFAULT_PORT, MAX_PORT, PREFIX

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

EVENT_FILE = "event.toml"

SECONDS = {"s": 1, "m": 60, "h": 3600}
"""Of each unit of a duration."""


class Duration(click.ParamType[float]):
    """Some time, like ``90s``, ``5m`` or ``1h``; becomes seconds."""

    name = "duration"

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,  # noqa: ARG002  (as click asks)
        ctx: click.Context | None,  # noqa: ARG002
    ) -> float:
        """Return the seconds of what somebody typed."""
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([smh])", str(value).strip().lower())
        if found is None:
            self.fail(f"{value!r} is no duration; write for example 90s or 5m.")
        return float(found[1]) * SECONDS[found[2]]


def event_option() -> Decorator:
    """Return ``--event``."""
    return click.option(
        "--event",
        "profile_path",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        # Before the default: a file that happens to lie here must not win over it.
        envvar=f"{PREFIX}PROFILE_PATH",
        default=lambda: EVENT_FILE if Path(EVENT_FILE).exists() else None,
        help="The event.toml; the one in this folder if left out.",
    )


def served_event_option() -> Decorator:
    """Return ``--event`` of a command that works on a site that was served."""
    return click.option(
        "--event",
        "profile_path",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="The event.toml; that of the last serve if left out.",
    )


def data_option() -> Decorator:
    """Return ``--data``."""
    return click.option(
        "--data",
        "data_dir",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder for photos and database; boardcast-data if left out.",
    )


def host_option() -> Decorator:
    """Return ``--host``."""
    return click.option(
        "--host", help="Address to listen on; 0.0.0.0 for the whole network."
    )


def port_option() -> Decorator:
    """Return ``--port``."""
    return click.option(
        "--port",
        type=click.IntRange(1, MAX_PORT),
        help=f"Port to listen on; {DEFAULT_PORT} if left out.",
    )


def server_options() -> Decorator:
    """Return ``--to``, ``--token`` and ``--board``: where photos are sent."""
    to = click.option(
        "--to",
        "url",
        required=True,
        envvar=f"{PREFIX}PUBLIC_URL",
        help="The server's address; https:// is meant where it begins with neither, "
        "http:// for localhost and addresses by number.",
    )
    token = click.option("--token", required=True, envvar=f"{PREFIX}TOKEN")
    board = click.option(
        "--board", help="Which board they show, by its slug; found if left out."
    )
    return lambda command: to(token(board(command)))


def engine_option() -> Decorator:
    """Return ``--engine``."""
    return click.option(
        "--engine",
        type=click.Choice(ENGINE_NAMES),
        help=f"What reads the cards; {ENGINE_NAMES[0]} if left out.",
    )


def chat_options() -> Decorator:
    """Return ``--chat-url`` and ``--chat-model``.

    There is none for the key: everyone on a machine can read its command lines.
    """
    url = click.option(
        "--chat-url",
        metavar="URL",
        help="Server of the engine chat, for example http://localhost:11434/v1; "
        "its key comes from BOARDCAST_CHAT_KEY or BOARDCAST_CHAT_KEY_FILE.",
    )
    model = click.option(
        "--chat-model", metavar="NAME", help="The model to ask that server for."
    )
    return lambda command: url(model(command))


def progress_bars() -> Progress:
    """Return progress bars on standard error; nothing where nobody watches."""
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)


@contextmanager
def progress_of(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give what tells, on standard error, how many of how many are done."""
    with progress_bars() as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def until_stopped() -> Iterator[None]:
    """Let a command that goes on for ever end well by Ctrl-C, or as a service."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
    finally:
        signal.signal(signal.SIGTERM, before)
