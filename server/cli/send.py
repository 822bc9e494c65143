"""``boardcast send``: photos to a running server."""

import functools
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress, TaskID

from server.cli.options import Duration, progress_bars, server_options
from server.errors import SenderRefusedError, SendError, ServerAwayError
from server.sending.outcome import is_refused, told
from server.sending.patience import patiently
from server.sending.server import Server

POLL_S = 0.5
"""Between looks at how far a photo is."""


@click.command(
    epilog="Example: boardcast send friday-*.jpg --to http://localhost:8000 --token WyJ..."
)
@click.argument(
    "photos",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@server_options()
@click.option(
    "--now",
    is_flag=True,
    help="They were taken just now: for cameras that write no time into photos.",
)
@click.option("--no-wait", is_flag=True, help="Do not wait until they are read.")
@click.option(
    "--patience",
    "patience_s",
    type=Duration(),
    # A server or a proxy that restarts, upgrades or waits for its disk is back sooner.
    default="5m",
    show_default=True,
    help="How long to go on trying while no server answers; 0s tries once.",
)
def send(
    photos: tuple[Path, ...],
    url: str,
    token: str,
    board: str | None,
    *,
    now: bool,
    no_wait: bool,
    patience_s: float,
) -> None:
    """Send photos to a running server and wait until they are read."""
    server = Server(url, token)
    refused = 0
    with progress_bars() as progress:
        for number, path in enumerate(photos):
            task = progress.add_task(f"{path.name}: sending", total=None)
            sending = _Sending(server, patience_s, progress, task, path.name)
            try:
                status = sending.post(path.read_bytes(), board, now=now)
                if not no_wait:
                    status = sending.followed(status)
                refused += is_refused(status)
                click.echo(told(path.name, status), err=is_refused(status))
            except (ServerAwayError, SenderRefusedError) as error:
                _echo_unsent(error, photos[number:])
                sys.exit(1)
            except SendError as error:
                refused += 1
                click.echo(f"{path.name}: {error.message}\n  {error.hint}", err=True)
            finally:
                progress.remove_task(task)
    sys.exit(1 if refused else 0)


@dataclass(slots=True)
class _Sending:
    """One photo on its way, and what is shown of it."""

    server: Server
    patience_s: float
    progress: Progress
    task: TaskID
    name: str
    _told: str = ""

    def post(self, data: bytes, board: str | None, *, now: bool) -> dict[str, Any]:
        """Return the photo's receipt."""
        post = functools.partial(self.server.post, self.name, data, board, now=now)
        return patiently(post, self.patience_s, self._tell)

    def followed(self, status: dict[str, Any]) -> dict[str, Any]:
        """Return the photo's status when nothing more happens to it."""
        while not status["done"]:
            self.progress.update(
                self.task,
                description=f"{self.name}: {status['state']}",
                completed=status["cards_read"],
                total=status["cards_total"] or None,
            )
            time.sleep(POLL_S)
            ask = functools.partial(self.server.status, status["id"])
            status = patiently(ask, self.patience_s, self._tell)
        return status

    def _tell(self, error: ServerAwayError, pause_s: float) -> None:
        if error.message != self._told:
            click.echo(f"{error.message} Trying again for a while.", err=True)
        self._told = error.message
        waiting = f"{self.name}: no answer, again in {pause_s:.0f} s"
        self.progress.update(self.task, description=waiting)


def _echo_unsent(error: SendError, photos: tuple[Path, ...]) -> None:
    """Print why a photo and those after it are not sent: it would be so for all."""
    click.echo(f"{photos[0].name}: {error.message}\n  {error.hint}", err=True)
    if len(photos) > 1:
        others = ", ".join(path.name for path in photos[1:])
        click.echo(f"Not sent either: {others}", err=True)
