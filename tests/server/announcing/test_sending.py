import datetime as dt
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from calibration.announcing import Announcing
from calibration.layout import CellId, Slot
from server.announcing.sending import RETRY_AFTER, send_once
from server.announcing.services import Service
from server.cli.reload import reload_event
from server.schedule.announcing.announcement import Facts
from server.schedule.corrections.edit import Edit
from server.schedule.corrections.join import Join
from server.schedule.corrections.typed import Texts
from server.schedule.corrections.written_session import WriteSession
from server.store.announcements import decide
from server.store.corrections import append_correction
from server.store.deliveries import LEASE, claim, settle

DYING = Path(__file__).with_name("dying_sender.py")
KILLED = -9
TYPING = {"Type checking": ("Room 301", "10:00-11:00")}
TEXT = (
    "New: Type checking with Maya @maya\nFriday 10:00, Room 301\n"
    "http://localhost:8000/os/s/{} #PyConOpenSpace"
)


@pytest.fixture
def typing(day):
    """A day on which one card hangs."""
    day.photo("morning", TYPING)
    return day


def the_id(day):
    return day.stored()[0].session_id


def hide(day):
    with_card = Edit.setting(the_id(day), {"hidden": True})
    day.journey.change(
        append_correction, "friday", with_card, author="Ada", made_at=day.now
    )


def test_a_new_card_is_announced_once_with_its_picture(typing, web):
    typing.send()
    typing.send(typing.sender("another"))

    ((text, alt),) = web.posts
    assert text == TEXT.format(the_id(typing))
    assert alt == "Card: Type checking with Maya @maya, 10:00, Room 301"
    assert typing.states() == ["sent"]


def test_what_goes_out_by_itself_was_published_so_for_some_minutes(typing, web):
    typing.later(seconds=-1)
    typing.send()
    assert web.posts == []
    typing.later(seconds=1)

    typing.send()

    assert len(web.posts) == 1


def test_joined_with_what_was_planned_it_is_neither_new_again_nor_cancelled(
    typing, web
):
    typing.send()
    cell = CellId("Room 301", "10:00-11:00")
    planned = WriteSession("a" * 12, "friday", cell, Texts("Typing"), planned=True)

    for change in (planned, Join("a" * 12, (the_id(typing),))):
        typing.journey.change(
            append_correction, "friday", change, author="Ada", made_at=typing.now
        )
    typing.later(minutes=5)
    typing.send()

    assert len(web.posts) == 1
    assert typing.news() == []


def test_a_room_that_is_called_otherwise_is_no_move(typing, web):
    typing.send()
    typing.later(minutes=1)
    event = typing.site.settings.profile_path
    event.write_text(event.read_text().replace("Room 301", "Ada Hall"))

    done = reload_event(typing.site, event, renamed=True)
    typing.journey = replace(typing.journey, site=done.site)
    typing.later(minutes=5)
    typing.send()

    assert len(web.posts) == 1
    typing.photo("noon", {"Type checking": ("Room 302", "10:00-11:00")}, "12:20")
    typing.send()
    assert web.posts[1][0].startswith("Moved: ")


def test_a_day_of_posts(typing, web):
    typing.send()
    typing.photo("noon", {"Type checking": ("Room 302", "10:00-11:00")}, "12:20")
    typing.send()
    typing.now = dt.datetime(2024, 5, 17, 13, 46, tzinfo=dt.UTC)
    typing.send()
    typing.send()

    firsts = [text.split("\n")[0:2] for text, *_ in web.posts]
    assert firsts == [
        ["New: Type checking with Maya @maya", "Friday 10:00, Room 301"],
        ["Moved: Type checking with Maya @maya", "Now Friday 10:00, Room 302"],
        ["In 14 min: Type checking with Maya @maya", "10:00, Room 302"],
    ]


@pytest.mark.parametrize("rules", [Announcing("approved")])
def test_nothing_goes_out_unless_a_person_approves_it(typing, web):
    typing.send()
    assert web.posts == []
    ((news, _),) = typing.news()

    approve(typing, news, "Typing, typing!")
    typing.send()

    assert [text for text, *_ in web.posts] == ["Typing, typing!"]
    (stored,) = typing.stored()
    assert (stored.by, stored.text) == ("Ada", "Typing, typing!")


def approve(day, news, text="", state="approved"):
    with day.site.database.write() as session:
        return decide(
            session,
            "friday",
            news.key,
            state=state,
            facts=news.facts,
            text=text,
            by="Ada",
            at=day.now,
        )


@pytest.mark.parametrize("rules", [Announcing("approved")])
def test_what_was_approved_is_not_sent_if_it_changed_meanwhile(typing, web):
    ((news, _),) = typing.news()
    approve(typing, replace(news, facts=replace(news.facts, place="Room 302")))

    typing.send()

    assert web.posts == []


def test_what_was_dropped_is_not_sent(typing, web):
    ((news, _),) = typing.news()
    approve(typing, news, state="dropped")

    typing.send()

    assert web.posts == []


def test_what_is_hidden_before_it_is_sent_is_not_sent(typing, web):
    web.answers["media"] = 503
    typing.send()
    hide(typing)
    web.answers.clear()
    typing.later(hours=1)

    typing.send()

    assert web.posts == []
    assert typing.states() == ["failed"]
    assert typing.news() == []  # nor that it is cancelled: nobody read of it


