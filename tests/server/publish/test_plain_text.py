import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.publish.plain_text import plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "", id="empty"),
        pytest.param("Café 東京 🎉", "Café 東京 🎉", id="letters"),
        pytest.param("\U0001fae8", "\U0001fae8", id="emoji-newer-than-python"),
        pytest.param("a\x00b\x07c\x1b[31m\x7f\x9b", "abc[31m", id="control"),
        pytest.param("a\r\nb\rc\nd\te", "a\nb\nc\nd\te", id="line-breaks"),
        pytest.param("a\ud800b\uffffc", "abc", id="surrogate-and-noncharacter"),
        pytest.param("<b>\u202egnp", "<b>\u202egnp", id="markup-and-bidi-are-text"),
    ],
)
def test_plain_keeps_text_and_drops_what_no_format_carries(text, expected):
    assert plain(text) == expected


@given(st.text(st.characters()))
def test_plain_once_is_plain_for_good_and_encodes(text):
    once = plain(text)

    assert plain(once) == once
    assert once.encode().decode() == once
