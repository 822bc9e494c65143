"""A process that sends a post and is killed in the middle of it.

Run by test_sending.py: ``python dying_sender.py FOLDER PORT POINT NOW``.
"""

import datetime as dt
import os
import signal
import sys
import warnings
from dataclasses import replace
from pathlib import Path

from server.announcing.posting import post
from server.announcing.sending import Sender, send_once
from server.announcing.services import Service
from server.config import Settings
from server.site import Site


def main(folder: Path, port: str, point: str, now: str) -> None:
    """Send what is due; die before a post leaves, or after it arrived."""
    warnings.simplefilter("ignore")  # apprise's
    settings = Settings(folder / "event.toml", folder / "data", secret_key="secret")
    moment = dt.datetime.fromisoformat(now)
    site = replace(Site.open(settings), clock=lambda: moment)

    def post_and_die(*args):
        if point == "after":
            post(*args)
        os.kill(os.getpid(), signal.SIGKILL)

    service = Service("fosstodon", f"mastodon://SECRET@127.0.0.1:{port}")
    sender = Sender(site, (service,), f"dying/{os.getpid()}", post_and_die)
    while send_once(sender):
        pass


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
