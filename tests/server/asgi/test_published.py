import asyncio

import pytest

from server.asgi.answers import ENTRY_BYTES, Answer, PublishedAnswer
from server.asgi.published import PublishedAnswers


def answer(text, control=b"public, no-cache", status=200):
    return Answer(status, ((b"cache-control", control),), text.encode())


class Store:
    """A store whose stamp a test sets, and what Flask makes of it."""

    def __init__(self):
        self.stamp = 1
        self.asked = []
        self.broken = False
        self.page = answer("page")

    async def stamped(self):
        if self.broken:
            raise OSError
        return self.stamp

    async def ask(self):
        self.asked.append(self.stamp)
        await asyncio.sleep(0)
        return self.page


@pytest.fixture
def store():
    return Store()


def run(answers, store, *paths, at_once=False):
    async def go():
        tasks = [answers.answer(path, store.ask) for path in paths]
        if at_once:
            return await asyncio.gather(*tasks)
        return [await task for task in tasks]

    return asyncio.run(go())


def test_page_is_made_once_however_many_ask_at_once(store):
    answers = PublishedAnswers(store.stamped)

    found = run(answers, store, *["/os"] * 1000, at_once=True)

    assert store.asked == [1]
    assert {entry.encoded["identity"].body for entry in found} == {b"page"}


def test_page_holds_until_the_stamp_is_another(store):
    answers = PublishedAnswers(store.stamped)
    run(answers, store, "/os", "/os", "/os.json")
    store.stamp = 2
    answers.expire()
    run(answers, store, "/os")

    assert store.asked == [1, 1, 2]


def test_store_is_not_asked_for_every_answer(store):
    answers = PublishedAnswers(store.stamped)
    run(answers, store, "/os")
    store.stamp = 2

    run(answers, store, *["/os"] * 10)

    assert store.asked == [1]


def test_what_is_published_holds_while_the_store_is_broken(store):
    answers = PublishedAnswers(store.stamped)
    run(answers, store, "/os")
    store.broken = True
    answers.expire()

    (found,) = run(answers, store, "/os")

    assert store.asked == [1]
    assert isinstance(found, PublishedAnswer)


@pytest.mark.parametrize(
    "given",
    [
        answer("page", b"no-store"),
        answer("page", b"private"),
        answer("gone", status=404),
        Answer(200, (), b"page"),
    ],
    ids=["no-store", "private", "not-found", "no-word"],
)
def test_what_is_not_for_everybody_is_kept_for_nobody(given, store):
    store.page = given
    answers = PublishedAnswers(store.stamped)

    found = run(answers, store, "/desk", "/desk")

    assert found == [given, given]
    assert len(store.asked) == 2


def test_who_waits_for_what_turns_out_to_be_private_asks_themselves(store):
    store.page = answer("mine", b"no-store")
    answers = PublishedAnswers(store.stamped)

    run(answers, store, "/desk", "/desk", "/desk", at_once=True)

    assert len(store.asked) == 3


def test_page_made_of_what_is_old_by_now_is_not_kept(store):
    answers = PublishedAnswers(store.stamped)

    async def go():
        async def slowly():
            store.stamp = 2
            answers.expire()
            await answers.answer("/other", store.ask)
            return answer("old")

        await answers.answer("/os", slowly)
        return await answers.answer("/os", store.ask)

    found = asyncio.run(go())

    assert found.encoded["identity"].body == b"page"


def test_most_recently_asked_for_stay_in_a_bounded_memory(store):
    store.page = answer("x")
    answers = PublishedAnswers(store.stamped, max_bytes=2 * ENTRY_BYTES + 100)

    run(answers, store, "/a", "/b", "/a", "/c", "/a", "/b")

    # Of three pages two fit: /b went as /c came, /c as /b came again.
    assert len(store.asked) == 4


def test_flask_that_breaks_lets_the_next_one_ask(store):
    answers = PublishedAnswers(store.stamped)

    async def breaks():
        raise ZeroDivisionError

    async def go():
        with pytest.raises(ZeroDivisionError):
            await answers.answer("/os", breaks)
        return await answers.answer("/os", store.ask)

    assert isinstance(asyncio.run(go()), PublishedAnswer)


def test_look_that_began_before_a_change_does_not_count_after_it(store):
    """The stamp is asked for, the change is saved, and only then the answer comes."""
    answers = PublishedAnswers(store.stamped)
    run(answers, store, "/os")
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def go():
        async def slow():
            known = store.stamp
            asked.set()
            await go_on.wait()
            return known

        answers._stamp = slow
        answers.expire()
        early = asyncio.create_task(answers.answer("/os", store.ask))
        await asked.wait()
        answers._stamp = store.stamped
        store.stamp = 2
        answers.expire()
        await answers.answer("/os", store.ask)
        go_on.set()
        await early
        await answers.answer("/os", store.ask)

    asyncio.run(go())

    assert store.asked == [1, 2]


def test_who_asks_after_a_change_does_not_get_what_was_begun_before_it(store):
    answers = PublishedAnswers(store.stamped)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def go():
        async def slowly():
            begun.set()
            await go_on.wait()
            return answer("old")

        early = asyncio.create_task(answers.answer("/os", slowly))
        await begun.wait()
        store.stamp = 2
        answers.expire()
        later = await answers.answer("/os", store.ask)
        go_on.set()
        await early
        return later

    assert asyncio.run(go()).encoded["identity"].body == b"page"


def test_store_that_hangs_is_waited_for_once(store, monkeypatch):
    monkeypatch.setattr("server.asgi.published.CHECK_WITHIN_S", 0.01)
    answers = PublishedAnswers(store.stamped)
    run(answers, store, "/os")
    stamps = []

    async def go():
        async def hangs():
            stamps.append(1)
            await asyncio.Event().wait()

        answers._stamp = hangs
        answers.expire()
        for _ in range(3):
            answers._checked_at = -1
            await answers.answer("/os", store.ask)

    asyncio.run(go())

    assert (stamps, store.asked) == ([1], [1])
