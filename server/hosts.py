"""Addresses: what a site listens on, and what people type to reach it.

Pure: no name is looked up here.
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from server.errors import SettingsError

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

LOCALHOST = "localhost"
LOOPBACK = "127.0.0.1"
DEFAULT_PORTS = {"http": 80, "https": 443}
"""By scheme: what is left out of an address."""

HOST_NAME = re.compile(
    r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?"
)
"""A host name in ASCII; the underscore stands in none by the book and in many."""

EXAMPLE = "For example https://pycon.example."


def ip_of(host: str) -> Ip | None:
    """Return a host as an IP address, with brackets or without; None for a name."""
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def listening_host(host: str) -> str:
    """Return the IP address to listen on: brackets and ``localhost`` are understood.

    Raises
    ------
    SettingsError
        If it is another name, or an address with a scope: the server takes neither.
    """
    ip = ip_of(LOOPBACK if host.strip().lower() == LOCALHOST else host.strip())
    if ip is None:
        raise SettingsError(
            f'Expected an IP address to listen on, got "{host}".',
            hint="Take 127.0.0.1 for this machine only, 0.0.0.0 or :: for the whole "
            "network; the name that people type is given with --public-url.",
        )
    if isinstance(ip, ipaddress.IPv6Address) and ip.scope_id:
        raise SettingsError(
            f'Expected an address without a scope to listen on, got "{host}".',
            hint="Take :: to listen on the whole network.",
        )
    return str(ip)


def is_any(host: str) -> bool:
    """Say whether this address to listen on stands for the whole network."""
    ip = ip_of(host)
    return ip is not None and ip.is_unspecified


def web_address(host: str, port: int, scheme: str = "http") -> str:
    """Return the address of a host's web server: IPv6 addresses get brackets."""
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" + ("" if port == DEFAULT_PORTS[scheme] else f":{port}")


def own_address(host: str, port: int) -> str:
    """Return the address under which this machine reaches itself, to be read."""
    name = LOCALHOST if is_any(host) or host == LOOPBACK else host
    return web_address(name, port)


def own_url(host: str, port: int) -> str:
    """Return the address under which this machine reaches itself, for programs.

    By number: a name may lead to the other kind of address.
    """
    return web_address(LOOPBACK if is_any(host) else host, port)


def is_nearby(host: str) -> bool:
    """Say whether a host is of the kind that has no certificate.

    This machine, an address by number, a name of the local network.
    """
    name = host.lower().rstrip(".")
    return (
        ip_of(name) is not None
        or "." not in name
        or name.endswith((".local", ".localhost", ".lan", ".home.arpa", ".internal"))
    )


def public_address(text: str) -> str:
    """Return what people type as it is put before every path: no slash at its end.

    Scheme and host in lower case, a name of other letters in the form that
    certificates have it in, no port that goes without saying.

    Raises
    ------
    SettingsError
        If it is no address that a browser opens as it stands.
    """
    text = text.strip()
    parts = _split(text)
    if parts.scheme not in DEFAULT_PORTS or not parts.netloc:
        bare = text.rpartition("://")[2].lstrip("/") or "pycon.example"
        raise _refused(text, "one that begins with https:// or http://", bare)
    if "@" in parts.netloc:
        # Not repeated: it holds a password.
        raise SettingsError(
            "Expected a public address without a user name or password.", hint=EXAMPLE
        )
    if parts.query or parts.fragment or text.endswith(("?", "#")):
        raise _refused(text, "one without ? and #", parts.netloc + parts.path)
    host = _checked_host(text, parts.hostname or "")
    port = _port(text, parts) or DEFAULT_PORTS[parts.scheme]
    return web_address(host, port, parts.scheme) + parts.path.rstrip("/")


def _split(text: str) -> SplitResult:
    if re.search(r"[\s\\\x00-\x1f]", text):
        raise _refused(text, "one without blanks and backslashes")
    try:
        return urlsplit(text)
    except ValueError as error:
        raise _refused(text, "one whose host is a name or an IP address") from error


def _port(text: str, parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError as error:
        raise _refused(text, "one whose port is a number to 65535") from error
    if port == 0 or parts.netloc.endswith(":"):
        raise _refused(text, "one whose port is a number from 1")
    return port


def _checked_host(text: str, host: str) -> str:
    ip = ip_of(host)
    if ip is not None:
        if ip.is_unspecified or "%" in host:
            raise _refused(text, "one that leads to a single machine from any other")
        return str(ip)
    name = host if host.isascii() else _ascii(text, host)
    if not HOST_NAME.fullmatch(name):
        raise _refused(text, "one whose host is a name or an IP address")
    return name


def _ascii(text: str, host: str) -> str:
    """Return a name of other letters as certificates have it.

    Python's idna is that of 2003: it takes some letters for others, such as ss for
    the sharp s, and would name somebody else's site.
    """
    try:
        name = host.encode("idna")
        same = name.decode("idna") == host
    except UnicodeError as error:
        raise _refused(text, "one whose host is a name or an IP address") from error
    if not same:
        raise _refused(text, "one whose host is written in ASCII, beginning with xn--")
    return name.decode("ascii")


def _refused(text: str, expected: str, bare: str = "") -> SettingsError:
    return SettingsError(
        f'Expected a public address, {expected}, got "{text}".',
        hint=f"For example https://{bare}." if bare else EXAMPLE,
    )
