"""The process that sends posts: one of a site.

Started by `server.supervisor` with the settings in the environment, as
``python -m server.announcing.worker OWNER``.
"""

import faulthandler
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from types import FrameType

from calibration.errors import BoardcastError
from server.announcing.posting import check_services
from server.announcing.sending import Sender, send_once
from server.announcing.services import services_from
from server.config import settings_from
from server.logs import log_to_stderr
from server.orphans import ending_if_unusable, exit_with_parent
from server.pulse import Pulse
from server.site import Site

POLL_S = 5.0
"""Between looks for a post to send: nobody waits for one by the second."""

PAUSE_S = 10
"""Before the next try when disk or database do not work."""


MAX_STEP_S = 240
"""A process that sends for so long hangs; it ends before its claim runs out."""

log = logging.getLogger(__name__)


def work(sender: Sender, wait: Callable[[float], None]) -> None:
    """Send posts until the process is told to end.

    Parameters
    ----------
    sender : Sender
    wait : callable
        Waits for so many seconds; raises to end.
    """
    while True:
        faulthandler.dump_traceback_later(MAX_STEP_S, exit=True)
        try:
            sender = replace(sender, site=sender.site.newest())
            wait(0 if send_once(sender) else POLL_S)
        except BoardcastError as error:
            log.error("%s", error)  # noqa: TRY400  (an operator's fault: no traceback)
            wait(PAUSE_S)


def main(owner: str) -> None:
    """Run the process until SIGTERM."""
    # Ctrl-C reaches the whole group; the supervisor alone decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    log_to_stderr()
    exit_with_parent(os.environ)
    with ending_if_unusable():
        site = Site.open(settings_from(os.environ))
        services = services_from(os.environ, site.settings.data_dir)
        check_services(services)
    if pulse := Pulse.of(os.environ):
        pulse.ready()
    work(Sender(site, services, owner), time.sleep)


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
