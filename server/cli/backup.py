"""``boardcast backup``: a consistent copy of a site, made while it runs."""

import json
import os
from pathlib import Path

import click

from server.cli.options import EVENT_FILE, data_option, event_option, progress_of
from server.config import settings_from
from server.errors import REFUSED
from server.site import utc_now
from server.store.backup import BackupReport, back_up
from server.store.kept import Kept

NO_KEY = "not signed with"
"""Instead of the secret key: to look at a folder must not make one."""


@click.command(epilog="Example: boardcast backup /mnt/usb/boardcast --data data")
@click.argument("target", type=click.Path(path_type=Path))
@event_option()
@data_option()
@click.option("--json", "as_json", is_flag=True, help="Say what was done as JSON.")
def backup(
    target: Path, profile_path: Path | None, data_dir: Path | None, *, as_json: bool
) -> None:
    """Copy a site to TARGET, consistent even while it runs.

    The database, all photos and pictures, the key that links are signed with, and
    event.toml with its reference photos, as the site has taken it up. TARGET is a
    folder, to which only what is new is added the next time, or one archive if its
    name ends with .tar. One that is interrupted leaves the backup before it whole.

    Whoever has a backup has photos with faces and places, and can sign in: keep it
    as you keep the data folder. boardcast restore puts it back.
    """
    options = {
        "profile_path": profile_path or Path(EVENT_FILE),
        "data_dir": data_dir,
        "secret_key": NO_KEY,
    }
    settings = settings_from(os.environ, options)
    kept = Kept.of(settings)
    with progress_of("Backing up") as told:
        report = back_up(kept, settings.profile_path, target, utc_now(), told)
    click.echo(json.dumps(_json(report)) if as_json else _text(report))
    for blob in report.missing:
        click.echo(
            f"Missing or damaged, and not in the backup: {blob.part}/{blob.sha256}",
            err=True,
        )
    if report.missing:
        click.echo("boardcast check says more.", err=True)
        raise SystemExit(REFUSED)


def _text(report: BackupReport) -> str:
    return (
        f"{report.target}: {report.blobs} photos and pictures, {report.added} of them "
        f"new ({report.added_bytes / 2**20:.1f} MiB)."
    )


def _json(report: BackupReport) -> dict[str, object]:
    return {
        "target": str(report.target),
        "blobs": report.blobs,
        "added": report.added,
        "added_bytes": report.added_bytes,
        "missing": [f"{blob.part}/{blob.sha256}" for blob in report.missing],
    }
