"""Real cards, read along their true outlines, with what is true of them.

Reading takes a second a card, so that each reading is kept as soon as it is made, in a
file that is named after what made it: another network, lexicon or margin reads anew.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from rapidfuzz.distance import Levenshtein

from benchmarks.folds import load_folds
from calibration.geometry import Quad, Rect
from training.recogniser.readers import reader_of, readers_digest
from vision.cards import Line
from vision.image.photo import Photo
from vision.recognition.card_text import read_card
from vision.recognition.engine import OcrEngine

CUTS: Final = 2
"""Readings of each card; the second with its outline moved a little."""
MOVED: Final = 0.04
"""How far at most, as a part of the card's sides."""
NOT_TO_TRAIN_ON: Final = frozenset({"writethedocs-2024"})
"""Boards whose licence is non-commercial."""
WELL_READ: Final = 0.2
"""Character error rate up to which a card counts as well read."""
HARDLY_READ: Final = 0.6
"""Beyond it nobody can tell which line holds which words."""


@dataclass(frozen=True, slots=True)
class RealCard:
    """One reading of a card.

    Parameters
    ----------
    board, event : str
        Where it hung.
    number, cut : int
        Which card of the board, which reading of it.
    lines : tuple of (str, float, list, bool)
        Text, confidence, corners in pixels, and whether it is a heading, of each line.
    chance : float
        That the reading is right, as the engine says.
    text, title, host : str
        What is true; a card without a title of its own is called by its text.
    partial : bool
        Whether only its large writing is known.
    """

    board: str
    event: str
    number: int
    cut: int
    lines: tuple[tuple[str, float, list[list[float]], bool], ...]
    chance: float
    text: str
    title: str
    host: str
    partial: bool

    @property
    def as_read(self) -> tuple[Line, ...]:
        """Its lines."""
        return tuple(
            Line(text, sure, Quad.from_array(corners), heading=heading)
            for text, sure, corners, heading in self.lines
        )

    @property
    def error(self) -> float:
        """The character error rate of its text."""
        return cer(self.text, " ".join(line[0] for line in self.lines))

    @property
    def as_true(self) -> tuple[Line, ...]:
        """Its lines with the true words on them; none if it was hardly read."""
        if self.partial or self.error > HARDLY_READ:
            return ()
        dealt = _dealt(self.text, [line[0] for line in self.lines])
        return tuple(
            Line(text, 1.0, Quad.from_array(corners), heading=heading)
            for text, (_, _, corners, heading) in zip(dealt, self.lines, strict=True)
            if text
        )


def plain(text: str) -> str:
    """Return a text as texts are compared: without case, accents, punctuation."""
    text = unicodedata.normalize("NFKD", text).lower()
    kept = (letter for letter in text if not unicodedata.combining(letter))
    signs = "".join(c if c.isalnum() or c in "_@#" else " " for c in kept)
    return " ".join(signs.split())


def cer(truth: str, got: str) -> float:
    """Return the character error rate, at most 1."""
    true, read = plain(truth), plain(got)
    return min(1.0, Levenshtein.distance(true, read) / max(1, len(true)))


def real_cards(
    boards: Path, kept: Path, engine: OcrEngine | None = None
) -> list[RealCard]:
    """Return the legible cards of a folder of boards; reads what is not kept yet.

    By this engine, or by readers that did not learn from the event.
    """
    file = kept / f"cards-{made_by(engine.name if engine else readers_digest())}.jsonl"
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    # Of a run that was ended while it wrote, the last line may be a part of one.
    known = {
        (card.board, card.number, card.cut): card
        for card in (
            RealCard(**json.loads(line)) for line in lines if line.endswith("}")
        )
    }
    kept.mkdir(parents=True, exist_ok=True)
    found: list[RealCard] = []
    with file.open("a", encoding="utf-8") as written:
        if lines:
            written.write("\n")
        for board in sorted(path.parent for path in boards.glob("*/truth.json")):
            event = load_folds().event_of(board.name).name
            for card in _cards_of(board, event, engine or reader_of(event), known):
                found.append(card)
                if (card.board, card.number, card.cut) not in known:
                    written.write(json.dumps(asdict(card)) + "\n")
                    written.flush()
            print(board.name, len(found), flush=True)
    return found


def made_by(engine: str) -> str:
    """Return a name for all that decides how a card is read.

    The engine's name and version, and all files of `vision.recognition`: code, lexicon,
    weights.
    """
    folder = Path(str(files("vision.recognition")))
    parts = [engine.encode()] + [
        part
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.suffix != ".pyc"
        for part in (str(file.relative_to(folder)).encode(), file.read_bytes())
    ]
    digest = blake2b(digest_size=6)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _cards_of(
    board: Path,
    event: str,
    engine: OcrEngine,
    known: Mapping[tuple[str, int, int], RealCard],
) -> Iterator[RealCard]:
    truth = json.loads((board / "truth.json").read_text("utf-8"))
    photo = None
    for number, card in enumerate(truth["cards"]):
        title = card["title"] or card["text"]
        if not (card["legible"] and plain(title)):
            continue
        for cut in range(CUTS):
            if (before := known.get((board.name, number, cut))) is not None:
                yield before
                continue
            photo = photo or Photo.decode((board / "photo.jpg").read_bytes())
            quad = _outline(card["bbox"], number, cut)
            reading = read_card(photo, quad, engine).reading
            lines = tuple(
                (
                    line.text,
                    line.confidence,
                    line.quad_crop.to_array().tolist(),
                    line.heading,
                )
                for line in reading.lines
            )
            yield RealCard(
                board=board.name,
                event=event,
                number=number,
                cut=cut,
                lines=lines,
                chance=reading.confidence,
                text=card["text"],
                title=title,
                host=plain(card.get("who") or ""),
                partial=card.get("partial", False),
            )


def _outline(bbox: Sequence[float], number: int, cut: int) -> Quad:
    """Return a card's outline, moved a little but for the first cut."""
    left, top, width, height = bbox
    rng = np.random.default_rng([number, cut])
    moved = rng.uniform(-MOVED, MOVED, 4) * (cut > 0) * (width, height, width, height)
    corners = np.array([left, top, left + width, top + height]) + moved
    return Rect(*corners.tolist()).to_quad()


def _dealt(true: str, read: list[str]) -> list[str]:
    """Deal a true text to lines as they were read, a piece for each, perhaps empty."""
    true, got = " ".join(true.split()), " ".join(read)
    steps = [
        step
        for step in Levenshtein.opcodes(got.lower(), true.lower())
        if step.src_end > step.src_start
    ]
    gaps = [0, *(i + 1 for i, letter in enumerate(true) if letter == " "), len(true)]
    cuts, place = [0], 0
    for text in read[:-1]:
        place += len(text) + 1
        step = next((s for s in steps if s.src_start <= place <= s.src_end), None)
        there = float(len(true))
        if step is not None:
            share = (place - step.src_start) / (step.src_end - step.src_start)
            there = step.dest_start + share * (step.dest_end - step.dest_start)
        cuts.append(max(cuts[-1], min(gaps, key=lambda gap: abs(gap - there))))
    cuts.append(len(true))
    return [true[start:end].strip() for start, end in pairwise(cuts)]
