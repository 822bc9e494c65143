"""``boardcast export-labels``: what people corrected, to train with."""

import json
import os
from pathlib import Path

import click

from calibration.profile import load_profile
from server.cli.last_serve import settings_as_served
from server.cli.options import data_option, progress_of, served_event_option
from server.errors import REFUSED, LabelsError
from server.publish.label_folder import ExportReport, export
from server.publish.labels import labels_of
from server.site import Site


@click.command(
    "export-labels",
    epilog="Example: boardcast export-labels labels --data boardcast-data",
)
@click.argument("target", type=click.Path(path_type=Path))
@served_event_option()
@data_option()
@click.option("--json", "as_json", is_flag=True, help="Say what was done as JSON.")
def export_labels(
    target: Path, profile_path: Path | None, data_dir: Path | None, *, as_json: bool
) -> None:
    """Write cards with their corrected texts into the folder TARGET, to train with.

    Pictures of the cards that a person corrected or confirmed at the desk, and
    labels.jsonl, which says what is written on them; its README.md describes it. Cards
    that are hidden or off the board are left out. Done again, it brings the folder up
    to date.

    The event must agree: share_labels = true below [event] in event.toml. Cards have
    their authors' names on them: keep the folder as you keep the data folder.
    """
    options = {"profile_path": profile_path, "data_dir": data_dir}
    settings = settings_as_served(os.environ, options)
    # What the file says now, not what was taken up: whoever takes the consent back has
    # taken it back.
    if not load_profile(settings.profile_path).event.share_labels:
        raise LabelsError(
            "The event does not agree that its cards are exported to train with.",
            hint="If its organisers do, write the line share_labels = true below [event] "
            f"in {settings.profile_path}, and try again.",
        )
    site = Site.open(settings)
    with site.database.read() as session:
        labels = [
            label
            for board in site.profile.boards
            for label in labels_of(session, board)
        ]
    with progress_of("Exporting labels") as told:
        report = export(labels, site.blobs, target, told)
    click.echo(json.dumps(_json(report)) if as_json else _text(report))
    for card in report.missing:
        click.echo(f"Its picture is missing or damaged: card {card}", err=True)
    if report.missing:
        click.echo("boardcast check says more.", err=True)
        raise SystemExit(REFUSED)


def _text(report: ExportReport) -> str:
    cards = "1 card" if report.labels == 1 else f"{report.labels} cards"
    return f"{report.target}: {cards} with what people say is written on them."


def _json(report: ExportReport) -> dict[str, object]:
    return {
        "target": str(report.target),
        "labels": report.labels,
        "missing": list(report.missing),
    }
