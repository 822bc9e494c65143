"""``boardcast announce``: the services that posts go to, and whether they answer."""

import os
from pathlib import Path

import click

from server.announcing.posting import check_services, post
from server.announcing.services import FILE, VARIABLE, services_from
from server.cli.options import data_option
from server.config import data_dir_of
from server.errors import SendError, SettingsError

TEST_POST = (
    "A test from Boardcast: announcements of Open Spaces will appear here.\n"
    "You can delete this post."
)


@click.command(epilog="Example: boardcast announce --test --data boardcast-data")
@click.option("--test", is_flag=True, help="Post a test to each of them.")
@click.option("--only", metavar="NAME", help="Just this one.")
@data_option()
def announce(
    test: bool,  # noqa: FBT001  (click's way to give a flag)
    only: str | None,
    data_dir: Path | None,
) -> None:
    """Name the services that posts go to; with --test, post to each.

    Their addresses are in the data folder's file announce-services, or in
    BOARDCAST_ANNOUNCE_SERVICES: a line each, a name and an address.
    """
    folder = data_dir_of(os.environ, {"data_dir": data_dir})
    services = services_from(os.environ, folder)
    chosen = [one for one in services if only in {None, one.name}]
    if not chosen:
        raise SettingsError(
            f"There is no service {only}." if only else "No service is set up.",
            hint=f"Name them in {folder / FILE} or {VARIABLE}, a line each: a name, a "
            "blank and an address as docs/announcing.md has them.",
        )
    check_services(chosen)
    failed = []
    for service in chosen:
        if not test:
            click.echo(service.name)
            continue
        outcome = post(service, TEST_POST)
        click.echo(f"{service.name}: {outcome.end}. {outcome.why}".rstrip())
        if outcome.end != "sent":
            failed.append(service.name)
    if failed:
        raise SendError(
            f"The test did not arrive everywhere: {', '.join(failed)}.",
            hint="Check the address and its password; docs/announcing.md has examples.",
        )
