"""``python -m benchmarks``: accuracy and speed against the alternatives."""

import multiprocessing
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import click

from benchmarks.accuracy import Accuracy, accuracy_tables, measure_accuracy
from benchmarks.confidence import Judged, confidence_table
from benchmarks.drawn import drawn_tables, measure_board
from benchmarks.folders import folder_cases, left_out
from benchmarks.memory import memory_table
from benchmarks.readers import (
    along_true_outlines,
    boardcast,
    boardcast_with,
    sticky_notes,
    whole_photo,
)
from benchmarks.report import RefusingCommand, json_option, report
from benchmarks.rivals import bare_engine, whole_photo_readers
from benchmarks.samples import GROUP, full_board, sample_cases
from benchmarks.scenarios import scenarios
from benchmarks.sequences import photographed_often, read_series, sequence_tables
from benchmarks.speed import speed_table
from server.chat import chat_server_from
from server.chat.engines import (
    CHAT,
    ENGINE_NAMES,
    chat_alone,
    engine_named,
    quick_engine_named,
    required,
)
from vision.recognition.engine import OcrEngine

SCHEMA = "boardcast/bench/3"


SAMPLES = (
    "pycon_us_2022/1-morning",
    "pycon_us_2022/3-afternoon",
    "taped_grid/1-before-lunch",
    "whiteboard/1-whiteboard",
)
"""Sample photos that are read: two are left out, which are between others of their
days."""

QUICK_SAMPLES = SAMPLES[2:3]
"""The photo with the fewest cards."""

PLACED, READ, SERIES = 50, 16, 3
"""Drawn boards of which the photos are placed; how many of these are read twice; and
boards that are photographed again and again."""

QUICK_PLACED = 1
"""Drawn boards of a quick run; it is read."""


@click.command(
    cls=RefusingCommand,
    epilog="Example: python -m benchmarks --quick --json bench.json",
)
@click.argument(
    "folders",
    nargs=-1,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--quick", is_flag=True, help="A part of it, for a first look.")
@json_option()
@click.option(
    "--engine",
    type=click.Choice(ENGINE_NAMES[1:]),
    help="Measure Boardcast with this engine, too. A chat server (BOARDCAST_CHAT_URL "
    "and _MODEL) is asked for every card; what it does not read counts as not read.",
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
    began_s, tell = time.perf_counter(), partial(click.echo, err=True)
    notes = [note for folder in folders for note in left_out(folder)]
    samples = QUICK_SAMPLES if quick else SAMPLES
    cases = [case for case in sample_cases() if case.name in samples]
    cases += [case for folder in folders for case in folder_cases(folder)]
    others = [_engine(engine, notes)] if engine else []
    with _processes() as pool:
        # Other processes draw and place while this one reads.
        drawn = [
            pool.submit(measure_board, scenario, read=scenario.seed < READ)
            for scenario in scenarios(QUICK_PLACED if quick else PLACED)
        ]
        series = pool.map(photographed_often, range(0 if quick else SERIES))
        quick_engine = quick_engine_named(ENGINE_NAMES[0])
        thorough = engine_named(ENGINE_NAMES[0])
        pictures, absent = whole_photo_readers()
        readers = [
            boardcast(quick_engine, thorough),
            *(boardcast_with(other) for other in others),
            along_true_outlines(quick_engine, thorough),
            *(whole_photo(*picture) for picture in pictures.items()),
            sticky_notes(quick_engine),
        ]
        scores = measure_accuracy(cases, readers, tell)
        tables = [*accuracy_tables(scores), confidence_table(_said(scores))]
        tell("drawn boards")
        tables += drawn_tables(board.result() for board in drawn)
        tables += sequence_tables(
            [read_series(*one, quick_engine, thorough) for one in series]
        )
    if not quick:
        # What is timed is timed alone.
        tell("speed and memory")
        case = full_board()
        bare = bare_engine()
        tables.append(speed_table(case, quick_engine, thorough, bare, pictures))
        tables.append(memory_table(case))
    took_s = time.perf_counter() - began_s
    notes += [*absent, f"It took {took_s:.0f} s on {os.cpu_count()} cores."]
    report(tables, notes, SCHEMA, json_path)


def _engine(name: str, notes: list[str]) -> OcrEngine:
    """Return an engine that is to be measured beside the default one."""
    if name != CHAT:
        return engine_named(name)
    return chat_alone(required(chat_server_from(os.environ)), notes.append)


def _said(scores: Sequence[Accuracy]) -> dict[str, list[Judged]]:
    """Return what readers said of their readings, of drawings and of photographs."""
    said: dict[str, list[Judged]] = {}
    for score in scores:
        kind = "drawings" if score.group == GROUP else "photographs"
        said.setdefault(f"{score.reader}, {kind}", []).extend(score.judged)
    return said


def _processes() -> ProcessPoolExecutor:
    """Return a process for each core: drawing keeps only one busy."""
    # Not forked: the engine's threads would be missing in the copies.
    return ProcessPoolExecutor(
        os.cpu_count(), mp_context=multiprocessing.get_context("spawn")
    )


if __name__ == "__main__":
    bench()
