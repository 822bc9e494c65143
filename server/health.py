"""What is wrong with a running site: one answer for monitors, metrics and systemd."""

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from calibration.errors import BoardcastError
from server.pulse import Pulse
from server.site import Site
from server.store.photos import oldest_waiting

FaultKind = Literal["database", "disk", "processes", "photos"]
"""What is at fault."""

FAULT_KINDS: tuple[FaultKind, ...] = ("database", "disk", "processes", "photos")
"""All of them."""

MENDED_BY_RESTART = frozenset[FaultKind]({"database", "processes"})
"""Faults that a service manager does well to start the site anew for. Without
space, or with more photos than it can read, it still shows the board."""

MAX_SILENCE_S = 60
"""Of a process. The supervisor replaces one after 20 s, and a Raspberry Pi takes 20
to start another: what is silent for longer was not mended by that."""

MAX_WAIT = dt.timedelta(minutes=15)
"""For a photo to be read. A Raspberry Pi reads a full board in about two minutes."""

MIN_FREE_BYTES = 256 * 2**20
"""Of the disk with the data: room for a few photos, their pictures and crops."""

PROBE_BYTES = 4096
"""Written to the data folder and thrown away: a full disk takes no block more."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong.

    Parameters
    ----------
    kind : FaultKind
    message : str
        For whoever runs the site; it names nobody and no card.
    """

    kind: FaultKind
    message: str


def faults(site: Site, pulse: Pulse | None) -> tuple[Fault, ...]:
    """Return all that is wrong with a site; nothing if it is ready.

    Parameters
    ----------
    site : Site
    pulse : Pulse or None
        The processes' signs of life; None where nobody supervises.
    """
    folder = site.settings.data_dir
    return (*disk_faults(folder), *_of_database(site), *_of_processes(pulse))


def free_bytes(data_dir: Path) -> int:
    """Return how much the disk with the data folder still takes.

    Raises
    ------
    OSError
        If the folder is gone.
    """
    return shutil.disk_usage(data_dir).free


def disk_faults(data_dir: Path) -> Iterator[Fault]:
    """Yield what is wrong with the disk of a data folder, by writing to it."""
    try:
        with tempfile.TemporaryFile(dir=data_dir) as file:
            file.write(bytes(PROBE_BYTES))
            file.flush()
        free = free_bytes(data_dir)
    except OSError as error:
        yield Fault("disk", f"The data folder cannot be written: {error.strerror}.")
        return
    if free < MIN_FREE_BYTES:
        yield Fault("disk", f"The data folder has {free / 2**20:.0f} MiB left.")


def _of_database(site: Site) -> Iterator[Fault]:
    now = site.clock()
    try:
        with site.database.read() as session:
            oldest = oldest_waiting(session)
    except BoardcastError as error:
        yield Fault("database", error.message)
        return
    if oldest is not None and now - oldest > MAX_WAIT:
        minutes = (now - oldest) // dt.timedelta(minutes=1)
        yield Fault("photos", f"The oldest photo has waited for {minutes} minutes.")


def _of_processes(pulse: Pulse | None) -> Iterator[Fault]:
    if pulse is None:
        return
    for name in pulse.names:
        silence_s = pulse.silence_s(name)
        if silence_s > MAX_SILENCE_S:
            words = f"The process {name} has not worked for {silence_s:.0f} s."
            yield Fault("processes", words)
