"""Looks after a running site: its log and systemd are told what is wrong with it."""

import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from server.health import MENDED_BY_RESTART, Fault, faults
from server.pulse import Pulse
from server.site import Site
from server.systemd import notify, status

LOOK_EVERY_S = 5
"""Between looks at the whole; each writes a block and asks the database once."""

WATCHDOG = "WATCHDOG_USEC"
"""Variable with the time, in microseconds, within which systemd wants a ping."""

PINGS = 3
"""In that time: one may come late on a busy machine."""

log = logging.getLogger(__name__)


@contextmanager
def monitored(site: Site, pulse: Pulse) -> Iterator[None]:
    """Look after a site as long as the context is open.

    Parameters
    ----------
    site : Site
    pulse : Pulse
        Its processes' signs of life.
    """
    over = threading.Event()
    every_s = look_every_s(os.environ)
    look = threading.Thread(
        target=_look, args=(lambda: faults(site, pulse), over, every_s), daemon=True
    )
    notify("READY=1", status("Ready."))
    look.start()
    try:
        yield
    finally:
        notify("STOPPING=1")
        # Not waited for: it may just ask a disk that hangs.
        over.set()


def look_every_s(environ: Mapping[str, str]) -> float:
    """Return the time between looks, so that systemd's watchdog is in time."""
    wanted_s = int(environ.get(WATCHDOG, "0")) / 1e6 / PINGS
    return min(LOOK_EVERY_S, wanted_s or LOOK_EVERY_S)


def tell(found: tuple[Fault, ...], before: tuple[Fault, ...]) -> None:
    """Tell systemd what is wrong, and the log if that is news.

    The watchdog is not pinged while a restart would mend it.

    Parameters
    ----------
    found, before : tuple of Fault
        What is wrong now, and what was at the last look.
    """
    words = " ".join(fault.message for fault in found) or "Ready."
    if {fault.kind for fault in found} != {fault.kind for fault in before}:
        log.log(logging.ERROR if found else logging.INFO, "%s", words)
    mended = any(fault.kind in MENDED_BY_RESTART for fault in found)
    notify(status(words), *(() if mended else ("WATCHDOG=1",)))


def _look(
    look: Callable[[], tuple[Fault, ...]], over: threading.Event, every_s: float
) -> None:
    before: tuple[Fault, ...] = ()
    while not over.wait(every_s):
        found = look()
        tell(found, before)
        before = found
