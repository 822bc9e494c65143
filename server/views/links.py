"""What on a card may become a link."""

import re

ADDRESS = re.compile(
    r"(?:(?P<scheme>https?)://)?"
    r"(?P<host>[\w-]+(?:\.[\w-]+)+)(?P<port>:\d{1,5})?(?P<rest>[/?#][^\s<>\"'`\\]*)?",
    re.IGNORECASE,
)
"""A web address with or without its scheme. No user name before the host: it
makes one site look like another. No script, data or file addresses."""


def without_scheme(address: str) -> str:
    """Return an address as people write it."""
    return address.partition("://")[2].rstrip("/") or address


def web_href(url: str) -> str | None:
    """Return the address that a card's URL leads to; None if it is no link.

    Parameters
    ----------
    url : str
        As read from the card: ``bit.ly/x``, ``https://example.org``, or
        anything else that somebody wrote.
    """
    match = ADDRESS.fullmatch(url.strip())
    if match is None:
        return None
    scheme = (match["scheme"] or "https").lower()
    return f"{scheme}://{match['host']}{match['port'] or ''}{match['rest'] or ''}"
