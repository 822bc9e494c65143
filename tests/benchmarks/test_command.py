import subprocess
import sys


def bench(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_folder_without_boards_is_refused(tmp_path):
    done = bench(str(tmp_path))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"The folder {tmp_path} holds no boards with truth.\n"
        "Give one that has folders with photo.jpg, truth.json and layout.json.\n"
    )
