"""Reading is done on this machine, and nobody else hears of it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

READ_A_CARD = """
import os, sys, time
import numpy as np
from vision.recognition.registry import engine_named
engine_named("rapidocr").read([np.full((50, 60, 3), 255, np.uint8)])
os.system("echo $ORT_DISABLE_TELEMETRY")
time.sleep(float(sys.argv[1]))
"""

LINGER_S = 9
"""onnxruntime looked its host up 6.7 s after it was loaded."""

OUTWARD = re.compile(
    r"(?:connect|sendto|sendmsg|sendmmsg)\(.*sa_family=AF_INET6?"
    r'(?!.*(?:"127\.0\.0\.1"|"::1"))'
)
"""A system call that would reach another machine, as strace writes it."""


def environ_of(home: Path) -> dict[str, str]:
    """The environment of somebody with an empty home, who is no CI machine."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT)}


def works(*command: str) -> bool:
    """Say whether this machine has and allows a program."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def after_reading(tmp_path_factory):
    """The reader's home after a reading, its calls to the network, if traced, and what
    a child of it hears of telemetry."""
    home = tmp_path_factory.mktemp("home")
    log = tmp_path_factory.mktemp("trace") / "calls"
    command = [sys.executable, "-c", READ_A_CARD, "0"]
    # Stopped at calls to the network only: at any other it costs a second more.
    trace = [
        *["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=network", "-o"],
        str(log),
    ]
    if traced := works(*trace, "true"):
        # Where it can be had, a network of its own: a fault here stays here.
        alone = ["unshare", "-rn"] if works("unshare", "-rn", "true") else []
        command = [*alone, *trace, *command[:-1], str(LINGER_S)]
    done = subprocess.run(
        command, env=environ_of(home), stdout=subprocess.PIPE, text=True, check=True
    )
    return home, log.read_text().splitlines() if traced else None, done.stdout.strip()


@pytest.mark.ocr
def test_reading_a_card_leaves_no_file_in_the_readers_home(after_reading):
    home, _, _ = after_reading

    assert list(home.rglob("*")) == []


@pytest.mark.ocr
def test_reading_a_card_asks_no_other_machine(after_reading):
    _, calls, _ = after_reading
    if calls is None:
        pytest.skip("no strace here, or it may not trace")

    assert [call for call in calls if OUTWARD.search(call)] == []


@pytest.mark.ocr
def test_children_of_whoever_reads_are_told_to_stay_silent(after_reading):
    *_, told = after_reading

    assert told == "1"
