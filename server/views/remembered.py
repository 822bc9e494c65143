"""What became of each session, folded on by what was released since."""

from dataclasses import dataclass, field

from server.publish.history import SessionHistory, histories
from server.site import Site
from server.store.releases import latest_number, releases


@dataclass(frozen=True, slots=True, eq=False)
class RememberedHistories:
    """The histories of each board as of its newest release.

    A day of corrections makes hundreds of releases; folding them all for every
    calendar that asks, or after every correction, would keep a small machine
    busy. A release never changes, so what was folded up to its number stays
    true, and only newer ones are read.

    Parameters
    ----------
    by_board : dict of str to (int, tuple of SessionHistory)
        Number of the release up to which, and the histories; by slug.
    """

    by_board: dict[str, tuple[int, tuple[SessionHistory, ...]]] = field(
        default_factory=dict
    )

    def of(self, site: Site, slug: str) -> tuple[SessionHistory, ...]:
        """Return the histories of a board as of its newest release."""
        with site.database.read() as database:
            number = latest_number(database, slug)
            upto, known = self.by_board.get(slug, (0, ()))
            if upto == number:
                return known
            if upto > number:  # a backup was restored
                upto, known = 0, ()
            newest_first = releases(database, slug, after=upto)
        folded = histories(
            [(entry.created_at, entry.schedule) for entry in reversed(newest_first)],
            known,
        )
        self.by_board[slug] = (number, folded)
        return folded
