"""The process that looks at live cameras' pictures: ``python -m server.aiming.process``.

Standard input asks (`server.aiming.Aiming`), standard output answers, a line of JSON each.
"""

import json
import os
import pickle
import resource
import select
import sys
from contextlib import suppress
from typing import Any

from calibration.profile import Board
from server.aiming import Known
from vision.aiming import aim
from vision.errors import PhotoError
from vision.image.photo import Photo
from vision.image.photo_file import open_file
from vision.registration import Reference

FRAME_PIXELS = 2_000_000
"""Of a picture: more is not needed, and takes longer."""

MEMORY_BYTES = 2**30

NICE = 10
"""Photos that were taken are read first."""


def main(idle_s: float) -> None:
    """Answer what standard input asks until nothing comes any more."""
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    boards: tuple[Board, ...] = ()
    references: list[Reference] = []
    asked = sys.stdin.buffer
    while select.select([asked], [], [], idle_s)[0]:
        try:
            known, photo_px, frame = pickle.load(asked)  # noqa: S301  (of our parent)
        except EOFError:
            return
        if known is not None:
            boards, references = known.boards, _references(known)
        sys.stdout.write(json.dumps(_answer(frame, boards, references, photo_px)))
        sys.stdout.write("\n")
        sys.stdout.flush()


def _references(known: Known) -> list[Reference]:
    references = []
    for entry in known.photos:
        with suppress(PhotoError):  # without it the others are there
            references.append(entry.reference())
    return references


def _answer(
    frame: bytes,
    boards: tuple[Board, ...],
    references: list[Reference],
    photo_px: int,
) -> dict[str, Any]:
    """Return slug of the board, its outline and the advice of `vision.aiming.Aim`."""
    try:
        width, height = open_file(frame).size
        if not frame.startswith(b"\xff\xd8") or width * height > FRAME_PIXELS:
            return {"refused": True}
        found = aim(Photo.decode(frame), boards, references, photo_px)
    except PhotoError:
        return {"refused": True}
    outline = None if found.outline is None else found.outline.round(4).tolist()
    board = found.board.slug if found.board else None
    return {"board": board, "outline": outline, "advice": found.advice}


if __name__ == "__main__":
    main(float(sys.argv[1]))
