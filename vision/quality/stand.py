"""What tags do not prove: that the board stands where they say."""

from vision.image.rectify import Registration
from vision.reading import Finding

PLACES = ("top left", "top right", "bottom right", "bottom left")
"""Where a board's tags belong, in the order of event.toml."""


def unchecked(registration: Registration) -> Finding | None:
    """Remark on a board that nothing but its tags places."""
    if registration.checked:
        return None
    return Finding(
        "unchecked",
        "Only the tags say where the board is: no lines and no earlier photo agree. "
        "Check that each tag hangs at its corner of the cells, and compare the "
        "straight picture's rooms and hours with the board. A reference photo in "
        "event.toml lets Boardcast check it.",
    )


def moved_tags(registration: Registration) -> Finding | None:
    """Remark on tags that do not hang where they belong."""
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
