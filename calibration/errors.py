"""The one tree of exceptions: what could not be used, and what to do about it.

::

    BoardcastError                        message + hint
    ├── ProfileError                      event.toml cannot be used (this module)
    ├── KitError                          the kit cannot be printed (this module)
    ├── PhotoError                        these bytes cannot be used (vision.errors)
    │   ├── NotAnImageError
    │   ├── TruncatedPhotoError
    │   ├── PhotoTooLargeError
    │   ├── PhotoTooCostlyError
    │   ├── UnreadablePhotoError
    │   └── EarlierYearError              (server.errors)
    ├── RegistrationError                 the board cannot be placed (vision.errors)
    │   ├── BoardNotFoundError
    │   ├── AmbiguousBoardError
    │   ├── BoardMismatchError
    │   └── ReferenceMissingError
    ├── EngineError                       an OCR engine cannot be used (vision.errors)
    │   ├── EngineUnavailableError
    │   └── UnknownEngineError
    └── ServerError                       a request or the site (server.errors)
        └── … drawn there

Every class has a row in ``server.errors.OUTCOMES`` that gives its HTTP status
and exit code; a test fails if one is missing. A programmer's mistake is a
plain ``ValueError`` and not in this tree.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

Key = tuple[str | int, ...]
"""Way to a value in event.toml: ``("boards", 0, "rooms", 2)``."""


def dotted(key: Key) -> str:
    """Return a key as people write it: ``boards[0].rooms[2]``."""
    return "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in key
    ).removeprefix(".")


class FieldError(ValueError):
    """A value was refused, and which field of it is to blame.

    A programmer's mistake where code makes the value; where a file made it,
    `calibration.profile` turns it into a `ProfileError` with key and line.

    Parameters
    ----------
    message : str
        What was expected and what was given.
    *key : str or int
        Way from the refused value to the field.
    also : sequence of FieldError
        What else is wrong with the same value.
    """

    def __init__(
        self, message: str, *key: str | int, also: Sequence["FieldError"] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.key: Key = key
        self.also = tuple(also)


class FieldErrors:
    """Collects what is wrong, so that all of it is told at once.

    Parameters
    ----------
    found : iterable of FieldError
        What is known to be wrong already.
    """

    def __init__(self, found: Iterable[FieldError] = ()) -> None:
        self.found = list(found)

    @contextmanager
    def within(self, *key: str | int) -> Iterator[None]:
        """Keep what is refused within, with a key put before its own, and go on."""
        try:
            yield
        except FieldError as error:
            self.found += [
                FieldError(each.message, *key, *each.key)
                for each in (error, *error.also)
            ]

    def refuse(self) -> None:
        """Raise all that was found as one FieldError; do nothing if that is none."""
        if self.found:
            first, *others = self.found
            raise FieldError(first.message, *first.key, also=others)


class BoardcastError(Exception):
    """Something given to Boardcast cannot be used.

    Parameters
    ----------
    message : str
        What was wrong, one sentence, for the person who gave it.
    hint : str
        What that person can do about it, one sentence.
    """

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return message and hint as one text."""
        return f"{self.message} {self.hint}"


class KitError(BoardcastError):
    """The kit cannot be printed."""


class LettersError(KitError):
    """A font has not all letters of a text.

    Parameters
    ----------
    text : str
    """

    def __init__(self, text: str) -> None:
        super().__init__(
            f'The font has not all letters of "{text}".',
            hint="Give one that has: --font FILE.ttf, such as Noto Sans. For Chinese, "
            "Japanese and Korean one is found by itself once it is installed: the "
            "package fonts-noto-cjk.",
        )


class ProfileError(BoardcastError):
    """An event.toml cannot be used.

    Parameters
    ----------
    message : str
        What was wrong and what was expected.
    key : str
        Dotted key, for example ``boards[0].rooms``; empty for the whole file.
    path : Path or None
        The file, if there is one.
    line : int or None
        Line of the key, counted from 1.
    hint : str
        What to do about it.
    also : sequence of ProfileError
        What else is wrong with the file: the message has a line for each.
    """

    def __init__(
        self,
        message: str,
        *,
        key: str = "",
        path: Path | None = None,
        line: int | None = None,
        hint: str = "Correct event.toml and try again.",
        also: Sequence["ProfileError"] = (),
    ) -> None:
        place = ", ".join(
            part
            for part in (
                str(path) if path else "",
                f"line {line}" if line else "",
                key,
            )
            if part
        )
        own = f"{place}: {message}" if place else message
        super().__init__("\n".join([own, *(each.message for each in also)]), hint=hint)
        self.key = key
        self.path = path
        self.line = line
