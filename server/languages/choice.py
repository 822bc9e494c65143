"""Which language somebody reads: what they chose, else what their browser asks for.

Pure.
"""

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from babel import Locale
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header


@dataclass(frozen=True, slots=True)
class Language:
    """A language, and how days and hours are written where it is read.

    Parameters
    ----------
    tag : str
        As HTML and browsers say it (BCP 47), for example ``zh-Hant``.
    name : str
        In itself.
    region : str
        As browsers ask for it, with the region: ``en-US``. Empty for the language as
        such: hours are then written as on the board, from 0 to 24.
    locale : Locale
        Of its days and hours.
    """

    tag: str
    name: str
    region: str
    locale: Locale

    @property
    def asked_as(self) -> str:
        """What a browser says that wants just this."""
        return self.region or self.tag


ENGLISH = Language("en", "English", "", Locale("en", "GB"))
"""What templates and modules are written in."""

LANGUAGES = (
    ENGLISH,
    Language("de", "Deutsch", "", Locale("de")),
    Language("zh-Hant", "繁體中文", "", Locale("zh", "TW", script="Hant")),
)
"""Those of all pages, as the switch shows them."""

REGIONS = MappingProxyType(
    {
        asked: Language("en", "English", asked, Locale("en", territory))
        for asked, territory in (
            ("en-US", "US"),
            ("en-AU", "AU"),
            ("en-CA", "CA"),
            ("en-IN", "IN"),
            ("en-NZ", "NZ"),
        )
    }
)
"""Where the same language is written with other days and hours."""

TAGS = tuple(language.tag for language in LANGUAGES)

_BY_PRIMARY = {language.tag.split("-")[0]: language for language in LANGUAGES}
# Who reads Chinese of any kind reads these signs sooner than English.
_REGIONS = {asked.lower(): language for asked, language in REGIONS.items()}


def language_of(tag: str) -> Language | None:
    """Return the language with just this tag; None if there is none."""
    return next((language for language in LANGUAGES if language.tag == tag), None)


@lru_cache(1024)
def chosen_language(chosen: str | None, accepted: str) -> Language | None:
    """Return the language in which to answer; None where any will do.

    Parameters
    ----------
    chosen : str or None
        Tag of what the person chose, as it was sent; what is no tag is no choice.
    accepted : str
        What the browser asks for: the header ``Accept-Language``.
    """
    wanted = language_of(chosen or "")
    asked = [
        language
        for tag, quality in parse_accept_header(accepted, LanguageAccept)
        if quality > 0 and (language := _meant(tag)) is not None
    ]
    if wanted is None:
        return asked[0] if asked else None
    # The browser still says how its person writes the time.
    return next((language for language in asked if language.tag == wanted.tag), wanted)


def _meant(tag: str) -> Language | None:
    lowered = tag.lower().replace("_", "-")
    return _REGIONS.get(lowered) or _BY_PRIMARY.get(lowered.split("-")[0])
