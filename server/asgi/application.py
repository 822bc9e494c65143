"""The ASGI application: what is published first, bodies with care, then Flask."""

import logging
import re
import time
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import cast
from urllib.parse import parse_qs, unquote

from a2wsgi.asgi_typing import ASGIApp, HTTPScope, Receive, Scope, Send
from flask import Flask
from granian.utils.proxies import wrap_asgi_with_proxy_headers
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_cookie
from werkzeug.routing import MapAdapter
from werkzeug.sansio.utils import host_is_trusted

from calibration.errors import BoardcastError
from server.app import app_of
from server.asgi.answers import Answer, PublishedAnswer
from server.asgi.bodies import AT_ONCE_BYTES, Bodies, Disconnected, drain
from server.asgi.flask_threads import FlaskThreads
from server.asgi.published import PublishedAnswers
from server.auth import admit
from server.languages.choice import chosen_language
from server.languages.current import CHOICE
from server.metrics import REQUEST_SECONDS
from server.site import EXTENSION, Follower, Site
from server.store.releases import published_stamp
from server.views import PICTURES, PUBLISHED

READING_THREADS = 8
"""For what is published. Apart from the others: attendees never wait for staff."""

IPV4_IN_IPV6 = "::ffff:"
"""Before an IPv4 address on a socket that listens for both (RFC 4291, 2.5.5.2)."""

WORKING_THREADS = 32
"""For pages of staff and facilitators, uploads and corrections."""

LINGER_S = 5.0
"""How long the rest of a refused body is read, so that its sender sees why."""

LINGER_BYTES = 16 * 2**20
LINGER_AT_ONCE = 64
"""Refused bodies that are read on; further ones are cut off."""

NEEDED_HEADERS = (b"host", b"accept", b"accept-language")
"""Of a request for what is published: no cookie, so that it is the same for all."""

PAGES = "board"
"""The blueprint of what is published in more than one language."""

OTHER, CHANGE = "other", "change"
"""What monitors call requests for what is not published, and those with a body."""

HEALTH = "health"
"""The blueprint that the supervisor and monitors ask."""

MAX_PATH_CHARS = 200
"""Of what is published; a longer path is not remembered, as nothing is there."""

OPENS = re.compile("(?i)/(sign-in|host)/.*")
"""Paths with a token in them: who knows them is let in."""

BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})

access_log = logging.getLogger("server.access")


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and where it goes.

    Parameters
    ----------
    scope : HTTPScope
        As Flask gets it: below the site's own path.
    path : str
        Without that.
    blueprint : str
        Name of the blueprint that answers a ``GET`` there; empty for none.
    """

    scope: HTTPScope
    path: str
    blueprint: str


def asgi_app(site: Site) -> ASGIApp:
    """Return the application of a site, for an ASGI server."""
    application = Application(site, app_of(site))
    trusted = list(site.settings.trusted_proxies)
    behind_proxy: ASGIApp = wrap_asgi_with_proxy_headers(application, trusted)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        address, port = scope.get("client") or ("", 0)
        scope["client"] = (address.removeprefix(IPV4_IN_IPV6), port)
        forwarded = any(name == b"x-forwarded-for" for name, _ in scope["headers"])
        await (behind_proxy if forwarded else application)(scope, receive, send)

    return answer


@dataclass(frozen=True, slots=True)
class LanguageWish:
    """The language that a page is asked for in, without who asks.

    Parameters
    ----------
    asked_as : str
        As a browser asks for it; empty where any will do.
    query : bytes
        What of the address says it: then the answer has the browser remember it.
    """

    asked_as: str = ""
    query: bytes = b""

    def instead_of(
        self, headers: Iterable[tuple[bytes, bytes]]
    ) -> list[tuple[bytes, bytes]]:
        """Return a request's headers, with this wish for all that it says of it."""
        rest = [pair for pair in headers if pair[0] != b"accept-language"]
        return [*rest, (b"accept-language", self.asked_as.encode())]


