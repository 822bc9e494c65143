"""A photo that a person took back: it counts as if it had not come."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from server.schedule.cards import Card
from server.schedule.corrections.change import Told
from server.schedule.corrections.held import Held, Made


@dataclass(frozen=True, slots=True)
class PhotoTakenBack:
    """That a photo counts as if it had not come.

    Parameters
    ----------
    photo : str
        Its id.
    named : str
        What the history calls it.
    """

    photo: str
    named: str = "photo"
    kind: Literal["photo_taken_back"] = "photo_taken_back"

    @property
    def cards(self) -> tuple[str, ...]:
        """Of no card: corrections of those that it shows stay."""
        return ()

    def check(self) -> None:
        """Check nothing: no person typed any of it."""

    def apply(self, held: Held, made: Made) -> Held:
        """Return what holds after it."""
        return held.with_photo(
            self.photo, replace(held.photo(self.photo), taken_back=made)
        )

    def tell(
        self,
        before: Held,  # noqa: ARG002  (as every change)
        cards: Mapping[str, Card],  # noqa: ARG002  (as every change)
    ) -> tuple[Told, ...]:
        """Return what it changed, in words."""
        return (Told(self.named, None, "taken back"),)
