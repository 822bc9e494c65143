"""``python -m benchmarks.desk``: how many keys set a day's cards right at the desk.

A browser without a window works through the queue as an ideal facilitator would, who has
the truth in hand: every key that goes down is counted, and what was published in the end
is compared with the truth.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import click
from playwright.sync_api import Page, sync_playwright
from rapidfuzz import fuzz

from benchmarks.fixing import Fields, Find
from benchmarks.folders import LAYOUT, PHOTO, TRUTH, load_case
from benchmarks.keys import (
    Keys,
    Texts,
    keys_for,
    keys_without_help,
    presses,
    wrong_characters,
)
from benchmarks.report import RefusingCommand, json_option, report
from benchmarks.running_site import running_site
from benchmarks.table import Table
from calibration.event import Event, ReferencePhoto
from calibration.layout import CellId
from calibration.profile import Profile, save_profile
from sample_boards.events import PYCON_US
from vision.registration.frame import UNIT_QUAD

SCHEMA = "boardcast/desk-keys/1"

SPARE = 4
"""Keys beside its wrong characters that a card may cost that is not right as read."""

PATIENCE_MS = 600_000
"""Until all is saved: keys are pressed faster than a busy machine saves."""

COSTLIEST = 10
"""Cards of the sample day that cost most without any help."""

ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
"""Chromium looks up its maker's services by itself: here it finds none of them."""

CARDS = """() => [...document.querySelectorAll('[data-card]')].map((card) => {
  const form = card.querySelector('form').elements;
  return {
    id: card.id, room: form.room.value, slot: form.slot.value,
    text: card.querySelector('img').alt.replace('Card, as read: ', ''),
    stands: [form.title.value, form.description.value, form.host.value],
    ways: [...card.querySelectorAll('[name=way]')].map(
      ({ dataset: way }) => [way.title, way.description, way.host]),
    unsure: [...card.querySelectorAll('mark')].flatMap(
      (mark) => mark.textContent.match(WORD) ?? []),
  };
})"""
"""What the desk shows of its cards."""

WATCH = """() => {
  window.waits = [];
  document.addEventListener('keydown', ({ key }) => {
    if (key !== 'Enter') return;
    const began = performance.now();
    const look = () => {
      const image = document.querySelector('.current img');
      if (image && !image.complete) return void requestAnimationFrame(look);
      if (image) window.waits.push(performance.now() - began);
    };
    requestAnimationFrame(look);
  });
}"""
"""Notes how long it takes from Enter until the next card is drawn, with its picture."""

FOUND = """([id, texts, typed]) => {
  const find = menderOf(document.getElementById(id), texts);
  return typed.map(find);
}"""
"""What the field "Fix" of a card makes of what is typed, for texts in its fields."""

CURRENT = "() => document.querySelector('.current:not(.desk-checked)')?.id ?? null"


@dataclass(frozen=True, slots=True)
class TrueTexts:
    """A card as it is.

    Parameters
    ----------
    cell : CellId
    text : str
        All of it.
    texts : Texts
        What belongs into the fields; no description where nobody wrote down one.
    legible : bool
        Whether a person can read it.
    """

    cell: CellId
    text: str
    texts: Texts
    legible: bool = True


@dataclass(frozen=True, slots=True)
class Done:
    """A card that was set right.

    Parameters
    ----------
    title : str
        As it is.
    wrong : int
        Characters that were wrong, split as well as any way that is offered.
    keys : Keys
        That were pressed.
    before : int
        Keys it would have cost without any help.
    right : bool
        Whether it was right as it stood.
    kept : bool
        Whether it is right now.
    """

    title: str
    wrong: int
    keys: Keys
    before: int
    right: bool
    kept: bool = False

    @property
    def cost(self) -> int:
        """How many keys went down."""
        return presses(self.keys)

    @property
    def allowed(self) -> int:
        """How many may."""
        return 1 if self.right else self.wrong + SPARE


