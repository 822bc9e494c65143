"""What all tests share: the same examples every time, and no needless waits."""

import gc
import os
import shutil
from pathlib import Path

from hypothesis import settings

# No deadline: these machines are noisy. Derandomised: a test that passes today
# passes tomorrow, and a failure is there for the next person, too.
usual = settings(deadline=None, derandomize=True, max_examples=25)
settings.register_profile("boardcast", usual)
settings.load_profile("boardcast")
# What `make test DEEP=1` takes, and with it the gate.
settings.register_profile("deep", usual, max_examples=100)

MEMORY = Path("/dev/shm")  # noqa: S108  (pytest makes a folder of its own there)
ROOM_BYTES = 2**30
"""Ten times what all tests together leave there."""


def pytest_configure():
    """Let folders of tests lie in memory: a site waits for a disk very often."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish():
    """Look for garbage among what tests leave, not among all that was imported.

    More seldom, too: it took a tenth of the time of those that use the database.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
