import asyncio

import pytest

from server.asgi.bodies import SMALL_BYTES, Bodies, Disconnected, drain
from server.errors import StorageError, UploadsBusyError, UploadTooSlowError

GRACE_S = 0.05
SENDER_GONE = {"type": "http.disconnect"}


def chunk(data, *, more=True):
    return {"type": "http.request", "body": data, "more_body": more}


def sender(*messages, pause_s=0.0):
    """Give these messages one after the other; then nothing any more."""
    left = list(messages)

    async def receive():
        if not left:
            await asyncio.sleep(60)
        await asyncio.sleep(pause_s)
        return left.pop(0)

    return receive


@pytest.fixture
def bodies(tmp_path):
    return Bodies(tmp_path, at_once_bytes=3 * SMALL_BYTES, grace_s=GRACE_S)


def read(bodies, receive, length=10):
    async def go():
        async with bodies.read(receive, length) as file:
            return file.read()

    return asyncio.run(go())


@pytest.mark.parametrize("size", [0, 1, SMALL_BYTES, 2 * SMALL_BYTES + 1])
def test_body_is_read_whole_and_nothing_stays_behind(size, bodies, tmp_path):
    data = bytes(range(256)) * (size // 256 + 1)
    parts = [data[start : start + 65_000] for start in range(0, size, 65_000)] or [b""]
    parts = [part[: size - 65_000 * index] for index, part in enumerate(parts)]
    messages = [chunk(part) for part in parts[:-1]] + [chunk(parts[-1], more=False)]

    assert read(bodies, sender(*messages), size) == data[:size]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "receive",
    [
        sender(),
        sender(chunk(b"x" * 9)),
        sender(*[chunk(b"x")] * 1000, pause_s=GRACE_S / 4),
    ],
    ids=["silent", "stalled", "byte-by-byte"],
)
def test_body_that_does_not_come_in_time_is_given_up(receive, bodies):
    with pytest.raises(UploadTooSlowError):
        read(bodies, receive)


def test_steady_body_may_take_longer_than_a_pause(tmp_path):
    bodies = Bodies(tmp_path, grace_s=GRACE_S, min_bytes_per_s=1)
    messages = [*[chunk(b"x")] * 5, chunk(b"", more=False)]

    assert read(bodies, sender(*messages, pause_s=GRACE_S / 2)) == b"x" * 5


def test_sender_who_goes_away_is_no_upload(bodies):
    with pytest.raises(Disconnected):
        read(bodies, sender(chunk(b"x"), SENDER_GONE))


def test_room_for_uploads_is_bounded_and_given_back(bodies):
    large = 2 * SMALL_BYTES

    async def go():
        async with bodies.read(sender(chunk(b"", more=False)), large):
            with pytest.raises(UploadsBusyError):
                await bodies.read(sender(), large).__aenter__()
            # A form without photos is read all the same.
            async with bodies.read(sender(chunk(b"x", more=False)), 1) as file:
                assert file.read() == b"x"
        with pytest.raises(UploadTooSlowError):
            await bodies.read(sender(), large).__aenter__()
        async with bodies.read(sender(chunk(b"y", more=False)), large) as file:
            assert file.read() == b"y"

    asyncio.run(go())


def test_disk_that_takes_nothing_is_said(tmp_path):
    gone = Bodies(tmp_path / "nowhere")
    messages = (chunk(b"x" * (SMALL_BYTES + 1)), chunk(b"", more=False))

    with pytest.raises(StorageError, match="The upload cannot be kept: No such file"):
        read(gone, sender(*messages), SMALL_BYTES + 1)


@pytest.mark.parametrize(
    "receive",
    [
        sender(chunk(b"x" * 50), chunk(b"x", more=False)),
        sender(chunk(b"x"), SENDER_GONE),
        sender(*[chunk(b"x" * 50)] * 9),
        sender(),
    ],
    ids=["ends", "goes", "too-much", "silent"],
)
def test_rest_of_a_refused_body_is_read_for_a_while(receive):
    asyncio.run(drain(receive, GRACE_S, 100))
