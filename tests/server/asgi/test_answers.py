import gzip

import brotli
import pytest

from server.asgi.answers import ENTRY_BYTES, Answer, PublishedAnswer

PAGE = b"<p>Type checking at scale</p>" * 100
HEADERS = (
    (b"content-type", b"text/html; charset=utf-8"),
    (b"etag", b'W/"abc"'),
    (b"last-modified", b"Fri, 17 May 2024 16:00:00 GMT"),
    (b"content-length", b"2900"),
)


@pytest.fixture
def page() -> PublishedAnswer:
    return PublishedAnswer.of(Answer(200, HEADERS, PAGE))


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        (b"", None),
        (b"identity", None),
        (b"gzip", b"gzip"),
        (b"gzip, deflate, br, zstd", b"br"),
        (b"br;q=0, gzip", b"gzip"),
        (b"br;q=0.1, gzip;q=1.0", b"br"),
        (b"*", b"br"),
        (b"*;q=0", None),
        (b"\xff;;,=", None),
    ],
)
def test_client_gets_the_smallest_that_it_takes(accepted, encoding, page):
    answer = page.for_client({b"accept-encoding": accepted})

    headers = dict(answer.headers)
    unpack = {b"br": brotli.decompress, b"gzip": gzip.decompress, None: bytes}
    assert headers.get(b"content-encoding") == encoding
    assert headers[b"content-length"] == str(len(answer.body)).encode()
    assert headers[b"vary"] == b"Accept-Encoding"
    assert unpack[encoding](answer.body) == PAGE


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({}, 200),
        ({b"if-none-match": b'W/"abc"'}, 304),
        ({b"if-none-match": b'"abc"'}, 304),
        ({b"if-none-match": b'"x", W/"abc"'}, 304),
        ({b"if-none-match": b"*"}, 304),
        ({b"if-none-match": b'"x"'}, 200),
        ({b"if-modified-since": b"Fri, 17 May 2024 16:00:00 GMT"}, 304),
        ({b"if-modified-since": b"Fri, 17 May 2024 15:59:59 GMT"}, 200),
        (
            {
                b"if-none-match": b'"x"',
                b"if-modified-since": b"Fri, 17 May 2024 16:00:00 GMT",
            },
            200,
        ),
        ({b"if-none-match": b"\xff"}, 200),
    ],
)
def test_who_has_it_already_gets_no_body(condition, status, page):
    answer = page.for_client(condition)

    assert answer.status == status
    assert (answer.body == b"") == (status == 304)
    assert dict(answer.headers)[b"etag"] == b'W/"abc"'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [(b"image/jpeg", PAGE), (b"text/plain", b"friday.1.2")],
    ids=["picture", "few-bytes"],
)
def test_what_would_not_shrink_stays_as_it_is(content_type, body):
    given = Answer(200, ((b"content-type", content_type),), body)

    page = PublishedAnswer.of(given)

    assert page.for_client({b"accept-encoding": b"br"}) == given
    assert page.size_bytes == ENTRY_BYTES + len(body)


def test_same_page_has_the_same_bytes(page):
    again = PublishedAnswer.of(Answer(200, HEADERS, PAGE))

    assert again == page
