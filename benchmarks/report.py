"""What the programs here print and write, and what a refusal becomes."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from pydantic import TypeAdapter
from rich.console import Console

from benchmarks.table import Table
from calibration.errors import BoardcastError

FILE_WIDTH = 120
"""Columns of the tables where nobody watches: they fit into these."""


class RefusingCommand(click.Command):
    """A command that tells what was wrong instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a refusal ends it with message and hint."""
        try:
            return super().invoke(ctx)
        except BoardcastError as error:
            click.echo(f"{error.message}\n{error.hint}", err=True)
            ctx.exit(1)


def json_option() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return ``--json``."""
    return click.option(
        "--json",
        "json_path",
        type=click.Path(dir_okay=False, path_type=Path),
        help="File for the results as JSON.",
    )


def report(
    tables: Sequence[Table], notes: Sequence[str], schema: str, json_path: Path | None
) -> None:
    """Print tables and notes, and write them if a file is named."""
    if json_path is not None:
        document = {
            "schema": schema,
            "tables": [table.document() for table in tables],
            "notes": list(notes),
        }
        json_path.write_bytes(TypeAdapter(Any).dump_json(document, indent=1) + b"\n")
    console = Console()
    if not console.is_terminal:
        width = max(FILE_WIDTH, shutil.get_terminal_size().columns)
        console = Console(width=width)
    for table in tables:
        console.print(table.printable())
    for note in notes:
        console.print(note)
