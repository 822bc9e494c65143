"""A camera that looks at a board: what is worth it is kept, then sent in its order."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from calibration.geometry import Rect
from server.camera.decision import Waiting, decide, looked
from server.camera.source import Source
from server.camera.spool import Spool
from server.camera.stamp import stamped
from server.camera.view import View, view_of
from server.errors import CameraError
from server.sending.delivery import Delivery
from server.sending.patience import growing
from vision.errors import PhotoError
from vision.image.arrays import Image, window_of
from vision.image.photo import Photo

PICTURES = 3
"""Of a look: whoever walks shows in any two, whoever waves in one of three pairs."""

GAP_S = 1.0
"""Between them: somebody who walks is elsewhere."""

WAIT_S = 10.0
"""Until the next look, while something changed and is not taken."""

FIRST_PAUSE_S = 5.0
"""After a camera gave no picture; it grows to the most."""

WHOLE = Rect(0.0, 0.0, 1.0, 1.0)

MOST_PAUSE_S = 300.0
"""A camera that was off all night is seen within five minutes."""


@dataclass(slots=True)
class Lookout:
    """Looks through a camera, keeps what is worth it, sends it.

    Parameters
    ----------
    source : Source
    spool : Spool
    delivery : Delivery
    say : callable
        Tells a line to whoever looks at the log.
    every_s : float
        Between looks while nothing is to be taken.
    gap_s, wait_s : float
        See `GAP_S`, `WAIT_S`.
    area : Rect
        The part of the picture in which a change counts, in shares of its width and
        height. All of it is sent.
    """

    source: Source
    spool: Spool
    delivery: Delivery
    say: Callable[[str], None]
    every_s: float
    gap_s: float = GAP_S
    wait_s: float = WAIT_S
    area: Rect = WHOLE
    _taken: View | None = field(init=False)
    _before: View | None = None
    _waiting: Waiting | None = None
    _fault: str = ""
    _pauses: Iterator[float] = field(init=False)

    def __post_init__(self) -> None:
        last = self.spool.last()
        self._taken = None
        self._pauses = growing(FIRST_PAUSE_S, MOST_PAUSE_S)
        if last is not None:
            try:
                self._taken = view_of(self._watched(last))
            except PhotoError:
                self.say(f"The last picture in {self.spool.folder} is damaged.")

    def look(self) -> float:
        """Look once; return how many seconds to wait until the next time."""
        taken_at = dt.datetime.now().astimezone()
        try:
            data = self.source.pictures(PICTURES, self.gap_s)
            picture = stamped(data[-1], taken_at)
            pixels = [self._watched(one) for one in data]
        except (CameraError, PhotoError) as error:
            return self._missed(error)
        if self._fault:
            self.say("The camera gives pictures again.")
            self._fault, self._pauses = "", growing(FIRST_PAUSE_S, MOST_PAUSE_S)
        found, view = looked(pixels, self._taken, self._before)
        decision = decide(found, self._waiting, time.monotonic())
        if decision.verdict == "wait" and self._waiting is None:
            self.say(f"The board changed; waiting: {decision.why}.")
        self._before, self._waiting = view, decision.waiting
        if decision.verdict == "take":
            try:
                self.spool.add(picture, taken_at)
                self._taken = view
            except OSError as error:
                self.say(f"No picture can be kept in {self.spool.folder}: {error}")
        return self.wait_s if decision.verdict == "wait" else self.every_s

    def _watched(self, picture: bytes) -> Image:
        pixels = Photo.decode(picture).pixels
        height, width = pixels.shape[:2]
        return window_of(pixels, self.area.within(Rect(0, 0, width, height)))

    def deliver(self) -> None:
        """Send the pictures that wait, and tell what became of those before.

        Raises
        ------
        SenderRefusedError
            If the server would take no picture at all.
        """
        for path in self.spool.waiting():
            if self.delivery.rests:
                break
            if self.delivery.send(path.name, path.read_bytes()) == "away":
                break
            path.unlink()
        self.delivery.follow()

    def _missed(self, error: CameraError | PhotoError) -> float:
        """Tell why there was no picture, once; return how long to leave the camera."""
        if error.message != self._fault:
            self.say(f"{self.source.shown}: {error.message}\n  {error.hint}")
        self._fault = error.message
        return next(self._pauses)
