import datetime as dt
import re
from dataclasses import replace

import pytest

from calibration.announcing import Announcing
from server.announcing.outcomes import Outcome
from server.announcing.sending import Sender, send_once
from server.announcing.services import Service
from server.store.announcements import announcements_of

PAGE = "/desk/friday/announcements"
SERVICES = (Service("fosstodon", "mastodon://SECRET@fosstodon.example"),)


@pytest.fixture
def rules() -> Announcing:
    return Announcing()


@pytest.fixture
def profile(profile, rules):
    return replace(profile, announce=rules)


@pytest.fixture
def post(client, sign_in):
    token = sign_in()

    def post(path=PAGE, **fields):
        return client.post(path, data={"csrf_token": token, **fields})

    return post


@pytest.fixture
def draft(client, read_page):
    """The fields of the form of a draft, as the page has them."""

    def draft(number=0):
        html = client.get(PAGE).text
        page = read_page(html)
        texts = re.findall(
            r'<textarea name="text"[^>]*>\n(.*?)</textarea>', html, re.DOTALL
        )
        return {
            "draft": page.field("draft")[number],
            "mark": page.field("mark")[number],
            "seen_text": texts[number],
            "text": texts[number],
        }

    return draft


@pytest.fixture
def send(site):
    """Let posts go out; return what was sent, in the order in which it was."""

    def send(end="sent"):
        sent = []

        def note(_service, text, picture, alt):
            sent.append((text, picture is not None, alt))
            return Outcome(end, "" if end == "sent" else "Look whether it arrived.")

        while send_once(Sender(site, SERVICES, "test", note)):
            pass
        return sent

    return send


@pytest.fixture
def move(seeder, make_post, clock):
    """Let a photo show the first card in another room."""

    def move():
        post = make_post("aa0000000001", "Room 303", host="Maya", change="same")
        seeder.photo(post, at=clock.now, known=(post.id,))

    return move


@pytest.fixture
def stored(site):
    def stored():
        with site.database.read() as session:
            zone = site.profile.event.timezone
            return announcements_of(session, "friday", zone)

    return stored


@pytest.mark.usefixtures("friday")
def test_the_desk_says_how_many_posts_wait(client, sign_in, read_page):
    sign_in()

    page = read_page(client.get("/desk/friday").text)

    assert "Announcements 2" in page["a"]
    assert PAGE in page.attributes("a", "href")


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize("rules", [None])
def test_an_event_that_announces_nothing_says_how_to_begin(
    client, post, read_page, rules
):
    assert rules is None
    assert PAGE not in client.get("/desk/friday").text
    assert "[announce]" in read_page(client.get(PAGE).text)["code"]
    assert post(action="approve").status_code == 404


@pytest.mark.usefixtures("friday")
@pytest.mark.databases
def test_a_draft_is_approved_and_goes_out_with_who_approved_it(
    client, post, draft, send, read_page
):
    assert send() == []

    assert post(action="approve", **draft()).location == PAGE

    ((text, pictured, alt),) = send()
    assert text == (
        "New: Type checking at scale with Maya\nFriday 10:00, Room 301\n"
        "https://board.example/os/s/aa0000000001 #PyConOpenSpace"
    )
    assert (pictured, alt) == (
        True,
        "Card: Type checking at scale with Maya, 10:00, Room 301",
    )
    page = read_page(client.get(PAGE).text)
    assert page["delivery-sent"] == ["fosstodon: sent."]
    assert page["post-text"] == [" ".join(text.split())]
    assert len(page["draft"]) == 1
    assert send() == []


@pytest.mark.usefixtures("friday")
def test_words_are_a_persons_and_stay_if_they_are_not_approved_yet(
    client, post, draft, send
):
    first = draft()
    post(action="keep", **{**first, "text": "Come all & type!"})
    assert draft()["text"] == "Come all &amp; type!"
    assert "<bdi>Ada</bdi> changed the words" in client.get(PAGE).text
    assert send() == []

    kept = draft()
    post(action="approve", **{**kept, "text": kept["text"].replace("&amp;", "&")})

    assert [text for text, *_ in send()] == ["Come all & type!"]


