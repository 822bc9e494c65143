"""Receipts: an answer proves to a browser that what it sent has arrived.

Between a desk and its server there are networks that answer themselves: a proxy with an
error, a portal with its own page and status 200. So a browser gives each act a name, and
only an answer that says the name counts. It sends an act again until such an answer has
come; one that has arrived before is not done twice.
"""

import re
from http import HTTPStatus

from flask import Response, g, request

from server.auth import CSRF_FIELD, is_own_form
from server.site import site
from server.store.corrections import has_arrived

ACT = "Boardcast-Act"
"""The header with an act's name, of the request and of its answer."""

_NAME = re.compile(r"[0-9a-f]{32}")


def act_sent() -> str | None:
    """Return the name of the act that a request sends; None if a plain form does."""
    name = request.headers.get(ACT, "")
    return name if request.method == "POST" and _NAME.fullmatch(name) else None


def next_act() -> str | None:
    """Return what to call the next correction that a request appends."""
    name = act_sent()
    if name is None:
        return None
    # Should a request append several, each arrives once.
    g.acts = g.get("acts", 0) + 1
    return name if g.acts == 1 else f"{name}.{g.acts}"


def answer_again() -> Response | None:
    """Answer an act that has arrived before, its answer lost on the way."""
    name = act_sent()
    if name is None:
        return None
    with site().database.read() as database:
        return _empty() if has_arrived(database, name) else None


def with_receipt(response: Response) -> Response:
    """Return an answer that says the name of the act.

    Scripts cannot read the headers of a redirection: they get an empty answer, and look
    at the page anew.
    """
    name = act_sent()
    if name is None:
        return response
    see_other = response.status_code == HTTPStatus.SEE_OTHER
    answer = _empty() if see_other else response
    answer.headers[ACT] = name
    return answer


def unsent_form() -> tuple[tuple[str, str], ...]:
    """Return what a refused form of the desk carried, for its page to send it again.

    Nothing that another site's page sent is shown as if a person had typed it here.
    """
    if request.blueprint != "desk" or request.method != "POST" or not is_own_form():
        return ()
    fields = request.form.items(multi=True)
    return tuple((name, value) for name, value in fields if name != CSRF_FIELD)


def _empty() -> Response:
    response = Response(content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
