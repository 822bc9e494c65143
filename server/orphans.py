"""Child processes that do not outlive their parent, even if it is killed."""

import os
import threading

CHECK_EVERY_S = 0.5
"""A new parent wants the old one's port about a second after its death."""

ORPHANED = 71
"""Exit code of a process whose parent is gone."""


def exit_with_parent() -> None:
    """End this process, from another thread, as soon as its parent is gone.

    Hard and at once: everything here may be killed at any moment anyway.
    """
    watcher = threading.Thread(
        target=_watch, args=(os.getppid(), threading.Event()), daemon=True
    )
    watcher.start()


def _watch(parent: int, never: threading.Event) -> None:
    while os.getppid() == parent:
        never.wait(CHECK_EVERY_S)
    os._exit(ORPHANED)
