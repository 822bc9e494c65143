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
    def planned_path(self) -> Path:
        """Its sessions that were planned ahead, a CSV file; not every event has one."""
        return self.folder / "planned.csv"

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


PYCON_US: Final = SampleEvent("pycon_us_2022", FOLDER / "pycon_us_2022")
"""Printed board, index cards; morning, noon and afternoon."""

TAPED_GRID: Final = SampleEvent("taped_grid", FOLDER / "taped_grid")
"""Tape on brown paper, sticky notes, corner tags; before and after lunch."""

WHITEBOARD: Final = SampleEvent("whiteboard", FOLDER / "whiteboard")
"""Sessions written on a whiteboard, three notes; one photo, its own reference."""

PYCON_US_2024: Final = SampleEvent("pycon_us_2024", FOLDER / "pycon_us_2024")
"""Three days on one wall, rooms that are needed elsewhere; two of them have a photo."""

PYCON_INDIA_2024: Final = SampleEvent("pycon_india_2024", FOLDER / "pycon_india_2024")
"""A facilitator, announcements, two notes for one slot with people's dots; one photo."""

PYCON_INDIA_2014: Final = SampleEvent("pycon_india_2014", FOLDER / "pycon_india_2014")
"""Tables, a room, and a hall for larger talks; one photo."""

PYCON_TW_2021: Final = SampleEvent("pycon_tw_2021", FOLDER / "pycon_tw_2021")
"""Online: no wall, and so no photo; hosts fill in what is on."""

SAMPLE_EVENTS: Final = (PYCON_US, TAPED_GRID, WHITEBOARD)
"""Those that benchmarks read: large photos of boards of three kinds."""

PHOTOGRAPHED: Final = (
    *SAMPLE_EVENTS,
    PYCON_US_2024,
    PYCON_INDIA_2024,
    PYCON_INDIA_2014,
)
"""Those of which there are photos."""

DEMO_EVENTS: Final = (*PHOTOGRAPHED, PYCON_TW_2021)
"""All sample events; the first is shown where none is named."""
