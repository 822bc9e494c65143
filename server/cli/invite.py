"""``boardcast invite``: a link that signs somebody in."""

import io
import os
from pathlib import Path

import click
import segno

from server.cli.addresses import host_url, sign_in_url
from server.cli.last_serve import settings_as_served
from server.cli.options import data_option, served_event_option
from server.errors import SettingsError
from server.roles import ROLES, Role
from server.site import Site


@click.command(epilog="Example: boardcast invite facilitator --name Maya --data data")
@click.argument("role", type=click.Choice(ROLES))
@served_event_option()
@data_option()
@click.option("--name", default="", help="Who it is for; shown beside corrections.")
@click.option(
    "--public-url", help="The site's address; that of the last serve if left out."
)
def invite(
    role: Role,
    profile_path: Path | None,
    data_dir: Path | None,
    name: str,
    public_url: str | None,
) -> None:
    """Print a link that signs in a member of staff, a facilitator, or hosts.

    One for hosts is for all of them, on boards without a wall: where the profile asks
    for no link, it is the form's own address. Its QR code is printed, too.

    It opens for two weeks, as often as it is used: make one for each person, so that
    what they do is told apart. The site is the one that boardcast serve runs from the
    same data folder.
    """
    options = {
        "profile_path": profile_path,
        "data_dir": data_dir,
        "public_url": public_url,
    }
    site = Site.open(settings_as_served(os.environ, options))
    if role != "host":
        token = site.tokens.issue(role, name)
        own = site.tokens.identity(token).name
        if own != name:
            click.echo(f"The link is for {own}: so the history calls them.", err=True)
        click.echo(sign_in_url(site, token))
        return
    link = host_url(site)
    if not link:
        raise SettingsError(
            "No board of this event is online: hosts put cards on the board itself.",
            hint="Write online = true at a board in event.toml, and boardcast reload.",
        )
    click.echo(link)
    code = io.StringIO()
    segno.make(link).terminal(code, compact=True)
    click.echo(code.getvalue(), err=True)
