"""``boardcast watch``: photos that appear in a folder, to a running server."""

import sys
import time
from pathlib import Path

import click

from server.cli.options import Duration, server_options, until_stopped
from server.sending.delivery import Delivery
from server.sending.server import Server
from server.watching.folder import LOOK_S, SETTLED_S, WatchedFolder


@click.command(
    epilog="Example: boardcast watch /media/camera --to http://localhost:8000 --token WyJ..."
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@server_options()
@click.option("--once", is_flag=True, help="Send what is there and end, as for cron.")
@click.option(
    "--settled",
    "settled_s",
    type=Duration(),
    default=f"{SETTLED_S:.0f}s",
    show_default=True,
    help="How long a file must stay unchanged until it is sent.",
)
def watch(
    folder: Path,
    url: str,
    token: str,
    board: str | None,
    *,
    once: bool,
    settled_s: float,
) -> None:
    """Send the photos in a folder, and each that appears there, once.

    Folders in it count, hidden and half copied files do not. What was sent is
    remembered in the file .boardcast-sent in the folder. Folder and server may come and
    go; what is missing is sent in its order. Ctrl-C ends it.
    """
    watched = WatchedFolder(
        folder, Delivery(Server(url, token), board, click.echo), click.echo, settled_s
    )
    if once:
        sys.exit(_once(watched))
    with until_stopped():
        while True:
            watched.visit()
            watched.delivery.follow()
            time.sleep(LOOK_S)


def _once(watched: WatchedFolder) -> int:
    """Send what is there and wait until it is read; return the exit code."""
    there = watched.visit()
    if there and watched.waiting:
        time.sleep(watched.settled_s)
        watched.visit()
    while watched.delivery.follow() and not watched.delivery.is_away:
        time.sleep(LOOK_S)
    if there and watched.waiting:
        click.echo(f"Left for the next time: {watched.waiting}", err=True)
    return (
        0 if there and not (watched.delivery.refused or watched.delivery.is_away) else 1
    )
