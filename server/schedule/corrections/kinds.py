"""All kinds of changes: as stored JSON, and what they come to together."""

from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter

from server.schedule.corrections.change import Change
from server.schedule.corrections.correction import Correction
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.held import Held

AnyChange = Edit
"""Every kind of change."""

_CHANGE: TypeAdapter[Any] = TypeAdapter(AnyChange)


def change_to_json(change: Change) -> dict[str, Any]:
    """Return a change as a JSON object; what it leaves as it is has no key."""
    return dict(_CHANGE.dump_python(change, mode="json", exclude_none=True))


def change_from_json(document: dict[str, Any]) -> Change:
    """Return the change of such an object."""
    change: AnyChange = _CHANGE.validate_python(document)
    return change


def held_by(corrections: Iterable[Correction]) -> Held:
    """Return what holds now: every correction that nobody took back, in their order."""
    held = Held()
    for correction in sorted(corrections, key=lambda one: one.id):
        if not correction.undone:
            held = correction.change.apply(held, correction.made)
    return held
