"""``boardcast serve``: the site and its workers."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import click

from server.chat import with_chat
from server.cli.addresses import announce, network_url
from server.cli.options import (
    chat_options,
    data_option,
    engine_option,
    event_option,
    host_option,
    port_option,
)
from server.cli.starting import check_settings, started, tell
from server.config import Settings, settings_from
from server.errors import SettingsError
from server.hosts import own_address, own_url
from server.site import Site
from server.supervisor import check_free, jobs, supervised
from vision.errors import ReferenceMissingError
from vision.ocr.select import engine_named

START_WITHIN_S = 60
"""A Raspberry Pi imports everything in about 20 seconds."""


@click.command(
    epilog="Example: boardcast serve --event event.toml --host 0.0.0.0 --port 8000"
)
@event_option()
@data_option()
@host_option()
@port_option()
@engine_option()
@chat_options()
@click.option("--public-url", help="What people type, if it is not host and port.")
def serve(chat_url: str | None, chat_model: str | None, **options: Any) -> None:
    """Run the site, and the workers that read its photos, until Ctrl-C.

    Prints the board's address, and links that sign staff and facilitators in.
    Every option can also be given as BOARDCAST_PROFILE_PATH,
    BOARDCAST_DATA_DIR, BOARDCAST_HOST and so on.
    """
    environ = with_chat(os.environ, chat_url, chat_model)
    run(settings_from(environ, options), tell)


def run(settings: Settings, meanwhile: Callable[[Site], None]) -> None:
    """Run a site until SIGINT or SIGTERM.

    Parameters
    ----------
    settings : Settings
    meanwhile : callable
        Done once the site answers and before its addresses are printed.

    Raises
    ------
    BoardcastError
        If it cannot start.
    """
    logging.basicConfig(format="%(message)s")
    logging.getLogger("server").setLevel(logging.INFO)
    settings = on_network(settings)
    check_settings(settings)
    site = Site.open(settings)
    check_ready(site)
    check_free(settings.host, settings.port)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _interrupt(stop))
    try:
        with started(settings), supervised(site.settings, jobs(site.settings.engine)):
            wait_until_up(site)
            meanwhile(site)
            announce(site)
            stop.wait()
    except Stopped:
        pass
    click.echo("Stopped. Nothing is lost; start it again at any time.", err=True)


def on_network(settings: Settings) -> Settings:
    """Return settings whose public address others on the network can open too.

    One that the organiser gave stays.
    """
    reachable = network_url(settings.host, settings.port)
    if settings.public_url != own_address(settings.host, settings.port):
        return settings
    return replace(settings, public_url=reachable) if reachable else settings


class Stopped(Exception):  # noqa: N818  (the wanted end of the program, no error)
    """The program was told to end."""


def check_ready(site: Site) -> None:
    """Check what photos would otherwise be refused for, one after the other.

    Raises
    ------
    ReferenceMissingError
        If a reference photo is missing.
    EngineError
        If the OCR engine cannot be used.
    """
    folder = site.settings.profile_path.parent
    for board in site.profile.boards:
        if board.reference and not (folder / board.reference.photo).is_file():
            raise ReferenceMissingError(
                f"The reference photo {folder / board.reference.photo} is missing.",
                hint="Put it there, or correct boards.reference.photo in event.toml.",
                board=board.slug,
            )
    if site.settings.engine != "rapidocr":
        # The default one ships with Boardcast, and takes seconds to load.
        engine_named(site.settings.engine, site.settings.chat)


def wait_until_up(site: Site) -> None:
    """Wait until the site answers.

    Raises
    ------
    SettingsError
        If it does not within a minute.
    """
    settings = site.settings
    own = own_url(settings.host, settings.port)
    address = f"{own}/{site.profile.event.short_path}"
    ends = time.monotonic() + START_WITHIN_S
    while time.monotonic() < ends:
        try:
            with urlopen(address, timeout=5):  # noqa: S310  (our own http address)
                return
        except HTTPError:
            return
        except (OSError, HTTPException):  # refused, reset or slow: it still starts
            time.sleep(0.1)
    raise SettingsError(
        f"The site does not answer at {own}.",
        hint="The lines above say why; correct it and start again.",
    )


def _interrupt(stop: threading.Event) -> None:
    if stop.is_set():
        return
    stop.set()
    raise Stopped
