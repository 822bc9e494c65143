"""``boardcast restore``: a backup back in place."""

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path

import click

from server.cli.backup import NO_KEY
from server.cli.last_serve import LAST_SERVE_FILE
from server.cli.options import EVENT_FILE, data_option, progress_of
from server.config import settings_from
from server.site import utc_now
from server.store import restore as store_restore


@click.command(epilog="Example: boardcast restore /mnt/usb/boardcast --data data")
@click.argument("backup", type=click.Path(exists=True, path_type=Path))
@data_option()
@click.option(
    "--replace",
    is_flag=True,
    help="Put a data folder that holds something aside, and this in its place.",
)
@click.option("--json", "as_json", is_flag=True, help="Say what was done as JSON.")
def restore(
    backup: Path, data_dir: Path | None, *, replace: bool, as_json: bool
) -> None:
    """Make a data folder of what boardcast backup has written.

    Every byte is checked, beside the folder; only then it takes its place. A server
    that runs goes on with it. Photos that were received after the backup are in the
    folder that was put aside: boardcast send takes them from its blobs/originals.
    """
    options = {
        "profile_path": Path(EVENT_FILE),
        "data_dir": data_dir,
        "secret_key": NO_KEY,
    }
    settings = settings_from(os.environ, options)
    store_restore.check_inside(settings)
    with progress_of("Restoring") as told:
        report = store_restore.restore(
            backup, settings.data_dir, utc_now(), told, replace=replace
        )
    if report.aside:
        # So that invite and revoke go on. Without it serve has to be started once.
        with suppress(OSError):
            shutil.copy(report.aside / LAST_SERVE_FILE, report.data_dir)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "data_dir": str(report.data_dir),
                    "event": str(report.event),
                    "made_at": report.made_at,
                    "blobs": report.blobs,
                    "missing": list(report.missing),
                    "aside": str(report.aside) if report.aside else None,
                }
            )
        )
        return
    click.echo(
        f"{report.data_dir}: {report.blobs} photos and pictures, as of "
        f"{report.made_at}."
    )
    if report.aside:
        click.echo(f"What was there is in {report.aside} now.")
    for name in report.missing:
        click.echo(f"Missing already when the backup was made: {name}", err=True)
    click.echo(f"boardcast serve --event {report.event} --data {report.data_dir}")
