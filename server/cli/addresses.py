"""The addresses that people are given, and on which network they hold."""

import socket

import click

from server.config import Settings
from server.site import Site

ANY_HOST = {"0.0.0.0", "::", ""}  # noqa: S104  (compared, not bound)
TEST_NETWORK = ("192.0.2.1", 9)
"""An address that exists nowhere (RFC 5737): nothing is sent to it."""


def network_url(host: str, port: int) -> str:
    """Return the address under which others on the network reach this machine.

    Empty if the site listens on this machine only, or the network is not known.
    """
    if host not in ANY_HOST:
        return ""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(TEST_NETWORK)
        except OSError:
            return ""
        return f"http://{probe.getsockname()[0]}:{port}"


def board_url(site: Site) -> str:
    """Return the short address."""
    return f"{site.settings.public_url}/{site.profile.event.short_path}"


def sign_in_url(site: Site, token: str) -> str:
    """Return the link that signs in whoever a token is for."""
    return f"{site.settings.public_url}/sign-in/{token}"


def announce(site: Site) -> None:
    """Print the three addresses, and how to send photos from a script."""
    click.echo(f"Board        {board_url(site)}")
    staff, facilitator = (
        site.tokens.standing("staff"),
        site.tokens.standing("facilitator"),
    )
    click.echo(f"Staff        {sign_in_url(site, staff)}")
    click.echo(f"Facilitator  {sign_in_url(site, facilitator)}")
    click.echo(
        "Scripts      boardcast send PHOTO "
        f"--to {site.settings.public_url} --token {staff}"
    )
    if is_local(site.settings):
        click.echo(
            "Only this machine reaches it. For phones on the same network: "
            "--host 0.0.0.0",
            err=True,
        )


def is_local(settings: Settings) -> bool:
    """Say whether only this machine reaches the site."""
    return settings.host in {"127.0.0.1", "localhost", "::1"} and (
        "//localhost" in settings.public_url
    )
