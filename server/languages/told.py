"""What was told in English before it was known who reads it: refusals and findings.

They are made where no language is known, kept with their photos, and printed by
commands. What of them people see on pages is listed here by its pattern, translated in
the catalogues, and found again by it. A test compares the patterns with the sources.
"""

import re
from collections.abc import Mapping
from functools import cache

from server.languages.catalogues import text_in
from server.languages.choice import ENGLISH, Language

LISTS = frozenset({"cells", "tags"})
"""Blanks that several of a kind fill."""

BLANK = re.compile(r"%\((\w+)\)s")


def N_(text: str) -> str:  # noqa: N802  (by this name pybabel finds what is translated later)
    """Return a text that is translated where it is shown."""
    return text


TOLD = (
    # Addresses
    N_("There is no %(what)s."),
    N_("Check the address, or begin at the board's page."),
    N_("Go back and use the page's own buttons."),
    N_("Go back and try again."),
    N_("It has been noted. Try again in a minute."),
    N_("Not Found."),
    N_("Method Not Allowed."),
    N_("Internal Server Error."),
    N_("Too many requests came from this address."),
    N_("Wait %(seconds)s seconds and try again."),
    # Who may do it
    N_("This is for staff."),
    N_("Open the link that the organiser sent you; boardcast invite prints a new one."),
    N_("This token has expired."),
    N_("Ask the organiser for a new one: boardcast invite."),
    N_("This token is not one of this site's, or was revoked."),
    N_("Copy the whole link again, or ask the organiser for a new one."),
    N_("This form is out of date; nothing was changed."),
    N_("Go back, reload the page and send it again."),
    N_("%(name)s took this photo back, not you."),
    N_("Ask them, or whoever is at the desk, to put it back."),
    # Uploads
    N_("The form carries too much."),
    N_("Shorten the texts, or send fewer photos at once."),
    N_("The upload is larger than %(size)s MiB."),
    N_("Send fewer photos at once, or smaller ones; 12 megapixels are plenty."),
    N_("The upload came too slowly and was given up."),
    N_("Go where the network is better, and send it again."),
    N_("Others are sending photos just now."),
    N_("Send it again in a few seconds."),
    N_("The upload carries no photo."),
    N_("This photo says that it was taken on %(day)s, long before this event."),
    N_(
        "If it is of today, the camera's clock is wrong: set it, and take the photo "
        "again. To try it with an old photo, give the board its date in event.toml."
    ),
    N_("Choose a photo first; its form field is called photo."),
    N_("Too many photos are being sent at the moment."),
    N_("Send it again in a minute."),
    # Files
    N_("The file is empty."),
    N_("The file is no photo in a format that Boardcast reads."),
    N_("The photo is damaged or incomplete."),
    N_("The photo takes too much memory to decode."),
    N_("The photo is stored in more than %(number)s passes over the picture."),
    N_(
        "The photo declares %(width)s x %(height)s pixels; at most %(most)s megapixels "
        "are read."
    ),
    N_(
        "The photo is %(width)s x %(height)s pixels; no side may be longer than %(most)s."
    ),
    N_("Send it in a smaller size; 12 megapixels are plenty."),
    N_("Send it in a smaller size, or in parts."),
    N_("Send the original photo again; the transfer may have broken off."),
    N_("Send a photo as JPEG, PNG, WebP, AVIF or HEIC."),
    N_("Send it as an ordinary JPEG, as the camera or a photo app saves it."),
    # Photos that cannot be used
    N_("The photo is too dark to be read."),
    N_("Switch on the light, or tap on the board, and take it again."),
    N_("The photo is too blurred to be read."),
    N_("Hold still, let it focus and take it again."),
    N_("None of the event's boards was found in the photo with certainty."),
    N_("Board %(slug)s was not found with certainty: %(doubt)s."),
    N_("The photo is very dark: switch on the light and take it again."),
    N_(
        "Take it again from further away, with the whole board and its headings in the "
        "picture, and check that it is this board."
    ),
    N_("The photo fits boards %(names)s about equally well."),
    N_("Say which board it shows."),
    N_("Only %(number)s of the 4 tags of board %(slug)s are visible."),
    N_(
        "Take the photo so that at least three corner tags are in it, whole and "
        "uncovered."
    ),
    # Findings
    N_("The photo is blurred. Hold still, let it focus and take it again."),
    N_(
        "The photo is blurred: %(number)s of %(count)s cards. Hold still, let it focus "
        "and take it again."
    ),
    N_("%(cells)s is blurred. Hold still and take it again."),
    N_("%(cells)s are blurred. Hold still and take it again."),
    N_("Glare hides part of %(cells)s. Take a step to the side and take it again."),
    N_(
        "A cell is only %(size)s pixels wide in the photo. Go closer, or take a larger "
        "picture."
    ),
    N_(
        "Letters are only %(size)s pixels high in the photo; most so small are misread. "
        "Go closer, or take a larger picture."
    ),
    N_(
        "Somebody is in front of %(cells)s. What was there before stays published; take "
        "it again when the way is clear."
    ),
    N_("The photo is dark. Switch on the light and take it again."),
    N_("The photo is overexposed. Tap on the board before you take it again."),
    N_(
        "The board is cut off at the %(side)s: %(share)s of it is in the photo. The rest "
        "stays as it was."
    ),
    N_(
        "%(tags)s moved. The board was placed by what else it shows: put each tag back "
        "at its corner of the cells."
    ),
    N_(
        "Only the tags say where the board is: no lines and no earlier photo agree. Check "
        "that each tag is at its corner of the cells, and compare the straight picture's "
        "rooms and hours with the board. A reference photo in event.toml lets Boardcast "
        "check it."
    ),
    N_(
        "This photo %(worse)s that of %(time)s, whose picture stays. What it says is "
        "added. Take another one."
    ),
    N_(
        "A photo taken after this one is already published, so its picture stays. What "
        "only this photo shows is added."
    ),
    N_(
        "This photo does not tell when it was taken, so the pictures of those that do "
        "stay, and no session is taken down by it. What only it shows is added. A "
        "facilitator can say at the desk when it was taken."
    ),
    N_(
        "This photo does not tell when it was taken. Its day is the one that stands on "
        "the wall."
    ),
    N_(
        "This photo does not tell when it was taken, and on the wall no day was read "
        "that decides. It counts for the day nearest to when it came."
    ),
)
"""Patterns of what is told."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "what": (
        N_('board "%(slug)s"'),
        N_("board %(slug)s"),
        N_("session %(id)s"),
        N_("photo %(id)s"),
        N_("photo %(id)s of yours"),
        N_("photo of the board %(title)s yet"),
        N_("such picture"),
    ),
    "worse": (N_("is much more blurred than"), N_("shows the board much smaller than")),
    "doubt": (N_("too little of it matches"),),
    "cells": (
        N_("%(cells)s and %(number)s more"),
        N_("%(cells)s and %(cell)s"),
        N_("%(cells)s, %(cell)s"),
        N_("%(room)s at %(time)s"),
    ),
    "cell": ("%(room)s at %(time)s",),
    "side": (N_("left"), N_("top"), N_("right"), N_("bottom")),
    "tags": (N_("%(tags)s and %(tag)s"), N_("Tag %(number)s (%(corner)s)")),
    "tag": (N_("tag %(number)s (%(corner)s)"),),
    "corner": (N_("top left"), N_("top right"), N_("bottom right"), N_("bottom left")),
}
"""Patterns of what may fill a blank, by its name, the longer lists first; other blanks
stay as they are."""


def told_in(language: Language, text: str) -> str:
    """Return something that was told in English in a language.

    As it is if it is of none of the patterns.
    """
    return text if language is ENGLISH else _told(language, text, TOLD)


def told_cells_in(language: Language, names: str) -> str:
    """Return cells that were named in English, named in a language."""
    return names if language is ENGLISH else _told(language, names, PARTS["cells"])


def _told(language: Language, text: str, patterns: tuple[str, ...]) -> str:
    for expression, source in _expressions(patterns):
        match = expression.fullmatch(text)
        if match is not None:
            blanks = {
                name: _told(language, value, PARTS.get(name, ()))
                for name, value in match.groupdict().items()
            }
            return text_in(language, source, **blanks)
    return text


@cache
def _expressions(patterns: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_expression(text), text) for text in patterns)


def _expression(text: str) -> re.Pattern[str]:
    named = (
        # Of a list all but its last.
        f"(?P<{part}>{'.+' if part in LISTS else '.+?'})"
        if index % 2
        else re.escape(part)
        for index, part in enumerate(BLANK.split(text))
    )
    return re.compile("".join(named), re.DOTALL)
