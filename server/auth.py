"""Who may do what: tokens, the sign-in that they open, and its forms.

Who is invited, who is signed in, and what of that has ended, the store says: a link
that is revoked opens nothing, and a sign-in that has ended is over wherever its
cookie was copied. There are no passwords and no accounts.
"""

import datetime as dt
import hmac
import logging
import secrets
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, Request, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature

from server.aiming import FRAME_BYTES
from server.errors import (
    LengthRequiredError,
    NotSignedInError,
    RoleRequiredError,
    StaleFormError,
    TokenExpiredError,
    TokenInvalidError,
    UploadTooLargeError,
)
from server.rates import FRAMES, HOSTED, UPLOADS, WRONG_TOKENS, Rates
from server.roles import Identity, Role
from server.site import site
from server.store.invitations import add_sign_in, end_sign_in, signed_in_as

RATES = "boardcast.rates"
"""Under which name an app keeps its counts."""

SIGN_IN_MAX_AGE_S = 7 * 24 * 3600
"""How long a browser stays signed in: the length of a long event."""

CSRF_FIELD = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"
CSRF_BYTES = 24
"""Of the secret that ties a form to a sign-in: more than can be guessed."""

BEARER = "bearer "
"""What an Authorization header with a token begins with, in any case."""

MAX_FORM_BYTES = 256 * 2**10
"""Of a form without photos."""

MAX_FOREIGN_BYTES = 4 * 2**10
"""Of what is read of people who are not signed in: nothing larger is for them."""

MAX_HOST_BYTES = 32 * 2**10
"""Of a form of a host online: some hundred characters, of nine bytes each as browsers
send them."""

HOST_ENDPOINTS = frozenset({"hosting.take", "hosting.change"})
"""Where hosts put their sessions on a board, mostly without being signed in."""

TYPED_BY_ANYBODY = frozenset({"crowd.add_idea"})
"""Where anybody may type a text; what is too long is refused with the text kept."""

MAX_TYPED_BYTES = 64 * 2**10
"""Of such a form: 5,000 Chinese characters as a browser sends them."""

FRAME_ENDPOINT = "capture.frame"
"""Where a live camera's small pictures are looked at."""

PART_ENDPOINT = "parts.add"
UPLOAD_ENDPOINTS = frozenset({"upload.send", "capture.send", PART_ENDPOINT})
"""Where photos come in. Of one that comes in in parts, the first one counts."""

log = logging.getLogger(__name__)


class SignInCookies(SecureCookieSessionInterface):
    """Cookies whose age the store tells, as it tells what has ended.

    Flask's own would be worth nothing where the clock was set back since.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """Return what a browser's cookie holds; nothing if it is none of ours."""
        signer = self.get_signing_serializer(app)
        cookie = request.cookies.get(self.get_cookie_name(app))
        if signer is None or cookie is None:
            return self.session_class()
        try:
            return self.session_class(signer.loads(cookie))
        except BadSignature:
            return self.session_class()


def known(token: str) -> Identity:
    """Return whom a token is for.

    Raises
    ------
    TokenInvalidError, TokenExpiredError
        If it opens nothing.
    TooManyRequestsError
        If such tokens come from one address again and again.
    """
    try:
        return site().tokens.identity(token)
    except (TokenInvalidError, TokenExpiredError) as error:
        address = request.remote_addr or ""
        rates().count(WRONG_TOKENS, address)
        log.warning("%s showed a token that opens nothing: %s", address, error.message)
        raise


def bearer() -> Identity | None:
    """Return who a request's bearer token is for; None if it has none.

    Raises
    ------
    TokenInvalidError, TokenExpiredError, TooManyRequestsError
        If it has one that opens nothing.
    """
    header = request.headers.get("Authorization", "")
    if not header.lower().startswith(BEARER):
        return None
    return known(header[len(BEARER) :].strip())


def admit() -> None:
    """Check by its headers alone whether a request's body is to be read.

    Raises
    ------
    LengthRequiredError, UploadTooLargeError
        If it does not say how long it is, or is too long.
    AccessError
        If it is more than a few words of somebody who is not signed in, or more than
        a form of somebody who may not send photos.
    TooManyRequestsError
        If too many photos come from one address, or pictures of one live camera.
    """
    length = request.content_length
    if length is None:
        raise LengthRequiredError
    is_frame = request.endpoint == FRAME_ENDPOINT
    limit = FRAME_BYTES if is_frame else site().settings.max_upload_bytes
    if length > limit:
        raise UploadTooLargeError(limit)
    if is_frame:
        rates().count(FRAMES, require("staff").name)
        return
    is_upload = request.endpoint in UPLOAD_ENDPOINTS
    most = MAX_FOREIGN_BYTES
    if request.endpoint in HOST_ENDPOINTS:
        most = MAX_HOST_BYTES
    elif request.endpoint in TYPED_BY_ANYBODY:
        most = MAX_TYPED_BYTES
    goes_on = request.endpoint == PART_ENDPOINT and request.args.get("offset") != "0"
    if (is_upload or length > most) and bearer() is None:
        require("staff")
    if not goes_on and (is_upload or length > MAX_FORM_BYTES):
        rates().count(UPLOADS, request.remote_addr or "")


def sign_in(identity: Identity) -> None:
    """Sign somebody in for this browser; needs a request.

    The cookie begins anew, so that nothing from before carries over.
    """
    here = site()
    with here.database.write() as database:
        sign_in_id = add_sign_in(database, identity.invitation, here.clock())
    session.clear()
    session.permanent = True
    session["sign_in"] = sign_in_id
    session["csrf"] = secrets.token_urlsafe(CSRF_BYTES)
    g.identity = identity
    log.info(
        "%s signed in as %s from %s",
        identity.name,
        identity.role,
        request.remote_addr,
    )


def sign_out() -> None:
    """Sign whoever is signed in out, wherever their cookie is; needs a request."""
    here = site()
    with here.database.write() as database:
        end_sign_in(database, str(session.get("sign_in", "")), here.clock())
    session.clear()
    g.identity = None


def signed_in() -> Identity | None:
    """Return who is signed in; None for nobody. Needs a request."""
    if "identity" not in g:
        g.identity = _signed_in_by(session.get("sign_in"))
    return cast("Identity | None", g.identity)


def _signed_in_by(sign_in_id: object) -> Identity | None:
    if not isinstance(sign_in_id, str):
        return None
    here = site()
    since = here.clock() - dt.timedelta(seconds=SIGN_IN_MAX_AGE_S)
    with here.database.read() as database:
        return signed_in_as(database, sign_in_id, since)


def rates() -> Rates:
    """Return this app's counts of what addresses ask for; needs a request."""
    return cast("Rates", current_app.extensions[RATES])


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


def count_hosted() -> None:
    """Count what a host sends.

    Raises
    ------
    TooManyRequestsError
        If too much comes from their address.
    """
    rates().count(HOSTED, request.remote_addr or "")


def is_own_form() -> bool:
    """Say whether a form was sent from a page of this site, as the browser tells.

    Where nobody is signed in there is no secret that a form could carry.
    """
    origin = request.headers.get("Origin")
    known = {request.host, urlsplit(site().settings.public_url).netloc}
    return origin is None or urlsplit(origin).netloc in known


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
