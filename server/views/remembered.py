"""What became of each session, folded anew only when there is a new release."""

from dataclasses import dataclass, field

from server.publish.history import SessionHistory, histories
from server.site import Site
from server.store.releases import latest_number, releases


@dataclass(frozen=True, slots=True, eq=False)
class RememberedHistories:
    """The histories of each board as of its newest release.

    A day of corrections makes hundreds of releases; folding them for every
    calendar that asks would let a few of them keep a small machine busy. A
    release never changes, so what was folded up to its number stays true.

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
            known = self.by_board.get(slug)
            if known is not None and known[0] == number:
                return known[1]
            newest_first = releases(database, slug)
        folded = histories(
            (release.created_at, release.schedule) for release in reversed(newest_first)
        )
        self.by_board[slug] = (number, folded)
        return folded
