"""The address of a running server: from what people type or paste."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import requests

from server.errors import SendError, ServerAwayError
from server.hosts import ip_of, is_nearby

PHOTOS = "/photos"
"""What photos are sent to, below a server's address."""

OWN_PAGES = frozenset({"capture", "desk", "photos", "sign-in"})
"""First parts of Boardcast's own pages: an address that was copied there begins
before them."""

MAX_MOVES = 10
"""Redirects and shortenings of an address before it is given up."""

ELSEWHERE = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
"""Answers where no photos are taken: at the board's page, for example."""

HTTPS_PORT = 443

Knock = Callable[[str], requests.Response]
"""Asks the server at an address to take no photo; does not follow redirects."""


def found_server(text: str, knock: Knock) -> str:
    """Return the address, without a slash at its end, at which a server takes photos.

    The server itself is asked: what is typed may be the board's page, or lead
    from http to https.

    Parameters
    ----------
    text : str
        As somebody typed it: ``pycon.example``, ``localhost:8000``,
        ``https://pycon.example/os``.
    knock : callable

    Raises
    ------
    SendError
        If it is no address.
    ServerAwayError
        If nobody answers, or it leads to another host: a portal's page may.
    """
    address = full_address(text)
    for _ in range(MAX_MOVES):
        try:
            response = knock(address)
        except ServerAwayError as error:
            raise _with_scheme(error, text, address) from error
        above = address.rpartition("/")[0]
        if response.is_redirect:
            address = _moved(address, response.headers["Location"])
        elif response.status_code in ELSEWHERE and urlsplit(above).netloc:
            address = above
        else:
            return address
    raise ServerAwayError(
        f"{address} leads nowhere.",
        hint="Check the address: it is the one that boardcast serve prints.",
    )


def full_address(text: str) -> str:
    """Return what somebody typed as an address with scheme and without page.

    Where no scheme is given, this machine, addresses by number and names of a local
    network are reached over http, as nobody has a certificate for them, and
    everything else over https.

    Raises
    ------
    SendError
        If it is no address.
    """
    typed = text.strip()
    if ip_of(typed) is not None and ":" in typed and "[" not in typed:
        typed = f"[{typed}]"
    scheme, mark, rest = typed.rpartition("://")
    try:
        parts = urlsplit(f"//{rest}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or (mark and scheme.lower() not in {"http", "https"}):
        raise SendError(
            f'"{text}" is no address of a server.',
            hint="Give the one that boardcast serve prints, for example "
            "https://pycon.example or localhost:8000.",
        )
    if not mark:
        scheme = "http" if is_nearby(host) and port != HTTPS_PORT else "https"
    path: list[str] = []
    for part in filter(None, parts.path.split("/")):
        if part in OWN_PAGES:
            break
        path.append(part)
    return "/".join((f"{scheme.lower()}://{parts.netloc}", *path))


def _moved(address: str, location: str) -> str:
    """Return where a server is after a redirect; its token goes to no other host.

    Raises
    ------
    ServerAwayError
        If it leads to another host, to a page, or away from https.
    """
    target = urljoin(address + PHOTOS, location)
    new = urlsplit(target)._replace(query="", fragment="").geturl().rstrip("/")
    old, parts = urlsplit(address), urlsplit(new)
    same = old.hostname == parts.hostname and parts.scheme in {old.scheme, "https"}
    if same and new.endswith(PHOTOS):
        return new.removesuffix(PHOTOS)
    raise ServerAwayError(
        f"{address} leads to {new}.",
        hint="Photos and token are sent there only if you say so: give the address of "
        "the server itself with --to. If this network asks to sign in, do that first.",
    )


def _with_scheme(error: ServerAwayError, text: str, address: str) -> ServerAwayError:
    """Return an error that says which scheme was taken where none was given."""
    if "://" in text:
        return error
    scheme, other = ("http", "https") if "http://" in address else ("https", "http")
    return ServerAwayError(
        error.message,
        hint=f"{error.hint} It was tried with {scheme}://; if {other}:// is right, "
        "write it before the address.",
    )
