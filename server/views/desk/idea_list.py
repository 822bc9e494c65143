"""Ideas as the desk shows them: how many want each, and what may take it up."""

from dataclasses import dataclass

from sqlalchemy.orm import Session as DatabaseSession

from server.schedule.corrections.held import Held, HeldIdea
from server.schedule.ideas import proposed_sessions
from server.schedule.sessions import Schedule, Session
from server.store.ballots import counts_of, idea_question


@dataclass(frozen=True, slots=True)
class DeskIdea:
    """An idea as the desk shows it.

    Parameters
    ----------
    id : str
    idea : HeldIdea
    session : Session or None
        That takes it up, if it is published.
    proposed : Session or None
        That may take it up.
    interested : int
        Devices that said "I'd come".
    """

    id: str
    idea: HeldIdea
    session: Session | None
    proposed: Session | None
    interested: int

    @property
    def asks(self) -> bool:
        """Whether a person has to look at it."""
        waits = self.idea.state == "waiting"
        return waits or (self.idea.state == "listed" and self.proposed is not None)


def desk_ideas(
    database: DatabaseSession, schedule: Schedule, held: Held
) -> tuple[DeskIdea, ...]:
    """Return a board's ideas as they stand, but those that were removed."""
    ideas = held.ideas
    told = {one.id: one for one in schedule.every if not one.cancelled}
    proposed = dict(
        proposed_sessions(
            schedule.ideas, [(one.id, one.title) for one in told.values()]
        )
    )
    linked = {one.id: one.session for one in schedule.ideas}
    there = {name: one for name, one in ideas.items() if one.state != "removed"}
    counts = counts_of(database, [idea_question(name) for name in there])
    return tuple(
        DeskIdea(
            name,
            one,
            told.get(linked.get(name, "")),
            told.get(proposed.get(name, "")),
            counts[idea_question(name)][""],
        )
        for name, one in there.items()
    )


def ideas_asking(database: DatabaseSession, schedule: Schedule, held: Held) -> int:
    """Return how many ideas a person has to look at."""
    return sum(one.asks for one in desk_ideas(database, schedule, held))
