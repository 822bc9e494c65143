"""``boardcast send``: photos to a running server."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import requests
from rich.progress import Progress, TaskID

from server.cli.options import progress_bars
from server.cli.server_address import PHOTOS, found_server
from server.errors import SendError

ANSWER_WITHIN_S = 120
"""A phone photo over a conference's network, with the server's disk behind it."""

POLL_S = 0.5
"""Between looks at how far a photo is."""

TRIES = 5
"""A server that restarts is back within seconds; what was acknowledged stays."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Parameters
    ----------
    url : str
        Without a trailing slash.
    token : str
        A staff token.
    """

    url: str
    token: str

    def knock(self) -> requests.Response:
        """Ask the server to take no photo, to find out whether this is its address.

        Raises
        ------
        SendError
            If nobody answers.
        """
        return _asked(
            lambda: requests.post(
                self.url + PHOTOS,
                headers=self._headers(),
                timeout=ANSWER_WITHIN_S,
                allow_redirects=False,
            ),
            self.url,
        )

    def post(
        self, path: Path, board: str | None, *, now: bool = False
    ) -> dict[str, Any]:
        """Send one photo and return its receipt.

        Raises
        ------
        SendError
            If the server cannot be reached or refuses the photo.
        """
        data = path.read_bytes()
        fields = {"board": board} if board else {}

        def once() -> requests.Response:
            return requests.post(
                f"{self.url}/photos",
                headers=self._headers(),
                files={"camera" if now else "photo": (path.name, data)},
                data=fields,
                timeout=ANSWER_WITHIN_S,
            )

        # The same bytes are the same photo: sending them again is harmless.
        photos: list[dict[str, Any]] = self._answer(once)["photos"]
        return photos[0]

    def status(self, photo_id: str) -> dict[str, Any]:
        """Return how far a photo is.

        Raises
        ------
        SendError
            If the server cannot be reached.
        """
        return self._answer(
            lambda: requests.get(
                f"{self.url}/photos/{photo_id}",
                headers=self._headers(),
                timeout=ANSWER_WITHIN_S,
            )
        )

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}

    def _answer(self, ask: Callable[[], requests.Response]) -> dict[str, Any]:
        response = _asked(ask, self.url)
        try:
            answer: dict[str, Any] = response.json()
        except requests.JSONDecodeError as error:
            raise SendError(
                f"What answers at {self.url} is no Boardcast server.",
                hint="Check the address: it is the one that boardcast serve prints.",
            ) from error
        if not response.ok:
            raise SendError(
                str(answer.get("message", f"The server said {response.status_code}.")),
                hint=str(answer.get("hint", "Try again in a minute.")),
            )
        return answer


@click.command(
    epilog="Example: boardcast send friday-*.jpg --to http://localhost:8000 --token WyJ..."
)
@click.argument(
    "photos",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--to",
    "url",
    required=True,
    envvar="BOARDCAST_PUBLIC_URL",
    help="The server's address; https:// is meant where it begins with neither, "
    "http:// for localhost and addresses by number.",
)
@click.option("--token", required=True, envvar="BOARDCAST_TOKEN")
@click.option("--board", help="Which board they show, by its slug; found if left out.")
@click.option(
    "--now",
    is_flag=True,
    help="They were taken just now: for cameras that write no time into photos.",
)
@click.option("--no-wait", is_flag=True, help="Do not wait until they are read.")
def send(
    photos: tuple[Path, ...],
    url: str,
    token: str,
    board: str | None,
    *,
    now: bool,
    no_wait: bool,
) -> None:
    """Send photos to a running server and wait until they are read."""
    address = found_server(url, lambda address: Server(address, token).knock())
    server = Server(address, token)
    refused = 0
    with progress_bars() as progress:
        for path in photos:
            task = progress.add_task(f"{path.name}: sending", total=None)
            try:
                status = server.post(path, board, now=now)
                if not no_wait:
                    status = _followed(server, status, progress, task, path.name)
                refused += _told(path.name, status)
            except SendError as error:
                refused += 1
                click.echo(f"{path.name}: {error.message}\n  {error.hint}", err=True)
            progress.remove_task(task)
    sys.exit(1 if refused else 0)


def _followed(
    server: Server,
    status: dict[str, Any],
    progress: Progress,
    task: TaskID,
    name: str,
) -> dict[str, Any]:
    """Return a photo's status when nothing more happens to it."""
    while not status["done"]:
        progress.update(
            task,
            description=f"{name}: {status['state']}",
            completed=status["cards_read"],
            total=status["cards_total"] or None,
        )
        time.sleep(POLL_S)
        status = server.status(status["id"])
    return status


def _told(name: str, status: dict[str, Any]) -> bool:
    """Print what became of a photo; say whether it was refused."""
    if status["state"] in {"refused", "failed"}:
        click.echo(f"{name}: {status['message']}\n  {status['hint']}", err=True)
        return True
    board = f", board {status['board']}" if status["board"] else ""
    # Whoever sends is told of the reading, not that doubtful cards are looked at
    # once more.
    read = status["state"] in {"read", "settled"}
    cards = f", {status['cards_total']} cards" if read else ""
    click.echo(f"{name}: {'read' if read else status['state']}{board}{cards}")
    for finding in status["findings"]:
        click.echo(f"  {finding['message']}")
    return False


def _asked(ask: Callable[[], requests.Response], url: str) -> requests.Response:
    for pause_s in (*(2.0**number / 4 for number in range(TRIES - 1)), None):
        try:
            return ask()
        except requests.RequestException as error:
            if pause_s is None or isinstance(
                error,
                requests.exceptions.InvalidURL | requests.exceptions.MissingSchema,
            ):
                raise SendError(
                    f"No server answers at {url}.",
                    hint="Check the address and that boardcast serve is running.",
                ) from error
            time.sleep(pause_s)
    msg = "expected the last try to return or raise"
    raise AssertionError(msg)
