"""The web application: everything that is the same for every page."""

import datetime as dt
import os
from http import HTTPStatus
from urllib.parse import quote

from flask import (
    Flask,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    RequestEntityTooLarge,
    SecurityError,
)

from calibration.errors import BoardcastError
from server.aiming import Aiming
from server.auth import (
    RATES,
    SIGN_IN_MAX_AGE_S,
    SignInCookies,
    csrf_token,
    signed_in,
)
from server.config import Settings
from server.errors import (
    NotFoundError,
    ServerError,
    StorageError,
    outcome_of,
)
from server.languages.current import speak, told
from server.pulse import Pulse
from server.rates import Rates
from server.site import EXTENSION, Follower, Site
from server.site import site as current_site
from server.views import page_blueprints
from server.views.capture.frames import AIMING
from server.views.desk.receipts import unsent_form
from server.views.health import health_blueprint
from server.views.parts import parts_blueprint
from server.views.sign_in import sign_in_blueprint
from server.views.upload import upload_blueprint

MAX_FORM_MEMORY_BYTES = 256 * 2**10
"""Of a form without its files: a correction is a few hundred bytes."""

MAX_FORM_PARTS = 100
"""Files and fields of one form: a day's photos at once."""

MULTIPART_OVERHEAD_BYTES = 2**20
"""So that a form's own limit is never met before ours, which says what to do."""

STATIC_HOLDS_S = 300
"""How long browsers and caches keep styles and scripts: an upgrade is seen soon."""

SECURITY_HEADERS = {
    # No inline script or style anywhere: what a card says can never run.
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

HINTS = {
    404: "Check the address, or begin at the board's page.",
    405: "Go back and use the page's own buttons.",
    413: "Shorten the texts, or send fewer photos at once.",
    500: "It has been noted. Try again in a minute.",
}
"""What to do, by status, about what no error of ours tells."""


def create_app(settings: Settings) -> Flask:
    """Return the application of a site.

    Raises
    ------
    ProfileError, SettingsError, StorageError
        If the site cannot be opened.
    """
    return app_of(Site.open(settings))


def app_of(site: Site) -> Flask:
    """Return the application of a site that is open already."""
    app = Flask(__name__)
    settings = site.settings
    app.extensions |= {EXTENSION: Follower(site), RATES: Rates(), AIMING: Aiming()}
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + MULTIPART_OVERHEAD_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_MEMORY_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        SESSION_COOKIE_NAME="boardcast",
        SESSION_COOKIE_PATH=f"{settings.path_prefix}/",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=dt.timedelta(seconds=SIGN_IN_MAX_AGE_S),
        # Else a facilitator's cookie would go along with every picture, marked
        # as one that shared caches keep for a year.
        SESSION_REFRESH_EACH_REQUEST=False,
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_HOLDS_S,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
    )
    app.session_interface = SignInCookies()
    app.jinja_env.globals.update(csrf_token=csrf_token, signed_in=signed_in)
    speak(app, lambda: current_site().profile.event.language)
    for blueprint in page_blueprints(site.profile.event.short_path):
        app.register_blueprint(blueprint)
    app.register_blueprint(upload_blueprint())
    app.register_blueprint(parts_blueprint())
    app.register_blueprint(sign_in_blueprint())
    app.register_blueprint(health_blueprint(Pulse.of(os.environ)))
    app.register_error_handler(BoardcastError, answer_refusal)
    app.register_error_handler(HTTPException, answer_http_error)
    app.after_request(secure)
    return app


def secure(response: Response) -> Response:
    """Add the headers that every answer carries."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def answer_refusal(error: BoardcastError) -> ResponseReturnValue:
    """Answer with what was wrong and what to do about it."""
    status = outcome_of(error).status
    meant = _meant() if isinstance(error, NotFoundError) else None
    if meant is not None:
        return redirect(meant, HTTPStatus.PERMANENT_REDIRECT)
    if isinstance(error, StorageError):
        # Only who runs the site can mend it, and they read the log.
        current_app.logger.error("%s", error)
    answer = current_app.make_response(_answer(error.message, error.hint, status))
    if isinstance(error, ServerError) and error.retry_after_s is not None:
        answer.retry_after = error.retry_after_s
    return answer


def answer_http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask itself refuses in the same way."""
    if isinstance(error, RequestEntityTooLarge):
        return _answer("The form carries too much.", HINTS[413], 413)
    if error.code is None or error.response is not None:
        return error
    if isinstance(error, SecurityError):
        # Asked under a foreign host's name: no page can tell its own addresses.
        address = current_site().settings.public_url
        message = f"This site does not go by that host name. It is at {address}.\n"
        return Response(message, error.code, content_type="text/plain; charset=utf-8")
    meant = _meant() if error.code == HTTPStatus.NOT_FOUND else None
    if meant is not None:
        return redirect(meant, HTTPStatus.PERMANENT_REDIRECT)
    answer = current_app.make_response(
        _answer(
            f"{error.name}.",
            HINTS.get(error.code, "Go back and try again."),
            error.code,
        )
    )
    if isinstance(error, MethodNotAllowed):
        answer.allow.update(error.valid_methods or ())
    return answer


def wants_json() -> bool:
    """Say whether whoever asks is a program."""
    accepts = request.accept_mimetypes
    return request.path.startswith("/photos") or (
        accepts["application/json"] > accepts["text/html"]
    )


def _meant() -> str | None:
    """Return the address that was meant by one that there is not, if any.

    People type capitals, and a slash at the end.
    """
    adapter = current_app.create_url_adapter(request)
    stripped = request.path.rstrip("/")
    for path in (stripped, stripped.lower()):
        # A token is not to be spelt otherwise.
        as_it_is = path == request.path or path.startswith(("/sign-in/", "/host/"))
        if adapter and not as_it_is and adapter.test(path, "GET"):
            query = request.query_string.decode("ascii", "ignore")
            return f"{request.script_root}{quote(path)}{'?' if query else ''}{query}"
    return None


def _answer(message: str, hint: str, status: int) -> ResponseReturnValue:
    message, hint = told(message), told(hint)
    if wants_json():
        return jsonify(message=message, hint=hint), status
    page = render_template(
        "errors/error.html",
        message=message,
        hint=hint,
        status=status,
        unsent=() if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else unsent_form(),
    )
    return page, status