def sample_day() -> tuple[TrueTexts, ...]:
    """Return what hangs on the first sample board in the end."""
    return tuple(
        TrueTexts(
            CellId(card.room, card.slot),
            card.text.replace("\n", " "),
            Texts(card.title, card.description, card.host),
        )
        for card in PYCON_US.truth(PYCON_US.photos[-1]).cards
    )


def real_board(folder: Path) -> tuple[TrueTexts, ...]:
    """Return what hangs on a real board, typed by hand; see docs/bench.md."""
    layout = json.loads((folder / LAYOUT).read_text("utf-8"))
    entries = json.loads((folder / TRUTH).read_text("utf-8"))["cards"]
    placed = [entry for entry in entries if entry["cell"] is not None]
    return tuple(
        TrueTexts(
            CellId(
                layout["rooms"][entry["cell"][0]],
                layout["slots"][entry["cell"][1] - layout["first_row"]],
            ),
            entry["text"] or "",
            Texts(entry["title"] or "", None, entry["who"] or ""),
            entry["legible"] and not entry.get("partial", False),
        )
        for entry in placed
    )


def save_event(board: Path, folder: Path) -> Path:
    """Write a profile for a real board whose photo is its own reference."""
    case = load_case(board)
    shutil.copyfile(board / PHOTO, folder / PHOTO)
    corners = case.area_from_photo.quad_photo(UNIT_QUAD)
    profile = Profile(
        Event(board.name, ZoneInfo("UTC"), "os", "#openspace"),
        (replace(case.board, reference=ReferencePhoto(Path(PHOTO), corners)),),
    )
    save_profile(profile, folder / "event.toml")
    return folder / "event.toml"


def set_right(
    page: Page, truth: Sequence[TrueTexts]
) -> tuple[tuple[Done, ...], list[float]]:
    """Work through the queue of a desk; return the cards, and how long each next took."""
    cards = {card["id"]: card for card in page.evaluate(CARDS)}
    true = matched(cards, truth)
    page.evaluate(WATCH)
    done: dict[str, Done] = {}
    wanted: dict[str, Texts] = {}
    while card_id := page.evaluate(CURRENT):
        card, known = cards[card_id], true.get(card_id)
        if known is None:
            _press(page, ("H",))
        elif not known.legible:
            _press(page, ("Enter",))
        else:

            def find(
                texts: Fields, typed: Sequence[str], card_id: str = card_id
            ) -> list[list[Fields]]:
                found = page.evaluate(FOUND, [card_id, texts, list(typed)])
                return [[tuple(one) for one in ones] for ones in found]

            done[card_id] = planned(card, known.texts, find)
            wanted[card_id] = known.texts
            _press(page, done[card_id].keys)
        page.wait_for_selector(
            f"#{card_id}.current:not(.desk-checked)", state="detached"
        )
    page.wait_for_selector("[data-saving]", state="detached")
    waits_ms = page.evaluate("window.waits")
    page.reload()
    after = {card["id"]: Texts(*card["stands"]) for card in page.evaluate(CARDS)}
    kept = tuple(
        replace(one, kept=wrong_characters(after[card_id], wanted[card_id]) == 0)
        for card_id, one in done.items()
    )
    return kept, waits_ms


def planned(card: Mapping[str, Any], wanted: Texts, find: Find | None = None) -> Done:
    """Return what is to be done with a card."""
    ways = [Texts(*way) for way in card["ways"]]
    stands = ways[0]
    return Done(
        title=wanted.title,
        wrong=min(wrong_characters(way, wanted) for way in ways),
        keys=keys_for(ways, wanted, card["unsure"], find),
        before=presses(keys_without_help(stands, wanted)),
        right=wrong_characters(stands, wanted) == 0,
    )


def matched(
    cards: Mapping[str, Mapping[str, Any]], truth: Sequence[TrueTexts]
) -> dict[str, TrueTexts]:
    """Return, by card id, which true card each is: the most alike in its cell first."""
    pairs = sorted(
        (
            (-fuzz.ratio(card["text"].replace("\n", " "), true.text), card_id, number)
            for card_id, card in cards.items()
            for number, true in enumerate(truth)
            if (card["room"], card["slot"]) == true.cell
        ),
    )
    found: dict[str, TrueTexts] = {}
    taken: set[int] = set()
    for _, card_id, number in pairs:
        if card_id not in found and number not in taken:
            found[card_id] = truth[number]
            taken.add(number)
    return found


