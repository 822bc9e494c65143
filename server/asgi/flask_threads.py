"""Flask, a WSGI application, asked from an event loop: each request in a thread."""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import IO, Any, TypeVar

from a2wsgi.asgi_typing import HTTPScope
from a2wsgi.wsgi import build_environ
from flask import Flask, request
from werkzeug.test import run_wsgi_app

from server.asgi.answers import Answer

T = TypeVar("T")

Check = Callable[[], None]
"""Done for a request before its body is read; raises to refuse it."""


class FlaskThreads:
    """Asks a Flask application.

    Parameters
    ----------
    app : Flask
    threads : int
        Requests at once.
    """

    def __init__(self, app: Flask, threads: int) -> None:
        self._app = app
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="flask")

    async def ask(
        self,
        scope: HTTPScope,
        body: IO[bytes] | None = None,
        *,
        only: Iterable[bytes] | None = None,
    ) -> Answer:
        """Return the application's answer.

        Parameters
        ----------
        scope : HTTPScope
            The request, by ASGI.
        body : file, optional
            Its body; none if left out.
        only : iterable of bytes, optional
            Names of the headers that the application gets to see; all if left out.
        """
        environ = _environ(scope, body or io.BytesIO(), only)
        return await self.call(partial(_ask, self._app, environ))

    async def refused(self, scope: HTTPScope, check: Check) -> Answer | None:
        """Return the application's refusal of a request, None if it has none.

        Parameters
        ----------
        scope : HTTPScope
        check : callable
            Done in the request's context, its body unread.
        """
        environ = _environ(scope, io.BytesIO())
        return await self.call(partial(_refused, self._app, environ, check))

    async def call(self, work: Callable[[], T]) -> T:
        """Return what a callable returns, called in one of the threads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, work)


def _environ(
    scope: HTTPScope, body: IO[bytes], only: Iterable[bytes] | None = None
) -> dict[str, Any]:
    wanted = None if only is None else frozenset(only)
    seen: HTTPScope = {
        **scope,
        # WSGI has it as text; what is not ASCII was never percent-encoded.
        "query_string": scope["query_string"]
        .decode("latin-1")
        .encode("ascii", "ignore"),
        "headers": [
            (name, value)
            for name, value in scope["headers"]
            if wanted is None or name in wanted
        ],
    }
    return {
        **build_environ(seen, body),  # type: ignore[arg-type]  # a file is what WSGI wants
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True,
    }


def _ask(app: Flask, environ: dict[str, Any]) -> Answer:
    chunks, status, headers = run_wsgi_app(app, environ, buffered=True)
    try:
        return Answer.of(int(status.split(" ", 1)[0]), headers, b"".join(chunks))
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()


def _refused(app: Flask, environ: dict[str, Any], check: Check) -> Answer | None:
    with app.request_context(environ):
        try:
            if request.routing_exception is not None:
                app.raise_routing_exception(request)
            check()
        except Exception as error:  # noqa: BLE001  (Flask has an answer to each)
            return _answer_to(app, error)
    return None


def _answer_to(app: Flask, error: Exception) -> Answer:
    """Return what the application answers to an error, in a request's context."""
    try:
        response = app.make_response(app.handle_user_exception(error))
    except Exception as unexpected:  # noqa: BLE001  (as Flask does with its views' own)
        response = app.handle_exception(unexpected)
    response = app.process_response(response)
    return Answer.of(response.status_code, response.headers, response.get_data())
