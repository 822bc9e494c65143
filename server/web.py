"""The web process: granian around the application.

Started by `server.supervisor` as ``python -m server.web`` with the settings in
the environment.
"""

import os

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from server.app import create_app
from server.config import settings_from
from server.orphans import exit_with_parent, with_parent

THREADS = 64
"""Slow uploads over a venue's network hold a thread each; attendees' requests
take milliseconds. A hundred slow uploads starve small pools."""

BACKPRESSURE = 128
"""Requests taken in at once; the rest wait in the system's queue."""


def application() -> Flask:
    """Return the application, in granian's worker process."""
    exit_with_parent(os.environ)
    return create_app(settings_from(os.environ))


def main() -> None:
    """Serve until SIGTERM."""
    exit_with_parent(os.environ)
    os.environ.update(with_parent(os.environ))  # for granian's own child
    settings = settings_from(os.environ)
    Granian(
        "server.web:application",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        # One process: one engine-free application is enough for two cores,
        # and what it remembers of pages is remembered once.
        workers=1,
        blocking_threads=THREADS,
        backpressure=BACKPRESSURE,
        respawn_failed_workers=True,
        respawn_interval=1.0,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()


if __name__ == "__main__":
    main()
