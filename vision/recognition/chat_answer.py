"""What a chat server said of a card: untrusted text, made a reading or refused.

Models add fences, greetings and thoughts, decline, repeat themselves for ever
and obey what is written on a card; servers answer with anything at all. What
is not clearly the lines of a card is not guessed at: the local reading stands.
"""

import json
import math
import re
from collections.abc import Sequence
from typing import Any

from vision.cards import Reading
from vision.recognition.limits import line_within
from vision.recognition.opinion import Declined

MAX_TEXT_CHARS = 8000
"""Of a model's text, with fences and thoughts: a card has some hundred."""

MAX_LINES = 40
"""A card has some ten lines; a model that repeats itself gives hundreds."""

MAX_LINE_CHARS = 300
"""The longest line on a card is a link."""

UNTOLD_CONFIDENCE = 0.7
"""Of a line, if the server gives no odds: models are sure of what they invent.
Not measured. The card stays among the doubtful ones that a person looks at, and
a local reading that is as sure as this stands."""

MAX_CONFIDENCE = 0.8
"""The most for a line, whatever odds the server gives: they are those of the next
letter in the language, not of its being on the card. Not measured either."""

NO_JSON = Declined("The chat server's answer is not in the form that was asked for.")
NO_CHAT = Declined("What answers at the chat server's address is no chat server.")
REFUSED = Declined("The model refused to read a card.")
TOO_LONG = Declined("The model gave more text than a card can hold.")
UNREADABLE = Declined("The model could not read a card.")

THOUGHTS = re.compile(r"^.*</think>", re.DOTALL)
"""What a model thinks aloud before it answers."""

FENCED = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL | re.IGNORECASE)

_DO = "help|assist|read|see|view|make out|transcribe|process|comply|provide|identify"

REFUSALS = re.compile(
    r"(?:i['\u2019]m|im|i am) (?:very |so )?(?:sorry|unable to|not able to)\b"
    r"|sorry[,.!]? (?:but )?(?:i|we|there|no)\b"
    rf"|(?:unable|not able) to (?:{_DO})\b"
    r"|(?:i |we )?(?:can['\u2019]?t|cannot|can not|won['\u2019]?t|will not|could not) "
    rf"(?:{_DO})\b"
    r"|as an ai\b|i apologi[sz]e\b"
    r"|(?:there is |there['\u2019]s )?no (?:visible|legible|readable|handwritten) "
    r"|the (?:image|picture|photo) (?:is|appears|does|contains|shows)\b",
    re.IGNORECASE,
)
"""How models begin when they speak of the task instead of doing it. A card that
begins like that keeps its local reading: no harm is done."""

PLACEHOLDER = re.compile(
    r"[\[(<]\s*(?:illegible|unreadable|unclear|blank|empty|no text|n/?a)"
    r"[^\])>]*[\])>]",
    re.IGNORECASE,
)
"""What models write in the place of words they cannot read."""


def reading_from(body: bytes, size_wh: tuple[int, int]) -> Reading | Declined:
    """Make a reading of a chat server's answer.

    Parameters
    ----------
    body : bytes
        Of an answer with status 200.
    size_wh : tuple of int
        The crop's size in pixels.

    Returns
    -------
    Reading or Declined
        A model tells no places: its lines get rows of equal height across the
        whole crop, from top to bottom. Every line has the same confidence, from
        the odds of the answer's letters if the server gives them, else
        `UNTOLD_CONFIDENCE`. No lines if the model sees no text.
    """
    try:
        document = _loaded(body.decode())
    except ValueError:
        return NO_CHAT
    match document:
        case {"choices": [{"message": dict(message), **choice}, *_]}:
            texts = _texts(message, choice.get("finish_reason"))
        case _:
            return NO_CHAT
    if isinstance(texts, Declined):
        return texts
    return _reading(texts, _confidence(choice.get("logprobs")), size_wh)


def _texts(message: dict[str, Any], finish_reason: object) -> list[str] | Declined:
    """Return the lines that a message holds."""
    if message.get("refusal") or finish_reason == "content_filter":
        return REFUSED
    if finish_reason == "length":
        return TOO_LONG
    content = _content(message.get("content"))
    if len(content) > MAX_TEXT_CHARS:
        return TOO_LONG
    lines = _lines(content)
    if lines is None:
        return REFUSED if REFUSALS.match(content) else NO_JSON
    return _checked([part for line in lines for part in line.splitlines()])


def _content(content: object) -> str:
    """Return a message's text, given as a string or in parts; empty for none."""
    match content:
        case str():
            text = content
        case list():
            parts = [part.get("text") for part in content if isinstance(part, dict)]
            text = "".join(part for part in parts if isinstance(part, str))
        case _:
            text = ""
    return THOUGHTS.sub("", text).strip()


def _lines(content: str) -> list[str] | None:
    """Return the one list of lines in a text: bare, fenced, or amid chatter."""
    amid = content[content.find("{") : content.rfind("}") + 1]
    for candidate in (content, *FENCED.findall(content), amid):
        try:
            document = _loaded(candidate)
        except ValueError:
            continue
        match document:
            case {"lines": list(lines)} | list(lines):
                texts = [line for line in lines if isinstance(line, str)]
                return texts if len(texts) == len(lines) else None
    return None


def _checked(lines: Sequence[str]) -> list[str] | Declined:
    """Return lines that may stand on a card, without what marks gaps in them."""
    if len(lines) > MAX_LINES or any(len(line) > MAX_LINE_CHARS for line in lines):
        return TOO_LONG
    if lines and REFUSALS.match(lines[0].strip()):
        return REFUSED
    kept = [line for line in lines if not PLACEHOLDER.fullmatch(line.strip())]
    return UNREADABLE if lines and not kept else kept


def _loaded(text: str) -> Any:
    """Load strict JSON.

    Raises
    ------
    ValueError
        If it is none, nests too deep, or has a key twice or a number that is
        none: then nobody can tell what was meant.
    """
    try:
        return json.loads(
            text, object_pairs_hook=_without_doubles, parse_constant=_refused
        )
    except RecursionError as error:
        msg = "expected JSON of a few levels"
        raise ValueError(msg) from error


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        msg = "expected each key once"
        raise ValueError(msg)
    return document


def _refused(constant: str) -> None:
    msg = f"expected a number, got {constant}"
    raise ValueError(msg)


def _confidence(logprobs: object) -> float:
    """Return the geometric mean of the odds of an answer's letters and digits."""
    match logprobs:
        case {"content": list(tokens)}:
            odds = [_odds(token) for token in tokens]
        case _:
            odds = []
    known = [value for value in odds if value is not None]
    if not known:
        return UNTOLD_CONFIDENCE
    return min(MAX_CONFIDENCE, math.exp(sum(known) / len(known)))


def _odds(token: object) -> float | None:
    """Return the logarithm of a token's probability, if it is a letter's."""
    match token:
        case {"token": str(text), "logprob": float() | int() as logprob}:
            spoken = any(character.isalnum() for character in text)
            return float(logprob) if spoken and -math.inf < logprob <= 0 else None
        case _:
            return None


def _reading(
    texts: Sequence[str], confidence: float, size_wh: tuple[int, int]
) -> Reading:
    """Lay lines over a crop in rows of equal height."""
    width, height = size_wh
    rows = [height * index / max(1, len(texts)) for index in range(len(texts) + 1)]
    lines = (
        line_within(
            text,
            confidence,
            [[0, top], [width, top], [width, bottom], [0, bottom]],
            size_wh,
        )
        for text, top, bottom in zip(texts, rows, rows[1:], strict=False)
    )
    return Reading(tuple(line for line in lines if line))
