"""Who may do what."""

from dataclasses import dataclass, field
from typing import Literal

Role = Literal["host", "staff", "facilitator"]
"""Hosts put sessions on an online board; staff send photos; facilitators correct, and
may do what the others do."""

ROLES: tuple[Role, ...] = ("staff", "facilitator", "host")
"""All of them."""

_MAY = {
    "host": {"host"},
    "staff": {"host", "staff"},
    "facilitator": {"host", "staff", "facilitator"},
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who was invited.

    Parameters
    ----------
    role : Role
    name : str
        As the organiser wrote on the invitation, or the role.
    invitation : str
        Its id.
    """

    role: Role
    name: str
    invitation: str = field(default="", compare=False)

    def may(self, role: Role) -> bool:
        """Say whether they may do what this role may."""
        return role in _MAY[self.role]
