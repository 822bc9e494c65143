"""Looks after a running site: its log and systemd are told what is wrong with it."""

import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from server.errors import StorageError
from server.health import MENDED_BY_RESTART, Fault, faults
from server.pulse import Pulse
from server.site import Site
from server.store.damage import damage_of
from server.systemd import notify, status

LOOK_EVERY_S = 5
"""Between looks at the whole; each writes a block and asks the database once."""

WATCHDOG = "WATCHDOG_USEC"
"""Variable with the time, in microseconds, within which systemd wants a ping."""

PINGS = 3
"""In that time: one may come late on a busy machine."""

log = logging.getLogger(__name__)


@contextmanager
def monitored(site: Site, pulse: Pulse, alarm: Callable[[], None]) -> Iterator[None]:
    """Look after a site as long as the context is open.

    Parameters
    ----------
    site : Site
    pulse : Pulse
        Its processes' signs of life.
    alarm : callable
        Called from another thread when the database is found damaged: nothing
        that is kept in it can be relied on, and the caller is to leave.

    Raises
    ------
    StorageError
        At the end, if it was.
    """
    over = threading.Event()
    found: list[StorageError] = []
    arguments = (site, pulse, over, found, alarm)
    look = threading.Thread(target=_look, args=arguments, daemon=True)
    notify("READY=1", status("Ready."))
    look.start()
    try:
        yield
    finally:
        notify("STOPPING=1")
        # Not waited for: it may just ask a disk that hangs.
        over.set()
        if found:
            raise found[0]


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
    site: Site,
    pulse: Pulse,
    over: threading.Event,
    damages: list[StorageError],
    alarm: Callable[[], None],
) -> None:
    every_s = look_every_s(os.environ)
    before: tuple[Fault, ...] = ()
    while not over.wait(every_s):
        try:
            damage = damage_of(site.database)
            found = faults(site, pulse) if damage is None else ()
        except Exception:
            # Not pinged either: systemd notices that nobody looks any more.
            log.exception("nobody knows what is wrong with the site")
            continue
        if damage is not None:
            damages.append(damage)
            alarm()
            return
        tell(found, before)
        before = found
