import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.geometry import Rect
from vision.cards import Line, Reading
from vision.recognition.chat_answer import (
    MAX_CONFIDENCE,
    MAX_LINE_CHARS,
    MAX_LINES,
    NO_CHAT,
    NO_JSON,
    REFUSED,
    TOO_LONG,
    UNREADABLE,
    UNTOLD_CONFIDENCE,
    reading_from,
)
from vision.recognition.opinion import Declined
from vision.recognition.rereading import DOUBTFUL

WH = (60, 40)
CARD = '{"lines": ["Knitting", "Maya"]}'


def reading(*texts, confidence=UNTOLD_CONFIDENCE):
    step = 40 / max(1, len(texts))
    return Reading(
        tuple(
            Line(text, confidence, Rect(0, step * row, 60, step * (row + 1)).to_quad())
            for row, text in enumerate(texts)
        )
    )


READ = reading("Knitting", "Maya")


def read(content, **choice):
    message = {"role": "assistant", "content": content}
    document = {"choices": [{"index": 0, "message": message, **choice}]}
    return reading_from(json.dumps(document).encode(), WH)


def said(*texts):
    return json.dumps({"lines": texts})


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>502 Bad Gateway</html>", id="html"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="list"),
        pytest.param(b"7", id="number"),
        pytest.param(b'{"error": "no"}', id="error with status 200"),
        pytest.param(b'{"choices": []}', id="no choices"),
        pytest.param(b'{"choices": null}', id="null choices"),
        pytest.param(b'{"choices": {"0": 1}}', id="choices are no list"),
        pytest.param(b'{"choices": [7]}', id="choice is a number"),
        pytest.param(b'{"choices": [{}]}', id="no message"),
        pytest.param(b'{"choices": [{"message": "hi"}]}', id="message is a string"),
        pytest.param(b'{"choices": [{"message": null}]}', id="null message"),
        pytest.param(
            b'{"choices": [], "choices": [{"message": {"content": "[]"}}]}',
            id="a key twice",
        ),
        pytest.param(
            b'{"choices": [{"message": {"content": "[]"}}], "x": NaN}', id="no number"
        ),
        pytest.param(b'{"x": ' + b"9" * 9000 + b"}", id="number of 9000 digits"),
        pytest.param(b'{"choices": [' * 9000, id="nested"),
        pytest.param('{"choices": []}'.encode("utf-16"), id="utf-16"),
        pytest.param(b'{"choices": "\xc3"}', id="invalid utf-8"),
    ],
)
def test_what_is_no_chat_answer(body):
    assert reading_from(body, WH) == NO_CHAT


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(CARD, READ, id="as asked"),
        pytest.param('["Knitting", "Maya"]', READ, id="bare list"),
        pytest.param(f"\n  {CARD}\t", READ, id="spaces around"),
        pytest.param(f"```json\n{CARD}\n```", READ, id="fence"),
        pytest.param(f"```\n{CARD}```", READ, id="fence without a language"),
        pytest.param(f"Here you are:\n{CARD}\nAnything else?", READ, id="chatter"),
        pytest.param(f"<think>{{hm}} {CARD[:5]}</think>{CARD}", READ, id="thoughts"),
        pytest.param([{"type": "text", "text": CARD}], READ, id="part"),
        pytest.param(
            [{"text": CARD[:9]}, {"type": "image_url"}, 7, {"text": CARD[9:]}],
            READ,
            id="parts",
        ),
        pytest.param('{"lines": ["Knitting\\nMaya"]}', READ, id="line break in a line"),
        pytest.param(
            '{"title": "x", "lines": ["Knitting", "Maya"]}', READ, id="another key"
        ),
        pytest.param('{"lines": []}', Reading(), id="nothing written"),
        pytest.param('{"lines": ["", "  "]}', Reading(), id="empty lines"),
        pytest.param(said("M\u0308"), reading("M\u0308"), id="combining"),
        pytest.param('{"lines": ["\\ud800x"]}', reading("x"), id="lone surrogate"),
        pytest.param(said("🐍 Python"), reading("🐍 Python"), id="emoji"),
        pytest.param(
            said("Sorry State Club"), reading("Sorry State Club"), id="title with sorry"
        ),
        pytest.param(
            said("I can't believe it's not Django"),
            reading("I can't believe it's not Django"),
            id="title with can't",
        ),
        pytest.param(said('"}]}'), reading('"}]}'), id="json in a title"),
        pytest.param(said("[x]", "[unclear]"), reading("[x]"), id="gap is left out"),
        pytest.param(None, NO_JSON, id="null"),
        pytest.param("", NO_JSON, id="empty"),
        pytest.param(7, NO_JSON, id="number"),
        pytest.param({"lines": []}, NO_JSON, id="object"),
        pytest.param([], NO_JSON, id="no parts"),
        pytest.param("Knitting\nMaya", NO_JSON, id="plain text"),
        pytest.param("{}", NO_JSON, id="no lines"),
        pytest.param('{"lines": "Knitting"}', NO_JSON, id="lines are a string"),
        pytest.param('{"lines": null}', NO_JSON, id="null lines"),
        pytest.param('{"lines": ["a", 7]}', NO_JSON, id="a number among them"),
        pytest.param('{"lines": [["a"]]}', NO_JSON, id="list in a list"),
        pytest.param('{"lines": ["a"], "lines": ["b"]}', NO_JSON, id="a key twice"),
        pytest.param('{"lines": ["a"', NO_JSON, id="cut off"),
        pytest.param(f"{CARD} {CARD}", NO_JSON, id="two objects"),
        pytest.param("[" * 7000, NO_JSON, id="nested"),
        pytest.param("I'm sorry, but I can't assist with that.", REFUSED, id="sorry"),
        pytest.param("I cannot read the card.", REFUSED, id="cannot"),
        pytest.param(said("I\u2019m unable to see an image"), REFUSED, id="in json"),
        pytest.param(said("No visible text."), REFUSED, id="no visible text"),
        pytest.param(said("As an AI, I have no eyes"), REFUSED, id="as an ai"),
        pytest.param(said("[illegible]", "<unreadable text>"), UNREADABLE, id="gaps"),
        pytest.param(said(*["x"] * MAX_LINES), reading(*["x"] * MAX_LINES), id="many"),
        pytest.param(said(*["x"] * (MAX_LINES + 1)), TOO_LONG, id="too many"),
        pytest.param(said("x\n" * (MAX_LINES + 1)), TOO_LONG, id="too many in one"),
        pytest.param(said("x" * MAX_LINE_CHARS), reading("x" * 300), id="long"),
        pytest.param(said("x" * (MAX_LINE_CHARS + 1)), TOO_LONG, id="too long"),
        pytest.param("x" * 8001, TOO_LONG, id="novel"),
    ],
)
def test_content(content, expected):
    assert read(content) == expected


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        pytest.param({"finish_reason": "stop"}, READ, id="stop"),
        pytest.param({"finish_reason": None}, READ, id="null"),
        pytest.param({"finish_reason": ["length"]}, READ, id="list"),
        pytest.param({"finish_reason": "length"}, TOO_LONG, id="length"),
        pytest.param({"finish_reason": "content_filter"}, REFUSED, id="filter"),
        pytest.param(
            {"message": {"content": CARD, "refusal": "No."}}, REFUSED, id="refusal"
        ),
        pytest.param(
            {"message": {"content": CARD, "refusal": None}}, READ, id="no refusal"
        ),
    ],
)
def test_how_the_answer_ended(choice, expected):
    assert read(CARD, **choice) == expected


