"""Child processes: they do not outlive their parent, and show that they live."""

import ctypes
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from calibration.errors import BoardcastError
from server.pulse import PULSE, Pulse

PARENT = "BOARDCAST_PARENT"
"""Variable that tells a child its parent's process id. Asking the system would
be too late: a parent that died while the child was still importing is gone."""

CHECK_EVERY_S = 0.5
"""A new parent wants the old one's port about a second after its death."""

ORPHANED = 71
"""Exit code of a process whose parent is gone."""

UNUSABLE = 78
"""Exit code of a process that cannot start because of what it was given, and has
said so (EX_CONFIG of sysexits.h)."""

PR_SET_PDEATHSIG = 1
"""Of Linux's prctl(2)."""

log = logging.getLogger(__name__)


def with_parent(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that names this process as the parent.

    A child of a child gives no signs of life in its parent's name.
    """
    pulse = environ.get(PULSE, "")
    unnamed = {PULSE: pulse[pulse.index(":") :]} if pulse else {}
    return {**environ, PARENT: str(os.getpid()), **unnamed}


def exit_with_parent(environ: Mapping[str, str]) -> None:
    """End this process, at once or from another thread, when its parent is gone.

    Hard: everything here may be killed at any moment anyway. The same thread
    shows that the process lives; a stopped or deadlocked one falls silent.

    Parameters
    ----------
    environ : mapping of str to str
        This process's, made by `with_parent`; without it nothing is watched.
    """
    if PARENT in environ:
        parent = int(environ[PARENT])
        _die_with_parent()
        _check(parent)
        threading.Thread(
            target=_watch, args=(parent, Pulse.of(environ)), daemon=True
        ).start()


@contextmanager
def ending_if_unusable() -> Iterator[None]:
    """End a process that cannot start because of what it was given, and say why.

    With an exit code of its own: it is no crash.
    """
    try:
        yield
    except BoardcastError as error:
        log.error("%s", error)  # noqa: TRY400  (an operator's fault: no traceback)
        sys.exit(UNUSABLE)


def _watch(parent: int, pulse: Pulse | None) -> None:
    never = threading.Event()
    while not never.wait(CHECK_EVERY_S):
        _check(parent)
        if pulse:
            pulse.beat()


def _check(parent: int) -> None:
    if os.getppid() != parent:
        os._exit(ORPHANED)


def _die_with_parent() -> None:
    """Let the kernel kill this process with its parent, where it can.

    The thread above cannot, in a process that is stopped.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
