"""``/sign-in/<token>``: the link on an invitation signs a browser in."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.auth import check_csrf, known, sign_in, sign_out, signed_in
from server.languages.current import gettext as _
from server.roles import Role
from server.site import site

HOME: dict[Role, str] = {
    "host": "hosting.newest",
    "staff": "capture.show",
    "facilitator": "desk.show",
}
"""Endpoint at which each role begins."""


def sign_in_blueprint() -> Blueprint:
    """Return the blueprint of signing in and out."""
    blueprint = Blueprint("sign_in", __name__)
    blueprint.add_url_rule("/sign-in/<token>", "enter", enter)
    blueprint.add_url_rule("/sign-in/<token>/kept", "arrive", arrive)
    blueprint.add_url_rule("/sign-out", "leave", leave, methods=["POST"])
    return blueprint


def enter(token: str) -> Response:
    """Sign in whoever shows a token, and go where their role begins.

    Raises
    ------
    TokenInvalidError, TokenExpiredError, TooManyRequestsError
        If it opens nothing.
    """
    identity = known(token)
    sign_in(identity)
    if site().settings.secure_cookies and not request.is_secure:
        # Either a proxy in front speaks https, or the browser drops the cookie
        # without a word: the next request shows which.
        return _not_stored(redirect(url_for("sign_in.arrive", token=token)))
    return _not_stored(redirect(url_for(HOME[identity.role])))


def arrive(token: str) -> Response:
    """Go where a role begins, or say that the browser did not keep the sign-in.

    Raises
    ------
    TokenInvalidError, TokenExpiredError, TooManyRequestsError
        If the token opens nothing.
    """
    identity = known(token)
    if signed_in() is not None:
        return _not_stored(redirect(url_for(HOME[identity.role])))
    page = render_template(
        "errors/error.html",
        message=_("Your browser did not keep the sign-in."),
        hint=_(
            "It keeps it at this site's own address only. If you are there already, "
            "allow cookies for it."
        ),
        link=f"{site().settings.public_url}/sign-in/{token}",
        link_text=_("Sign in at %(address)s", address=site().settings.public_url),
        status=401,
    )
    return _not_stored(make_response(page, 401))


def _not_stored(response: Response) -> Response:
    """Return a response that no cache and no browser keeps: a token is in it."""
    response.headers["Cache-Control"] = "no-store"
    return response


def leave() -> Response:
    """Sign out; from a form of this site only.

    Raises
    ------
    StaleFormError
        If it was not sent from one.
    """
    check_csrf()
    sign_out()
    return redirect(url_for("board.home"))
