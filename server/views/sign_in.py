"""``/sign-in/<token>``: the link on an invitation signs a browser in."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from server.auth import check_csrf, known, sign_in, sign_out
from server.roles import Role

HOME: dict[Role, str] = {"staff": "capture.show", "facilitator": "desk.show"}
"""Endpoint at which each role begins."""


def sign_in_blueprint() -> Blueprint:
    """Return the blueprint of signing in and out."""
    blueprint = Blueprint("sign_in", __name__)
    blueprint.add_url_rule("/sign-in/<token>", "enter", enter)
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
    response = redirect(url_for(HOME[identity.role]))
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
