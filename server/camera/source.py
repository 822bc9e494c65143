"""A camera: its address, and its pictures within a deadline, whatever it does."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import urlsplit

from server.errors import CameraError

DEADLINE_S = 45.0
"""For all pictures of a look: a camera that takes longer hangs. Over a slow network a
picture of some MB takes 10 s."""

SOURCE = re.compile(r"(https?|rtsps?)://[^/\s]+\S*|/dev/\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a camera's pictures come from.

    Parameters
    ----------
    address : str
        ``http://…`` of a JPEG or a stream of them, ``rtsp://…`` or ``/dev/video0``.
    deadline_s : float
        How long a look may take.

    Raises
    ------
    ValueError
        If it is none of these.
    """

    address: str
    deadline_s: float = DEADLINE_S

    def __post_init__(self) -> None:
        if not SOURCE.fullmatch(self.address):
            msg = (
                f'"{self.shown}" is no camera; give http://CAMERA/snapshot.jpg, '
                "rtsp://CAMERA/… or /dev/video0"
            )
            raise ValueError(msg)

    @property
    def shown(self) -> str:
        """The address without what may be a name and a password."""
        parts = urlsplit(self.address)
        host = parts.netloc.rpartition("@")[2]
        return parts._replace(netloc=host, query="", fragment="").geturl()

    def pictures(self, count: int, gap_s: float) -> tuple[bytes, ...]:
        """Return pictures that are some seconds apart, each a file of its own.

        Raises
        ------
        CameraError
            If there is none within the deadline.
        """
        asked = {"source": self.address, "count": count, "gap_s": gap_s}
        # Our token is nothing that a process needs which talks to a camera.
        ours = {name: os.environ[name] for name in os.environ if _harmless(name)}
        try:
            done = subprocess.run(
                [sys.executable, "-m", "server.camera.grab"],
                input=json.dumps(asked).encode(),
                capture_output=True,
                timeout=self.deadline_s,
                env={**ours, "OPENCV_FFMPEG_CAPTURE_OPTIONS": "rtsp_transport;tcp"},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise CameraError(
                f"The camera gave no picture within {self.deadline_s:.0f} seconds.",
                hint="Switch it off and on if that goes on.",
            ) from error
        except OSError as error:  # memory or processes are short
            raise _failed(str(error)) from error
        first, _, rest = done.stdout.partition(b"\n")
        if done.returncode or not first:
            raise _failed(done.stderr.decode(errors="replace").strip()[-200:])
        answer = json.loads(first)
        if "sizes" not in answer:
            raise CameraError(answer["message"], hint=answer["hint"])
        ends = [sum(answer["sizes"][:number]) for number in range(count + 1)]
        return tuple(rest[ends[at] : ends[at + 1]] for at in range(count))


def _harmless(name: str) -> bool:
    return not name.startswith("BOARDCAST_")


def _failed(why: str) -> CameraError:
    return CameraError(
        "The program that asks the camera failed.", hint=f"It said: {why}"
    )
