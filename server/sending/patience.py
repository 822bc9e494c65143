"""Trying again with growing pauses, for as long as it makes sense."""

import itertools
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from server.errors import ServerAwayError

FIRST_PAUSE_S = 0.5
"""A server that is started anew answers within seconds."""

MOST_PAUSE_S = 60.0
"""Between two tries at a server that has been away for long: it costs nothing, and a
photo that waited is there a minute after the server is."""

Answer = TypeVar("Answer")


def growing(
    first_s: float = FIRST_PAUSE_S, most_s: float = MOST_PAUSE_S
) -> Iterator[float]:
    """Give pauses without end, each twice as long as the one before, up to the most."""
    return (min(first_s * 2.0**number, most_s) for number in itertools.count())


def patiently(
    ask: Callable[[], Answer],
    patience_s: float,
    tell: Callable[[ServerAwayError, float], None],
) -> Answer:
    """Return what a server answers, asking again while it is away.

    Parameters
    ----------
    ask : callable
        One try.
    patience_s : float
        How long to go on after the first try; 0 tries once.
    tell : callable
        Is told, before each pause, what was wrong and how long the pause is.

    Raises
    ------
    ServerAwayError
        If the server is away all that time.
    """
    end = time.monotonic() + patience_s
    for pause_s in growing():
        try:
            return ask()
        except ServerAwayError as error:
            left_s = end - time.monotonic()
            if left_s <= 0:
                raise
            wait_s = min(max(pause_s, error.retry_after_s or 0), left_s)
            tell(error, wait_s)
            time.sleep(wait_s)
    msg = "expected pauses without end"
    raise AssertionError(msg)
