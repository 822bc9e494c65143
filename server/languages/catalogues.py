"""The catalogues of translated texts, read from their sources.

They are small, and compiled as they are read: nothing compiled can be older than its
source, or missing in a clone or a wheel.
"""

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from server.languages.choice import ENGLISH, Language

FOLDER = Path(__file__).parents[1] / "translations"

UNTRANSLATED = gettext.NullTranslations()


@cache
def catalogue_of(tag: str) -> gettext.NullTranslations:
    """Return the texts of a language; English has none of its own.

    Parameters
    ----------
    tag : str
        One of `server.languages.choice.TAGS`.
    """
    if tag == ENGLISH.tag:
        return UNTRANSLATED
    with catalogue_file(tag).open("rb") as source:
        catalogue = read_po(source)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def catalogue_file(tag: str) -> Path:
    """Return where the texts of a language are kept."""
    return FOLDER / tag.replace("-", "_") / "LC_MESSAGES" / "messages.po"


def text_in(language: Language, text: str, **values: object) -> str:
    """Return a text in a language, ``%(name)s`` in it filled in."""
    return _filled(catalogue_of(language.tag).gettext(text), values)


def counted_in(
    language: Language, one: str, many: str, number: int, **values: object
) -> str:
    """Return a text about a number of things; ``%(num)s`` in it is the number."""
    found = catalogue_of(language.tag).ngettext(one, many, number)
    return _filled(found, {"num": number, **values})


def _filled(text: str, values: dict[str, object]) -> str:
    return text % values if values else text
