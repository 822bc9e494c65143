"""Devices that say something once: known by a signed cookie, and nothing else.

Who deletes it, or takes another browser, is a new device: no account tells them apart.
A device has to send its cookie back before anything of it counts, so that a second press
of a button is the same device's.
"""

import secrets
from http import HTTPStatus

from flask import redirect, request
from itsdangerous import BadSignature, URLSafeSerializer
from limits import RateLimitItem
from werkzeug.wrappers import Response

from server.auth import is_own_form, rates
from server.errors import StaleFormError
from server.languages.current import gettext as _
from server.site import site

COOKIE = "boardcast-device"

DEVICE_BYTES = 12
"""Of a device's name: nobody meets another's by chance."""

KEPT_S = 30 * 24 * 3600
"""How long a browser keeps it: the event, and not until the next one."""

ASKED = "cookie"
"""Of the address, once a device was given its cookie."""


def check_sender(limit: RateLimitItem) -> None:
    """Check that a form is one of this site's, and count it.

    There is no sign-in that could tie a form to it. Browsers say where a form is from.

    Raises
    ------
    StaleFormError
        If another site's page sends it.
    TooManyRequestsError
        If too many come from one address.
    """
    if not is_own_form():
        raise StaleFormError
    rates().count(limit, request.remote_addr or "")


def device() -> str | None:
    """Return the device that sends a request; None if it has no cookie of ours."""
    try:
        name: str = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return None
    return name


def given_cookie() -> Response | None:
    """Return the same request once more, with a cookie; None if it was given before.

    The browser sends its form again by itself.
    """
    if ASKED in request.args:
        return None
    again = f"{request.script_root}{request.path}?{ASKED}=1"
    response = redirect(again, HTTPStatus.TEMPORARY_REDIRECT)
    settings = site().settings
    response.set_cookie(
        COOKIE,
        str(_signer().dumps(secrets.token_urlsafe(DEVICE_BYTES))),
        max_age=KEPT_S,
        path=f"{settings.path_prefix}/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def no_cookie() -> str:
    """Return what is said to a browser that keeps none."""
    return _(
        "Not counted: your browser keeps no cookie, so that nothing tells its second "
        "press from its first."
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(site().settings.secret_key, salt="boardcast.device")
