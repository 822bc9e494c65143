"""How much a person has to do to set a board up from its bare photo.

``python -m benchmarks.setup_clicks BOARD...`` opens the page of ``boardcast calibrate`` on
each photo in Chromium. An ideal person with the truth in hand puts right what is wrong
(`benchmarks.setup_plan`) and saves; the event.toml is compared with the truth.
"""

import argparse
import datetime as dt
import json
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, ViewportSize, sync_playwright

from benchmarks.setup_plan import (
    Act,
    Right,
    Truth,
    corner_drags,
    line_drags,
    naming,
    right_parts,
    seconds,
    truth_of,
    typing,
)
from calibration.geometry import Rect
from calibration.profile import load_profile
from server.setup.choices import start_of
from server.setup.drafts import Wishes
from server.setup.page import SetupTask, serve_until_saved
from server.setup.sheets import sheet_of
from vision.image.photo import Photo
from vision.proposal import propose_layout
from vision.recognition.rapid_models import load_text_models, wheel_models

VIEWPORT = ViewportSize(width=1280, height=900)

WHOLE = Rect(0, 0, 1, 1).to_quad()
"""What stands for an area that was not kept: it is wrong, and counts as that."""

SETTLED_MS = 400
"""Until the page has asked for its next picture."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """What a board took: what was right at first and is at last, acts, and seconds."""

    name: str
    first: Right
    last: Right
    acts: tuple[Act, ...]
    machine_s: float
    person_s: float

    def count(self, kind: str) -> int:
        """Return how many acts of a kind there were."""
        return sum(act.kind == kind for act in self.acts)


def set_up(folder: Path, page: Page, shots: Path | None) -> SetUp:
    """Set a board up as an ideal person does."""
    photo_path = folder / "photo.jpg"
    truth = truth_of(json.loads((folder / "layout.json").read_text("utf-8")))
    photo = Photo.decode(photo_path.read_bytes())
    began = time.monotonic()
    proposal = propose_layout(photo.pixels, load_text_models(wheel_models()))
    machine_s = time.monotonic() - began
    taken_on = (photo.taken_at or dt.datetime.now().astimezone()).date()
    start = start_of(Wishes(), proposal, None, taken_on, photo.size_wh)
    with tempfile.TemporaryDirectory() as place:
        event = Path(place) / "event.toml"
        task = SetupTask(photo, photo_path, event, start)
        address: list[str] = []
        opened = threading.Event()

        def told(url: str) -> None:
            address.append(url)
            opened.set()

        server = threading.Thread(
            target=serve_until_saved, args=(task, "measured", told), daemon=True
        )
        server.start()
        opened.wait()
        page.goto(address[0])
        page.locator("#preview[src]").wait_for()
        first = right_parts(_sheet(page), truth)
        if shots:
            page.screenshot(path=shots / f"{folder.name}-1.png", full_page=True)
        acts = tuple(_put_right(page, truth))
        page.wait_for_timeout(SETTLED_MS)
        if shots:
            page.screenshot(path=shots / f"{folder.name}-2.png", full_page=True)
        page.get_by_role("button", name="Save").click()
        page.get_by_role("heading", name="is written to").wait_for()
        server.join()
        (board,) = load_profile(event).boards
        area = board.reference.corners if board.reference else WHOLE
        saved = sheet_of(board, area, "").model_dump(mode="json")
    last = right_parts(saved, truth)
    looked_at = 4 + last.of_lines + last.of_names
    return SetUp(folder.name, first, last, acts, machine_s, seconds(acts, looked_at))


def _put_right(page: Page, truth: Truth) -> Iterable[Act]:
    """Do and yield what has to be done, in the order that the page recommends."""
    for plan in (naming, corner_drags, line_drags, typing):
        for act in plan(_sheet(page), truth):
            _do(page, act)
            yield act


def _sheet(page: Page) -> dict[str, Any]:
    sheet: dict[str, Any] = page.evaluate("sheet")
    return sheet


def _do(page: Page, act: Act) -> None:
    match act.kind:
        case "drag":
            _drag(page, act)
        case "type":
            page.locator(f"#{act.what}").click()
            for key in act.keys:
                if len(key) == 1:
                    page.keyboard.insert_text(key)
                else:
                    page.keyboard.press(key)
        case "remove":
            page.locator(f"#{act.what} > li").nth(act.index).get_by_role(
                "button"
            ).click()
        case "add":
            page.locator(f"[data-add={act.what}]").click()


def _drag(page: Page, act: Act) -> None:
    handle = page.locator(f"#{act.what} circle")
    handle.scroll_into_view_if_needed()
    handle.hover()
    page.mouse.down()
    x, y = page.evaluate(
        "([x, y]) => { const at = new DOMPoint(x, y).matrixTransform("
        "document.getElementById('stage').getScreenCTM()); return [at.x, at.y]; }",
        list(act.to),
    )
    page.mouse.move(x + 1, y)
    page.mouse.move(x, y)
    page.mouse.up()


def table(rows: Iterable[SetUp]) -> str:
    """Return what boards took as a table in Markdown."""
    head = (
        "| board | right at first: corners, lines, headings | drags | removed, added | "
        "typed (keys) | minutes | right when saved |\n|---|---|---|---|---|---|---|"
    )
    return "\n".join([head, *map(_row, rows)])


def _row(one: SetUp) -> str:
    keys = sum(len(act.keys) for act in one.acts)
    cells = (
        one.name,
        _right(one.first),
        f"{one.count('drag')}",
        f"{one.count('remove')}, {one.count('add')}",
        f"{one.count('type')} ({keys})",
        f"{one.person_s / 60:.1f}",
        _right(one.last),
    )
    return f"| {' | '.join(cells)} |"


def _right(parts: Right) -> str:
    return (
        f"{parts.corners} of 4, {parts.lines} of {parts.of_lines}, "
        f"{parts.names} of {parts.of_names}"
    )


def main() -> None:
    """Measure the boards that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("boards", nargs="+", type=Path, help="Folders with a layout.")
    parser.add_argument("--shots", type=Path, help="Folder for pictures of the page.")
    options = parser.parse_args()
    if options.shots:
        options.shots.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        for folder in options.boards:
            page = browser.new_page(viewport=VIEWPORT)
            rows.append(set_up(folder, page, options.shots))
            print(_row(rows[-1]), f"{rows[-1].machine_s:.1f} s to propose", flush=True)
            page.close()
    print(table(rows))


if __name__ == "__main__":
    main()
