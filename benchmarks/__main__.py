"""``python -m benchmarks``: accuracy and speed against the alternatives."""

import json
import multiprocessing
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from benchmarks.accuracy import Progress
from benchmarks.bare import bare_engine
from benchmarks.document import to_json
from benchmarks.folders import cut_cases, folder_cases, left_out
from benchmarks.full_board import full_board
from benchmarks.memory import Load
from benchmarks.readers import (
    Boardcast,
    Settling,
    StickyNotes,
    TrueOutlines,
    WholePhoto,
)
from benchmarks.results import FULL, QUICK, Boards, Contestants, Results, run_bench
from benchmarks.samples import sample_cases
from benchmarks.tables import tables_of
from benchmarks.whole_photo import (
    ReadPicture,
    rapidocr_name,
    rapidocr_reader,
    tesseract_reader,
)
from calibration.errors import BoardcastError
from server.chat import chat_server_from
from server.cli.options import progress_bars
from vision.errors import EngineUnavailableError
from vision.recognition.chat_server import ChatServer
from vision.recognition.engine import OcrEngine
from vision.recognition.registry import (
    CHAT,
    ENGINE_NAMES,
    chat_alone,
    engine_named,
    quick_engine_named,
    required,
)
from vision.recognition.tesseract import probe_tesseract

FILE_WIDTH = 100
"""Columns of the tables where nobody watches: they fit into these."""


@click.command(epilog="Example: python -m benchmarks --quick --json bench.json")
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
def bench(
    folders: tuple[Path, ...],
    *,
    quick: bool,
    json_path: Path | None,
    engine: str | None,
) -> None:
    """Measure accuracy and speed against the alternatives, as tables.

    On the sample boards, and on all boards with truth in the FOLDERS; the
    format of these is in docs/bench.md, with what each column means.
    """
    boards = _boards(folders)
    chat = chat_server_from(os.environ)
    heard: list[str] = []
    asked = engine and _asked_for(engine, chat, heard.append)
    began_s = time.perf_counter()
    with _progress() as progress, _processes() as pool:
        progress("loading", 0, 1)
        results = run_bench(
            _contestants([asked] if asked else []),
            boards,
            amount=QUICK if quick else FULL,
            clock=time.perf_counter,
            spread=pool.map,
            isolated=_one_by_one,
            progress=progress,
        )
    notes = [*results.notes, *(note for folder in folders for note in left_out(folder))]
    notes += [*dict.fromkeys(heard), _cost(time.perf_counter() - began_s)]
    results = replace(results, notes=tuple(notes))
    if json_path is not None:
        json_path.write_text(json.dumps(to_json(results), indent=1) + "\n", "utf-8")
    _show(results)


def _boards(folders: Sequence[Path]) -> Boards:
    """Plan what is read: sample boards, and the boards in folders."""
    return Boards(
        samples=sample_cases(),
        drawn=(full_board(),),
        others=tuple(case for folder in folders for case in folder_cases(folder)),
        cut=tuple(case for folder in folders for case in cut_cases(folder)),
    )


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show progress on standard error: bars to who watches, lines to a file."""
    with progress_bars() as bars:
        bar = bars.add_task("loading", total=None)

        def progress(what: str, done: int, total: int) -> None:
            bars.update(bar, description=what, completed=done, total=total)
            if bars.disable:
                click.echo(f"{what} ({done} of {total})", err=True)

        yield progress


def _cost(wall_s: float) -> str:
    """Say what the run took, with all processes that have ended."""
    cpu_s = sum(os.times()[:4])
    return f"It took {wall_s:.0f} s, and {cpu_s:.0f} s of all {os.cpu_count()} cores' time."


def _asked_for(
    name: str, chat: ChatServer | None, tell: Callable[[str], None]
) -> OcrEngine:
    """Return an engine that is to be measured beside the default one."""
    return chat_alone(required(chat), tell) if name == CHAT else engine_named(name)


def _contestants(others: Sequence[OcrEngine]) -> Contestants:
    """Load everyone who is installed; Boardcast with other engines, too."""
    name = ENGINE_NAMES[0]
    quick, thorough = quick_engine_named(name), engine_named(name)
    pictures: dict[str, ReadPicture] = {
        f"{rapidocr_name()}, whole photo": rapidocr_reader()
    }
    notes = []
    try:
        probe = probe_tesseract()
    except EngineUnavailableError as error:
        notes.append(f"Without Tesseract: {error.message} {error.hint}")
    else:
        pictures[f"Tesseract {probe.version}, whole photo"] = tesseract_reader(probe)
    return Contestants(
        finders=(
            Settling(quick, thorough),
            *(Boardcast(other, f"Boardcast, {other.name}") for other in others),
            StickyNotes("HSV sticky notes + RapidOCR", quick),
        ),
        outliners=tuple(WholePhoto(*picture) for picture in pictures.items()),
        cutters=(TrueOutlines(quick, thorough),),
        quick=quick,
        thorough=thorough,
        bare=bare_engine(),
        pictures=pictures,
        notes=tuple(notes),
    )


def _one_by_one(
    function: Callable[[Load], float | None], loads: Iterable[Load]
) -> Iterator[float | None]:
    """Apply a function to each load in a new process."""
    for load in loads:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            yield pool.submit(function, load).result()


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


if __name__ == "__main__":
    try:
        bench()
    except BoardcastError as error:
        sys.exit(f"{error.message}\n{error.hint}")
