"""The web process: granian around the application.

Started by `server.supervisor` as ``python -m server.web`` with the settings in
the environment.
"""

import os
import resource

from a2wsgi.asgi_typing import ASGIApp
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from server.asgi.application import asgi_app
from server.config import settings_from
from server.logs import log_to_stderr
from server.orphans import ending_if_unusable, exit_with_parent, with_parent
from server.site import Site

CONNECTIONS = 8192
"""Open at once: browsers keep theirs between two polls. A silent one costs a few
kilobytes, until `HEADERS_WITHIN_S`."""

SPARE_FILES = 256
"""Open files that are no connections: the database, pictures, uploads."""

BACKLOG = 2048
"""Connections that wait to be taken: two thousand people open the page between two
talks."""

HEADERS_WITHIN_S = 30
"""From one request to the end of the next one's headers. Longer than the page's 20
seconds between two polls, so that its connection lasts."""


def application() -> ASGIApp:
    """Return the application, in granian's worker process."""
    log_to_stderr()
    exit_with_parent(os.environ)
    with ending_if_unusable():
        return asgi_app(Site.open(settings_from(os.environ)))


def main() -> None:
    """Serve until SIGTERM."""
    exit_with_parent(os.environ)
    os.environ.update(with_parent(os.environ))  # for granian's own child
    settings = settings_from(os.environ)
    Granian(
        "server.web:application",
        factory=True,
        interface=Interfaces.ASGINL,
        address=settings.host,
        port=settings.port,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN_S * 1000),
        # One process: one engine-free application is enough for two cores,
        # and what is published is kept in memory once.
        workers=1,
        backlog=BACKLOG,
        backpressure=connections_possible(),
        respawn_failed_workers=True,
        respawn_interval=1.0,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()


def connections_possible() -> int:
    """Return how many connections may be open at once, as the system allows.

    Raises this process's own limit of open files as far as it may.
    """
    wanted = 2 * CONNECTIONS + SPARE_FILES
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, most))
    # Each may have a picture open that it is slow to read.
    return max(1, min(CONNECTIONS, (allowed - SPARE_FILES) // 2))


if __name__ == "__main__":
    main()
