"""What became of a post, from what apprise says about it. Pure.

apprise says no more than whether all went well, and why not in its log. What was
refused, and what was never handed over, can be sent again. Of all else nobody knows
whether it was published: a connection that broke while it was waiting for the answer,
an answer of a proxy, an error that is not known here. That is `unsure`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

BEFORE_POST = re.compile(r" GET to | POST to \S*(?:/media|uploadBlob|createSession)\b")
"""Requests of Mastodon and Bluesky that come before a post and publish nothing."""

STATUS = re.compile(r"error=(\d{3})\.?$", re.MULTILINE)
NOT_REACHED = re.compile(
    r"Errno (?:-\d+|101|111|113)\b|NewConnectionError|ConnectTimeoutError"
    r"|NameResolutionError|CERTIFICATE_VERIFY_FAILED"
)
"""Of exceptions, those of a connection that was never made."""

EXCEPTION = "Socket Exception: "
MAIL_REFUSED = re.compile(r"^Socket Exception: .*?\(([45])(\d\d), b['\"]", re.MULTILINE)
PARTLY = re.compile(r"^Sent |delivered to", re.MULTILINE)
"""An address may name several rooms or people: some of them have it."""

ROOM_FAILED = re.compile(
    r"^Could not (?:send notification|join) Matrix room (?!alias)", re.MULTILINE
)
"""Matrix names only the rooms that do not have it."""

THROTTLED = "requested we throttle back"
"""Matrix is asked again by apprise, and then given up."""

SLACK = "Slack says "
SLACK_ANSWERS = re.compile(
    r'^Response Details:.*"ok": ?false.*?"error": ?"(\w{1,60})"', re.DOTALL
)
SLACK_SAID = re.compile(rf"^{SLACK}(\w+)$", re.MULTILINE)
"""Slack refuses with the status 200, and a word for why."""

SLACK_LATER = frozenset({"ratelimited", "rate_limited", "service_unavailable"})
SLACK_UNSURE = frozenset({"internal_error", "fatal_error", "request_timeout"})
"""Its own pages say of these that a part may have been done."""


REFUSED_SINCE = 400
UNSURE_STATUSES = frozenset({408, 502, 504, 520, 522, 524})
"""Answers of proxies: what lies behind them may have published."""

LATER_STATUSES = frozenset({425, 429, 500, 503})
"""Answers that say that it was not published, and may be later."""

FORBIDDEN = frozenset({401, 403})

End = Literal["sent", "later", "without picture", "refused", "unsure"]

CAUTIOUS: Mapping[End, int] = {"unsure": 0, "later": 1}
"""Of several ends, which counts."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt.

    Parameters
    ----------
    end : End
    why : str
        In plain words; without any address.
    """

    end: End
    why: str = ""


def telling(level: str, message: str) -> str:
    """Return what of a line of apprise's log tells why; not what may have card's words.

    Parameters
    ----------
    level, message : str
    """
    if level != "DEBUG" or message.startswith(EXCEPTION):
        return message
    said = SLACK_ANSWERS.search(message)
    return SLACK + said[1] if said else ""


def outcome_from(log: str, picture: bytes | None, targets: int) -> Outcome:
    """Return what became of an attempt, from what apprise says about it.

    Parameters
    ----------
    log : str
        Why it failed, line by line; empty if it did not.
    picture : bytes or None
        What went along with the text.
    targets : int
        How many rooms or people the address names.
    """
    if not log:
        return Outcome("sent")
    if PARTLY.search(log) or 0 < len(ROOM_FAILED.findall(log)) < targets:
        return Outcome("unsure", "It arrived in part. Look where it did not.")
    if said := SLACK_SAID.search(log):
        return _slack_said(said[1])
    if found := STATUS.findall(log):
        return _answers(log, map(int, found), pictured=picture is not None)
    if mail := MAIL_REFUSED.search(log):
        why = f"The mail server refused it with {mail[1]}{mail[2]}."
        return Outcome("later" if mail[1] == "4" else "refused", why)
    return _unanswered(log)


def _unanswered(log: str) -> Outcome:
    if THROTTLED in log:
        return Outcome("later", "The service has enough of us for now.")
    if _failed_before_post(log) or NOT_REACHED.search(log):
        return Outcome("later", "The service could not be reached.")
    return Outcome("unsure", "The service did not answer. Look whether it arrived.")


def _answers(log: str, statuses: Iterable[int], *, pictured: bool) -> Outcome:
    """Return what several answers say: what is most cautious, else the last.

    Of several rooms one may have refused it, and another perhaps not; and apprise asks
    a Matrix server that has no sign-in just now for an account, which it refuses.
    """
    before = _failed_before_post(log)
    ends = [_answered(one, before=before, pictured=pictured) for one in statuses]
    if EXCEPTION in log:
        ends.append(_unanswered(log))
    return min(reversed(ends), key=lambda one: CAUTIOUS.get(one.end, len(CAUTIOUS)))


def _answered(status: int, *, before: bool, pictured: bool) -> Outcome:
    said = f"The service answered with error {status}"
    if status in FORBIDDEN:
        return Outcome("refused", f"{said}: check its address and password.")
    if status in LATER_STATUSES or (before and status in UNSURE_STATUSES):
        return Outcome("later", f"{said}: it is busy or broken.")
    if status in UNSURE_STATUSES or not REFUSED_SINCE <= status < 500:  # noqa: PLR2004
        return Outcome("unsure", f"{said}. Look whether it arrived.")
    if before and pictured:
        return Outcome("without picture", "The service refused the picture.")
    return Outcome("refused", f"{said}: it does not take this post.")


def _slack_said(word: str) -> Outcome:
    if word in SLACK_UNSURE:
        return Outcome("unsure", f"Slack says {word}. Look whether it arrived.")
    return Outcome("later" if word in SLACK_LATER else "refused", f"Slack says {word}.")


def _failed_before_post(log: str) -> bool:
    """Say whether the last request, which failed, was one that publishes nothing."""
    requests = [
        line for line in log.splitlines() if " POST to " in line or " GET to " in line
    ]
    return bool(requests) and bool(BEFORE_POST.search(requests[-1]))
