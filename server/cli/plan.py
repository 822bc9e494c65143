"""``boardcast plan``: sessions that were planned ahead, from a spreadsheet."""

import json
import os
from pathlib import Path

import click

from calibration.profile import Board
from server.cli.last_serve import settings_as_served
from server.cli.options import data_option, served_event_option
from server.publish.planning.preview import Preview
from server.publish.planning.sheet import read_sheet
from server.publish.planning.taking import preview_in, take
from server.publish.releases import publish
from server.schedule.corrections.plan import Plan
from server.site import Site
from server.store.corrections import append_correction

AUTHOR = "boardcast plan"


@click.command(epilog="Example: boardcast plan sessions.csv --event event.toml")
@click.argument("sheet", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@served_event_option()
@data_option()
@click.option("--board", help="Of rows that say no day, by its slug.")
@click.option("--dry-run", is_flag=True, help="Say what it would do; keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def plan(
    sheet: Path,
    profile_path: Path | None,
    data_dir: Path | None,
    board: str | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """List the planned sessions of a CSV file ahead, also while the site runs.

    Columns title, host, room, time, day, description and handle, in any order; the
    first row names them. The same file again changes nothing, a changed one changes its
    rows. Each board's sessions are one act in its history. Rows that cannot be taken
    are named, the others are kept, and the exit code is 1.
    """
    options = {"profile_path": profile_path, "data_dir": data_dir}
    site = Site.open(settings_as_served(os.environ, options))
    profile = site.profile
    default = profile.board(board) if board else None
    if len(profile.boards) == 1:
        default = profile.boards[0]
    preview = list_ahead(site, sheet.read_bytes(), default, dry_run=dry_run)
    _say(preview, as_json=as_json, dry_run=dry_run)
    if preview.refused:
        click.get_current_context().exit(1)


def list_ahead(
    site: Site, data: bytes, default: Board | None, *, dry_run: bool = False
) -> Preview:
    """List the sessions of a sheet ahead, one act on each board; say what it changes.

    Parameters
    ----------
    site : Site
    data : bytes
        The CSV file.
    default : Board or None
        Of rows that say no day.
    dry_run : bool
        Whether nothing is kept.
    """
    profile = site.profile
    read = read_sheet(data)
    with site.database.write() as session:
        preview = preview_in(session, profile, read, default)

        def act(on: Board, change: Plan) -> None:
            now = site.clock()
            append_correction(session, on.slug, change, author=AUTHOR, made_at=now)
            publish(session, profile, on.slug, cause="correction", at=now)

        if not dry_run:
            take(preview, profile, act)
    return preview


def _say(preview: Preview, *, as_json: bool, dry_run: bool) -> None:
    counts = {state: preview.count(state) for state in ("new", "changed", "known")}
    if as_json:
        said = {
            name: [one._asdict() for one in getattr(preview, name)]
            for name in ("refused", "notes")
        }
        missing = [one.texts.title for one in preview.missing]
        document = {**counts, **said, "missing": missing, "unknown": preview.unknown}
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    for one in preview.notes:
        click.echo(str(one), err=True)
    for one in preview.refused:
        click.echo(f"Refused: {one}", err=True)
    for session in preview.missing:
        click.echo(
            f"Planned before, not in this sheet: {session.texts.title}", err=True
        )
    if preview.unknown:
        click.echo(f"Columns left out: {', '.join(preview.unknown)}", err=True)
    would = " (nothing is kept)" if dry_run else ""
    click.echo(
        f"{counts['new']} new, {counts['changed']} changed, {counts['known']} as they "
        f"were, {len(preview.refused)} refused{would}."
    )
