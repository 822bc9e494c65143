"""What people changed: appended, never edited, and what of it holds now."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from calibration.layout import CellId

CorrectionField = Literal["title", "description", "host", "hidden", "cancelled", "cell"]
CorrectionValue = str | bool | CellId


@dataclass(frozen=True, slots=True)
class Correction:
    """One change by one person to one field of one card.

    Parameters
    ----------
    id : int
        Ascending in the order in which they were made.
    card : str
        Id of the card.
    field : CorrectionField
    value : str, bool or CellId
        A text for title, description and host; a bool for hidden and cancelled; a cell.
    author : str
        Who did it, as they signed in.
    made_at : datetime
        Aware.
    undone : bool
        Taken back since; it stays in the history and counts no more.
    """

    id: int
    card: str
    field: CorrectionField
    value: CorrectionValue
    author: str
    made_at: dt.datetime
    undone: bool = False

    def __post_init__(self) -> None:
        kind = {"hidden": bool, "cancelled": bool, "cell": CellId}.get(self.field, str)
        if not isinstance(self.value, kind):
            msg = f"expected a {kind.__name__} for {self.field}, got {self.value!r}"
            raise ValueError(msg)  # noqa: TRY004  (a value, not an argument type)


def standing(
    corrections: Iterable[Correction],
) -> dict[str, dict[CorrectionField, Correction]]:
    """Return what holds now: for each card, the newest of each field not undone."""
    held: dict[str, dict[CorrectionField, Correction]] = {}
    for correction in sorted(corrections, key=lambda entry: entry.id):
        if not correction.undone:
            held.setdefault(correction.card, {})[correction.field] = correction
    return held


def is_hidden(held: Mapping[CorrectionField, Correction]) -> bool:
    """Say whether a person hid a card, by what holds now of it."""
    return "hidden" in held and held["hidden"].value is True


def is_cancelled(held: Mapping[CorrectionField, Correction], *, read: bool) -> bool:
    """Say whether a card's session is cancelled: a person's word, else what was read."""
    return held["cancelled"].value is True if "cancelled" in held else read
