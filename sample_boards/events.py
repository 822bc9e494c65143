"""The sample events that ship with Boardcast."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sample_boards.truth import BoardTruth, load_truths

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """One sample event on disk.

    Parameters
    ----------
    name : str
        Its name, that of its folder.
    folder : Path
        Where its files are.
    """

    name: str
    folder: Path

    @property
    def profile_path(self) -> Path:
        """Its event.toml."""
        return self.folder / "event.toml"

    @property
    def photos(self) -> tuple[Path, ...]:
        """Its photos, in the order they were taken."""
        return tuple(sorted(self.folder.glob("*.jpg")))

    def truth(self, photo: Path | str) -> BoardTruth:
        """Return what is true of one of its photos.

        Parameters
        ----------
        photo : Path or str
            The photo, or its file's name.

        Raises
        ------
        KeyError
            If it has no such photo.
        """
        return load_truths(self.folder / "truth.json")[Path(photo).name]


PYCON_US: Final = SampleEvent("pycon_us", FOLDER / "pycon_us")
"""Printed board, index cards; morning, noon and afternoon."""

TAPED_GRID: Final = SampleEvent("taped_grid", FOLDER / "taped_grid")
"""Tape on brown paper, sticky notes, corner tags; before and after lunch."""

WHITEBOARD: Final = SampleEvent("whiteboard", FOLDER / "whiteboard")
"""Sessions written on a whiteboard, three notes; one photo, its own reference."""

PYCON_TW_2021: Final = SampleEvent("pycon_tw_2021", FOLDER / "pycon_tw_2021")
"""Online: no wall, and so no photo; hosts fill in what is on."""

SAMPLE_EVENTS: Final = (PYCON_US, TAPED_GRID, WHITEBOARD)
"""Those of which there are photos."""

DEMO_EVENTS: Final = (*SAMPLE_EVENTS, PYCON_TW_2021)
"""All sample events."""
