"""All kinds of changes: as stored JSON, and what they come to together."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from calibration.layout import CellId
from server.schedule.corrections.cell_state import MarkCells
from server.schedule.corrections.change import Change
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.decision import Decision
from server.schedule.corrections.drawn_card import Draw
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import Held
from server.schedule.corrections.idea import SetIdea
from server.schedule.corrections.join import Join
from server.schedule.corrections.person import WritePerson
from server.schedule.corrections.photo_taken_back import PhotoTakenBack
from server.schedule.corrections.photo_time import PhotoTime
from server.schedule.corrections.plan import Plan
from server.schedule.corrections.seen import Seen
from server.schedule.corrections.split import Split
from server.schedule.corrections.still_there import StillThere
from server.schedule.corrections.written_session import WriteSession
from server.schedule.renamings import Renaming

AnyChange = Annotated[
    Edit
    | Join
    | Split
    | Draw
    | WriteSession
    | Plan
    | MarkCells
    | StillThere
    | PhotoTakenBack
    | PhotoTime
    | Decision
    | Seen
    | SetIdea
    | WritePerson,
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


def renamed(change: Change, names: Renaming) -> Change:
    """Return a change in the names that rooms and slots have now."""
    return _renamed(change, names) if names else change


def _renamed(value: Any, names: Renaming) -> Any:
    """Return a value with every cell in it renamed."""
    if isinstance(value, CellId):
        return names.cell(value)
    if type(value) is tuple:
        return tuple(_renamed(one, names) for one in value)
    if isinstance(value, Mapping):
        return {name: _renamed(one, names) for name, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        fields_now = {
            one.name: _renamed(getattr(value, one.name), names)
            for one in fields(value)
            if one.init
        }
        return replace(value, **fields_now)
    return value


def photo_of(change: Change) -> str | None:
    """Return the id of the photo that a change is about; None if it is about none."""
    return change.photo if isinstance(change, PhotoTakenBack | PhotoTime) else None


def held_by(corrections: Iterable[Correction]) -> Held:
    """Return what holds now: every correction that nobody took back, in their order."""
    held = Held()
    for correction in sorted(corrections, key=lambda one: one.id):
        if not correction.undone:
            held = correction.change.apply(held, correction.made)
    return held
