"""Whether a camera's picture is worth sending: take it, wait a little, or skip it.

Cards stay where they are put; people do not. So whatever changed must look the same for
a while, and longer where it is as large as somebody who stands in front. If that never
happens, the picture is taken all the same: the server tells covered cells from free ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from server.camera.view import (
    View,
    any_difference,
    difference,
    is_blurred,
    is_dark,
    view_of,
)
from vision.image.arrays import Image

Verdict = Literal["take", "wait", "skip"]

LARGE = 0.02
"""Part of the picture from which a change may be a person: four cards of a board with
eight columns and six rows that fills it."""

STILL_S = 20.0
"""How long a change must look the same. A hand with a card is gone by then, and nobody
who stands keeps still to a centimetre."""

LARGE_STILL_S = 90.0
"""How long a large change must: a person, or a board that was turned or cleared."""

PATIENCE_S = 15 * 60.0
"""After so long people stand there all the time, and a picture with them is better than
none."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look at the board found.

    Parameters
    ----------
    changed : float
        Greatest region that differs from the picture that was sent last, as a part of
        the whole; 1 if none was sent.
    moving : bool
        Whether pictures a second apart differ.
    as_before : bool
        Whether it is the same as the look before it found.
    dark, blurred : bool
    """

    changed: float
    moving: bool = False
    as_before: bool = False
    dark: bool = False
    blurred: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """Since when something changed and was not taken.

    Parameters
    ----------
    since_s : float
        When the change was first seen.
    still_since_s : float or None
        Since when every look found the same; None while it moves.
    """

    since_s: float
    still_since_s: float | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a picture.

    Parameters
    ----------
    verdict : {"take", "wait", "skip"}
        Send it; look again in some seconds; look again when it is due.
    why : str
        In words.
    waiting : Waiting or None
        For the next decision.
    """

    verdict: Verdict
    why: str
    waiting: Waiting | None = None


def looked(
    pictures: Sequence[Image], taken: View | None, before: View | None
) -> tuple[Looked, View]:
    """Return what pictures a second apart show, and the view of the last one.

    Parameters
    ----------
    pictures : sequence of ndarray of shape (H, W, 3), uint8, BGR
        At least one; the last may be sent.
    taken : View or None
        Of the picture that was sent last.
    before : View or None
        Of the look before.
    """
    last = view_of(pictures[-1])
    changed = difference(last, taken) if taken is not None else 1.0
    dark = is_dark(pictures[-1])
    if dark or not changed:  # the rest decides nothing, and costs most
        return Looked(changed, dark=dark), last
    views = [*map(view_of, pictures[:-1]), last]
    found = Looked(
        changed,
        moving=any_difference(views),
        as_before=before is not None and difference(last, before) == 0,
        blurred=is_blurred(pictures[-1]),
    )
    return found, last


def decide(looked: Looked, waiting: Waiting | None, now_s: float) -> Decision:
    """Return what to do with the picture of a look.

    Parameters
    ----------
    looked : Looked
    waiting : Waiting or None
        Of the decision before.
    now_s : float
        Of a clock that is never set.
    """
    if looked.dark:
        return Decision("skip", "it is dark")
    if looked.changed == 0:
        return Decision("skip", "nothing changed")
    since_s = waiting.since_s if waiting else now_s
    overdue = now_s - since_s >= PATIENCE_S
    if overdue and not looked.blurred:
        return Decision("take", "somebody was in front all the time")
    if looked.blurred or looked.moving:
        why = "it is out of focus" if looked.blurred else "somebody moves"
        still_waiting = None if overdue else Waiting(since_s, None)
        return Decision("skip" if overdue else "wait", why, still_waiting)
    still_since_s = now_s
    if looked.as_before and waiting and waiting.still_since_s is not None:
        still_since_s = waiting.still_since_s
    needed_s = LARGE_STILL_S if looked.changed >= LARGE else STILL_S
    if now_s - still_since_s >= needed_s:
        return Decision("take", "it changed")
    return Decision("wait", "it must stay like that", Waiting(since_s, still_since_s))
