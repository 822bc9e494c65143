"""``boardcast camera``: a camera that looks at the board, to a running server."""

import hashlib
import time
from pathlib import Path

import click

from server.camera.lookout import Lookout
from server.camera.source import Source
from server.camera.spool import Spool
from server.cli.options import Duration, server_options, until_stopped
from server.sending.delivery import Delivery
from server.sending.server import Server

STEP_S = 2.0
"""Between looks at whether a picture was read."""


@click.command(
    epilog="Example: boardcast camera http://192.168.1.9/snapshot.jpg --every 5m "
    "--to http://localhost:8000 --token WyJ..."
)
@click.argument("source")
@server_options()
@click.option(
    "--every",
    "every_s",
    type=Duration(),
    default="5m",
    show_default=True,
    help="How often to look.",
)
@click.option(
    "--spool",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for pictures that wait for the server; one for each camera, "
    "boardcast-camera-… in this folder if left out.",
)
def camera(
    source: str,
    url: str,
    token: str,
    board: str | None,
    *,
    every_s: float,
    folder: Path | None,
) -> None:
    """Look at the board through a camera, and send a picture when it changed.

    SOURCE is the address of a JPEG snapshot or video (http://, rtsp://), or a camera of
    this computer (/dev/video0). A picture is taken when something changed since the last
    one and nobody stands in front. Camera and server may come and go; what could not be
    sent waits. Ctrl-C ends it.
    """
    try:
        where = Source(source)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="SOURCE") from error
    name = hashlib.sha256(source.encode()).hexdigest()[:8]
    spool = Spool(folder or Path(f"boardcast-camera-{name}"), click.echo)
    delivery = Delivery(Server(url, token), board, click.echo)
    lookout = Lookout(where, spool, delivery, click.echo, every_s)
    with until_stopped():
        due_s = time.monotonic()
        while True:
            if time.monotonic() >= due_s:
                due_s = time.monotonic() + lookout.look()
            lookout.deliver()
            time.sleep(max(0.0, min(STEP_S, due_s - time.monotonic())))
