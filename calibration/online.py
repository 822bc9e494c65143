"""What event.toml says of boards without a wall, checked."""

import re
from collections.abc import Sequence
from typing import Literal, Protocol

from calibration.errors import FieldError, FieldErrors

Hosting = Literal["token", "open", "moderated"]
"""Who may put a session on an online board: whoever has the hosts' link, anybody, or
anybody once a facilitator has let it through."""

LINK_PATTERN = re.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?")
"""An address that a browser opens; no user name before the host."""


class SaysOnline(Protocol):
    """What says whether a board is online: a `Board`, or its table in event.toml."""

    @property
    def online(self) -> bool: ...  # noqa: D102  (as of `Board`)
    @property
    def hosting(self) -> Hosting: ...  # noqa: D102
    @property
    def no_talks(self) -> Sequence[str]: ...  # noqa: D102


def check_online(board: SaysOnline, slots: Sequence[str]) -> None:
    """Check what an online board has, what only one has, and when there are no talks.

    Parameters
    ----------
    board : SaysOnline
    slots : sequence of str
        Labels of its slots.

    Raises
    ------
    FieldError
        It tells all that is wrong.
    """
    wrong = FieldErrors()
    walled, unwalled = ("tags", "reference", "votes"), ("links",)
    for name in walled if board.online else unwalled:
        if getattr(board, name):
            words = "no such key on a board with" if board.online else "it only with"
            wrong.found.append(FieldError(f"expected {words} online = true", name))
    if board.hosting != "token" and not board.online:
        fault = FieldError("expected it only with online = true", "hosting")
        wrong.found.append(fault)
    for index, label in enumerate(board.no_talks):
        if label not in slots:
            msg = f'expected a slot of this board, got "{label}"'
            wrong.found.append(FieldError(msg, "no_talks", index))
    wrong.refuse()


def check_link(room: str, link: str, rooms: Sequence[str]) -> None:
    """Check where a place is on the web.

    Raises
    ------
    FieldError
        If there is no such room, or a browser does not open such an address.
    """
    if room not in rooms:
        raise FieldError(f'expected a room of this board, got "{room}"', "room")
    if not LINK_PATTERN.fullmatch(link):
        msg = f'expected an address that begins with https://, got "{link}"'
        raise FieldError(msg, "link")
