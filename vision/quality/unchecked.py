"""A board that nothing but its tags places."""

from vision.reading import Finding
from vision.registration.frame import Registration

UNCHECKED = Finding(
    "unchecked",
    "Only the tags say where the board is: no lines and no earlier photo agree. "
    "Check that each tag is at its corner of the cells, and compare the "
    "straight picture's rooms and hours with the board. A reference photo in "
    "event.toml lets Boardcast check it.",
)


def unchecked(registration: Registration) -> Finding | None:
    """Return the finding on a board that nothing but its tags places."""
    return None if registration.checked else UNCHECKED
