"""What an event says about announcements: which, when and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Literal, get_args

from calibration.errors import FieldError, FieldErrors
from calibration.layout import Slot

About = Literal["new", "moved", "cancelled", "soon"]
"""What a post tells of a session."""

When = Literal["approved", "automatic"]
"""Whether a person approves each post, or they go out by themselves."""

PLACEHOLDERS = (
    *("title", "credit", "host", "handles", "place", "day", "start", "end"),
    *("minutes", "board", "event", "hashtag", "link"),
)
"""What a template may name in braces; docs/announcing.md says what each is."""

SOON_MINUTES = range(1, 121)
"""Before the start. Two hours ahead is not soon any more."""

AT_MOST = range(1, 61)
"""Posts in an hour: more than one a minute is a flood."""


@dataclass(frozen=True, slots=True)
class Announcing:
    """How sessions are announced.

    Parameters
    ----------
    when : {"approved", "automatic"}
    about : tuple of About
    soon_minutes : int
        How long before its start a session is announced as "soon".
    at_most : int
        Posts in any hour.
    quiet : Slot or None
        Local time in which nothing is sent.
    templates : mapping of str to str
        By what they are about, instead of Boardcast's own wording.

    Raises
    ------
    FieldError
        If a number is out of range, or a template names what there is not.
    """

    when: When = "approved"
    about: tuple[About, ...] = get_args(About)
    soon_minutes: int = 15
    at_most: int = 6
    quiet: Slot | None = None
    templates: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wrong = FieldErrors()
        for key, allowed in (("soon_minutes", SOON_MINUTES), ("at_most", AT_MOST)):
            with wrong.within(key):
                _check_range(getattr(self, key), allowed)
        for about, template in self.templates.items():
            with wrong.within("templates", about):
                check_template(template)
        wrong.refuse()


def check_template(template: str) -> None:
    """Check the wording of a post.

    Raises
    ------
    FieldError
        If braces do not match, or name what there is not.
    """
    try:
        parts = [part[1:] for part in Formatter().parse(template)]
    except ValueError as error:
        msg = f"expected a text with names in braces: {error}"
        raise FieldError(msg) from error
    for name, how, conversion in parts:
        if name is not None and (name not in PLACEHOLDERS or how or conversion):
            known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
            written = f"{name}{'!' if conversion else ''}{conversion or ''}"
            written += f":{how}" if how else ""
            msg = f'expected one of {known}, got "{{{written}}}"'
            raise FieldError(msg)
    if not template.strip():
        raise FieldError("expected a text, got an empty one")


def _check_range(number: int, allowed: range) -> None:
    if number not in allowed:
        msg = f"expected a number from {allowed[0]} to {allowed[-1]}, got {number}"
        raise FieldError(msg)
