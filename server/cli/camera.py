"""``boardcast camera``: a camera that looks at the board, to a running server."""

import hashlib
import re
import time
from pathlib import Path

import click

from calibration.geometry import Rect
from server.camera.lookout import WHOLE, Lookout
from server.camera.source import Source
from server.camera.spool import Spool
from server.cli.options import Duration, server_options, until_stopped
from server.sending.delivery import Delivery
from server.sending.server import Server

STEP_S = 2.0
"""Between looks at whether a picture was read."""

AREA = re.compile(r"(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})")
MAX_PERCENT = 100


class Area(click.ParamType[Rect]):
    """Part of a picture: left, top, right and bottom in percent."""

    name = "left,top,right,bottom"

    def convert(
        self,
        value: str | Rect,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Rect:
        """Return it in shares of the picture's width and height."""
        if isinstance(value, Rect):
            return value
        match = AREA.fullmatch(value)
        left, top, right, bottom = map(int, match.groups()) if match else (0, 0, 0, 0)
        if not 0 <= left < right <= MAX_PERCENT or not 0 <= top < bottom <= MAX_PERCENT:
            words = f'"{value}" is no part of a picture; give for example 10,0,90,80'
            self.fail(words, param, ctx)
        return Rect(*(edge / MAX_PERCENT for edge in (left, top, right, bottom)))


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
@click.option(
    "--area",
    type=Area(),
    default=WHOLE,
    help="The part of the picture in which a change counts: its left, top, right and "
    "bottom edge in percent of width and height. All of the picture is sent; all of it "
    "counts if left out.",
)
def camera(
    source: str,
    url: str,
    token: str,
    board: str | None,
    *,
    every_s: float,
    folder: Path | None,
    area: Rect,
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
    lookout = Lookout(where, spool, delivery, click.echo, every_s, area=area)
    with until_stopped():
        due_s = time.monotonic()
        while True:
            if time.monotonic() >= due_s:
                due_s = time.monotonic() + lookout.look()
            lookout.deliver()
            time.sleep(max(0.0, min(STEP_S, due_s - time.monotonic())))
