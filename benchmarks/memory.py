"""The most memory that reading one photo takes, in a process of its own."""

import multiprocessing
import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.bars import Bar
from benchmarks.boardcast import read_photo
from benchmarks.cases import Case
from benchmarks.table import Table, Value, judged
from calibration.event import Board
from server.allocator import spare_memory
from vision.image.photo import Photo, encode_jpeg
from vision.recognition.registry import (
    ENGINE_NAMES,
    engine_named,
    quick_engine_named,
)
from vision.registration import Reference
from vision.rereading import doubtful, reread

SIZES: tuple[tuple[int, Bar], ...] = ((12, Bar(600)), (48, Bar(1200)))
"""Megapixels of a photo, and the megabytes that reading it may take."""

PHOTO_QUALITY = 90
"""JPEG quality of the file: a phone's."""

READ_AGAIN = 3
"""Doubtful cards that are read again: each takes as much, one at a time."""

STATUS = Path("/proc/self/status")
"""Where Linux tells a process about itself; other systems have none."""

PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
"""Its most resident memory so far, in units of 1024 bytes."""


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """A photo that is read by a process of its own: its file, its board."""

    data: bytes
    board: Board
    references: tuple[Reference, ...]


def memory_table(case: Case) -> Table:
    """Measure what reading takes at every size; no rows where no system tells."""
    rows: list[tuple[Value, ...]] = []
    for megapixels, bar in SIZES:
        width, height = case.photo.size_wh
        scale = (megapixels * 1_000_000 / (width * height)) ** 0.5
        pixels = cv2.resize(case.photo.pixels, None, fx=scale, fy=scale)
        data = encode_jpeg(np.asarray(pixels, np.uint8), PHOTO_QUALITY)
        # Not forked: what this process has taken so far would count, too.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            load = Load(data, case.board, case.references)
            peak = pool.submit(peak_of_reading, load).result()
        if peak is not None:
            what = f"reading a photo of {megapixels} megapixels"
            rows.append((what, round(peak), *judged(bar, peak)))
    return Table("Peak memory", ("what", "MB", "must", "met"), tuple(rows))


def peak_of_reading(load: Load) -> float | None:
    """Read a photo as a server does; return this process's most megabytes so far."""
    spare_memory()
    name = ENGINE_NAMES[0]
    quick, thorough = quick_engine_named(name), engine_named(name)
    photo = Photo.decode(load.data)
    cards = read_photo(photo, load.board, load.references, quick).reading.cards
    for card in doubtful(cards)[:READ_AGAIN]:
        reread(photo, card, thorough)
    return peak_mb(STATUS)


def peak_mb(status: Path) -> float | None:
    """Return the peak that a status file of Linux tells; None if there is none."""
    if not status.is_file():
        return None
    told = PEAK.search(status.read_text("utf-8"))
    return int(told[1]) * 1024 / 1_000_000 if told else None
