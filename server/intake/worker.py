"""A worker process: one lane, one photo after the other, for ever.

Started by `server.supervisor` as ``python -m server.intake.worker LANE OWNER``
with the settings in the environment.
"""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from calibration.errors import BoardcastError
from server.config import settings_from
from server.intake.sight import vision_of
from server.intake.work import Lane, Worker, claim_next, work_on
from server.orphans import exit_with_parent
from server.site import Site
from server.store.leases import LEASE, renew
from server.store.values import PhotoRecord

POLL_S = 0.3
"""Between looks for a new photo: staff see it start at once, and an idle
database is asked three times a second."""

PAUSE_S = 10
"""Before the next try when disk, database or engine do not work."""

MAX_STEP_S = 600
"""A step that takes longer hangs; a board of 120 cards takes a Raspberry Pi
about two minutes."""

STUCK = 70
"""Exit code of a process whose step hangs."""

log = logging.getLogger(__name__)


def work(worker: Worker, lane: Lane, wait: Callable[[float], None]) -> None:
    """Work on photos until the process is told to end.

    Parameters
    ----------
    worker : Worker
    lane : Lane
    wait : callable
        Waits for so many seconds; raises to end.
    """
    while True:
        try:
            wait(0 if work_once(worker, lane) else POLL_S)
        except BoardcastError as error:
            log.error("%s", error)  # noqa: TRY400  (an operator's fault: no traceback)
            wait(PAUSE_S)


def work_once(worker: Worker, lane: Lane) -> bool:
    """Work on the next photo; say whether there was one.

    Raises
    ------
    StorageError, EngineError
        If the site is at fault; the photo waits on.
    """
    record = claim_next(worker, lane)
    if record is None:
        return False
    with renewed(worker, record):
        work_on(worker, lane, record)
    return True


@contextmanager
def renewed(worker: Worker, record: PhotoRecord) -> Iterator[None]:
    """Renew a claim as long as its step goes on, and end a step that hangs."""
    done = threading.Event()
    thread = threading.Thread(
        target=_renew, args=(worker, record.id, done), daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def main(lane: Lane, owner: str) -> None:
    """Run a worker process until SIGTERM."""
    # Ctrl-C reaches the whole group; the supervisor alone decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    logging.basicConfig(format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("server").setLevel(logging.INFO)
    exit_with_parent()
    settings = settings_from(os.environ)
    site = Site.open(settings)
    vision = vision_of(site.profile, settings.profile_path.parent, settings.engine)
    work(Worker(site, vision, owner), lane, time.sleep)


def _renew(worker: Worker, photo_id: str, done: threading.Event) -> None:
    began = time.monotonic()
    while not done.wait(LEASE.total_seconds() / 4):
        if time.monotonic() - began > MAX_STEP_S:
            log.error("photo %s takes longer than %s s", photo_id, MAX_STEP_S)
            os._exit(STUCK)
        try:
            with worker.site.database.write() as session:
                renew(session, photo_id, worker.owner, worker.site.clock())
        except BoardcastError:
            # The step itself meets the same trouble, and answers for it.
            log.warning("the claim on photo %s could not be renewed", photo_id)


def _end(_signal: int, _frame: FrameType | None) -> None:
    # An exception, so that the step under way gives its photo back.
    sys.exit(0)


if __name__ == "__main__":
    main("read" if sys.argv[1] == "read" else "straighten", sys.argv[2])
