"""The board's title: the day of the week that stands on it."""

from collections.abc import Iterable

from vision.proposal.words import Word

DAYS = (
    ("Monday", "Montag", "lundi", "lunes", "lunedì", "maandag"),
    ("Tuesday", "Dienstag", "mardi", "martes", "martedì", "dinsdag"),
    ("Wednesday", "Mittwoch", "mercredi", "miércoles", "mercoledì", "woensdag"),
    ("Thursday", "Donnerstag", "jeudi", "jueves", "giovedì", "donderdag"),
    ("Friday", "Freitag", "vendredi", "viernes", "venerdì", "vrijdag"),
    ("Saturday", "Samstag", "samedi", "sábado", "sabato", "zaterdag"),
    ("Sunday", "Sonntag", "dimanche", "domingo", "domenica", "zondag"),
)
"""The days of the week, from Monday, in the languages of Boardcast's conferences."""

_KNOWN = {name.casefold(): name for names in DAYS for name in names}


def title_in(words: Iterable[Word]) -> str:
    """Return the largest word that is a day of the week; empty if there is none."""
    days = [word for word in words if word.text.strip(".:,").casefold() in _KNOWN]
    largest = max(days, key=lambda one: one.quad_photo.size_wh[1], default=None)
    return _KNOWN[largest.text.strip(".:,").casefold()] if largest else ""
