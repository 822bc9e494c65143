import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="only glibc has mallopt"
)

BEGIN = """
import ctypes, sys, threading
from server.allocator import spare_memory
if sys.argv[1] == "spare":
    assert spare_memory()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
"""

ARENAS_AFTER_THREADS = """
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

HELD_BELOW_A_SMALL_BLOCK = """
def resident_mb():
    status = open("/proc/self/status").read()
    return int(status.split("VmRSS:")[1].split()[0]) / 1000
picture = 24_000_000
libc.free(libc.malloc(picture))
large = libc.malloc(picture - 1_000_000)
ctypes.memset(large, 1, picture - 1_000_000)
small = libc.malloc(64)
before = resident_mb()
libc.free(large)
print("kept" if before - resident_mb() < 5 else "given back")
"""


def told_by(script: str, how: str) -> str:
    """Run a script in a process of its own: none of this can be taken back."""
    command = [sys.executable, "-c", BEGIN + script, how]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_threads_share_one_arena():
    assert told_by(ARENAS_AFTER_THREADS, "spare") == "1\n"


@pytest.mark.parametrize(
    ("how", "told"), [("spare", "given back\n"), ("waste", "kept\n")]
)
def test_the_room_of_a_large_picture_is_given_back(how, told):
    assert told_by(HELD_BELOW_A_SMALL_BLOCK, how) == told
