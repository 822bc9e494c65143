"""The addresses that people are given, and on which network they hold."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import click

from server.config import Settings
from server.hosts import ip_of, is_any, own_address, web_address
from server.site import Site

TEST_NETWORKS = (
    (socket.AF_INET, ("192.0.2.1", 9)),
    (socket.AF_INET6, ("2001:db8::1", 9)),
)
"""Addresses that exist nowhere (RFC 5737, RFC 3849): nothing is sent to them."""


def network_url(host: str, port: int) -> str:
    """Return the address under which others on the network reach this machine.

    Empty if the site listens on this machine only, or the network is not known.
    """
    if not is_any(host):
        return ""
    for family, address in TEST_NETWORKS if ":" in host else TEST_NETWORKS[:1]:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect(address)
                return web_address(probe.getsockname()[0], port)
        except OSError:
            continue
    return ""


def board_url(site: Site) -> str:
    """Return the short address."""
    return f"{site.settings.public_url}/{site.profile.event.short_path}"


def sign_in_url(site: Site, token: str) -> str:
    """Return the link that signs in whoever a token is for."""
    return f"{site.settings.public_url}/sign-in/{token}"


def host_url(site: Site) -> str:
    """Return the link with which hosts put sessions on online boards, if there are any.

    It signs them in where the profile asks for that.
    """
    online = [board for board in site.profile.boards if board.online]
    if any(board.hosting == "token" for board in online):
        return sign_in_url(site, site.tokens.standing("host"))
    return f"{site.settings.public_url}/host" if online else ""


def announce(site: Site) -> None:
    """Print the three addresses, and how to send photos from a script."""
    say(f"Board        {board_url(site)}")
    staff, facilitator = (
        site.tokens.standing("staff"),
        site.tokens.standing("facilitator"),
    )
    say(f"Staff        {sign_in_url(site, staff)}")
    say(f"Facilitator  {sign_in_url(site, facilitator)}")
    if hosts := host_url(site):
        say(f"Hosts        {hosts}")
    say(
        "Scripts      boardcast send PHOTO "
        f"--to {site.settings.public_url} --token {staff}"
    )
    if is_local(site.settings):
        warn(
            "Only this machine reaches it. For phones on the same network: "
            "--host 0.0.0.0"
        )


def say(text: str) -> None:
    """Print a line; a site goes on if nobody reads it (``serve | head -1``)."""
    with _unread(sys.stdout):
        click.echo(text)


def warn(text: str) -> None:
    """Print a line to standard error; a site goes on if nobody reads it."""
    with _unread(sys.stderr):
        click.echo(text, err=True)


@contextmanager
def _unread(stream: TextIO) -> Iterator[None]:
    """Send what is written to nowhere, from when on nobody reads it."""
    try:
        yield
    except BrokenPipeError:
        # As Python's documentation on SIGPIPE has it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def is_local(settings: Settings) -> bool:
    """Say whether only this machine reaches the site."""
    ip = ip_of(settings.host)
    own = own_address(settings.host, settings.port)
    return ip is not None and ip.is_loopback and settings.public_url == own
