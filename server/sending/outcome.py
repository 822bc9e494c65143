"""What became of a photo, in words for whoever sent it."""

from typing import Any


def is_refused(status: dict[str, Any]) -> bool:
    """Say whether a photo is not taken, and never will be as it is."""
    return status["state"] in {"refused", "failed"}


def told(name: str, status: dict[str, Any]) -> str:
    """Return what became of a photo, some lines.

    Parameters
    ----------
    name : str
        Of the file.
    status : dict
        As the server says it.
    """
    if is_refused(status):
        return f"{name}: {status['message']}\n  {status['hint']}"
    # Whoever sends is told of the reading, not that doubtful cards are looked at
    # once more.
    read = status["state"] in {"read", "settled"}
    board = f", board {status['board']}" if status["board"] else ""
    cards = f", {status['cards_total']} cards" if read else ""
    first = f"{name}: {'read' if read else status['state']}{board}{cards}"
    return "\n  ".join([first, *(entry["message"] for entry in status["findings"])])
