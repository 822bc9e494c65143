"""``boardcast serve``: the site and its workers."""

import logging
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import click

from calibration.errors import BoardcastError
from server.announcing.posting import check_services
from server.announcing.services import services_from
from server.chat import with_chat
from server.chat.engines import engine_named
from server.cli.addresses import announce, network_url
from server.cli.last_serve import LastServe
from server.cli.options import (
    chat_options,
    data_option,
    engine_option,
    event_option,
    host_option,
    port_option,
)
from server.cli.reload import asked_if_renamed, reload_event
from server.cli.starting import check_path, check_settings, started, tell
from server.config import Settings, settings_from
from server.errors import SettingsError
from server.hosts import own_address, own_url
from server.logs import log_to_stderr
from server.monitor import monitored
from server.publish.event_change import check_addresses, check_nothing_lost
from server.site import Site
from server.supervisor import check_free, jobs, supervised

START_WITHIN_S = 60
"""A Raspberry Pi imports everything in about 20 seconds."""

log = logging.getLogger(__name__)


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

    event.toml is taken up at the start, and later by boardcast reload (or
    SIGHUP, if no terminal is attached).
    """
    environ = with_chat(os.environ, chat_url, chat_model)
    run(settings_from(environ, options), tell)


def run(settings: Settings, meanwhile: Callable[[Site], None]) -> None:
    """Run a site until SIGINT or SIGTERM.

    Parameters
    ----------
    settings : Settings
    meanwhile : callable
        Done once the site answers and its addresses are printed.

    Raises
    ------
    BoardcastError
        If it cannot start.
    """
    log_to_stderr()
    settings = on_network(settings)
    check_settings(settings)
    # Before event.toml is taken up: another serve may run on the same folder.
    with started(settings):
        site = Site.open(settings)
        # Nothing runs yet, so that addresses may change.
        event = site.settings.profile_path
        renamed = asked_if_renamed(site, event)
        done = reload_event(site, event, check_nothing_lost, renamed=renamed)
        _run(done.site, meanwhile)


def _run(site: Site, meanwhile: Callable[[Site], None]) -> None:
    """Run a site whose data folder is marked as served."""
    settings = site.settings
    check_path(settings, site.profile.event.short_path)
    check_ready(site)
    check_free(settings.host, settings.port)
    LastServe.of(settings).write(settings.data_dir)
    hangups = _listen_to_signals()
    services = services_from(os.environ, settings.data_dir)
    check_services(services)
    own = own_url(settings.host, settings.port)
    todo = jobs(settings.engine, own, announces=bool(services))
    try:
        with supervised(settings, todo, _wake) as pulse:
            wait_until_up(site)
            announce(site)
            meanwhile(site)
            with monitored(site, pulse, _wake):
                _reload_for_each(hangups, site)
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
    EngineError
        If the OCR engine cannot be used.
    """
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


def _listen_to_signals() -> "queue.SimpleQueue[None]":
    """Let SIGINT and SIGTERM raise `Stopped`; return where SIGHUPs are queued.

    In a terminal SIGHUP means that its window was closed: the site ends, too.
    Who told the program to ignore it, as nohup does, is obeyed.
    """
    stopped = threading.Event()
    hangups: queue.SimpleQueue[None] = queue.SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _interrupt(stopped))
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        ends = any(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
        signal.signal(
            signal.SIGHUP,
            lambda *_: _interrupt(stopped) if ends else hangups.put(None),
        )
    return hangups


def _reload_for_each(hangups: "queue.SimpleQueue[None]", site: Site) -> None:
    """Take event.toml up anew whenever that is asked for."""
    while True:
        hangups.get()
        try:
            reload_event(
                site, site.settings.profile_path, check_addresses, check_nothing_lost
            )
        except BoardcastError as error:
            log.error("event.toml is not taken up: %s", error)  # noqa: TRY400  (a refusal: no traceback)


def _wake() -> None:
    """Let the main thread leave whatever it waits for: the site cannot go on."""
    main = threading.main_thread().ident
    if main is not None:
        signal.pthread_kill(main, signal.SIGTERM)


def _interrupt(stopped: threading.Event) -> None:
    if stopped.is_set():
        return
    stopped.set()
    raise Stopped
