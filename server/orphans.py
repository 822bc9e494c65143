"""Child processes that do not outlive their parent, even if it is killed."""

import os
import threading
from collections.abc import Mapping

PARENT = "BOARDCAST_PARENT"
"""Variable that tells a child its parent's process id. Asking the system would
be too late: a parent that died while the child was still importing is gone."""

CHECK_EVERY_S = 0.5
"""A new parent wants the old one's port about a second after its death."""

ORPHANED = 71
"""Exit code of a process whose parent is gone."""


def with_parent(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that names this process as the parent."""
    return {**environ, PARENT: str(os.getpid())}


def exit_with_parent(environ: Mapping[str, str]) -> None:
    """End this process, at once or from another thread, when its parent is gone.

    Hard: everything here may be killed at any moment anyway.

    Parameters
    ----------
    environ : mapping of str to str
        This process's, made by `with_parent`; without it nothing is watched.
    """
    if PARENT in environ:
        parent = int(environ[PARENT])
        _check(parent)
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    never = threading.Event()
    while not never.wait(CHECK_EVERY_S):
        _check(parent)


def _check(parent: int) -> None:
    if os.getppid() != parent:
        os._exit(ORPHANED)
