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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
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


@dataclass(slots=True)
class Ending:
    """Ends the process when it is told to, but not amid a post.

    Parameters
    ----------
    busy : bool
        Whether a post is under way.
    asked : bool
        Whether the process is to end.
    """

    busy: bool = False
    asked: bool = False

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        """End now, or as soon as the post is done."""
        self.asked = True
        if not self.busy:
            sys.exit(0)

    @contextmanager
    def after_this(self) -> Iterator[None]:
        """Let what is done here be finished."""
        self.busy = True
        try:
            yield
        finally:
            self.busy = False
        if self.asked:
            sys.exit(0)


def work(sender: Sender, ending: Ending) -> None:
    """Send posts until the process is told to end."""
    while True:
        faulthandler.dump_traceback_later(MAX_STEP_S, exit=True)
        try:
            sender = replace(sender, site=sender.site.newest())
            with ending.after_this():
                sent = send_once(sender)
            time.sleep(0 if sent else POLL_S)
        except BoardcastError as error:
            log.error("%s", error)  # noqa: TRY400  (an operator's fault: no traceback)
            time.sleep(PAUSE_S)


def main(owner: str) -> None:
    """Run the process until SIGTERM."""
    # Ctrl-C reaches the whole group; the supervisor alone decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ending = Ending()
    signal.signal(signal.SIGTERM, ending)
    log_to_stderr()
    exit_with_parent(os.environ)
    with ending_if_unusable():
        site = Site.open(settings_from(os.environ))
        services = services_from(os.environ, site.settings.data_dir)
        check_services(services)
    if pulse := Pulse.of(os.environ):
        pulse.ready()
    work(Sender(site, services, owner), ending)


if __name__ == "__main__":
    main(sys.argv[1])
