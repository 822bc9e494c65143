"""A worker process: one lane or several.

Started by `server.supervisor` with the settings in the environment, for example
as ``python -m server.intake.worker read,settle OWNER``.
"""

import logging
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
from server.orphans import exit_with_parent
from server.site import Site


def main(lanes: Sequence[Lane], owner: str) -> None:
    """Run a worker process until SIGTERM."""
    spare_memory()
    # Ctrl-C reaches the whole group; the supervisor alone decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    logging.basicConfig(format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("server").setLevel(logging.INFO)
    exit_with_parent(os.environ)
    settings = settings_from(os.environ)
    site = Site.open(settings)
    work(Worker(site, vision_of(site), owner), lanes, time.sleep)


def _end(_signal: int, _frame: FrameType | None) -> None:
    # An exception, so that the step under way gives its photo back.
    sys.exit(0)


if __name__ == "__main__":
    asked = sys.argv[1].split(",")
    main([lane for lane in get_args(Lane) if lane in asked], sys.argv[2])
