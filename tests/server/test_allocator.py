import platform
import subprocess
import sys

import pytest

ARENAS_AFTER_THREADS = """
import ctypes, sys, threading
from server.allocator import use_one_arena
if sys.argv[1] == "one":
    assert use_one_arena()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
barrier = threading.Barrier(4)
places = []
def work():
    barrier.wait()
    places.append(libc.malloc(64_000) >> 26)
threads = [threading.Thread(target=work) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(set(places)))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has arenas")
def test_threads_share_one_arena():
    # In a process of its own: it cannot be taken back.
    script = [sys.executable, "-c", ARENAS_AFTER_THREADS, "one"]

    told = subprocess.run(script, check=True, capture_output=True, text=True)

    assert told.stdout == "1\n"
