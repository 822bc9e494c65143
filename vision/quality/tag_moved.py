"""Tags that are not in their places."""

from vision.reading import Finding
from vision.registration.frame import Registration

PLACES = ("top left", "top right", "bottom right", "bottom left")
"""Where a board's tags belong, in the order of event.toml."""


def tag_moved(registration: Registration) -> Finding | None:
    """Return the finding on a board's moved tags."""
    moved = registration.moved_tags
    if not moved:
        return None
    ids = registration.board.tags or ()
    names = " and ".join(f"tag {tag} ({PLACES[ids.index(tag)]})" for tag in moved)
    return Finding(
        "tag_moved",
        f"{names[0].upper()}{names[1:]} moved. The board was placed by "
        "what else it shows: put each tag back at its corner of the cells.",
    )
