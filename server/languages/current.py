"""The language of the request that is just answered, and its texts.

Templates and views say `_` and `ngettext`; whatever looks at the language makes the
answer vary with it.
"""

import datetime as dt
from collections.abc import Callable
from typing import cast
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, has_request_context, request
from markupsafe import Markup

from server.languages import times
from server.languages.catalogues import counted_in, text_in
from server.languages.choice import (
    ENGLISH,
    LANGUAGES,
    Language,
    chosen_language,
    language_of,
)
from server.languages.told import told_cells_in, told_in

CHOICE = "lang"
"""Of the part of an address, and of the cookie, that say what a person chose."""

DEFAULT = "boardcast.language"
"""Under which name an app keeps what gives the language for whom any will do."""

REMEMBERED_S = 365 * 24 * 3600
"""How long a browser knows the choice: until the event's next year."""

ENGLISH_ONLY = frozenset({"desk"})
"""Blueprints that are not translated."""


def language() -> Language:
    """Return the language of this request; English outside of one."""
    if not has_request_context() or request.blueprint in ENGLISH_ONLY:
        return ENGLISH
    if "language" not in g:
        chosen = request.args.get(CHOICE) or request.cookies.get(CHOICE)
        accepted = request.headers.get("Accept-Language", "")
        known = chosen_language(chosen, accepted)
        g.language = known or language_of(_default()) or ENGLISH
    return cast("Language", g.language)


def gettext(text: str, **values: object) -> str:
    """Return a text in the language of this request, ``%(name)s`` in it filled in."""
    return text_in(language(), text, **values)


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """Return a text about a number of things, which ``%(num)s`` in it is."""
    return counted_in(language(), one, many, number, **values)


def told(text: str) -> str:
    """Return a refusal or finding, which is English, in the language of this request.

    Programs ask for no language; what they get stays as it is documented.
    """
    asks = request.headers.get("Accept-Language") or request.cookies.get(CHOICE)
    return told_in(language(), text) if asks else text


def told_cells(names: str) -> str:
    """Return cells that were named in English in the language of this request."""
    return told_cells_in(language(), names)


def clock_time(moment: dt.datetime) -> str:
    """Return a time of day as this request's language writes it."""
    return times.clock_in(language(), moment)


def month_day(day: dt.date) -> str:
    """Return a day without its year as this request's language writes it."""
    return times.month_day_in(language(), day)


def short_day(day: dt.date) -> str:
    """Return a day of this year in few signs, as this request's language writes it."""
    return times.day_in(language(), day)


def whole_day(day: dt.date) -> str:
    """Return a day with weekday and year as this request's language writes it."""
    return times.whole_day_in(language(), day)


def whole_moment(moment: dt.datetime) -> str:
    """Return day and time of day with everything that belongs to it."""
    return times.whole_moment_in(language(), moment)


def time_tag(moment: dt.datetime, text: str = "") -> Markup:
    """Return a time of day, or a text that says when, as an element."""
    return Markup('<time datetime="{}">{}</time>').format(
        moment.isoformat(), text or clock_time(moment)
    )


def zone_name(moment: dt.datetime) -> str:
    """Return the timezone of an aware time as this request's language says it."""
    return times.zone_in(language(), moment)


def here_in(tag: str) -> str:
    """Return the address of this page in another language: what comes after its path."""
    rest = [(key, value) for key, value in request.args.items(multi=True)]
    return "?" + urlencode(
        [pair for pair in rest if pair[0] != CHOICE] + [(CHOICE, tag)]
    )


def speak(app: Flask, default: Callable[[], str]) -> None:
    """Give an app's templates their language, and its answers what follows from it.

    Parameters
    ----------
    app : Flask
    default : callable
        Returns the tag of the language for whom any will do.
    """
    app.extensions[DEFAULT] = default
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.globals.update(
        here_in=here_in, language=language, languages=LANGUAGES
    )
    app.jinja_env.filters.update(
        clock_time=clock_time,
        month_day=month_day,
        time_tag=time_tag,
        told=told,
        told_cells=told_cells,
        whole_day=whole_day,
        whole_moment=whole_moment,
        zone_name=zone_name,
    )
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension's
        lambda text: text_in(language(), text),
        lambda one, many, number: counted_in(language(), one, many, number),
        newstyle=True,
    )
    app.after_request(keep_languages_apart)


def keep_languages_apart(response: Response) -> Response:
    """Tell caches what an answer varies with, and browsers what their person chose."""
    if "language" not in g:
        return response
    response.vary.update(("Accept-Language", "Cookie"))
    chosen = language_of(request.args.get(CHOICE, ""))
    if chosen is not None:
        # The same for all who ask at this address: caches may keep it.
        response.set_cookie(
            CHOICE,
            chosen.tag,
            max_age=REMEMBERED_S,
            path=f"{request.script_root}/",
            httponly=True,
            samesite="Lax",
        )
    return response


def _default() -> str:
    default: Callable[[], str] = current_app.extensions[DEFAULT]
    return default()
