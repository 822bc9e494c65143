"""Answers: whole, in memory, and as a client can take them."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from http import HTTPStatus
from typing import Literal, Self

import brotli
from a2wsgi.asgi_typing import Send
from werkzeug.datastructures import Headers
from werkzeug.http import parse_accept_header, quote_etag, unquote_etag
from werkzeug.sansio.http import is_resource_modified

from server.views.responses import SENDFILE

Encoding = Literal["br", "gzip", "identity"]
"""Of a body, as ``Content-Encoding`` names it."""

ENCODINGS: tuple[Encoding, ...] = ("br", "gzip", "identity")
"""The smallest first."""

BROTLI_QUALITY = 5
"""A page of 60 kB takes 2 ms; at 11 it takes 100 ms and is a tenth smaller."""

GZIP_LEVEL = 6

WORTH_COMPRESSING_BYTES = 500
"""What fits into one packet anyway gains nothing."""

ENTRY_BYTES = 2000
"""Of headers and what holds them, about."""

COMPRESSED = ("text/", "application/json", "application/xml", "application/atom+xml")
"""Content types that shrink; pictures are compressed already."""

RawHeaders = tuple[tuple[bytes, bytes], ...]
"""As ASGI has them: lower-case names."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, whole.

    Parameters
    ----------
    status : int
    headers : tuple of (bytes, bytes)
        Names in lower case.
    body : bytes
    file : str
        Path of the file that is the body instead, if it is not empty: the server
        sends it by itself, which is several times as fast.
    """

    status: int
    headers: RawHeaders
    body: bytes
    file: str = ""

    @classmethod
    def of(cls, status: int, headers: Headers, body: bytes) -> Self:
        """Return the answer that a WSGI application gave."""
        return cls(
            status,
            tuple(
                (name.lower().encode("latin-1"), value.encode("latin-1"))
                for name, value in headers
                if name != SENDFILE
            ),
            body,
            headers.get(SENDFILE, ""),
        )

    def with_header(self, name: bytes, value: bytes) -> Self:
        """Return the answer with one more header."""
        return replace(self, headers=(*self.headers, (name, value)))

    async def send(self, send: Send, *, body: bool = True) -> None:
        """Send it; without its body for ``HEAD``."""
        await send(
            {
                "type": "http.response.start",
                "status": self.status,
                "headers": self.headers,
            }
        )
        if self.file and body:
            await send({"type": "http.response.pathsend", "path": self.file})  # type: ignore[arg-type]  # an extension of ASGI that granian has
        else:
            await send(
                {"type": "http.response.body", "body": self.body if body else b""}
            )


@dataclass(frozen=True, slots=True)
class PublishedAnswer:
    """A page, format or picture as everybody gets it, ready for every client.

    Parameters
    ----------
    encoded : mapping of Encoding to Answer
        At least ``identity``.
    unchanged : Answer
        304, for whoever has it already.
    etag : str
        Without quotes; empty for none.
    last_modified : str
        As the header says it; empty for none.
    """

    encoded: Mapping[Encoding, Answer]
    unchanged: Answer
    etag: str
    last_modified: str

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Return a published answer of one that Flask gave; compresses it once."""
        given = {name: value.decode("latin-1") for name, value in answer.headers}
        rest = tuple(pair for pair in answer.headers if pair[0] != b"content-length")
        encoded: dict[Encoding, Answer] = {"identity": answer}
        if (
            given.get(b"content-type", "").startswith(COMPRESSED)
            and len(answer.body) >= WORTH_COMPRESSING_BYTES
        ):
            rest = _varying_with_encoding(rest)
            encoded = {
                name: _encoded(answer.status, rest, name, body)
                for name, body in _bodies(answer.body).items()
            }
        unchanged = tuple(pair for pair in rest if pair[0] != b"content-type")
        return cls(
            encoded,
            Answer(HTTPStatus.NOT_MODIFIED, unchanged, b""),
            unquote_etag(given.get(b"etag"))[0] or "",
            given.get(b"last-modified", ""),
        )

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        return ENTRY_BYTES + sum(len(entry.body) for entry in self.encoded.values())

    def for_client(self, headers: Mapping[bytes, bytes]) -> Answer:
        """Return what a client gets that sent these headers, names in lower case."""
        if self._is_known(headers):
            return self.unchanged
        if len(self.encoded) == 1:
            return self.encoded["identity"]
        return self.encoded[_best(headers.get(b"accept-encoding", b""))]

    def _is_known(self, headers: Mapping[bytes, bytes]) -> bool:
        etags = headers.get(b"if-none-match", b"").decode("latin-1")
        since = headers.get(b"if-modified-since", b"").decode("latin-1")
        if not etags and not (since and self.last_modified):
            return False
        return not is_resource_modified(
            http_if_none_match=etags or None,
            http_if_modified_since=since or None,
            etag=quote_etag(self.etag, weak=True) if self.etag else None,
            last_modified=self.last_modified or None,
        )


def _bodies(body: bytes) -> dict[Encoding, bytes]:
    return {
        "br": brotli.compress(body, quality=BROTLI_QUALITY),
        # Without the time: the same page has the same bytes.
        "gzip": gzip.compress(body, GZIP_LEVEL, mtime=0),
        "identity": body,
    }


def _varying_with_encoding(headers: RawHeaders) -> RawHeaders:
    """Return headers that say so, in one line: some caches look at one only."""
    varies = [value for name, value in headers if name == b"vary"]
    rest = tuple(pair for pair in headers if pair[0] != b"vary")
    return (*rest, (b"vary", b", ".join((*varies, b"Accept-Encoding"))))


def _encoded(status: int, headers: RawHeaders, name: Encoding, body: bytes) -> Answer:
    length = (b"content-length", str(len(body)).encode())
    encoding = () if name == "identity" else ((b"content-encoding", name.encode()),)
    return Answer(status, (*headers, *encoding, length), body)


@lru_cache(256)
def _best(accept_encoding: bytes) -> Encoding:
    """Return the smallest encoding that a client takes."""
    accepted = parse_accept_header(accept_encoding.decode("latin-1"))
    return next((name for name in ENCODINGS if accepted[name] > 0), "identity")
