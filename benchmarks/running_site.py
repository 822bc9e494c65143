"""A site that runs as it would at an event, with a sample event's photos."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from sample_boards.events import SAMPLE_EVENTS

START_WITHIN_S = 90
READ_WITHIN_S = 180
SETTLED_WITHIN_S = 1800


@dataclass(frozen=True, slots=True)
class RunningSite:
    """A site that runs.

    Parameters
    ----------
    port : int
    staff, facilitator : str
        Tokens.
    """

    port: int
    staff: str
    facilitator: str

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def send(self, path: Path) -> str:
        """Send a photo and return its id."""
        answer = requests.post(
            f"{self.url}/photos",
            headers={"Authorization": f"Bearer {self.staff}"},
            files={"photo": (path.name, path.read_bytes())},
            timeout=60,
        )
        answer.raise_for_status()
        return str(answer.json()["photos"][0]["id"])

    def wait_until_read(self, photo_id: str, *, settled: bool = False) -> None:
        """Wait until a photo is read, or until its doubtful cards were read again."""
        ends_at = time.monotonic() + (SETTLED_WITHIN_S if settled else READ_WITHIN_S)
        while time.monotonic() < ends_at:
            status = requests.get(
                f"{self.url}/photos/{photo_id}",
                headers={"Authorization": f"Bearer {self.staff}"},
                timeout=60,
            ).json()
            if status["done"] and not (settled and status["state"] == "read"):
                return
            time.sleep(0.5)
        raise TimeoutError(photo_id)


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_site(
    folder: Path,
    profile: Path = SAMPLE_EVENTS[0].profile_path,
    photos: Sequence[Path] = SAMPLE_EVENTS[0].photos[:1],
    *,
    settled: bool = False,
) -> Iterator[RunningSite]:
    """Run a site whose photos are read by then.

    Parameters
    ----------
    folder : Path
        For its data and its log.
    profile : Path
        Of the event; the first sample event's if left out.
    photos : sequence of Path
        Sent one after the other; the sample event's first if left out.
    settled : bool
        Whether their doubtful cards were read again by then.
    """
    port = free_port()
    command = [sys.executable, "-m", "server", "serve", "--port", str(port)]
    command += ["--event", str(profile), "--data", str(folder / "data")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)  # noqa: S603  (our own command)
    try:
        site = RunningSite(port, *_tokens(folder / "log"))
        for photo in photos:
            site.wait_until_read(site.send(photo), settled=settled)
        yield site
    finally:
        process.terminate()
        process.wait(30)


def _tokens(log: Path) -> tuple[str, str]:
    """Return the tokens of the links that a site prints as it starts."""
    ends_at = time.monotonic() + START_WITHIN_S
    while time.monotonic() < ends_at:
        found = re.findall(r"/sign-in/(\S+)", log.read_text())
        if len(found) > 1:
            return found[0], found[1]
        time.sleep(0.2)
    raise TimeoutError(log.read_text())
