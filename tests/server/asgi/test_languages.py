"""Pages in several languages, each kept once for all who read it."""

import re

import pytest

GERMAN = {"accept-language": "de-DE,de;q=0.9,en;q=0.8"}


def test_each_gets_their_language_however_they_say_it(asked):
    found = {
        "browser": asked("/os", headers=GERMAN),
        "cookie": asked("/os", headers={"cookie": "lang=de"}),
        "address": asked("/os", query=b"lang=de", headers={"cookie": "lang=en"}),
        "nothing": asked("/os"),
        "chosen": asked("/os", headers={**GERMAN, "cookie": "a=b; lang=en"}),
    }

    told = {name: b'<html lang="de">' in reply.body for name, reply in found.items()}
    assert told == {
        "browser": True,
        "cookie": True,
        "address": True,
        "nothing": False,
        "chosen": False,
    }
    assert {reply.headers["vary"] for reply in found.values()} == {
        "Accept-Language, Cookie, Accept-Encoding"
    }
    assert [name for name, reply in found.items() if "set-cookie" in reply.headers] == [
        "address"
    ]
    assert re.sub("Expires=[^;]+; ", "", found["address"].headers["set-cookie"]) == (
        "lang=de; Max-Age=31536000; HttpOnly; Path=/; SameSite=Lax"
    )


def test_etag_of_one_language_does_not_hold_in_another(asked):
    english = asked("/os").headers["etag"]

    same = asked("/os", headers={"if-none-match": english})
    other = asked("/os", headers={**GERMAN, "if-none-match": english})

    assert (same.status, other.status) == (304, 200)


def test_page_is_made_once_for_a_language(asked, rendered):
    for accepted in ("de", "de-AT", "de,en;q=0.1", "zh-TW", "zh", "en", "fr", ""):
        asked("/os", headers={"accept-language": accepted})
    asked("/os", query=b"lang=de&other=1")
    asked("/os", query=b"other=1", headers={"cookie": "lang=de"})

    # German, Chinese, English, for whom any will do, and German to be remembered.
    assert len(rendered) == 5


@pytest.mark.parametrize("path", ["/os.json", "/os.ics", "/os.version"])
def test_formats_are_the_same_in_every_language(asked, path):
    english, german = asked(path), asked(path, headers=GERMAN)

    assert english.body == german.body
    assert "Accept-Language" not in german.headers.get("vary", "")


def test_missing_page_is_told_in_the_readers_language(asked):
    reply = asked("/os/nowhere", headers={**GERMAN, "accept": "text/html"})

    assert (reply.status, b'<html lang="de">' in reply.body) == (404, True)
