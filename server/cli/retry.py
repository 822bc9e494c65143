"""``boardcast retry``: photos that have failed, once more."""

import os
from pathlib import Path

import click

from server.cli.last_serve import settings_as_served
from server.cli.options import data_option, served_event_option
from server.site import Site
from server.store.photos import failed_photos, retry_photo


@click.command(epilog="Example: boardcast retry --failed --data boardcast-data")
@click.argument("photo_ids", metavar="[PHOTO_ID]...", nargs=-1)
@click.option("--failed", is_flag=True, help="All photos that have failed.")
@served_event_option()
@data_option()
def retry(
    photo_ids: tuple[str, ...],
    failed: bool,  # noqa: FBT001  (click's way to give a flag)
    profile_path: Path | None,
    data_dir: Path | None,
) -> None:
    """Try photos again that have failed, or were refused.

    The desk and boardcast send tell a photo's id. A running server takes them up by
    itself; after an upgrade it tries failed ones again without being asked.
    """
    if bool(photo_ids) == failed:
        raise click.UsageError("Name photos by their ids, or give --failed.")
    options = {"profile_path": profile_path, "data_dir": data_dir}
    site = Site.open(settings_as_served(os.environ, options))
    with site.database.write() as session:
        chosen = photo_ids or [entry.id for entry in failed_photos(session)]
        records = [retry_photo(session, photo_id) for photo_id in chosen]
    for record in records:
        click.echo(f"{record.id} {record.state}")
    if not records:
        click.echo("No photo has failed.", err=True)
