"""A worker process: one lane.

Started by `server.supervisor` as ``python -m server.intake.worker LANE OWNER``
with the settings in the environment.
"""

import logging
import os
import signal
import sys
import time
from types import FrameType

from server.config import settings_from
from server.intake.claims import Worker
from server.intake.loop import work
from server.intake.sight import vision_of
from server.intake.work import Lane
from server.orphans import exit_with_parent
from server.site import Site


def main(lane: Lane, owner: str) -> None:
    """Run a worker process until SIGTERM."""
    # Ctrl-C reaches the whole group; the supervisor alone decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    logging.basicConfig(format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("server").setLevel(logging.INFO)
    exit_with_parent(os.environ)
    settings = settings_from(os.environ)
    site = Site.open(settings)
    vision = vision_of(
        site.profile, settings.profile_path.parent, settings.engine, settings.chat
    )
    work(Worker(site, vision, owner), lane, time.sleep)


def _end(_signal: int, _frame: FrameType | None) -> None:
    # An exception, so that the step under way gives its photo back.
    sys.exit(0)


if __name__ == "__main__":
    main("read" if sys.argv[1] == "read" else "straighten", sys.argv[2])
