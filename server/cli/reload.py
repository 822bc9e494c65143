"""``boardcast reload``: a changed event.toml is taken up, whole or not at all."""

import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from server.cli.last_serve import settings_as_served
from server.cli.options import data_option
from server.event_file import read_event_file
from server.publish.event_change import (
    RENAMED,
    TAKEN_DOWN,
    YES,
    EventChange,
    LostPlace,
    change_to,
    check_addresses,
    check_nothing_lost,
    take_up,
)
from server.site import Site

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Reloaded:
    """What came of a reload.

    Parameters
    ----------
    site : Site
        With the version that holds now.
    published : tuple of str
        Slugs of the boards that were published anew.
    lost : tuple of LostPlace
        What is gone.
    """

    site: Site
    published: tuple[str, ...] = ()
    lost: tuple[LostPlace, ...] = ()


@click.command(epilog="Example: boardcast reload --data boardcast-data")
@click.option(
    "--event",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The event.toml; the one that is served if left out.",
)
@data_option()
@click.option(
    YES, "yes", is_flag=True, help="Take sessions down whose room or slot is gone."
)
@click.option(
    RENAMED,
    "renamed",
    is_flag=True,
    help="What stands in the place of another name is the same room or slot: its "
    "sessions and corrections stay.",
)
def reload(
    path: Path | None, data_dir: Path | None, *, yes: bool, renamed: bool
) -> None:
    """Have the site take up a changed event.toml, running or not.

    It is taken up whole: all processes follow within a second, and boards whose
    rooms, slots or day changed are published anew. Or it is refused with the
    reason, and the site goes on as it is. On a terminal it asks whether what stands
    in the place of another name is the same.
    """
    options = {"data_dir": data_dir, "profile_path": path}
    site = Site.open(settings_as_served(os.environ, options))
    path = site.settings.profile_path
    before = site.profile_version
    checks = [check_addresses] if yes else [check_addresses, check_nothing_lost]
    renamed = renamed or (not yes and asked_if_renamed(site, path))
    done = reload_event(site, path, *checks, renamed=renamed)
    for place in done.lost:
        click.echo(str(place), err=True)
    if any(place.sessions for place in done.lost):
        click.echo(f"{TAKEN_DOWN[0].upper()}{TAKEN_DOWN[1:]}", err=True)
    if done.site.profile_version == before:
        click.echo("Nothing has changed.")
        return
    boards = ", ".join(done.published) or "none"
    click.echo(
        f"Version {done.site.profile_version} of the event is taken up. "
        f"Published anew: {boards}."
    )


def asks() -> bool:
    """Say whether somebody is there to be asked."""
    return sys.stdin.isatty()


def asked_if_renamed(site: Site, path: Path) -> bool:
    """Ask whether what stands in the place of other names is the same.

    False where nothing of it matters, or nobody is there to be asked.
    """
    file = read_event_file(path)
    with site.database.read() as session:
        change = change_to(session, file)
    if change is None or not change.in_place or not asks():
        return False
    for place in change.in_place:
        click.echo(str(place), err=True)
    question = "Is that so? Then sessions and corrections stay."
    return click.confirm(question, err=True)


def reload_event(
    site: Site,
    path: Path,
    *checks: Callable[[EventChange], None],
    renamed: bool = False,
) -> Reloaded:
    """Take a changed event.toml up, and publish anew what it changes.

    Parameters
    ----------
    site : Site
    path : Path
    *checks : callable
        Each raises what speaks against a change.
    renamed : bool
        Whether a name that stands in the place of another is a new name of the same.

    Raises
    ------
    ProfileError, ReferenceMissingError, PhotoError
        If the file cannot be used.
    ReloadRefusedError
        If a check refuses it.
    StorageError
        If it cannot be kept.
    """
    file = read_event_file(path)
    with site.database.write() as session:
        change = change_to(session, file, renamed=renamed)
        if change is None:
            return Reloaded(site.newest())
        for check in checks:
            check(change)
        accepted, published = take_up(session, change, site.clock())
    log.info("version %s of the event is taken up from %s", accepted.version, path)
    return Reloaded(site.newest(), published, change.lost)
