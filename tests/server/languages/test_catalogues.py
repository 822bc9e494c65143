"""The catalogues say everything that templates and modules say, with the same blanks."""

import re
from pathlib import Path

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from server.languages.catalogues import catalogue_file, text_in
from server.languages.choice import ENGLISH, LANGUAGES, language_of

ROOT = Path(__file__).parents[3]
OTHERS = [language.tag for language in LANGUAGES if language is not ENGLISH]
BLANK = re.compile(r"%\((\w+)\)s")


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """Everything that is said, as pybabel finds it by pyproject.toml."""
    path = tmp_path_factory.mktemp("words") / "messages.pot"
    arguments = ["extract", "-F", str(ROOT / "pyproject.toml"), "-o", str(path)]
    CommandLineInterface().run(["pybabel", "-q", *arguments, str(ROOT / "server")])
    with path.open("rb") as source:
        return {message.id for message in read_po(source) if message.id}


@pytest.fixture(params=OTHERS)
def catalogue(request):
    with catalogue_file(request.param).open("rb") as source:
        return read_po(source)


def texts(entry) -> tuple[str, ...]:
    return entry if isinstance(entry, tuple) else (entry,)


def test_everything_that_is_said_is_in_the_catalogue_and_nothing_else(said, catalogue):
    translated = {message.id for message in catalogue if message.id}

    # `make words` brings the catalogue up to date.
    assert (said - translated, translated - said) == (set(), set())


def test_everything_is_translated(catalogue):
    lacking = [
        message.id
        for message in catalogue
        if message.id and (message.fuzzy or not all(texts(message.string)))
    ]

    assert lacking == []


def test_translation_has_the_same_blanks(catalogue):
    others = [
        message.id
        for message in catalogue
        if message.id
        for text in texts(message.string)
        if set(BLANK.findall(text)) != set(BLANK.findall(texts(message.id)[-1]))
        or "%" in BLANK.sub("", text)
    ]

    assert others == []


@pytest.mark.parametrize("tag", OTHERS)
def test_other_languages_say_it_otherwise(tag):
    assert text_in(language_of(tag), "Unreadable card") != "Unreadable card"
