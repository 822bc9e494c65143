"""Text from cards and people, made fit for formats that refuse some of Unicode."""

import unicodedata

KEPT = frozenset("\n\t")
"""Control characters that mean something in a text of several lines."""

REFUSED = frozenset({"Cc", "Cs"})
"""Control characters and lone surrogates: XML and iCalendar refuse the first,
UTF-8 has no bytes for the second."""

NONCHARACTERS = frozenset(range(0xFDD0, 0xFDF0)) | {
    plane << 16 | low for plane in range(17) for low in (0xFFFE, 0xFFFF)
}
"""Code points that never will be characters. Those that are merely not
assigned yet stay: next year's emoji is one of them to this year's Python."""


def plain(text: str) -> str:
    """Return the text without characters that no published format can carry.

    Parameters
    ----------
    text : str
        Anything, however it came here.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        character for character in unified if character in KEPT or _is_plain(character)
    )


def _is_plain(character: str) -> bool:
    return (
        unicodedata.category(character) not in REFUSED
        and ord(character) not in NONCHARACTERS
    )
