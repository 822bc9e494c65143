"""A worker process: one lane or several.

Started by `server.supervisor` with the settings in the environment, for example
as ``python -m server.intake.worker read,settle OWNER``.
"""

import faulthandler
import os
import signal
import sys
import time
from collections.abc import Sequence
from types import FrameType
from typing import get_args

from server.allocator import spare_memory
from server.config import settings_from
from server.intake.claims import Worker
from server.intake.loop import work
from server.intake.sight import vision_of
from server.intake.work import Lane
from server.logs import log_to_stderr
from server.orphans import ending_if_unusable, exit_with_parent
from server.pulse import Pulse
from server.site import Site

NICENESS = 10
"""Added to the process's: attendees' requests take milliseconds and come first,
reading a photo takes seconds and has time. With 10 the system gives a process
a tenth of the share that it gives the web, when both want a core."""

MAX_STEP_S = 600
"""A process that claims nothing for so long hangs; a board of 120 cards takes a
Raspberry Pi about two minutes."""


def main(lanes: Sequence[Lane], owner: str) -> None:
    """Run a worker process until SIGTERM."""
    os.nice(NICENESS)  # before there are threads: each has a priority of its own
    spare_memory()
    # Ctrl-C reaches the whole group; the supervisor alone decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    log_to_stderr()
    exit_with_parent(os.environ)
    with ending_if_unusable():
        site = Site.open(settings_from(os.environ))
    if pulse := Pulse.of(os.environ):
        pulse.ready()
    work(Worker(site, vision_of(site), owner), lanes, time.sleep, newest)


def newest(worker: Worker) -> Worker:
    """Return a worker that knows the event as it holds now.

    Called before each claim: a process that does not come here any more prints
    where it hangs, and ends.
    """
    faulthandler.dump_traceback_later(MAX_STEP_S, exit=True)
    site = worker.site.newest()
    if site is worker.site:
        return worker
    return Worker(site, vision_of(site), worker.owner)


def _end(_signal: int, _frame: FrameType | None) -> None:
    # An exception, so that the step under way gives its photo back.
    sys.exit(0)


if __name__ == "__main__":
    asked = sys.argv[1].split(",")
    main([lane for lane in get_args(Lane) if lane in asked], sys.argv[2])
