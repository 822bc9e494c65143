"""Texts of event.toml that may be given in several languages."""

from collections.abc import Mapping

from calibration.errors import FieldError, FieldErrors, Key
from calibration.names import check_name, check_note

LANGUAGES = ("en", "de", "zh-Hant")
"""Those that pages are in, as browsers name them (BCP 47)."""

Text = str | dict[str, str]
"""One text for all, or one for each language."""


InLanguages = Mapping[str, str]
"""A text by its languages."""


class Texts:
    """Texts in several languages, collected by what each is where no language matters.

    Parameters
    ----------
    first : str
        The language whose text stands for all; where there is none, the one that is
        written first does.
    """

    def __init__(self, first: str) -> None:
        self.first = first
        self.known: dict[str, InLanguages] = {}

    def name(self, text: Text, *key: str | int) -> str:
        """Return what a name is where no language matters.

        Raises
        ------
        FieldError
            If it is no name in one of its languages, or has another meaning elsewhere;
            it tells all.
        """
        return self._taken(text, key, notes=False)

    def note(self, text: Text, *key: str | int) -> str:
        """Return what a note, which may be empty, is where no language matters."""
        return self._taken(text, key, notes=True)

    def _taken(self, text: Text, key: Key, *, notes: bool) -> str:
        wrong = FieldErrors()
        if isinstance(text, str):
            with wrong.within(*key):
                check_note(text) if notes else check_name(text)
            wrong.refuse()
            return text
        for language, words in text.items():
            with wrong.within(*key, language):
                if language not in LANGUAGES:
                    languages = ", ".join(LANGUAGES)
                    raise FieldError(f'expected one of {languages}, got "{language}"')
                check_name(words) if not notes else check_note(words)
        default = text.get(self.first) or next(iter(text.values()), "")
        with wrong.within(*key):
            if not default.strip():
                raise FieldError("expected a text in one language at least")
            if self.known.setdefault(default, text) != text:
                msg = f'"{default}" is said otherwise elsewhere in this file'
                raise FieldError(msg)
        wrong.refuse()
        return default
