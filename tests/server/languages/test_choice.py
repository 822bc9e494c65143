import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.texts import LANGUAGES as CALIBRATION
from server.languages.choice import LANGUAGES, TAGS, chosen_language


@pytest.mark.parametrize(
    ("chosen", "accepted", "answered"),
    [
        pytest.param(None, "de", "de", id="browser"),
        pytest.param(None, "de-AT,en;q=0.5", "de", id="region-of-a-language"),
        pytest.param(None, "fr,de;q=0.4,en;q=0.7", "en", id="best-that-there-is"),
        pytest.param(None, "zh-TW,zh;q=0.9,en-US;q=0.8", "zh-Hant", id="taiwan"),
        pytest.param(None, "zh-CN", "zh-Hant", id="chinese-of-any-kind"),
        pytest.param(None, "en-us,en;q=0.5", "en-US", id="region-with-its-own-clock"),
        pytest.param(None, "en-GB", "en", id="region-like-the-language"),
        pytest.param("de", "zh-TW", "de", id="chosen-before-browser"),
        pytest.param("en", "de,en-US;q=0.5", "en-US", id="chosen-with-browsers-clock"),
        pytest.param("xx", "de", "de", id="chosen-is-none"),
        pytest.param(None, "fr", None, id="none-known"),
        pytest.param(None, "*", None, id="any"),
        pytest.param(None, "de;q=0", None, id="not-wanted"),
        pytest.param(None, "", None, id="nothing-said"),
    ],
)
def test_language_is_what_was_chosen_or_what_the_browser_reads(
    chosen, accepted, answered
):
    language = chosen_language(chosen, accepted)

    assert (language and language.asked_as) == answered


def test_event_toml_knows_the_same_languages():
    assert TAGS == CALIBRATION


@given(st.none() | st.text(max_size=9), st.text(max_size=60))
def test_whatever_is_sent_is_a_language_or_none(chosen, accepted):
    language = chosen_language(chosen, accepted)

    assert language is None or language.tag in TAGS


@given(st.sampled_from(LANGUAGES), st.none() | st.sampled_from(TAGS))
def test_asking_as_was_answered_gives_the_same(language, chosen):
    answered = chosen_language(chosen, language.asked_as)

    assert chosen_language(chosen and answered.tag, answered.asked_as) == answered
