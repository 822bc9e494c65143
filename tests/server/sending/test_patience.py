import itertools

import pytest

from server.errors import ServerAwayError
from server.sending.patience import growing, patiently


def test_pauses_grow_up_to_the_most():
    pauses = list(itertools.islice(growing(1, 60), 9))

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def asking(*answers, retry_after_s=None):
    left = list(answers)

    def ask():
        answer = left.pop(0)
        if isinstance(answer, str):
            error = ServerAwayError(answer, hint="h")
            error.retry_after_s = retry_after_s
            raise error
        return answer

    return ask


def test_server_is_asked_until_it_answers(monkeypatch):
    slept = []
    monkeypatch.setattr("time.sleep", slept.append)
    told = []

    answer = patiently(
        asking("x", "y", 7), 60, lambda error, _: told.append(str(error))
    )

    assert (answer, slept, len(told)) == (7, [0.5, 1.0], 2)


def test_longer_pause_that_a_server_asks_for_is_kept(monkeypatch):
    slept = []
    monkeypatch.setattr("time.sleep", slept.append)

    patiently(asking("x", 7, retry_after_s=9), 60, lambda *_: None)

    assert slept == [9]


def test_patience_ends():
    with pytest.raises(ServerAwayError, match="y"):
        patiently(asking("x", "y"), 0.01, lambda *_: None)
