"""What is published, kept in memory until something newer is.

A published page is a pure function of what the store says and of the minute. So it is
made once, however many browsers ask for it, and dropped as soon as either is another.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Hashable

from cachetools import LRUCache

from server.asgi.answers import Answer, PublishedAnswer

CHECK_EVERY_S = 0.25
"""How long what is kept counts as the newest without asking the store."""

CHECK_WITHIN_S = 2.0
"""A store that takes longer does not keep attendees waiting: what was published last
still holds, as far as anybody knows."""

MAX_KEPT_BYTES = 64 * 2**20
"""Of a board of 120 cards, pictures and crops take 8 MB, pages 2 MB."""

Made = PublishedAnswer | None
"""What came of asking; None if it is not published."""

Ask = Callable[[], Awaitable[Answer]]
"""Asks Flask for an answer that is not kept."""

Key = Hashable
"""What an answer is kept by: its path, and the language where it has one."""

Stamp = Callable[[], Awaitable[Hashable]]
"""Returns a value that is another once anything published may be."""

log = logging.getLogger(__name__)


class PublishedAnswers:
    """Answers by their keys, as long as a stamp stays the same.

    For one event loop. Whoever asks for what is just being made waits for that.

    Parameters
    ----------
    stamp : callable
        May raise; then what is kept goes on to hold.
    max_bytes : int
        Kept at most; what was asked for longest ago goes first.
    """

    def __init__(self, stamp: Stamp, max_bytes: int = MAX_KEPT_BYTES) -> None:
        self._stamp = stamp
        self._max_bytes = max_bytes
        self._kept = self._nothing()
        self._made: dict[tuple[Hashable, Key], asyncio.Future[Made]] = {}
        self._known: Hashable = None
        self._checked_at = -CHECK_EVERY_S
        self._look: asyncio.Task[None] | None = None
        self._asked: asyncio.Future[Hashable] | None = None

    def expire(self) -> None:
        """Have the store asked before the next answer: somebody changed something."""
        self._checked_at = -CHECK_EVERY_S
        # A look that is under way may have asked before the change.
        self._look = self._asked = None

    async def answer(self, key: Key, ask: Ask) -> PublishedAnswer | Answer:
        """Return what is published under a key.

        Parameters
        ----------
        key : hashable
        ask : callable
            Called if it is not kept.

        Returns
        -------
        PublishedAnswer or Answer
            The latter for what is not published: it is kept for nobody.
        """
        if time.monotonic() - self._checked_at >= CHECK_EVERY_S:
            await self._checked()
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        under_way = self._made.get((self._known, key))
        if under_way is not None:
            made = await asyncio.shield(under_way)
            return made if made is not None else await ask()
        return await self._make(key, ask)

    async def _make(self, key: Key, ask: Ask) -> PublishedAnswer | Answer:
        """Ask for an answer on behalf of all who wait for it."""
        known = self._known
        future = asyncio.get_running_loop().create_future()
        self._made[known, key] = future
        published = None
        try:
            answer = await ask()
            if not _is_published(answer):
                return answer
            published = await asyncio.to_thread(PublishedAnswer.of, answer)
            # What came meanwhile may not be in it.
            if known == self._known and published.size_bytes <= self._max_bytes:
                self._kept[key] = published
            return published
        finally:
            del self._made[known, key]
            future.set_result(published)

    async def _checked(self) -> None:
        """Ask for the stamp, once for all who wait for it."""
        if self._look is None:
            self._look = asyncio.create_task(self._ask_store())
        await asyncio.shield(self._look)

    async def _ask_store(self) -> None:
        look = asyncio.current_task()
        # From before the question: what changes during it is seen by the next.
        began = time.monotonic()
        try:
            if self._asked is None or self._asked.done():
                self._asked = asyncio.ensure_future(self._stamp())
                wait_s = CHECK_WITHIN_S
            else:  # it hangs: nobody waits for it a second time
                wait_s = 0
            asked = asyncio.shield(self._asked)
            stamp = await asyncio.wait_for(asked, wait_s)
        except Exception as error:  # noqa: BLE001  (whatever the store breaks with)
            log.warning("what is published could not be asked for: %r", error)
            began = time.monotonic()
            stamp = self._known
        if self._look is not look:
            return  # another one knows more by now
        self._look = None
        self._checked_at = began
        if stamp != self._known:
            self._known = stamp
            self._kept = self._nothing()

    def _nothing(self) -> "LRUCache[Key, PublishedAnswer]":
        return LRUCache(self._max_bytes, getsizeof=lambda entry: entry.size_bytes)


def _is_published(answer: Answer) -> bool:
    """Say whether an answer is the same for everybody."""
    control = dict(answer.headers).get(b"cache-control", b"")
    return answer.status == 200 and b"public" in control  # noqa: PLR2004  (OK)