def board_row(
    name: str, done: Sequence[Done], waits_ms: Sequence[float]
) -> tuple[Any, ...]:
    """Return what a board cost."""
    right = [one for one in done if one.right]
    others = [one for one in done if not one.right]
    return (
        name,
        len(right),
        max((one.cost for one in right), default=None),
        len(others),
        sum(one.wrong for one in others),
        sum(one.cost for one in others),
        sum(one.before for one in others),
        sum(one.cost <= one.allowed for one in others),
        sum(one.kept for one in done),
        round(median(waits_ms)) if waits_ms else None,
        round(max(waits_ms)) if waits_ms else None,
    )


BOARD_COLUMNS = (
    "board", "right", "keys each", "others", "wrong characters", "keys",
    "keys without help", f"within wrong + {SPARE}", "right in the end",
    "next card, ms", "at most",
)  # fmt: skip

CARD_COLUMNS = ("card", "wrong", "keys", "without help", "which")


def card_rows(done: Sequence[Done]) -> tuple[tuple[Any, ...], ...]:
    """Return what single cards cost."""
    return tuple(
        (one.title, one.wrong, one.cost, one.before, " ".join(one.keys)) for one in done
    )


def _press(page: Page, keys: Keys) -> None:
    for key in keys:
        if len(key) == 1:
            page.keyboard.type(key)
        else:
            page.keyboard.press(key)


@contextmanager
def _desk(url: str, token: str) -> Iterator[Page]:
    """Open the desk of a site's board that matters now."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", ALONE]
        )
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{url}/sign-in/{token}")
        yield page
        browser.close()


def measured(
    url: str, token: str, name: str, truth: Sequence[TrueTexts]
) -> tuple[tuple[Any, ...], tuple[Done, ...]]:
    """Return what a running site's board cost, as a row, and its cards."""
    with _desk(url, token) as page:
        page.wait_for_selector(".current")
        page.wait_for_selector("#desk:not([data-words])")
        done, waits_ms = set_right(page, truth)
    return board_row(name, done, waits_ms), done


@click.command(
    cls=RefusingCommand,
    epilog="Example: python -m benchmarks.desk ../shared/boards/socrates-2013-saturday",
)
@click.argument(
    "boards",
    nargs=-1,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@json_option()
def main(boards: tuple[Path, ...], json_path: Path | None) -> None:
    """Count the keys that set the sample day right, and real BOARDS with truth."""
    rows, tables = [], []
    for board in (None, *boards):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if board is None:
                event, photos = PYCON_US.profile_path, PYCON_US.photos
                truth, title = sample_day(), "sample day"
            else:
                event, photos = save_event(board, folder), (folder / PHOTO,)
                truth, title = real_board(board), board.name
            with running_site(folder, event, photos, settled=True) as site:
                row, done = measured(site.url, site.facilitator, title, truth)
        rows.append(row)
        tables += card_tables(title, done, costliest=board is None)
    report(
        [Table("Keys at the desk", BOARD_COLUMNS, tuple(rows)), *tables],
        (),
        SCHEMA,
        json_path,
    )


def card_tables(title: str, done: Sequence[Done], *, costliest: bool) -> list[Table]:
    """Return the cards that cost more than they may; and those that cost most before."""
    over = [one for one in done if one.cost > one.allowed]
    tables = [Table(f"{title}: over what is allowed", CARD_COLUMNS, card_rows(over))]
    if costliest:
        most = sorted(done, key=lambda one: -one.before)[:COSTLIEST]
        now, before = (
            sum(getattr(one, name) for one in most) for name in ("cost", "before")
        )
        name = f"{title}: the {COSTLIEST} that cost most without help: {now}, were {before}"
        tables.append(Table(name, CARD_COLUMNS, card_rows(most)))
    return tables


if __name__ == "__main__":
    main()
