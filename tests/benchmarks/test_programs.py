"""The bench as people start it, and everything that it prints and writes."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner

from benchmarks import __main__ as program
from benchmarks import drawn, scenarios
from benchmarks.readers import along_true_outlines, sticky_notes

REFUSED = (
    "The folder {} holds no boards with truth.\n"
    "Give one that has folders with photo.jpg, truth.json and layout.json.\n"
)


def test_folder_without_boards_is_refused(tmp_path):
    done = CliRunner().invoke(program.bench, [str(tmp_path)])

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == REFUSED.format(tmp_path)


def test_program_refuses_a_folder_without_boards(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.finding", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == REFUSED.format(tmp_path)


@pytest.fixture
def small(monkeypatch, engine):
    """Let the bench draw small photos in this process, and its rivals read one word."""
    word = engine()
    monkeypatch.setattr(drawn, "PHOTO_WH", (800, 600))
    monkeypatch.setattr(scenarios, "ROOMS", 3)
    monkeypatch.setattr(scenarios, "CARDS", 8)
    monkeypatch.setattr(program, "_processes", lambda: ThreadPoolExecutor(1))
    monkeypatch.setattr(
        program, "along_true_outlines", lambda *_: along_true_outlines(word, word)
    )
    monkeypatch.setattr(program, "sticky_notes", lambda _: sticky_notes(word))
    monkeypatch.setattr(program, "whole_photo_readers", lambda: ({}, ("No rival.",)))


@pytest.mark.slow
@pytest.mark.ocr
@pytest.mark.usefixtures("small")
def test_quick_run_prints_and_writes_every_figure(tmp_path):
    path = tmp_path / "bench.json"

    done = CliRunner().invoke(program.bench, ["--quick", "--json", str(path)])

    assert done.exit_code == 0, done.output
    written = json.loads(path.read_text())
    titles = [table["title"] for table in written["tables"]]
    assert written["schema"] == "boardcast/bench/3"
    assert [title for title in titles if title not in done.stdout] == []
    assert written["notes"][0] == "No rival."
    accuracy = written["tables"][0]
    assert (
        accuracy["rows"][0] | {"reader": "Boardcast, first", "refused": 0}
        == (accuracy["rows"][0])
    )
    assert accuracy["rows"][0]["title"] == {"hits": 10, "of": 10}
    (free,) = [table for table in written["tables"] if table["title"] == "Free cells"]
    assert free["rows"][0]["false"] == 0
