"""Tokens: an invitation's id, signed, as links and scripts carry it."""

import datetime as dt
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer

from server.errors import TokenExpiredError, TokenInvalidError
from server.roles import Identity, Role
from server.store.database import Database
from server.store.invitations import (
    add_invitation,
    invited,
    name_of_its_own,
    nameless_invitation,
)

TOKEN_MAX_AGE_S = 14 * 24 * 3600
"""How long a token opens: from the week before an event to its end."""

SALT = "boardcast.invitation"
"""So that nothing else that is signed with the same key is a token."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Makes and checks tokens.

    Parameters
    ----------
    secret_key : str
        The site's.
    database : Database
        Where invitations are kept.
    clock : callable
        Returns the aware time that it is now.
    max_age_s : int
        How long a token opens.
    """

    secret_key: str
    database: Database
    clock: Callable[[], dt.datetime]
    max_age_s: int = TOKEN_MAX_AGE_S

    def issue(self, role: Role, name: str = "") -> str:
        """Return the token of a new invitation; URL-safe, so that it fits a link.

        It is for somebody of their own, whatever others are called.
        """
        with self.database.write() as session:
            own = name_of_its_own(session, role, name)
            return self._signed(add_invitation(session, role, own, self.clock()))

    def standing(self, role: Role) -> str:
        """Return a token of the role's invitation for nobody by name.

        A new one is made if there is none: what every start prints is one link.
        """
        with self.database.write() as session:
            known = nameless_invitation(session, role)
            return self._signed(
                known or add_invitation(session, role, "", self.clock())
            )

    def identity(self, token: str) -> Identity:
        """Return whom a token is for.

        Raises
        ------
        TokenInvalidError
            If this site did not issue it, or has revoked it.
        TokenExpiredError
            If it was issued too long ago.
        """
        invitation = None
        # Not with max_age: a token from before the clock was set back is as good as
        # a new one, and would count as expired.
        with suppress(BadSignature):
            invitation, signed_at = self._signer().loads(token, return_timestamp=True)
            if time.time() - signed_at.timestamp() > self.max_age_s:
                raise TokenExpiredError(
                    "This token has expired.",
                    hint="Ask the organiser for a new one: boardcast invite.",
                )
        if isinstance(invitation, str):
            with self.database.read() as session:
                identity = invited(session, invitation)
            if identity is not None:
                return identity
        raise TokenInvalidError(
            "This token is not one of this site's, or was revoked.",
            hint="Copy the whole link again, or ask the organiser for a new one.",
        )

    def _signed(self, invitation: str) -> str:
        return str(self._signer().dumps(invitation))

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret_key, salt=SALT)
