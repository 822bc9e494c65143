"""Invitations, and the browsers that are signed in with them."""

import datetime as dt
import secrets
from dataclasses import dataclass
from itertools import chain, count

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import NotFoundError
from server.roles import ROLES, Identity, Role
from server.store.tables import InvitationRow, SignInRow

INVITATION_BYTES = 5
"""Of an invitation's id: it is typed to revoke it, and signed where it opens."""

SIGN_IN_BYTES = 18
"""Of a sign-in's id: it cannot be guessed even by who knows the secret key."""

MAX_NAME = 60
"""Characters of a person's name that are kept."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that signs somebody in, until it is revoked.

    Parameters
    ----------
    id : str
    identity : Identity
        Whom it signs in.
    made_at : datetime
        Aware, UTC.
    revoked_at : datetime or None
        Aware, UTC.
    sign_ins : tuple of datetime
        When each of the browsers signed in that still are; aware, UTC.
    """

    id: str
    identity: Identity
    made_at: dt.datetime
    revoked_at: dt.datetime | None
    sign_ins: tuple[dt.datetime, ...]


def add_invitation(session: Session, role: Role, name: str, at: dt.datetime) -> str:
    """Add an invitation and return its id.

    Parameters
    ----------
    session : Session
        Of `Database.write`.
    role : Role
    name : str
        Whom it is for; empty for nobody by name.
    at : datetime
        Aware time that it is now.
    """
    row = InvitationRow(
        id=secrets.token_hex(INVITATION_BYTES),
        role=role,
        name=name[:MAX_NAME],
        made_at=at,
    )
    session.add(row)
    session.flush()
    return row.id


def name_of_its_own(session: Session, role: Role, name: str) -> str:
    """Return a name that nobody else has who is invited: Maya, or Maya 2.

    What people did is told apart by it. The role itself is the name of whoever opens
    the link that every start prints.
    """
    query = select(InvitationRow.name).where(InvitationRow.revoked_at.is_(None))
    taken = {*ROLES, *session.scalars(query)}
    wanted = name[:MAX_NAME] or role
    numbered = (f"{wanted[: MAX_NAME - 4]} {number}" for number in count(2))
    return next(one for one in chain([wanted], numbered) if one not in taken)


def nameless_invitation(session: Session, role: Role) -> str | None:
    """Return the id of the newest invitation that is for nobody by name, if any."""
    query = (
        select(InvitationRow.id)
        .where(InvitationRow.role == role, InvitationRow.name == "")
        .where(InvitationRow.revoked_at.is_(None))
        .order_by(InvitationRow.made_at.desc())
    )
    return session.scalars(query).first()


def invited(session: Session, invitation_id: str) -> Identity | None:
    """Return whom an invitation is for; None if it is unknown or revoked."""
    row = session.get(InvitationRow, invitation_id)
    return _identity(row) if row and row.revoked_at is None else None


def revoke(session: Session, invitation_id: str, at: dt.datetime) -> Identity:
    """Revoke an invitation: whoever signed in with it no longer is.

    Raises
    ------
    NotFoundError
        If there is none with this id.
    """
    row = session.get(InvitationRow, invitation_id)
    if row is None:
        raise NotFoundError(f"invitation {invitation_id}")
    row.revoked_at = row.revoked_at or at
    return _identity(row)


def invitations(session: Session, since: dt.datetime) -> tuple[Invitation, ...]:
    """Return all invitations made since a moment, the newest first."""
    rows = session.scalars(
        select(InvitationRow)
        .where(InvitationRow.made_at >= since)
        .order_by(InvitationRow.made_at.desc(), InvitationRow.id)
    )
    open_ones = session.scalars(
        select(SignInRow).where(SignInRow.ended_at.is_(None), SignInRow.at >= since)
    )
    sign_ins: dict[str, list[dt.datetime]] = {}
    for entry in open_ones:
        sign_ins.setdefault(entry.invitation_id, []).append(entry.at)
    return tuple(
        Invitation(
            row.id,
            _identity(row),
            row.made_at,
            row.revoked_at,
            () if row.revoked_at else tuple(sorted(sign_ins.get(row.id, ()))),
        )
        for row in rows
    )


def add_sign_in(session: Session, invitation_id: str, at: dt.datetime) -> str:
    """Add that a browser signed in, and return the sign-in's id."""
    row = SignInRow(
        id=secrets.token_urlsafe(SIGN_IN_BYTES), invitation_id=invitation_id, at=at
    )
    session.add(row)
    session.flush()
    return row.id


def end_sign_in(session: Session, sign_in_id: str, at: dt.datetime) -> None:
    """End a sign-in, wherever its cookie is by now."""
    row = session.get(SignInRow, sign_in_id)
    if row is not None and row.ended_at is None:
        row.ended_at = at


def signed_in_as(
    session: Session, sign_in_id: str, since: dt.datetime
) -> Identity | None:
    """Return who signed in, at this moment or later; None if that has ended."""
    row = session.get(SignInRow, sign_in_id)
    if row is None or row.ended_at is not None or row.at < since:
        return None
    return invited(session, row.invitation_id)


def _identity(row: InvitationRow) -> Identity:
    # The column holds what add_invitation wrote, whose type is Role.
    role: Role = row.role  # type: ignore[assignment]  # see above
    return Identity(role, row.name or role, row.id)
