"""The most memory that reading one photo takes, in a process of its own."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from benchmarks.accuracy import Progress
from benchmarks.bars import Bar
from benchmarks.cases import Case
from calibration.profile import Board
from server.allocator import spare_memory
from vision.image.photo import Photo, encode_jpeg
from vision.pipeline import read_board, straighten
from vision.recognition.registry import (
    LOCAL_ENGINE_NAMES,
    engine_named,
    quick_engine_named,
)
from vision.recognition.rereading import doubtful, read_further
from vision.registration import Reference

MEGAPIXEL = 1_000_000

SIZES: tuple[tuple[int, Bar], ...] = ((12, Bar(600)), (48, Bar(1200)))
"""Megapixels of a photo, and the megabytes that reading it may take."""

PHOTO_QUALITY = 90
"""JPEG quality of the file: a phone's."""

FURTHER = 3
"""Doubtful cards that are read further: each takes as much, one at a time."""

STATUS = Path("/proc/self/status")
"""Where Linux tells a process about itself; other systems have none."""

PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
"""Its most resident memory so far, in units of 1024 bytes."""


@dataclass(frozen=True, slots=True)
class MemoryRow:
    """What reading a photo took at most.

    Parameters
    ----------
    megapixels : int
    peak_mb : float
        Megabytes (1,000,000 bytes) resident, with everything that is loaded.
    bar : Bar
    """

    megapixels: int
    peak_mb: float
    bar: Bar


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """A photo that is read by a process of its own.

    Parameters
    ----------
    data : bytes
        The photo's file.
    board : Board
    references : tuple of Reference
    """

    data: bytes
    board: Board
    references: tuple[Reference, ...]


class Isolated(Protocol):
    """Applies a function to loads, in order, each in a new process."""

    def __call__(
        self, function: Callable[[Load], float | None], loads: Iterable[Load], /
    ) -> Iterable[float | None]:
        """Yield what the function makes of each."""
        ...


def measure_memory(
    case: Case, isolated: Isolated, progress: Progress
) -> tuple[MemoryRow, ...]:
    """Measure what reading takes at every size.

    Parameters
    ----------
    case : Case
    isolated : callable
    progress : callable

    Returns
    -------
    tuple of MemoryRow
        None of them where the system does not tell.
    """
    rows = []
    for number, (megapixels, bar) in enumerate(SIZES):
        progress(f"memory at {megapixels} megapixels", number, len(SIZES))
        load = Load(enlarged(case.photo, megapixels), case.board, case.references)
        (peak_mb,) = isolated(peak_of_reading, [load])
        if peak_mb is not None:
            rows.append(MemoryRow(megapixels, peak_mb, bar))
    progress("memory", len(SIZES), len(SIZES))
    return tuple(rows)


def enlarged(photo: Photo, megapixels: int) -> bytes:
    """Return a photo's file at so many megapixels.

    Parameters
    ----------
    photo : Photo
    megapixels : int
    """
    width, height = photo.size_wh
    scale = (megapixels * MEGAPIXEL / (width * height)) ** 0.5
    pixels = cv2.resize(photo.pixels, None, fx=scale, fy=scale)
    return encode_jpeg(np.asarray(pixels, np.uint8), PHOTO_QUALITY)


def peak_of_reading(load: Load) -> float | None:
    """Read a photo as a server does; return this process's most megabytes so far.

    Parameters
    ----------
    load : Load

    Returns
    -------
    float or None
        None where the system does not tell.
    """
    spare_memory()
    name = LOCAL_ENGINE_NAMES[0]
    quick, thorough = quick_engine_named(name), engine_named(name)
    photo = Photo.decode(load.data)
    straight = straighten(photo, [load.board], load.references)
    cards = read_board(photo, straight, quick).reading.cards
    places = [card.quad_photo for card in cards]
    for card in doubtful(cards)[:FURTHER]:
        read_further(photo, card, thorough, places)
    return peak_mb(STATUS)


def peak_mb(status: Path) -> float | None:
    """Return the peak that a status file of Linux tells; None if there is none.

    Parameters
    ----------
    status : Path
    """
    if not status.is_file():
        return None
    told = PEAK.search(status.read_text("utf-8"))
    return int(told[1]) * 1024 / 1_000_000 if told else None
