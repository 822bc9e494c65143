"""``.ci/system-packages``, with an apt-get that a test has written."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "system-packages"
NEEDED = ("bash", "env", "find", "grep", "id", "ls", "touch")


@pytest.fixture
def install(tmp_path):
    """Run the script where nothing is installed; return how often apt-get was asked."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (tmp_path / ".venv").mkdir()
    asked = tmp_path / "asked"
    for name in NEEDED:
        if where := shutil.which(name):
            (programs / name).symlink_to(where)
    (programs / "sudo").write_text('#!/bin/sh\nshift; [ "$1" = true ] || exec "$@"\n')
    (programs / "sudo").chmod(0o755)

    def install(status):
        apt = programs / "apt-get"
        apt.write_text(f'#!/bin/sh\necho "$1" >> {asked}\nexit {status}\n')
        apt.chmod(0o755)
        asked.write_text("")
        done = subprocess.run(
            [SCRIPT],
            cwd=tmp_path,
            env={**os.environ, "PATH": str(programs)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert "No chromium on this machine" in done.stdout
        return len(asked.read_text().split())

    return install


def test_what_could_not_be_installed_is_not_tried_each_time(install):
    assert install(0) > 0
    assert install(0) == 0


def test_where_apt_is_busy_it_is_tried_again(install):
    """Locked by the machine's own updates, it refuses even to look."""
    assert install(100) > 0
    assert install(0) > 0
    assert install(0) == 0
