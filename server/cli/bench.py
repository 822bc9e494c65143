"""``boardcast bench``: accuracy and speed against the alternatives."""

import json
import multiprocessing
import os
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from server.bench.document import to_json
from server.bench.folders import folder_cases
from server.bench.readers import Boardcast, Reader, StickyNotes, WholePhoto
from server.bench.results import FULL, QUICK, Contestants, Results, run_bench
from server.bench.samples import sample_cases
from server.bench.tables import tables_of
from server.bench.whole_photo import (
    rapidocr_name,
    rapidocr_reader,
    tesseract_reader,
)
from server.chat import chat_server_from, with_chat
from server.cli.options import chat_options, progress_bars
from vision.errors import EngineUnavailableError
from vision.ocr.chat_server import ChatServer
from vision.ocr.engine import OcrEngine
from vision.ocr.select import CHAT, ENGINE_NAMES, chat_alone, engine_named, required
from vision.ocr.tesseract import probe_tesseract

FILE_WIDTH = 140
"""Columns of the tables where nobody watches: nothing is cut off in a file."""


@click.command(epilog="Example: boardcast bench --quick --json bench.json")
@click.argument(
    "folders",
    nargs=-1,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--quick", is_flag=True, help="A part of it, for a first look.")
@click.option(
    "--json",
    "json_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for the results as JSON.",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINE_NAMES[1:]),
    help="Measure Boardcast with this engine, too. A chat server is asked for "
    "every card, and what it does not read counts as not read.",
)
@chat_options()
def bench(
    folders: tuple[Path, ...],
    *,
    quick: bool,
    json_path: Path | None,
    engine: str | None,
    chat_url: str | None,
    chat_model: str | None,
) -> None:
    """Measure accuracy and speed against the alternatives, as tables.

    On the sample boards, and on all boards with truth in the FOLDERS; the
    format of these is in docs/bench.md, with what each column means.
    """
    others = tuple(case for folder in folders for case in folder_cases(folder))
    chat = chat_server_from(with_chat(os.environ, chat_url, chat_model))
    heard: list[str] = []
    asked = engine and _asked_for(engine, chat, heard.append)
    contestants = _contestants([asked] if asked else [])
    with progress_bars() as bars, _processes() as pool:
        bar = bars.add_task("loading", total=None)

        def progress(what: str, done: int, total: int) -> None:
            bars.update(bar, description=what, completed=done, total=total)

        results = run_bench(
            contestants,
            samples=sample_cases(),
            others=others,
            amount=QUICK if quick else FULL,
            clock=time.perf_counter,
            spread=pool.map,
            progress=progress,
        )
    notes = (*results.notes, *dict.fromkeys(heard))
    results = replace(results, notes=notes)
    if json_path is not None:
        json_path.write_text(json.dumps(to_json(results), indent=1) + "\n", "utf-8")
    _show(results)


def _asked_for(
    name: str, chat: ChatServer | None, tell: Callable[[str], None]
) -> OcrEngine:
    """Return an engine that is to be measured beside the default one."""
    return chat_alone(required(chat), tell) if name == CHAT else engine_named(name)


def _contestants(others: Sequence[OcrEngine]) -> Contestants:
    """Load everyone who is installed; Boardcast with other engines, too."""
    engine = engine_named(ENGINE_NAMES[0])
    plain = rapidocr_reader()
    readers: list[Reader] = [
        Boardcast(engine),
        *(Boardcast(other, f"Boardcast, {other.name}") for other in others),
        WholePhoto(f"{rapidocr_name()}, whole photo", plain),
        StickyNotes("HSV sticky notes + RapidOCR", engine),
    ]
    try:
        probe = probe_tesseract()
    except EngineUnavailableError as error:
        note = f"Without Tesseract: {error.message} {error.hint}"
        return Contestants(tuple(readers), engine, plain, (note,))
    name = f"Tesseract {probe.version}, whole photo"
    readers.append(WholePhoto(name, tesseract_reader(probe)))
    return Contestants(tuple(readers), engine, plain)


def _processes() -> ProcessPoolExecutor:
    """Return a process for each core: drawing keeps only one busy."""
    # Not forked: the engine's threads would be missing in the copies.
    return ProcessPoolExecutor(
        os.cpu_count(), mp_context=multiprocessing.get_context("spawn")
    )


def _show(results: Results) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=max(FILE_WIDTH, shutil.get_terminal_size().columns))
    for table in tables_of(results):
        console.print(table)
    for note in results.notes:
        console.print(note)