def odds(*tokens):
    return {"content": [{"token": text, "logprob": value} for text, value in tokens]}


@pytest.mark.parametrize(
    ("logprobs", "confidence"),
    [
        pytest.param(odds(("Knit", -1), ("ting", -2)), math.exp(-1.5), id="mean"),
        pytest.param(odds(('{"', 0), ("Knit", -1), ('"', 0)), math.exp(-1), id="signs"),
        pytest.param(odds(("Knit", -0.0)), MAX_CONFIDENCE, id="sure"),
        pytest.param(odds(("Knit", 1.5)), UNTOLD_CONFIDENCE, id="more than sure"),
        pytest.param(odds(("Knit", -1e300)), 0.0, id="impossible"),
        pytest.param(odds(("Knit", "-1")), UNTOLD_CONFIDENCE, id="string"),
        pytest.param(odds(('{"', -1)), UNTOLD_CONFIDENCE, id="signs only"),
        pytest.param({"content": [7, None, {}]}, UNTOLD_CONFIDENCE, id="no tokens"),
        pytest.param({"content": None}, UNTOLD_CONFIDENCE, id="null tokens"),
        pytest.param(None, UNTOLD_CONFIDENCE, id="null"),
        pytest.param([], UNTOLD_CONFIDENCE, id="list"),
    ],
)
def test_confidence(logprobs, confidence):
    assert read('["Knitting"]', logprobs=logprobs) == reading(
        "Knitting", confidence=confidence
    )


def test_confidence_without_odds_is_modest():
    assert {line.confidence for line in read(CARD).lines} == {UNTOLD_CONFIDENCE}
    assert UNTOLD_CONFIDENCE < MAX_CONFIDENCE < DOUBTFUL


@given(st.binary(max_size=200))
def test_any_bytes_are_declined(body):
    assert reading_from(body, WH) == NO_CHAT


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(max_examples=50)
@given(st.lists(st.text(max_size=20), max_size=8), JSON, JSON)
def test_any_lines_become_printable_text_in_the_crop(texts, reason, logprobs):
    got = read(said(*texts), finish_reason=reason, logprobs=logprobs)

    if isinstance(got, Declined):
        assert got in {REFUSED, UNREADABLE, TOO_LONG, NO_CHAT}
        return
    for line in got.lines:
        bounds = line.quad_crop.bounds
        assert line.text.isprintable()
        assert 0 <= line.confidence <= MAX_CONFIDENCE
        assert (bounds.left, bounds.right) == (0, 60)
        assert 0 <= bounds.top < bounds.bottom <= 40


@settings(max_examples=50)
@given(JSON)
def test_any_content_is_read_or_declined(content):
    assert isinstance(read(content), Reading | Declined)
