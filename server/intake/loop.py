"""One photo after the other, for as long as the process lives."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from calibration.errors import BoardcastError
from server.errors import ProfileChangedError
from server.intake.claims import Worker
from server.intake.parts import FOLDER, let_old_go
from server.intake.work import Lane, claim_next, work_on
from server.publish.voting import end_due
from server.store.corrections import boards_with_votes
from server.store.leases import LEASE, renew
from server.store.values import PhotoRecord

POLL_S = 0.3
"""Between looks for a new photo: staff see it start at once, and an idle
database is asked three times a second."""

PAUSE_S = 10
"""Before the next try when disk, database or engine do not work."""

log = logging.getLogger(__name__)


def unchanged(worker: Worker) -> Worker:
    """Return the worker itself: its event never changes."""
    return worker


def work(
    worker: Worker,
    lanes: Sequence[Lane],
    wait: Callable[[float], None],
    newest: Callable[[Worker], Worker] = unchanged,
) -> None:
    """Work on photos until the process is told to end.

    Parameters
    ----------
    worker : Worker
    lanes : sequence of Lane
        The most urgent first: after each step that one is looked at anew.
    wait : callable
        Waits for so many seconds; raises to end.
    newest : callable
        Returns the worker with the event as it holds now. Called before each
        claim: a step works with one version from its begin to its end.
    """
    looked_at_s = float("-inf")
    while True:
        try:
            # The lane whose steps are short: no vote ends late.
            due = time.monotonic() - looked_at_s > VOTES_EVERY_S
            if "straighten" in lanes and due:
                looked_at_s = time.monotonic()
                end_votes_on_time(worker := newest(worker))
                with suppress(OSError):  # no photo has come in parts yet
                    let_old_go(worker.site.settings.data_dir / FOLDER)
            worked = any(work_once(worker := newest(worker), lane) for lane in lanes)
            wait(0 if worked else POLL_S)
        except BoardcastError as error:
            log.error("%s", error)  # noqa: TRY400  (an operator's fault: no traceback)
            wait(PAUSE_S)


VOTES_EVERY_S = 5.0
"""Between looks for votes whose time is over, and for parts of photos that are too old."""


def end_votes_on_time(worker: Worker) -> None:
    """End the votes whose time is over."""
    with worker.site.database.read() as session:
        if not boards_with_votes(session):
            return
    # Who has another event by now looks again soon.
    with suppress(ProfileChangedError), worker.site.database.write() as session:
        end_due(session, worker.site.profile, worker.site.clock())


def work_once(worker: Worker, lane: Lane) -> bool:
    """Work on a lane's next photo; say whether there was one.

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
    """Renew a claim as long as its step goes on."""
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


def _renew(worker: Worker, photo_id: str, done: threading.Event) -> None:
    while not done.wait(LEASE.total_seconds() / 4):
        try:
            with worker.site.database.write() as session:
                renew(session, photo_id, worker.owner, worker.site.clock())
        except BoardcastError:
            # The step itself meets the same trouble, and answers for it.
            log.warning("the claim on photo %s could not be renewed", photo_id)
