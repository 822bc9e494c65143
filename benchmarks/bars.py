"""What Boardcast is held to, shown beside the figures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure that must be reached, or must not be exceeded.

    Parameters
    ----------
    limit : float
    sign : str
        ``≥`` where more is better, ``≤`` where less is.
    """

    limit: float
    sign: str = "≤"

    def __post_init__(self) -> None:
        if self.sign not in ("≤", "≥"):
            msg = f"expected ≤ or ≥, got {self.sign!r}"
            raise ValueError(msg)

    def met_by(self, value: float) -> bool:
        """Whether a figure is good enough."""
        return value <= self.limit if self.sign == "≤" else value >= self.limit

    def __str__(self) -> str:
        """Return it as it stands in a table, for example ``≥ .95``."""
        figure = f"{self.limit:g}"
        return f"{self.sign} {figure.removeprefix('0') or figure}"


RECALL, PRECISION, CELL, OCCUPANCY, TITLE, CER, WORDS = (
    Bar(0.95, "≥"),
    Bar(0.95, "≥"),
    Bar(0.98, "≥"),
    Bar(0.98, "≥"),
    Bar(0.76, "≥"),
    Bar(0.27),
    Bar(0.76, "≥"),
)
"""Of the settled reading of photographs of real boards."""

FIRST_READING = Bar(1.25)
"""All cards once, against the bare engine."""

SETTLED_READING = Bar(3.0)
"""All cards and the doubtful ones further, against the bare engine."""

NEXT_PHOTO = Bar(1 / 8)
"""With few cards changed, against the first photo."""

STRAIGHT_PICTURE = Bar(1.5)
"""Against decoding and warping alone."""

SILENTLY_WRONG = Bar(0)
"""Photos placed wrongly without a refusal, and cells falsely called free."""
