import datetime as dt
import re
from dataclasses import replace

import pytest

from server.app import app_of
from server.asgi.application import Application, asgi_app
from server.auth import MAX_FOREIGN_BYTES, MAX_HOST_BYTES
from server.rates import UPLOADS, WRONG_TOKENS
from server.store.photos import photos_of

BOUNDARY = "x"
ADDRESS = "203.0.113.7"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def form(**fields):
    """A form's body, files as bytes."""
    parts = []
    for name, value in fields.items():
        is_file = isinstance(value, bytes)
        filename = '; filename="a.png"' if is_file else ""
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{filename}'
        )
        data = value if is_file else value.encode()
        parts.append(head.encode() + b"\r\n\r\n" + data + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


@pytest.fixture
def bearer(tokens):
    token = tokens.issue("staff", "Ada")
    return {"authorization": f"Bearer {token}", "content-type": MULTIPART}


@pytest.fixture
def read(journey, scripted):
    """Read a photo, as the worker does."""

    def read(name, at):
        journey.send(name, at)
        journey.work(scripted.SHOTS, lanes=("straighten", "read"))

    return read


@pytest.fixture
def later(application):
    """Let the quarter of a second pass after which the store is asked again."""

    def later():
        for answers in application._published.values():
            answers.expire()

    return later


@pytest.mark.parametrize(
    "path", ["/os", "/os.json", "/os.version", "/os.ics", "/os.jpg"]
)
def test_next_release_is_seen(path, asked, later, read):
    read("morning", "12:00")
    before = asked(path)
    condition = {"if-none-match": before.headers["etag"]}
    unchanged = asked(path, headers=condition)
    read("noon", "13:00")
    later()
    after = asked(path, headers=condition)

    assert (before.status, unchanged.status, unchanged.body) == (200, 304, b"")
    assert after.status == 200
    assert after.body != before.body


def test_page_stays_the_same_from_minute_to_minute_and_tells_the_next_slot(
    asked, later, clock, read
):
    read("morning", "12:00")
    etags = []
    for minutes in (0, 1, 2, 59, 60):
        clock.now = dt.datetime(2024, 5, 17, 14, 0, tzinfo=dt.UTC) + dt.timedelta(
            minutes=minutes
        )
        later()
        etags.append(asked("/os").headers["etag"])

    assert [etag == etags[0] for etag in etags] == [True, True, True, True, False]


def test_page_is_the_same_for_everybody(asked, read, tokens):
    read("morning", "12:00")
    signed = asked(f"/sign-in/{tokens.issue('facilitator', 'Ada')}")
    cookie = signed.headers["set-cookie"].split(";")[0]

    mine, theirs = asked("/os", headers={"cookie": cookie}), asked("/os")

    assert (mine.status, mine.body) == (200, theirs.body)
    assert "set-cookie" not in mine.headers
    assert asked("/desk/friday", headers={"cookie": cookie}).status == 200
    assert asked("/desk/friday").status == 401


@pytest.mark.parametrize("path", ["/os/" + "x" * 100_000, "/b/" + "0" * 64 + ".jpg"])
def test_what_is_not_there_is_not_found_and_not_kept(path, asked, application):
    assert asked(path).status == 404
    assert all(not answers._kept for answers in application._published.values())


def test_head_is_the_same_without_a_body(asked, read):
    read("morning", "12:00")

    whole, head = asked("/os"), asked("/os", "HEAD")

    assert (head.status, head.headers, head.body) == (200, whole.headers, b"")


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/os/", "/os"),
        ("/OS", "/os"),
        ("/Os/Friday/", "/os/friday"),
        ("/os/friday//", "/os/friday"),
        ("/OS.JSON", "/os.json"),
        ("/desk/", "/desk"),
        ("/os/Friday", "/os/friday"),
        ("//os/", "/os"),
        ("//OS", "/os"),
    ],
)
def test_capitals_and_slashes_lead_where_they_were_meant(path, location, asked):
    reply = asked(path)

    assert (reply.status, reply.headers["location"]) == (308, location)


@pytest.mark.parametrize(
    "path", ["/b/x.jpg", "/os.json", "/os.ics", "/os.jpg", "/os.version"]
)
def test_pages_of_other_sites_may_ask_whether_it_still_holds(path, asked):
    reply = asked(
        path,
        "OPTIONS",
        headers={
            "origin": "https://pycon.example",
            "access-control-request-method": "GET",
            "access-control-request-headers": "if-none-match",
        },
    )

    assert reply.status == 200
    assert {
        name: reply.headers[f"access-control-{name}"]
        for name in ("allow-origin", "allow-methods", "allow-headers", "expose-headers")
    } == {
        "allow-origin": "*",
        "allow-methods": "GET, HEAD",
        "allow-headers": "If-None-Match",
        "expose-headers": "ETag",
    }


def test_photo_comes_in(asked, bearer, site, scripted):
    reply = asked(
        "/photos", "POST", bearer, form(photo=scripted.photo_bytes("morning"))
    )

    with site.database.read() as session:
        (record,) = photos_of(session, None)
    assert (reply.status, record.sender) == (202, "Ada")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer nonsense"}, 401),
        ({"cookie": "boardcast=nonsense"}, 401),
        ({"content-length": str(65 * 2**20)}, 413),
    ],
    ids=["nobody", "wrong-token", "wrong-cookie", "too-large"],
)
@pytest.mark.parametrize("path", ["/photos", "/capture"])
def test_who_may_send_is_known_before_the_body_is_read(path, headers, status, asked):
    length = {"content-length": "5000000", "accept": "application/json"}
    reply = asked(path, "POST", {**length, **headers})

    # The body is empty: had it been waited for, its sender would have gone.
    assert reply.status == status
    assert reply.headers["connection"] == "close"


