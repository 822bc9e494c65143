"""``boardcast invitations`` and ``revoke``: who may come in, and no longer."""

import datetime as dt
import os
from pathlib import Path

import click

from server.cli.last_serve import settings_as_served
from server.cli.options import data_option, served_event_option
from server.site import Site
from server.store.invitations import Invitation, invitations, revoke
from server.tokens import TOKEN_MAX_AGE_S


@click.command("invitations", epilog="Example: boardcast invitations --data data")
@served_event_option()
@data_option()
def list_invitations(profile_path: Path | None, data_dir: Path | None) -> None:
    """List the links that sign people in, and the browsers that are signed in."""
    site = _site(profile_path, data_dir)
    since = site.clock() - dt.timedelta(seconds=TOKEN_MAX_AGE_S)
    with site.database.read() as session:
        found = invitations(session, since)
    for entry in found:
        click.echo(_line(site, entry))


@click.command("revoke", epilog="Example: boardcast revoke 3f2a9c01b7 --data data")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@served_event_option()
@data_option()
def revoke_invitations(
    ids: tuple[str, ...], profile_path: Path | None, data_dir: Path | None
) -> None:
    """Revoke links by the ids that ``boardcast invitations`` lists.

    They open nothing any more, and whoever signed in with them no longer is.
    """
    site = _site(profile_path, data_dir)
    with site.database.write() as session:
        revoked = [revoke(session, entry, site.clock()) for entry in ids]
    for entry in revoked:
        click.echo(f"{entry.invitation}  {entry.role} {entry.name}: revoked")


def _site(profile_path: Path | None, data_dir: Path | None) -> Site:
    options = {"profile_path": profile_path, "data_dir": data_dir}
    return Site.open(settings_as_served(os.environ, options))


def _line(site: Site, entry: Invitation) -> str:
    """Return an invitation as a line, times in the event's timezone."""
    timezone = site.profile.event.timezone

    def clock(moment: dt.datetime) -> str:
        return f"{moment.astimezone(timezone):%Y-%m-%d %H:%M}"

    if entry.revoked_at is not None:
        state = f"revoked {clock(entry.revoked_at)}"
    elif entry.sign_ins:
        state = "signed in " + ", ".join(map(clock, entry.sign_ins))
    else:
        state = "nobody signed in"
    who = f"{entry.identity.role:<12} {entry.identity.name}"
    return f"{entry.id}  {clock(entry.made_at)}  {who}: {state}"
