import base64
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.image.photo import Photo
from vision.recognition.chat_request import (
    MAX_CROP_SIDE_PX,
    SENT_SIDE_PX,
    SENT_STRIDE_PX,
    data_url,
    is_card_sized,
    request_body,
)


def crop(height, width):
    return np.full((height, width, 3), (0, 128, 255), np.uint8)


def sent(picture):
    jpeg = base64.b64decode(data_url(picture).removeprefix("data:image/jpeg;base64,"))
    return Photo.decode(jpeg)


@pytest.mark.parametrize(
    ("size", "sent_wh"),
    [
        pytest.param((200, 320), (768, 480), id="a card"),
        pytest.param((1600, 1600), (768, 768), id="a close-up"),
        pytest.param((1, 1), (32, 32), id="one pixel"),
        pytest.param((1, 500), (768, 32), id="one row"),
        pytest.param((1600, 8), (32, 768), id="a strip"),
        pytest.param((60, 95), (288, 192), id="small, three times as large"),
    ],
)
def test_picture_is_sent_in_a_bounded_size(size, sent_wh):
    photo = sent(crop(*size))

    assert photo.size_wh == sent_wh
    assert photo.pixels[0, 0] == pytest.approx([0, 128, 255], abs=6)


@settings(max_examples=30)
@given(st.integers(1, MAX_CROP_SIDE_PX), st.integers(1, MAX_CROP_SIDE_PX))
def test_sent_size_is_bounded_and_of_whole_strides(height, width):
    wide, high = sent(crop(height, width)).size_wh

    assert wide % SENT_STRIDE_PX == high % SENT_STRIDE_PX == 0
    assert max(wide, high) <= SENT_SIDE_PX


@pytest.mark.parametrize(
    ("size", "card"),
    [((1600, 1600), True), ((1601, 20), False), ((20, 1601), False)],
    ids=["largest", "too high", "too wide"],
)
def test_only_what_may_be_a_card_is_card_sized(size, card):
    assert is_card_sized(crop(*size)) is card


def test_body_for_a_whole_photo_is_a_mistake():
    with pytest.raises(ValueError, match="expected a crop of at most 1600 px"):
        request_body(crop(3024, 4032), model="m", dialect="strict")


def test_body_asks_for_nothing_but_the_lines():
    body = request_body(crop(20, 20), model="m", dialect="strict")

    document = json.loads(body)
    system, user = document.pop("messages")
    assert document == {
        "model": "m",
        "max_tokens": 800,
        "temperature": 0,
        "logprobs": True,
        "response_format": {
            "type": "json_schema",
            "json_schema": {
                "name": "card",
                "strict": True,
                "schema": {
                    "type": "object",
                    "properties": {
                        "lines": {"type": "array", "items": {"type": "string"}}
                    },
                    "required": ["lines"],
                    "additionalProperties": False,
                },
            },
        },
    }
    assert (system["role"], user["role"]) == ("system", "user")
    assert [part["type"] for part in user["content"]] == ["text", "image_url"]
