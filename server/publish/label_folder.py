"""The folder that labels are exported into.

Crops first, each in a file that is whole or not there, and then, in one step, the list
that names them: whenever an export is killed, the list before it stands, and all that
it names. What no list names any more goes last.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from server.errors import BlobDamagedError, LabelsError, NotFoundError
from server.publish.labels import Label, label_to_json
from server.store.blobs import Blobs
from server.store.folder import fsync

LIST = "labels.jsonl"
README = "README.md"
CARDS = "cards"
UNFINISHED = ".unfinished"

OWN = frozenset(
    {CARDS, *(name + end for name in (LIST, README) for end in ("", UNFINISHED))}
)
"""All that such a folder holds, but for what file managers hide in any folder."""

CARD_FILE = re.compile(rf"[0-9a-f]+-[0-9a-f]+\.jpg({re.escape(UNFINISHED)})?")

README_TEXT = """\
# Labels of cards

Cards of an Open Spaces board, as `boardcast export-labels` wrote them: what is written on
them was set or confirmed by people at the desk. They are for training what reads cards, such
as a recogniser that knows the hands of your own conference.

**Terms.** The event agreed to this use (`share_labels = true` in its event.toml). Those who
wrote the cards are their authors, and their names are on them: keep this folder as you keep
other personal data, do not publish it, and remove a card when its author asks. To train with
it, and to give on what was trained, is what it is for. A card that is hidden at the desk, or
taken off the board, is left out of the next export, and removed from this folder.

`labels.jsonl` has a JSON object for each card, one a line, in UTF-8:

| key | what it says |
|---|---|
| `file` | the card's picture, upright, as it was published; nothing else of the photo is here |
| `size` | its width and height in pixels |
| `text` | all that is written on the card, corrected, lines in reading order |
| `title`, `description`, `host` | corrected; empty if there is none |
| `checked` | which of these three a person set or confirmed; the others, and words beside them, stand as they were read |
| `board`, `card` | the board's slug, the card's id |
| `read` | null for a card that nothing but a person found; else what was read before: `text`, `title`, `description`, `host`, the `engine`, its `confidence` from 0 to 1, and `lines`, each with its `text`, `confidence` and `quad`: its corners in pixels of the picture, top left, top right, bottom right, bottom left as the text stands, y down |
"""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export came to.

    Parameters
    ----------
    target : Path
    labels : int
    missing : tuple of str
        Cards whose pictures are missing or damaged: they are left out.
    """

    target: Path
    labels: int
    missing: tuple[str, ...]


def export(
    labels: Iterable[Label],
    blobs: Blobs,
    target: Path,
    progress: Callable[[int, int], None],
) -> ExportReport:
    """Write labels into a folder, or bring one that holds some up to date.

    Parameters
    ----------
    labels : iterable of Label
    blobs : Blobs
        The public ones.
    target : Path
    progress : callable
        Is told how many of how many labels are done.

    Raises
    ------
    LabelsError
        If the folder holds something else, or cannot be written.
    StorageError
        If a picture cannot be read.
    """
    chosen = tuple(labels)
    try:
        _check_own(target)
        (target / CARDS).mkdir(parents=True, exist_ok=True)
        lines, named, missing = [], set(), []
        for number, label in enumerate(chosen, start=1):
            try:
                crop = blobs.get(label.crop)
            except (NotFoundError, BlobDamagedError):
                missing.append(label.card)
            else:
                _write(target / label.file, crop)
                named.add(label.file)
                document = label_to_json(label, crop)
                lines.append(json.dumps(document, ensure_ascii=False) + "\n")
            progress(number, len(chosen))
        fsync(target / CARDS)
        _write(target / README, README_TEXT.encode())
        _write(target / LIST, "".join(lines).encode())
        fsync(target)
        _tidy(target / CARDS, named)
    except OSError as error:
        raise LabelsError(
            f"The folder {target} cannot be written: {error.strerror or error}.",
            hint="Name a folder that you may write to, on a disk that has space left.",
        ) from error
    return ExportReport(target, len(lines), tuple(missing))


def _check_own(target: Path) -> None:
    """Check that a folder is new, empty, or one of labels."""
    if not target.exists():
        return
    others = sorted(
        entry.name
        for entry in target.iterdir()
        if entry.name not in OWN and not entry.name.startswith(".")
    )
    if others:
        raise LabelsError(
            f"The folder {target} holds something else: {others[0]}.",
            hint="Name a new folder, or one that labels were exported into before.",
        )


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; one that says the same stays."""
    if path.is_file() and path.read_bytes() == data:
        return
    unfinished = path.with_name(path.name + UNFINISHED)
    unfinished.write_bytes(data)
    fsync(unfinished)
    unfinished.replace(path)


def _tidy(folder: Path, named: set[str]) -> None:
    """Remove crops that no list names any more, and what killed exports left."""
    for path in folder.iterdir():
        if f"{CARDS}/{path.name}" not in named and CARD_FILE.fullmatch(path.name):
            path.unlink()