class Application:
    """Answers requests.

    Parameters
    ----------
    site : Site
    app : Flask
        Of this site.
    """

    def __init__(self, site: Site, app: Flask) -> None:
        app.config["USE_X_SENDFILE"] = True
        self._settings = site.settings
        self._newest_site = cast("Follower", app.extensions[EXTENSION]).newest
        self._prefix = unquote(site.settings.path_prefix)
        self._readers = FlaskThreads(app, READING_THREADS)
        self._workers = FlaskThreads(app, WORKING_THREADS)
        at_once = max(AT_ONCE_BYTES, site.settings.max_upload_bytes)
        self._bodies = Bodies(site.settings.data_dir, at_once)
        # A thread of its own: kept answers never wait behind what is not kept.
        asker = FlaskThreads(app, 1)
        pages = PublishedAnswers(partial(asker.call, self._pages_stamp))
        pictures = PublishedAnswers(partial(asker.call, self._pictures_stamp))
        self._published = {**dict.fromkeys(PUBLISHED, pages), PICTURES: pictures}
        self._lingering = 0
        adapter = app.url_map.bind("")
        self._blueprint = lru_cache(4096)(partial(_blueprint, adapter))
        kinds = (*self._published, OTHER, CHANGE)
        self._seconds = {kind: REQUEST_SECONDS.labels(kind) for kind in kinds}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        began = time.monotonic()
        request = self._request(scope)
        kind = request.blueprint if request.blueprint in self._published else OTHER
        try:
            if scope["method"] in BODILESS:
                answer = await self._read(request)
                await answer.send(send, body=scope["method"] != "HEAD")
            else:
                kind = CHANGE
                answer = await self._change(request.scope, receive, send)
        except Disconnected:
            return
        took_s = time.monotonic() - began
        self._seconds[kind].observe(took_s)
        if self._settings.access_log:
            access_log.info(_line(scope, answer, took_s))

    async def _read(self, request: Request) -> Answer:
        """Answer a request that changes nothing."""
        scope = request.scope
        answers = self._published.get(request.blueprint)
        headers = dict(scope["headers"])
        if (
            answers is None
            or scope["method"] == "OPTIONS"
            or not self._is_ours(headers)
        ):
            # Whether it is alive is never asked behind what staff wait for.
            alive = request.blueprint == HEALTH
            return await (self._readers if alive else self._workers).ask(scope)

        wish = _wish(scope) if request.blueprint == PAGES else LanguageWish()

        async def ask() -> Answer:
            asked: HTTPScope = {
                **scope,
                "method": "GET",
                "query_string": wish.query,
                "headers": wish.instead_of(scope["headers"]),
            }
            return await self._readers.ask(asked, only=NEEDED_HEADERS)

        found = await answers.answer((request.path, wish), ask)
        if isinstance(found, PublishedAnswer):
            return found.for_client(headers)
        # What is not for everybody may be for whoever is signed in.
        return await self._workers.ask(scope) if b"cookie" in headers else found

    async def _change(self, scope: HTTPScope, receive: Receive, send: Send) -> Answer:
        """Answer a request with a body: checked, then read, then handed on."""
        refusal = await self._workers.refused(scope, admit)
        if refusal is None:
            try:
                async with self._bodies.read(receive, _length(scope)) as body:
                    answer = await self._workers.ask(scope, body)
            except BoardcastError as error:
                refusal = await self._workers.refused(scope, partial(_raise, error))
        if refusal is not None:
            await self._refuse(refusal, receive, send)
            return refusal
        for answers in self._published.values():
            answers.expire()
        await answer.send(send)
        return answer

    async def _refuse(self, refusal: Answer, receive: Receive, send: Send) -> None:
        """Send a refusal, and let its reader finish what they are sending."""
        await refusal.with_header(b"connection", b"close").send(send)
        if self._lingering < LINGER_AT_ONCE:
            self._lingering += 1
            try:
                await drain(receive, LINGER_S, LINGER_BYTES)
            finally:
                self._lingering -= 1

    def _request(self, scope: HTTPScope) -> Request:
        """Return a request as one below the site's path.

        Whether a proxy in front takes that path off, or not.
        """
        path, prefix = scope["path"], self._prefix
        if prefix:
            if f"{path}/".startswith(f"{prefix}/"):
                path = path.removeprefix(prefix) or "/"
            scope = {**scope, "root_path": prefix, "path": f"{prefix}{path}"}
        known = len(path) <= MAX_PATH_CHARS
        return Request(scope, path, self._blueprint(path) if known else "")

    def _is_ours(self, headers: dict[bytes, bytes]) -> bool:
        """Say whether a request goes to a name of this site."""
        names = self._settings.trusted_hosts
        host = headers.get(b"host", b"").decode("latin-1")
        return not names or host_is_trusted(host, names)

    def _pages_stamp(self) -> Hashable:
        here = self._newest_site()
        minute = here.clock().replace(second=0, microsecond=0)
        with here.database.read() as session:
            return published_stamp(session), here.profile_version, minute

    def _pictures_stamp(self) -> Hashable:
        with self._newest_site().database.read() as session:
            return published_stamp(session)[1:3]  # what is hidden, and what no more


def _blueprint(adapter: MapAdapter, path: str) -> str:
    """Return the name of the blueprint that answers at a path; empty for none."""
    try:
        endpoint, _ = adapter.match(path, method="GET")
    except HTTPException:
        return ""
    return str(endpoint).split(".", 1)[0]


def _wish(scope: HTTPScope) -> LanguageWish:
    """Return the language that a request wishes, for all who wish the same."""
    headers = dict(scope["headers"])
    query = parse_qs(scope["query_string"].decode("latin-1")).get(CHOICE, [""])[0]
    cookies = parse_cookie(headers.get(b"cookie", b"").decode("latin-1"))
    accepted = headers.get(b"accept-language", b"").decode("latin-1")
    language = chosen_language(query or cookies.get(CHOICE), accepted)
    if language is None:
        return LanguageWish()
    told = f"{CHOICE}={language.tag}".encode() if query == language.tag else b""
    return LanguageWish(language.asked_as, told)


def _raise(error: BoardcastError) -> None:
    raise error


def _length(scope: HTTPScope) -> int:
    return int(dict(scope["headers"]).get(b"content-length", b"0"))


def _line(scope: HTTPScope, answer: Answer, took_s: float) -> str:
    """Return a line of the access log; what opens the site is not in it."""
    address, _ = scope.get("client") or ("-", 0)
    path = OPENS.sub(lambda found: f"/{found[1].lower()}/...", scope["path"])
    return (
        f"{address} {scope['method']} {path!r} {answer.status} {took_s * 1000:.0f} ms"
    )
