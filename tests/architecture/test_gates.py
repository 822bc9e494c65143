"""The rules that tools check: they are tests, so that ``pytest`` alone is the gate."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

GATES = {
    "ruff": ["-m", "ruff", "check", "."],
    "format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy"],
    "imports": ["-c", "from importlinter.cli import lint_imports_command as go; go()"],
}


@pytest.mark.parametrize("gate", GATES)
def test_gate_passes(gate):
    done = subprocess.run(
        [sys.executable, *GATES[gate]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_lock_names_no_index_and_hashes_everything():
    lock = (ROOT / "requirements.lock").read_text()
    entries = re.split(r"\n(?=\S)", lock.strip())

    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"://|--(?:extra-)?index|--find-links", lock) == []


def test_lock_holds_only_the_server_build_of_opencv():
    lock = (ROOT / "requirements.lock").read_text()

    assert re.findall(r"^opencv[\w\-]*", lock, re.MULTILINE) == [
        "opencv-python-headless"
    ]


def test_lock_pins_every_dependency_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = {re.split(r"[<>=\[ ]", entry)[0].lower() for entry in wanted}
    lock = (ROOT / "requirements.lock").read_text().lower()

    missing = {
        name for name in names if not re.search(rf"^{name}==", lock, re.MULTILINE)
    }

    assert missing == set()


def test_no_init_below_tests():
    # One would shadow the package of the same name and break collection.
    assert list((ROOT / "tests").rglob("__init__.py")) == []