@pytest.mark.usefixtures("friday")
def test_what_changed_while_a_person_looked_is_not_approved_and_nothing_typed_is_lost(
    client, post, draft, send, move
):
    before = draft()
    move()

    post(action="approve", **{**before, "text": "Come all!"})

    html = client.get(PAGE).text
    assert "It changed while you looked at it" in html
    assert draft()["text"] == "Come all!"
    assert send() == []


@pytest.mark.usefixtures("friday")
def test_what_changed_after_it_was_approved_is_told_and_not_sent(
    client, post, draft, send, move
):
    post(action="approve", **draft())
    move()

    assert send() == []
    assert (
        "It changed since <bdi>Ada</bdi> approved it: now 10:00, <bdi>Room 303</bdi>."
        in client.get(PAGE).text
    )


@pytest.mark.usefixtures("friday")
def test_typed_words_about_a_place_that_changed_are_kept_and_told(
    client, post, draft, move
):
    post(action="keep", **{**draft(), "text": "Come to Room 301!"})
    move()

    html = client.get(PAGE).text

    assert "It changed since <bdi>Ada</bdi> worded it: now 10:00" in html
    assert draft()["text"] == "Come to Room 301!"
    assert "Friday 10:00, Room 303" in html  # as the template has it


@pytest.mark.usefixtures("friday")
def test_a_draft_that_is_dropped_is_brought_back(
    client, post, draft, stored, read_page
):
    post(action="drop", **draft())
    page = read_page(client.get(PAGE).text)
    assert (len(page["draft"]), len(stored())) == (1, 1)

    post(action="back", id=stored()[0].id)

    assert len(read_page(client.get(PAGE).text)["draft"]) == 2
    assert stored() == ()


@pytest.mark.usefixtures("friday")
def test_an_approved_draft_is_held_back(post, draft, send):
    post(action="approve", **draft())
    post(action="withdraw", **draft())

    assert send() == []


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize(("action", "again"), [("arrived", 0), ("again", 1)])
def test_a_person_says_whether_a_post_arrived_of_which_nobody_knows(  # noqa: PLR0917
    post, draft, send, stored, action, again
):
    post(action="approve", **draft())
    assert len(send("unsure")) == 1
    (delivery,) = stored()[0].deliveries
    assert delivery.state == "unsure"

    post(f"{PAGE}/{delivery.id}", action=action)

    assert len(send()) == again
    (delivery,) = stored()[0].deliveries
    assert delivery.state == "sent"
    post(f"{PAGE}/{delivery.id}", action="again")  # from an old page
    assert send() == []


def test_a_number_that_no_post_can_have_is_none(post):
    assert post(action="back", id="9" * 20).status_code == 303
    assert post(f"{PAGE}/{'9' * 20}").status_code == 404


@pytest.mark.usefixtures("friday")
def test_a_post_that_went_out_meanwhile_is_not_decided_about_again(
    client, post, draft, send
):
    before = draft()
    post(action="approve", **before)
    send()

    post(action="approve", **before)

    assert "This is no news any more" in client.get(PAGE).text
    assert send() == []


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize("rules", [Announcing("automatic", at_most=1)])
def test_what_waits_says_until_when(client, post, send, clock, rules):
    assert rules.when == "automatic"
    post()  # signs in
    send()
    clock.now += dt.timedelta(minutes=5)

    assert "The next post goes out at 11:05 at the earliest." in client.get(PAGE).text


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize(("method", "path"), [("GET", PAGE), ("POST", PAGE)])
def test_announcements_are_for_facilitators_only(client, sign_in, method, path):
    nobody = client.open(path, method=method)
    token = sign_in("staff", "Sam")
    staff = client.open(path, method=method, data={"csrf_token": token})

    assert (nobody.status_code, staff.status_code) == (401, 403)
