import os
import subprocess
import sys
import time
from pathlib import Path

from server.orphans import ORPHANED, PARENT

ROOT = Path(__file__).parents[2]
CHILD = """
import os, sys, time
from server.orphans import exit_with_parent
exit_with_parent(os.environ)
print("up", flush=True)
time.sleep(60)
"""
PARENT_OF_IT = f"""
import os, subprocess, sys
from server.orphans import with_parent
child = subprocess.Popen([sys.executable, "-c", {CHILD!r}],
                         env=with_parent(os.environ), stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
os.kill(os.getpid(), 9)
"""


def environ(**more):
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def test_child_ends_when_its_parent_is_killed():
    parent = subprocess.run(
        [sys.executable, "-c", PARENT_OF_IT],
        env=environ(),
        capture_output=True,
        text=True,
        check=False,
    )
    status = Path(f"/proc/{int(parent.stdout)}/status")

    ends = time.monotonic() + 10
    while status.exists() and "zombie" not in status.read_text():
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_child_whose_parent_is_gone_already_ends_at_once():
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        env=environ(**{PARENT: "1"}),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (ORPHANED, "")
