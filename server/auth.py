"""Who may do what: signed tokens, the sign-in that they open, and its forms.

A token says a role and a name and is signed with the site's secret key, under
a salt of its role: one for staff opens nothing for a facilitator. There are
no passwords and no accounts.
"""

import hmac
import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, Literal

from flask import request, session
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from server.errors import (
    NotSignedInError,
    RoleRequiredError,
    StaleFormError,
    TokenExpiredError,
    TokenInvalidError,
)

Role = Literal["staff", "facilitator"]
"""Staff send photos; facilitators correct, and may send photos too."""

ROLES: tuple[Role, ...] = ("staff", "facilitator")
"""All of them."""

TOKEN_MAX_AGE_S = 14 * 24 * 3600
"""How long a token opens: from the week before an event to its end."""

SIGN_IN_MAX_AGE_S = 7 * 24 * 3600
"""How long a browser stays signed in: the length of a long event."""

MAX_NAME = 60
"""Characters of a person's name that are kept."""

CSRF_FIELD = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"
CSRF_BYTES = 24
"""Of the secret that ties a form to a sign-in: more than can be guessed."""

_MAY = {"staff": {"staff"}, "facilitator": {"staff", "facilitator"}}


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who showed a token.

    Parameters
    ----------
    role : Role
    name : str
        As the organiser wrote on the invitation, or the role.
    """

    role: Role
    name: str

    def may(self, role: Role) -> bool:
        """Say whether they may do what this role may."""
        return role in _MAY[self.role]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Makes and checks tokens.

    Parameters
    ----------
    secret_key : str
        The site's.
    max_age_s : int
        How long a token opens.
    """

    secret_key: str
    max_age_s: int = TOKEN_MAX_AGE_S

    def issue(self, role: Role, name: str = "") -> str:
        """Return a token for a role; URL-safe, so that it fits a link."""
        return self._signer(role).dumps([role, name[:MAX_NAME]])

    def identity(self, token: str, *roles: Role) -> Identity:
        """Return who a token is for.

        Parameters
        ----------
        token : str
        *roles : Role
            Which roles are wanted; any if left out.

        Raises
        ------
        TokenInvalidError
            If this site did not issue it, or not for these roles.
        TokenExpiredError
            If it was issued too long ago.
        """
        for role in roles or ROLES:
            try:
                _, name = self._signer(role).loads(token, max_age=self.max_age_s)
            except SignatureExpired as error:
                raise TokenExpiredError(
                    "This token has expired.",
                    hint="Ask the organiser for a new one: boardcast invite.",
                ) from error
            except BadSignature:
                continue
            return Identity(role, str(name) or role)
        raise TokenInvalidError(
            "This token is not one of this site's.",
            hint="Copy the whole link again, or ask the organiser for a new one.",
        )

    def _signer(self, role: Role) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret_key, salt=f"boardcast.{role}")


def sign_in(identity: Identity) -> None:
    """Sign somebody in for this browser; needs a request.

    The cookie begins anew, so that nothing from before carries over.
    """
    session.clear()
    session.permanent = True
    session["role"], session["name"] = identity.role, identity.name
    session["csrf"] = secrets.token_urlsafe(CSRF_BYTES)


def sign_out() -> None:
    """Sign whoever is signed in out; needs a request."""
    session.clear()


def signed_in() -> Identity | None:
    """Return who is signed in; None for nobody. Needs a request."""
    return identity_in(session)


def identity_in(cookie: MutableMapping[str, Any]) -> Identity | None:
    """Return who a session cookie is for; None for nobody."""
    name = cookie.get("name")
    for role in ROLES:
        if cookie.get("role") == role and isinstance(name, str):
            return Identity(role, name)
    return None


def require(role: Role) -> Identity:
    """Return who is signed in, if they may do what a role may.

    Raises
    ------
    NotSignedInError
        If nobody is signed in.
    RoleRequiredError
        If they may not.
    """
    identity = signed_in()
    if identity is None:
        raise NotSignedInError(
            f"This page is for {role}s." if role != "staff" else "This is for staff.",
            hint="Open the link that the organiser sent you; "
            "boardcast invite prints a new one.",
        )
    if not identity.may(role):
        raise RoleRequiredError(
            f"You are signed in as {identity.role}; this needs a {role}.",
            hint=f"Ask the organiser for a {role}'s link: boardcast invite {role}.",
        )
    return identity


def csrf_token() -> str:
    """Return what a form of whoever is signed in must carry.

    For a hidden field called ``csrf_token``, or the header ``X-CSRF-Token``.
    Empty if nobody is signed in.
    """
    return str(session.get("csrf", ""))


def check_csrf() -> None:
    """Check that a request comes from a form of this site.

    Raises
    ------
    StaleFormError
        If it does not carry this sign-in's token.
    """
    sent = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    expected = csrf_token()
    if not expected or not hmac.compare_digest(sent.encode(), expected.encode()):
        raise StaleFormError
