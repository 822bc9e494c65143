import logging
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from server.announcing import posting
from server.announcing.outcomes import Outcome
from server.announcing.posting import MAX_PICTURE_BYTES, check_services, post
from server.announcing.services import Service
from server.errors import SettingsError

TEXT = "New: Typing\nFriday 10:00, Room 301\nhttps://pycon.us/os/s/a #PyConOpenSpace"
ALT = "Card: Typing with Maya @mayacodes, 10:00, Room 301"
PICTURE = b"\xff\xd8 a picture"


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(posting, "ANSWER_WITHIN_S", 0.3)


def test_mastodon_gets_text_and_picture_with_alt_text_in_one_post(web):
    assert post(web.mastodon(), TEXT, PICTURE, ALT) == Outcome("sent")

    assert web.posts == [(TEXT, ALT)]
    assert web.asked == ["/api/v1/media", "/api/v1/statuses"]


def test_a_text_is_shortened_to_what_the_service_takes(web):
    long = "New: " + "very " * 200 + "long\nFriday 10:00, Room 301"

    assert post(web.mastodon(), long).end == "sent"

    ((text,),) = web.posts
    assert (len(text), text[-24:]) == (500, "…\nFriday 10:00, Room 301")


def test_a_picture_that_is_too_large_is_left_out(web):
    assert post(web.mastodon(), TEXT, b"x" * (MAX_PICTURE_BYTES + 1), ALT).end == "sent"

    assert web.posts == [(TEXT,)]


@pytest.mark.parametrize(
    ("answers", "end"),
    [
        ({"statuses": 500}, "later"),
        ({"statuses": 503}, "later"),
        ({"statuses": 429}, "later"),
        ({"statuses": 401}, "refused"),
        ({"statuses": 422}, "refused"),
        (
            {"statuses": 502},
            "unsure",
        ),  # a proxy's: what is behind it may have published
        ({"statuses": "cut"}, "unsure"),
        ({"statuses": "hang"}, "unsure"),
        ({"media": 422}, "without picture"),
        ({"media": 413}, "without picture"),
        ({"media": 500}, "later"),
        ({"media": 502}, "later"),  # nothing is published by an upload
        ({"media": "cut"}, "later"),
        ({"media": "hang"}, "later"),
        ({"media": 401}, "refused"),
    ],
)
@pytest.mark.usefixtures("impatient")
def test_what_may_have_been_published_is_never_to_be_sent_again(web, answers, end):
    web.answers |= answers

    outcome = post(web.mastodon(), TEXT, PICTURE, ALT)

    assert outcome.end == end
    assert "SECRET" not in outcome.why
    assert outcome.why


def test_nobody_listens_so_it_is_tried_later(free_port):
    down = Service("down", f"mastodon://SECRET@127.0.0.1:{free_port}")

    assert post(down, TEXT, PICTURE, ALT) == Outcome(
        "later", "The service could not be reached."
    )


def test_what_a_card_says_is_not_taken_for_an_answer(web):
    web.answers["statuses"] = "cut"

    assert post(web.mastodon(), "New: error=503.\nErrno 111").end == "unsure"


def test_chat_gets_the_picture_after_the_text_and_its_refusal_repeats_nothing(
    web, monkeypatch
):
    url = f"http://127.0.0.1:{web.port}/api/webhooks"
    monkeypatch.setattr("apprise.plugins.discord.NotifyDiscord.notify_url", url)
    web.answers["webhooks"] = [200, 413]
    service = Service("discord", f"discord://1234567890/{'SECRET' * 10}")

    assert post(service, TEXT, PICTURE, ALT) == Outcome(
        "sent", "The picture did not arrive."
    )
    assert [b"New: Typing" in body for body in web.posts] == [True]
    assert len(web.asked) == 2


@pytest.fixture
def bluesky(web, monkeypatch):
    """An account whose server is not looked up."""
    found = "did:plc:me", f"http://127.0.0.1:{web.port}"
    identifier = "apprise.plugins.bluesky.NotifyBlueSky.get_identifier"
    monkeypatch.setattr(identifier, lambda *_: found)
    return Service("bluesky", "bluesky://me.bsky.social@SECRET")


def test_bluesky_gets_one_post_of_280_characters_with_the_picture_in_it(web, bluesky):
    long = "New: " + "very " * 100 + "long\nFriday 10:00, Room 301"

    assert post(bluesky, long, PICTURE, ALT) == Outcome("sent")

    assert [path.rsplit(".", 1)[1] for path in web.asked] == [
        "createSession",
        "uploadBlob",
        "createRecord",
    ]
    ((text, alt),) = web.posts
    assert (len(text), text[-24:], alt) == (280, "…\nFriday 10:00, Room 301", ALT)


@pytest.mark.parametrize(
    ("answers", "end"),
    [
        ({"createSession": 401}, "refused"),
        ({"createSession": 502}, "later"),
        ({"uploadBlob": 413}, "without picture"),
        ({"uploadBlob": 502}, "later"),
        ({"createRecord": 503}, "later"),
        ({"createRecord": 502}, "unsure"),
        ({"createRecord": "cut"}, "unsure"),
    ],
)
def test_bluesky_that_fails_is_judged_by_what_it_was_asked(web, bluesky, answers, end):
    web.answers |= answers

    assert post(bluesky, TEXT, PICTURE, ALT).end == end


class Mailbox:
    """What a mail server's people get; refuses as told."""

    def __init__(self):
        self.mails, self.refusal = [], ""

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802  (its name)
        if self.refusal:
            return self.refusal
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def mailbox(free_port):
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port)
    controller.start()
    box.service = Service(
        "list",
        f"mailto://127.0.0.1:{free_port}?from=desk@pycon.us&to=people@pycon.us&mode=insecure",
    )
    yield box
    controller.stop()


def test_mail_has_a_subject_and_the_picture_by_its_words(mailbox):
    assert post(mailbox.service, TEXT, PICTURE, ALT) == Outcome("sent")

    (mail,) = mailbox.mails
    assert (mail["Subject"], mail["To"]) == ("New: Typing", "people@pycon.us")
    assert "Room 301" in mail.get_body(("plain",)).get_content()
    (picture,) = mail.iter_attachments()
    assert (picture.get_filename(), picture.get_content()) == (ALT, PICTURE)


@pytest.mark.parametrize(
    ("refusal", "outcome"),
    [
        (
            "451 later",
            Outcome("later", "The mail server refused it with 451."),
        ),
        (
            "554 spam",
            Outcome("refused", "The mail server refused it with 554."),
        ),
    ],
)
def test_mail_that_is_refused_is_known_not_to_have_gone(mailbox, refusal, outcome):
    mailbox.refusal = refusal

    assert post(mailbox.service, TEXT) == outcome


@pytest.fixture
def logged():
    """What any log of the program says; pytest's own handler sees more."""
    lines = []
    handler = logging.Handler(logging.DEBUG)
    handler.emit = lambda record: lines.append(record.getMessage())
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


def test_an_address_that_apprise_does_not_know_is_refused_without_showing_it(logged):
    with pytest.raises(SettingsError) as refusal:
        check_services([Service("x", "nosuch://SECRET@host")])

    assert "SECRET" not in f"{refusal.value} {refusal.value.hint} {logged}"


def test_nothing_of_an_address_is_logged(web, logged):
    web.answers["statuses"] = 500

    assert post(web.mastodon(), TEXT).end == "later"

    assert logged == []
    assert "SECRET" not in repr(web.mastodon())
