"""The words of posts, from templates. English: the event may have its own."""

import datetime as dt
import re
from dataclasses import dataclass
from types import MappingProxyType

from calibration.announcing import About, Announcing
from calibration.profile import Board, Event
from server.schedule.announcing.announcement import Facts

TEMPLATES = MappingProxyType(
    {
        "new": "New: {title}{credit}\n{day} {start}, {place}\n{link} {hashtag}",
        "moved": "Moved: {title}{credit}\nNow {day} {start}, {place}\n{link} {hashtag}",
        "cancelled": "Cancelled: {title}\nWas {day} {start}, {place}\n{link} {hashtag}",
        "soon": "In {minutes} min: {title}{credit}\n{start}, {place}\n{link} {hashtag}",
    }
)
"""What is said if the event says nothing else."""

CALLS = re.compile(
    r"@(?=(?:everyone|here|channel|all|room)\b)|<(?=[!@#])", re.IGNORECASE
)
"""What chat services take for a call to everybody, if a card says it."""

MUTE = "\N{ZERO WIDTH SPACE}"
SHORTEST_LINE = 20
"""Characters of a first line below which the rest of a post is cut instead."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What posts are worded with.

    Parameters
    ----------
    event : Event
    board : Board
    rules : Announcing
    address : str
        Of the event's page, without a trailing slash.
    """

    event: Event
    board: Board
    rules: Announcing
    address: str

    def text(
        self, about: About, session_id: str, facts: Facts, now: dt.datetime
    ) -> str:
        """Return what a post says.

        Parameters
        ----------
        about : About
        session_id : str
        facts : Facts
        now : datetime
            Aware: by it the start is so many minutes ahead.
        """
        template = self.rules.templates.get(about, TEMPLATES[about])
        gone = about == "cancelled"
        words = {
            "title": harmless(facts.title),
            "credit": credit(facts),
            "host": harmless(facts.host),
            "handles": harmless(" ".join(facts.handles)),
            "place": facts.place,
            "day": f"{facts.starts_at:%A}",
            "start": f"{facts.starts_at:%H:%M}",
            "end": f"{facts.ends_at:%H:%M}",
            "minutes": str(max(1, round((facts.starts_at - now).total_seconds() / 60))),
            "board": self.board.title,
            "event": self.event.name,
            "hashtag": self.event.hashtag,
            "link": self.address if gone else f"{self.address}/s/{session_id}",
        }
        lines = template.format(**words).splitlines()
        return "\n".join(line for line in map(_one_space, lines) if line)


def credit(facts: Facts) -> str:
    """Return the words that give a host credit; empty if the card names none."""
    named = facts.host.split()
    handles = (handle for handle in facts.handles if handle not in named)
    who = " ".join(part for part in (facts.host, *handles) if part)
    return f" with {harmless(who)}" if who else ""


def alt_text(facts: Facts) -> str:
    """Return what is said of a card's picture to people who do not see it."""
    words = (
        f"Card: {facts.title}{credit(facts)}, {facts.starts_at:%H:%M}, {facts.place}"
    )
    return _one_space(words.replace("/", " "))


def harmless(words: str) -> str:
    """Return what a card says so that it calls nobody on a chat service."""
    return CALLS.sub(lambda match: match[0] + MUTE, _one_space(words))


def fitted(text: str, limit: int) -> str:
    """Return a text in so many characters: its first line is shortened if need be.

    The lines after it say when and where.
    """
    if len(text) <= limit:
        return text
    first, *rest = text.split("\n")
    tail = "\n".join(["", *rest])
    if limit - len(tail) < SHORTEST_LINE:
        return _cut(text, limit)
    return _cut(first, limit - len(tail)) + tail


def _cut(text: str, limit: int) -> str:
    return text[: limit - 1].rstrip() + "…" if limit > 0 else ""


def _one_space(text: str) -> str:
    return " ".join(text.split())
