"""Posts to Slack, Telegram and Matrix, as these take them."""

import pytest

from server.announcing import posting
from server.announcing.outcomes import Outcome
from server.announcing.posting import post
from server.announcing.services import Service
from tests.server.announcing.chats import Matrix, Slack, Telegram

TEXT = "New: <b> & *x* _y_\nFriday 10:00, Room 301\nhttps://pycon.us/os/s/a #OpenSpace"
ALT = "Card: <b> & *x* _y_ with Maya @mayacodes, 10:00, Room 301"
PICTURE = b"\xff\xd8 a picture"
LONG = "New: " + "very & " * 800 + "long\nFriday 10:00, Room 301"
NO_PICTURE = Outcome("sent", "The picture did not arrive.")

HOOK = Service("slack", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")
TELEGRAM = Service("telegram", "tgram://123456789:abcdefg_hijklmnop/4711")


def bot(*channels):
    return Service("slack", f"slack://xoxb-1234-1234-abc124/{'/'.join(channels)}")


@pytest.fixture
def slack(web, monkeypatch):
    url = f"http://127.0.0.1:{web.port}"
    plugin = "apprise.plugins.slack.NotifySlack"
    monkeypatch.setattr(f"{plugin}.webhook_url", f"{url}/services")
    monkeypatch.setattr(f"{plugin}.api_url", url + "/api/{}")
    monkeypatch.setattr(f"{plugin}.request_rate_per_sec", 0)
    web.chat = Slack(url)
    return web.chat


@pytest.fixture
def telegram(web, monkeypatch):
    plugin = "apprise.plugins.telegram.NotifyTelegram"
    monkeypatch.setattr(f"{plugin}.notify_url", f"http://127.0.0.1:{web.port}/bot")
    web.chat = Telegram()
    return web.chat


@pytest.fixture
def matrix(web, monkeypatch):
    plugin = "apprise.plugins.matrix.NotifyMatrix"
    monkeypatch.setattr(f"{plugin}.request_rate_per_sec", 0)
    web.chat = Matrix()
    return web.chat


@pytest.fixture
def room(web):
    def room(*names, password="SECRET"):  # noqa: S107  (none)
        rooms = "/".join(f"%23{name}:h" for name in names or ("os",))
        address = f"matrix://me:{password}@127.0.0.1:{web.port}/{rooms}"
        return Service("matrix", address)

    return room


def test_slack_s_webhook_gets_the_text_and_no_picture(slack):
    assert post(HOOK, TEXT, PICTURE, ALT) == Outcome("sent")

    assert (slack.said, slack.shown) == ([("hook", TEXT)], [])


def test_slack_s_bot_gets_the_text_and_the_picture_by_its_words(slack):
    assert post(bot("#os"), TEXT, PICTURE, ALT) == Outcome("sent")

    assert (slack.said, slack.shown) == ([("#os", TEXT)], [("C#os", ALT)])


@pytest.mark.parametrize("part", ["getUpload", "/upload/", "completeUpload"])
@pytest.mark.parametrize("answer", [413, 500, "cut"])
def test_slack_that_refuses_the_picture_has_the_text(web, slack, part, answer):
    web.answers[part] = answer

    assert post(bot("#os"), TEXT, PICTURE, ALT) == NO_PICTURE
    assert slack.said == [("#os", TEXT)]


@pytest.mark.parametrize(
    ("error", "end"),
    [
        ("not_in_channel", "refused"),
        ("ratelimited", "later"),
        ("fatal_error", "unsure"),
    ],
)
def test_slack_says_why_in_a_word(slack, error, end):
    slack.error = error

    outcome = post(bot("#os"), 'New: "ok":false,"error":"no_text"', PICTURE, ALT)

    assert outcome.end == end
    assert f"Slack says {error}." in outcome.why
    assert slack.said == slack.shown == []


@pytest.mark.parametrize(
    ("answer", "end"),
    [
        (429, "later"),
        (503, "later"),
        (403, "refused"),
        (502, "unsure"),
        ("cut", "unsure"),
    ],
)
@pytest.mark.parametrize("service", [HOOK, bot("#os")], ids=["webhook", "bot"])
def test_slack_that_fails_is_judged_by_its_status(web, slack, service, answer, end):
    web.answers |= {"services": answer, "postMessage": answer}

    assert post(service, TEXT, PICTURE, ALT).end == end
    assert slack.shown == []


def test_one_of_two_channels_has_it_so_nothing_is_sent_again(slack):
    assert post(bot("#os", "#nowhere"), TEXT, PICTURE, ALT).end == "unsure"
    assert slack.said == [("#os", TEXT)]


def test_telegram_gets_the_text_and_then_the_picture_with_its_words_below(telegram):
    assert post(TELEGRAM, TEXT, PICTURE, ALT) == Outcome("sent")

    assert (telegram.said, telegram.shown) == ([TEXT], [ALT])


def test_telegram_gets_one_text_that_is_not_too_long(telegram):
    assert post(TELEGRAM, LONG).end == "sent"

    (text,) = telegram.said
    assert text.endswith("…\nFriday 10:00, Room 301")


def test_telegram_that_refuses_the_picture_has_the_text(telegram):
    assert post(TELEGRAM, TEXT, b"no JPEG", ALT) == NO_PICTURE
    assert telegram.said == [TEXT]


@pytest.mark.parametrize(
    ("answer", "end"),
    [
        (429, "later"),
        (500, "later"),
        (403, "refused"),
        (502, "unsure"),
        ("cut", "unsure"),
    ],
)
def test_telegram_that_fails_is_judged_by_its_status(web, telegram, answer, end):
    web.answers["sendMessage"] = answer

    assert post(TELEGRAM, TEXT, PICTURE, ALT).end == end
    assert telegram.shown == []


def test_telegram_without_such_a_chat_refuses(telegram):
    telegram.chats = ()

    assert post(TELEGRAM, TEXT).end == "refused"


def test_matrix_gets_the_text_and_then_the_picture_with_its_words(matrix, room):
    assert post(room(), TEXT, PICTURE, ALT) == Outcome("sent")

    assert matrix.said == [("os", TEXT), ("os", ALT)]
    assert matrix.shown == [("os", ALT)]


def test_matrix_gets_one_text_that_is_not_too_long(matrix, room):
    assert post(room(), LONG).end == "sent"

    ((_, text),) = matrix.said
    assert len(text) == posting.MAX_LENGTH


def test_matrix_that_refuses_the_picture_has_the_text(web, matrix, room):
    web.answers["upload"] = 413

    assert post(room(), TEXT, PICTURE, ALT) == NO_PICTURE
    assert matrix.said == [("os", TEXT)]


@pytest.mark.parametrize(
    ("answers", "end"),
    [
        ({"login": 503}, "later"),
        ({"/send/": 500}, "later"),
        ({"/send/": 403}, "refused"),
        ({"/send/": 502}, "unsure"),
        ({"/send/": "cut"}, "unsure"),
        ({"/join/": 403}, "refused"),
    ],
)
def test_matrix_that_fails_is_judged_by_its_status(web, matrix, room, answers, end):
    web.answers |= answers

    assert post(room(), TEXT, PICTURE, ALT).end == end
    assert matrix.shown == []


def test_matrix_with_another_password_refuses(room, matrix):
    assert post(room(password="wrong"), TEXT).end == "refused"
    assert matrix.said == []


def test_matrix_that_has_enough_of_us_is_asked_later(matrix, room):
    matrix.busy = {"os"}

    assert post(room(), TEXT).end == "later"


@pytest.mark.parametrize("names", [("os", "help"), ("help", "os"), ("help", "none")])
def test_one_of_two_rooms_has_it_so_nothing_is_sent_again(matrix, room, names):
    matrix.busy = {"os"}

    assert post(room(*names), TEXT).end == "unsure"
    assert matrix.said == [("help", TEXT)]


def test_none_of_two_rooms_has_it_so_it_is_sent_again(matrix, room):
    matrix.busy = {"os", "help"}

    assert post(room("os", "help"), TEXT).end == "later"
