"""All kinds of changes: as stored JSON, and what they come to together."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from server.schedule.corrections.cell_state import MarkCells
from server.schedule.corrections.change import Change
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.decision import Decision
from server.schedule.corrections.drawn_card import Draw
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import Held
from server.schedule.corrections.join import Join
from server.schedule.corrections.seen import Seen
from server.schedule.corrections.split import Split
from server.schedule.corrections.still_there import StillThere
from server.schedule.corrections.written_session import WriteSession

AnyChange = Annotated[
    Edit
    | Join
    | Split
    | Draw
    | WriteSession
    | MarkCells
    | StillThere
    | Decision
    | Seen,
    Field(discriminator="kind"),
]
"""Every kind of change."""

_CHANGE: TypeAdapter[Any] = TypeAdapter(AnyChange)


def change_to_json(change: Change) -> dict[str, Any]:
    """Return a change as a JSON object; what it leaves as it is has no key."""
    return dict(_CHANGE.dump_python(change, mode="json", exclude_none=True))


def change_from_json(document: dict[str, Any]) -> Change:
    """Return the change of such an object."""
    change: Change = _CHANGE.validate_python(document)
    return change


def held_by(corrections: Iterable[Correction]) -> Held:
    """Return what holds now: every correction that nobody took back, in their order."""
    held = Held()
    for correction in sorted(corrections, key=lambda one: one.id):
        if not correction.undone:
            held = correction.change.apply(held, correction.made)
    return held
