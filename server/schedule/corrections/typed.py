"""Text that a person typed: what can be kept of it."""

from dataclasses import dataclass

from server.errors import CorrectionError

MAX_TEXT = 2000
"""Characters: a card holds a few hundred."""


def check_typed(text: str) -> None:
    """Check that a text can be kept.

    Raises
    ------
    CorrectionError
        If it is too long, or has a character that no database keeps.
    """
    if len(text) > MAX_TEXT:
        raise CorrectionError(
            f"The text has {len(text)} characters; at most {MAX_TEXT} are kept.",
            hint="Shorten it and save again.",
        )
    if "\x00" in text:
        raise CorrectionError(
            "The text contains a character that cannot be kept.",
            hint="Type it anew instead of pasting it.",
        )


@dataclass(frozen=True, slots=True)
class Texts:
    """What a person typed of a card that they make; empty where they typed nothing.

    Parameters
    ----------
    title, description, host : str
    """

    title: str = ""
    description: str = ""
    host: str = ""

    def check(self) -> None:
        """Check that they can be kept.

        Raises
        ------
        CorrectionError
            If they cannot.
        """
        for text in (self.title, self.description, self.host):
            check_typed(text)


NO_TEXTS = Texts()