def test_body_without_a_length_is_refused(asked, bearer):
    chunked = {**bearer, "transfer-encoding": "chunked"}

    reply = asked("/photos", "POST", chunked)

    assert reply.status == 411


def test_large_body_is_read_of_nobody_wherever_it_goes(asked):
    reply = asked("/sign-out", "POST", {"content-length": str(MAX_FOREIGN_BYTES + 1)})

    assert reply.status == 401


def test_wrong_tokens_are_too_many_after_a_while_and_good_ones_go_on(asked, tokens):
    replies = [asked("/sign-in/wrong") for _ in range(WRONG_TOKENS.amount + 1)]
    good = asked(f"/sign-in/{tokens.issue('staff')}")

    statuses = [reply.status for reply in replies]
    assert statuses == [401] * WRONG_TOKENS.amount + [429]
    assert 0 < int(replies[-1].headers["retry-after"]) <= 60
    assert good.status == 302


def test_uploads_of_one_address_are_bounded(asked, rates, bearer):
    rates.limiter.hit(UPLOADS, ADDRESS, cost=UPLOADS.amount - 1)

    last = asked("/photos", "POST", bearer, form(board="friday"))
    one_more = asked("/photos", "POST", bearer, form(board="friday"))

    assert (last.status, one_more.status) == (400, 429)


@pytest.mark.parametrize(
    ("length", "status"), [(MAX_HOST_BYTES, 404), (MAX_HOST_BYTES + 1, 401)]
)
def test_form_of_a_host_is_read_without_a_sign_in(asked, length, status):
    """Six hundred Chinese letters have nine bytes each on the way."""
    headers = {"content-length": str(length)}

    reply = asked("/os/friday/host", "POST", headers, body=b"x" * length)

    assert reply.status == status, "the board has a wall"


@pytest.mark.parametrize(("offset", "status"), [(0, 429), (9, 403)])
def test_of_a_photo_in_parts_the_first_one_counts(asked, rates, tokens, offset, status):
    signed_in = asked(f"/sign-in/{tokens.issue('staff')}")
    cookie = {"cookie": signed_in.headers["set-cookie"].split(";")[0]}
    rates.limiter.hit(UPLOADS, ADDRESS, cost=UPLOADS.amount)

    query = f"offset={offset}&size=20&waited=0".encode()
    path = f"/photos/parts/{'a1' * 16}"
    reply = asked(path, "POST", cookie, b"0123456789", query=query)

    assert reply.status == status  # 403: without a form's token


def test_foreign_host_gets_nothing_of_what_is_kept(asked, site, read):
    read("morning", "12:00")
    strict = replace(
        site, settings=replace(site.settings, trusted_hosts=("a.example",))
    )
    application = Application(strict, app_of(strict))

    ours = asked("/os", headers={"host": "a.example"}, by=application)
    foreign = asked("/os", headers={"host": "evil"}, by=application)

    assert (ours.status, foreign.status) == (200, 400)


@pytest.mark.parametrize("stripped", [True, False], ids=["stripped", "kept"])
def test_site_below_a_path_works_whether_a_proxy_takes_it_off_or_not(
    stripped, asked, site, read, tokens
):
    read("morning", "12:00")
    settings = replace(site.settings, public_url="https://pycon.example/spaces")
    below = replace(site, settings=settings)
    application = Application(below, app_of(below))

    def get(path, **headers):
        return asked(
            f"{'' if stripped else '/spaces'}{path}", headers=headers, by=application
        )

    page = get("/os").body.decode()
    signed = get(f"/sign-in/{tokens.issue('facilitator')}")
    cookie = signed.headers["set-cookie"]
    kept = signed.headers["location"]
    arrived = get(kept.removeprefix("/spaces"), cookie=cookie.split(";")[0])
    desk = get("/desk/friday", cookie=cookie.split(";")[0]).body.decode()

    assert get("/").headers["location"] == "/spaces/os"
    assert kept.startswith("/spaces/sign-in/")
    assert arrived.headers["location"] == "/spaces/desk"
    assert "Path=/spaces/" in cookie
    for text in (page, desk):
        assert not re.findall(
            r'(?:href|src|action|data-version-from)="/(?!spaces/)', text
        )
        assert "/spaces/spaces" not in text
    assert 'content="https://pycon.example/spaces/os/friday"' in page
    assert get("/static/site.css").status == 200


PROXIED = {"x-forwarded-for": "198.51.100.9"}


@pytest.mark.parametrize(
    ("asker", "address"),
    [
        ({"client": "198.51.100.9"}, "198.51.100.9"),
        ({"client": "::ffff:198.51.100.9"}, "198.51.100.9"),
        ({"client": "::ffff:127.0.0.1", "headers": PROXIED}, "198.51.100.9"),
        ({"client": "203.0.113.1", "headers": PROXIED}, "203.0.113.1"),
        ({"client": "2001:db8::1"}, "2001:db8::1"),
    ],
)
def test_address_is_the_one_that_asks_or_that_a_proxy_names(
    asker, address, asked, site, caplog
):
    caplog.set_level("INFO", "server.access")
    told = replace(site, settings=replace(site.settings, access_log=True))

    asked("/SIGN-IN/secret", by=asgi_app(told), **asker)

    asked("/host/secret", by=asgi_app(told), **asker)

    assert caplog.messages[0].startswith(f"{address} GET '/sign-in/...' ")
    assert caplog.messages[1].startswith(f"{address} GET '/host/...' ")
    assert "secret" not in caplog.text
