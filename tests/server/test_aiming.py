"""Live cameras' pictures are looked at in one process: bounded, started again, ended."""

import threading

import cv2
import numpy as np
import pytest

from calibration.geometry import Quad
from server.aiming import Aiming, Known, KnownPhoto
from server.errors import DecodingError
from vision.errors import NotAnImageError
from vision.image.photo import encode_jpeg

NOTHING = Known((), ())
GREY = encode_jpeg(np.full((90, 120, 3), 128, np.uint8), 60)
UNSEEN = {"board": None, "outline": None, "advice": ""}


@pytest.fixture
def aiming():
    aiming = Aiming(answer_s=60)  # however busy the machine is
    yield aiming
    aiming.close()


def look(aiming, frame=GREY, key=1, known=NOTHING):
    return aiming.look(frame, 4000, key, lambda: known)


def texture(board):
    """A photo full of corners, and where in it a board is said to be."""
    noise = np.random.default_rng(3).integers(0, 256, (54, 96, 3), np.uint8)
    pixels = cv2.resize(noise, (960, 540), interpolation=cv2.INTER_NEAREST)
    place = Quad.from_array([[100, 60], [860, 60], [860, 480], [100, 480]])
    return KnownPhoto(board, encode_jpeg(pixels, 90), place)


def test_what_is_known_is_told_once_and_anew_when_it_changes(aiming, profile):
    known = texture(profile.boards[0])
    asked = []

    def tell(what):
        asked.append(what)
        return what

    both = Known(profile.boards, (known,))
    unseen = aiming.look(GREY, 4000, 1, lambda: tell(NOTHING))
    found = [aiming.look(known.data, 4000, 2, lambda: tell(both)) for _ in range(2)]

    assert (unseen, asked) == (UNSEEN, [NOTHING, both])
    assert found[0] == found[1]
    assert (found[0]["board"], found[0]["advice"]) == ("friday", "good")
    corners = np.array(found[0]["outline"]) * (960, 540)
    assert np.abs(corners - known.place.to_array()).max() < 3


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"<html>",
        GREY[: len(GREY) // 2],
        b"\x89PNG\r\n\x1a\n" + bytes(99),
        encode_jpeg(np.zeros((2000, 2000, 3), np.uint8), 60),
        np.random.default_rng(1).bytes(5000),
        GREY[:200] + np.random.default_rng(1).bytes(5000),
    ],
    ids=["empty", "page", "half", "png", "large", "noise", "damaged"],
)
def test_garbage_is_refused_and_the_next_picture_is_looked_at(aiming, frame):
    with pytest.raises(NotAnImageError):
        look(aiming, frame)

    assert look(aiming) == UNSEEN


def test_process_ends_when_nobody_aims_and_is_started_again():
    aiming = Aiming(idle_s=0.01, answer_s=60)
    for _ in range(2):
        assert look(aiming) == UNSEEN
        assert aiming._process.wait(30) == 0
    aiming.close()


def test_picture_that_takes_too_long_ends_the_process(aiming):
    aiming.start_s = 0.0
    with pytest.raises(DecodingError):
        look(aiming)

    aiming.start_s = 30.0
    assert look(aiming) == UNSEEN


def test_picture_that_finds_too_many_before_it_is_put_off():
    aiming = Aiming(waiting=0, answer_s=60)
    refused = []

    def meanwhile():
        with pytest.raises(DecodingError) as error:
            look(aiming)
        refused.append(error.value.retry_after_s)
        return NOTHING

    assert aiming.look(GREY, 4000, 1, meanwhile) == UNSEEN
    assert refused == [10]
    aiming.close()


def test_picture_that_waits_too_long_is_put_off(aiming):
    aiming.wait_s = 0.0
    refused = []

    def meanwhile():
        refused.extend(_in_another_thread(lambda: look(aiming)))
        return NOTHING

    assert aiming.look(GREY, 4000, 1, meanwhile) == UNSEEN
    assert [type(error) for error in refused] == [DecodingError]


def _in_another_thread(ask):
    raised = []

    def run():
        try:
            ask()
        except DecodingError as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return raised
