"""A backup whose process is killed: `python dying_backup.py FOLDER TARGET POINT`.

Points: ``blob-2`` (when the second blob is done), or what Python is about to do, as
its audit hooks name it: ``os.rename``, or ``open`` and the end of a path.
"""

import datetime as dt
import os
import signal
import sys
from pathlib import Path

from server.config import Settings
from server.store.backup import back_up
from server.store.kept import Kept


def main(folder: Path, target: Path, point: str) -> None:
    """Back the site in a folder up, and die at a point."""
    settings = Settings(folder / "event.toml", folder / "data", secret_key="secret")
    kept = Kept.of(settings)

    def at(here: str) -> None:
        if here.startswith(point.split(maxsplit=1)[0]) and here.endswith(
            point.rsplit(maxsplit=1)[-1]
        ):
            os.kill(os.getpid(), signal.SIGKILL)

    def audited(event: str, arguments: tuple[object, ...]) -> None:
        if event in {"open", "os.rename", "os.rmdir"}:
            at(f"{event} {arguments[0]}" if event == "open" else event)

    sys.addaudithook(audited)
    now = dt.datetime(2024, 5, 17, 16, 0, tzinfo=dt.UTC)
    event = settings.profile_path
    back_up(kept, event, target, now, lambda done, _total: at(f"blob-{done}"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
