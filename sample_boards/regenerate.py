"""Render every sample event anew: ``python -m sample_boards.regenerate [NAME…]``.

Equal code makes equal files, byte by byte, on one machine.
"""

import logging
import sys
from pathlib import Path
from typing import Final

import sample_boards.pycon_india_2014.scene
import sample_boards.pycon_india_2024.scene
import sample_boards.pycon_us_2022.scene
import sample_boards.pycon_us_2024.scene
import sample_boards.taped_grid.scene
import sample_boards.whiteboard.scene
from sample_boards.scenes import Scene
from sample_boards.truth import save_truths
from sample_boards.written import WrittenScene

FOLDER: Final = Path(__file__).parent

LOG: Final = logging.getLogger("sample_boards.regenerate")


def scenes() -> dict[str, Scene | WrittenScene]:
    """Return the plan of every sample event, by folder name."""
    return {
        "pycon_us_2022": sample_boards.pycon_us_2022.scene.scene(),
        "taped_grid": sample_boards.taped_grid.scene.scene(),
        "whiteboard": sample_boards.whiteboard.scene.scene(),
        "pycon_us_2024": sample_boards.pycon_us_2024.scene.scene(),
        "pycon_india_2024": sample_boards.pycon_india_2024.scene.scene(),
        "pycon_india_2014": sample_boards.pycon_india_2014.scene.scene(),
    }


def regenerate(scene: Scene | WrittenScene, folder: Path) -> None:
    """Write an event's photos, truth.json and, unless it is written by hand, event.toml.

    Parameters
    ----------
    scene : Scene or WrittenScene
        The event.
    folder : Path
        An existing folder; files of the same names are replaced.
    """
    truths = {}
    for planned in scene.photos:
        photo = planned.render()
        data = photo.jpeg()
        (folder / planned.name).write_bytes(data)
        truths[planned.name] = photo.truth
        LOG.info("%s/%s %d kB", folder.name, planned.name, len(data) // 1000)
    save_truths(folder / "truth.json", truths)
    if isinstance(scene, Scene):
        profile = scene.profile(truths[scene.photos[0].name])
        (folder / "event.toml").write_text(profile, encoding="utf-8")


def main(names: list[str]) -> int:
    """Render the events of these names, or all; return the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    planned = scenes()
    unknown = [name for name in names if name not in planned]
    if unknown:
        LOG.error("expected some of %s, got %s", list(planned), unknown)
        return 2
    for name in names or planned:
        regenerate(planned[name], FOLDER / name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