def test_a_service_that_is_down_is_tried_again_later_and_later(typing, web):
    web.answers["media"] = [503, 429, 500, 200]
    waited = []
    for pause in RETRY_AFTER[:3]:
        typing.send()
        assert web.posts == []
        waited.append(len(web.asked))
        typing.later(seconds=pause.total_seconds() - 1)
        typing.send()  # too early
        typing.later(seconds=1)
    typing.send()

    assert waited == [1, 2, 3]
    assert len(web.posts) == 1
    assert typing.states() == ["sent"]


def test_a_service_that_stays_down_is_given_up_and_told(typing, web):
    web.answers["media"] = 503
    for pause in (*RETRY_AFTER, dt.timedelta()):
        typing.send()
        typing.later(seconds=pause.total_seconds())
    typing.later(hours=1)
    typing.send()

    (delivery,) = typing.stored()[0].deliveries
    assert (len(web.asked), delivery.tries) == (5, 5)
    assert delivery.state == "failed"
    assert delivery.why == (
        "The service answered with error 503: it is busy or broken. "
        "It was tried 5 times."
    )


def test_a_refused_picture_is_left_out_at_once(typing, web):
    web.answers["media"] = 422

    typing.send()

    assert web.posts == [(TEXT.format(the_id(typing)),)]
    assert typing.states() == ["sent"]


def test_one_service_that_is_down_holds_up_no_other(typing, web, free_port):
    down = Service("down", f"mastodon://SECRET@127.0.0.1:{free_port}")
    services = (down, web.mastodon())

    typing.send(typing.sender(services=services))

    assert len(web.posts) == 1
    assert typing.states() == ["waiting", "sent"]


@pytest.mark.parametrize("rules", [Announcing("automatic", at_most=1)])
def test_more_than_allowed_waits_for_its_hour(day, web):
    both = {**TYPING, "Knitting": ("Room 302", "10:00-11:00")}
    day.photo("morning", both)
    day.send()
    assert len(web.posts) == 1
    day.later(minutes=59)
    day.send()
    assert len(web.posts) == 1
    day.later(minutes=1)

    day.send()

    assert len(web.posts) == 2


@pytest.mark.parametrize(
    "rules", [Announcing("automatic", quiet=Slot.parse("22:00-08:30"))]
)
def test_nothing_is_sent_in_quiet_hours_not_even_again(typing, web):
    typing.send()
    assert web.asked == []
    typing.later(minutes=20)  # 08:30 in New York

    typing.send()

    assert len(web.posts) == 1


@pytest.mark.parametrize(("point", "arrived"), [("before", 0), ("after", 1)])
def test_a_process_killed_while_it_sends_leaves_a_question_and_no_second_post(
    typing, folder, run_program, point, arrived
):
    web = typing.web
    code = run_program(DYING, folder, web.port, point, typing.now.isoformat())
    assert code == KILLED
    assert typing.states() == ["sending"]
    typing.send()
    assert typing.states() == ["sending"]  # it may still be at work

    typing.later(seconds=LEASE.total_seconds() + 1)
    typing.send()
    typing.later(hours=1)
    typing.send()

    assert typing.states() == ["unsure"]
    assert len(web.posts) == arrived


def test_a_person_may_send_what_is_not_known_again(typing, web):
    web.answers["statuses"] = "cut"
    typing.send()
    (delivery,) = typing.stored()[0].deliveries
    assert delivery.state == "unsure"
    web.answers.clear()
    with typing.site.database.write() as session:
        settle(session, delivery.id, "waiting", "", typing.now, next_try_at=typing.now)

    typing.send()

    assert typing.states() == ["sent"]


@pytest.mark.databases
def test_two_workers_send_each_post_once(day, web):
    cells = ("Room 301", "10:00-11:00"), ("Room 302", "10:00-11:00")
    cells += (("Room 301", "11:00-12:00"),)
    day.photo("morning", {f"Card {n}": cell for n, cell in enumerate(cells)})
    start = threading.Barrier(4)

    def work(owner):
        start.wait()
        day.send(day.sender(owner))

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(text.split("\n")[0] for text, *_ in web.posts) == [
        "New: Card 0 with Maya @maya",
        "New: Card 1 with Maya @maya",
        "New: Card 2 with Maya @maya",
    ]
    assert day.states() == ["sent"] * 3


def test_what_a_dead_process_comes_back_with_is_not_believed(typing):
    ((news, _),) = typing.news()
    approve(typing, news)
    with typing.site.database.write() as session:
        assert (
            claim(session, "a", typing.now, typing.site.profile.event.timezone) is None
        )
    sender = replace(typing.sender(), post=lambda *_: pytest.fail("sent"))
    assert send_once(sender)
    with typing.site.database.write() as session:
        claimed = claim(session, "a", typing.now, typing.site.profile.event.timezone)
        assert not settle(
            session, claimed.delivery.id, "sent", "", typing.now, owner="b"
        )
    assert typing.states() == ["sending"]


def test_facts_are_kept_as_they_were(typing):
    typing.send()
    release_facts = typing.stored()[0].facts

    assert isinstance(release_facts, Facts)
    assert release_facts.starts_at.isoformat() == "2024-05-17T10:00:00-04:00"
    assert release_facts.crop
