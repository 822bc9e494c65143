"""Names that people read and words that stand in addresses: what they may hold."""

import re
import unicodedata
from typing import Literal

from calibration.errors import FieldError, FieldErrors

CONTROL_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
"""Unicode categories that no name on a board contains."""
RoomKind = Literal["room", "table", "hall", "online"]
"""What a room is: a table in a hall, a hall for larger talks, a place in the net."""
MAX_NAME = 200
MAX_NOTE = 2000
MAX_SLUG = 100
"""Characters: as many as a database keeps; a heading on a board has far fewer."""
SLUG_PATTERN = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


def check_name(name: str, *key: str | int) -> None:
    """Check a name that people read: one line, nothing around it.

    Parameters
    ----------
    name : str
    *key : str or int
        Way to the field, for the error.

    Raises
    ------
    FieldError
        If it is empty or too long, has blanks around it or contains control
        characters.
    """
    if not name.strip():
        raise FieldError("expected a name, got an empty text", *key)
    if name != name.strip():
        raise FieldError(f'expected no blanks around the name, got "{name}"', *key)
    if len(name) > MAX_NAME:
        msg = f"expected a name of {MAX_NAME} characters at most, got {len(name)}"
        raise FieldError(msg, *key)
    if any(unicodedata.category(letter) in CONTROL_CATEGORIES for letter in name):
        raise FieldError(f"expected a name on one line, got {name!r}", *key)


def check_note(text: str, *key: str | int) -> None:
    """Check a text of some sentences; it may be empty, and have several lines.

    Raises
    ------
    FieldError
        If it is too long or contains control characters.
    """
    if len(text) > MAX_NOTE:
        msg = f"expected a text of {MAX_NOTE} characters at most, got {len(text)}"
        raise FieldError(msg, *key)
    lines = text.splitlines()
    if any(unicodedata.category(sign) in CONTROL_CATEGORIES for sign in "".join(lines)):
        raise FieldError(f"expected a text that can be read, got {text!r}", *key)


def check_names(names: tuple[str, ...], field_name: str) -> None:
    """Check the names of rooms or slots.

    Parameters
    ----------
    names : tuple of str
    field_name : str
        Of the field, for the error.

    Raises
    ------
    FieldError
        If there is none, one is no name, or one comes twice.
    """
    if not names:
        raise FieldError(f"expected at least one of {field_name}, got none", field_name)
    wrong = FieldErrors()
    for index, name in enumerate(names):
        with wrong.within(field_name, index):
            check_name(name)
            if name in names[:index]:
                msg = f'expected each of {field_name} once, got "{name}" twice'
                raise FieldError(msg)
    wrong.refuse()


def check_slug(slug: str, key: str, *, reserved: frozenset[str]) -> None:
    """Check a part of an address.

    Lower case only: the static site must also work on file systems that do
    not tell upper from lower case.

    Parameters
    ----------
    slug : str
    key : str
        Name of the field, for the error.
    reserved : frozenset of str
        What the server keeps for itself.

    Raises
    ------
    FieldError
        If it needs escaping in an address or is reserved.
    """
    if not SLUG_PATTERN.fullmatch(slug):
        msg = f'expected a-z and 0-9, joined by "-" or "_", got "{slug}"'
        raise FieldError(msg, key)
    if len(slug) > MAX_SLUG:
        msg = f"expected {MAX_SLUG} characters at most, got {len(slug)}"
        raise FieldError(msg, key)
    if slug in reserved:
        msg = f'expected another word, "{slug}" is an address of Boardcast itself'
        raise FieldError(msg, key)
