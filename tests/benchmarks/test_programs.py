import json
import subprocess
import sys

import pytest


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("program", ["benchmarks", "benchmarks.finding"])
def test_folder_without_boards_is_refused(program, tmp_path):
    done = run(program, tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"The folder {tmp_path} holds no boards with truth.\n"
        "Give one that has folders with photo.jpg, truth.json and layout.json.\n"
    )


@pytest.mark.slow
@pytest.mark.ocr
def test_quick_run_prints_and_writes_every_figure(tmp_path):
    path = tmp_path / "bench.json"

    done = run("benchmarks", "--quick", "--json", path)

    assert done.returncode == 0, done.stderr
    written = json.loads(path.read_text())
    titles = [table["title"] for table in written["tables"]]
    assert written["schema"] == "boardcast/bench/3"
    assert [title for title in titles if title not in done.stdout] == []
    accuracy = written["tables"][0]
    assert (
        accuracy["rows"][0] | {"reader": "Boardcast, first", "refused": 0}
        == (accuracy["rows"][0])
    )
    assert accuracy["rows"][0]["title"] == {"hits": 10, "of": 10}
    (free,) = [table for table in written["tables"] if table["title"] == "Free cells"]
    assert free["rows"][0]["false"] == 0
