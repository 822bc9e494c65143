"""Nothing that staff photographed is lost or doubled, whatever answers: in a browser."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from server.store.photos import add_findings, photos_of, set_state
from vision.reading import Finding

pytestmark = pytest.mark.browser

UNREACHED = "No network, or the server cannot be reached."
STRANGER = "Something else answered in the server's place"
FAULTS = {
    "cut": UNREACHED,
    "lost": UNREACHED,
    "portal": STRANGER,
    "moved": STRANGER,
    "proxy": STRANGER,
    "other json": STRANGER,
    "busy": "Others are sending. Wait.",
}


FORGET_FIRST_BYTES = """async () => {
  const [{ name }] = await indexedDB.databases();
  const opened = indexedDB.open(name);
  await new Promise((done) => (opened.onsuccess = done));
  const change = opened.result.transaction(["photos", "bytes"], "readwrite");
  const photos = change.objectStore("photos").getAll();
  photos.onsuccess = () => {
    const [first] = photos.result.sort((one, other) => one.at - other.at);
    change.objectStore("bytes").delete(first.name);
  };
  await new Promise((done) => (change.oncomplete = done));
  opened.result.close();
}"""


@pytest.fixture
def stored(site):
    def stored():
        with site.database.read() as session:
            return photos_of(session, None)

    return stored


def choose(page: Page, *pictures, at="#files"):
    page.set_input_files(at, list(pictures))


def line_is_back(page: Page):
    page.evaluate("dispatchEvent(new Event('online'))")


def arrived(page: Page, count: int):
    expect(page.locator("#photos li.photo")).to_have_count(count)
    expect(page.locator("#outbox")).to_be_hidden()


def test_photo_arrives_once_and_it_is_said_what_stands_in_the_way(
    phone, line, stored, picture
):
    for number, (fault, words) in enumerate(FAULTS.items(), start=1):
        phone.reload()  # its parts have their first size
        line.faults.extend(["", fault])  # with the second part
        line.asked.clear()
        choose(phone, picture(number))

        expect(phone.locator("#outbox-why")).to_contain_text(words)
        expect(phone.locator("#said")).to_contain_text(words)
        assert len(stored()) == number - (fault != "lost")
        line_is_back(phone)
        arrived(phone, number)
        assert len(stored()) == number
        # What had arrived was not sent again.
        offsets = [query.split("&")[0] for kind, query in line.asked if kind == "POST"]
        again = [] if fault == "lost" else ["offset=524288"]
        assert offsets == ["offset=0", "offset=524288", *again]
        assert phone.locator(".again").count() == 0

    # A proxy that nobody set up: smaller parts go through.
    line.faults.extend(["too large"] * 2)
    choose(phone, picture(99))
    arrived(phone, len(FAULTS) + 1)


def test_photos_wait_through_a_reload_and_a_restart_of_the_server(
    phone, line, start, stored, picture
):
    port = int(phone.url.split(":")[2].split("/")[0])
    line.faults.extend(["cut"] * 9)
    choose(phone, picture(1), picture(2))
    expect(phone.locator("#outbox-why")).to_contain_text(UNREACHED)

    phone.reload()
    expect(phone.locator("#outbox li")).to_have_count(2)
    expect(phone.locator("#outbox canvas")).to_have_count(2)
    start.stop()
    line.faults.clear()
    line_is_back(phone)
    expect(phone.locator("#outbox-why")).to_contain_text(UNREACHED)
    start(port)
    choose(phone, picture(1))  # the same once more
    line_is_back(phone)

    arrived(phone, 2)
    assert len(stored()) == 2


def test_photo_that_this_browser_has_lost_holds_up_no_other(
    phone, line, stored, picture
):
    line.faults.extend(["cut"] * 9)
    choose(phone, picture(1), picture(2))
    expect(phone.locator("#outbox li")).to_have_count(2)
    phone.evaluate(FORGET_FIRST_BYTES)
    line_is_back(phone)
    # Only now is the line well: a try that had read the bytes before must not get through.
    expect(phone.locator("#outbox")).to_contain_text("Choose it again.")
    line.faults.clear()
    line_is_back(phone)

    expect(phone.locator("#photos li.photo")).to_have_count(1)
    expect(phone.locator("#outbox")).to_contain_text("Choose it again.")
    assert len(stored()) == 1


def test_line_that_stalls_is_left_and_the_photo_goes_on(phone, line, stored, picture):
    phone.clock.install()
    phone.reload()
    line.faults.extend(["", "hang"])
    choose(phone, picture(1))
    expect(phone.locator("#outbox strong")).to_have_text("Sent. It is being looked at…")

    phone.clock.fast_forward(31_000)
    expect(phone.locator("#outbox-why")).to_contain_text("The line is stuck.")
    phone.clock.fast_forward(3_000)  # it is tried again by itself

    arrived(phone, 1)
    assert [query.split("&")[0] for _, query in line.asked if query] == [
        "offset=0",
        "offset=524288",
        "offset=524288",
    ]
    line.released.set()
    assert len(stored()) == 1


@pytest.mark.parametrize("secure", [True, False], ids=["https", "http"])
def test_same_photo_twice_is_one_and_says_so(phone, line, stored, picture, secure):
    if not secure:
        phone.add_init_script(
            "Object.defineProperty(crypto, 'subtle', {value: undefined})"
        )
        phone.reload()
    choose(phone, picture(1), at="#camera")
    arrived(phone, 1)
    line.asked.clear()

    choose(phone, picture(1), picture(2))

    arrived(phone, 2)
    expect(phone.locator(".again")).to_have_text("Already here, sent 10:05.")
    assert len(stored()) == 2
    # With the hash it is known before it is sent. What went quickly goes in one part.
    assert [kind for kind, _ in line.asked].count("POST") == (1 if secure else 2)
    assert {record.source for record in stored()} == {"camera", "file"}


def test_staff_see_what_came_of_it_and_hear_it(phone, site, stored, picture):
    text = {**picture(2), "name": "b.txt", "buffer": b"text"}
    choose(phone, picture(1), text)
    refused = phone.locator("#outbox .photo-refused")
    expect(refused).to_contain_text("The file is no photo in a format")
    assert len(stored()) == 1
    phone.reload()
    expect(refused).to_contain_text("b.txt")
    refused.locator("button", has_text="Remove from this list").click()
    expect(phone.locator("#outbox")).to_be_hidden()

    (sent,) = stored()
    button = phone.locator("#photos button", has_text="Take back")
    button.focus()
    choose(phone, picture(1))  # from now on the page says what comes of it
    with site.database.write() as session:
        set_state(session, sent.id, "straightened", "friday")
        add_findings(session, sent.id, [Finding("dark", "m")])
    expect(phone.locator("#photos .remarks")).to_have_text(
        "Too dark. Switch on the light and take it again."
    )
    expect(phone.locator("#said")).to_contain_text("Friday")
    expect(button).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.locator("#photos .photo-state")).to_have_text("Taken back")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_taking_back_waits_for_the_network_and_is_done_once(
    phone, line, start, picture
):
    port = int(phone.url.split(":")[2].split("/")[0])
    choose(phone, picture(1), picture(2))
    arrived(phone, 2)
    newest = phone.locator("#photos li.photo >> nth=0")
    note = newest.locator(".acting")
    state = newest.locator(".photo-state")
    for fault, words in [
        ("cut", "No network, or the server cannot be reached. It is kept"),
        ("lost", "No network, or the server cannot be reached. It is kept"),
        ("portal", STRANGER),
        ("proxy", STRANGER),
    ]:
        line.faults.append(fault)
        turn = "Take back" if state.inner_text() != "Taken back" else "Put back"
        newest.locator("button", has_text=turn).click()
        expect(note).to_contain_text(words)
        expect(note).to_contain_text(turn)
        line_is_back(phone)
        expect(note).to_have_count(0)
        button = "Put back" if turn == "Take back" else "Take back"
        expect(newest.locator("button", has_text=button)).to_be_visible()

    # Away for longer, and loaded anew meanwhile; the other one is thought over.
    older = phone.locator("#photos li.photo >> nth=1")
    start.stop()
    newest.locator("button", has_text="Take back").click()
    older.locator("button", has_text="Take back").click()
    older.locator(".acting button", has_text="Do not send it").click()
    expect(note).to_contain_text("It is kept on this phone")
    start(port)
    phone.reload()
    expect(state).to_have_text("Taken back")
    expect(note).to_have_count(0)
    expect(older.locator("button", has_text="Take back")).to_be_visible()
    taken_back = [query for kind, query in line.asked if kind == "POST" and not query]
    assert len(taken_back) == 9  # five acts, four of them sent again


CAMERA = """() => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 640, height: 480});
  const shown = (window.shown = {shade: 200, shift: 0, speed: 0});
  setInterval(() => {
    const context = canvas.getContext("2d");
    context.fillStyle = `rgb(${shown.shade}, ${shown.shade}, ${shown.shade})`;
    context.fillRect(0, 0, 640, 480);
    context.fillStyle = "black";
    shown.shift = (shown.shift + shown.speed) % 160;
    for (let x = shown.shift; x < 640; x += 160) context.fillRect(x, 0, 80, 480);
  }, 50);
  navigator.mediaDevices.getUserMedia = async () => (shown.empty ? new MediaStream() : canvas.captureStream(30));
  delete window.ImageCapture;
}"""


def test_camera_with_a_frame_says_what_is_wrong_and_takes_a_photo(phone, stored):
    phone.add_init_script(f"({CAMERA})()")
    phone.reload()
    phone.locator("#live-open").focus()
    phone.keyboard.press("Enter")
    advice = phone.locator("#live-advice")
    expect(advice).to_have_text(
        "The whole board inside the frame, as large as it goes."
    )
    phone.evaluate("shown.shade = 20")
    expect(advice).to_have_text("Too dark. Switch on the light.")
    phone.evaluate("Object.assign(shown, {shade: 200, speed: 7})")
    expect(advice).to_have_text("Hold still.")
    phone.keyboard.press("Escape")
    expect(phone.locator("#live")).to_be_hidden()

    phone.evaluate("shown.empty = true")  # as a camera is at first
    phone.locator("#live-open").click()
    expect(phone.locator("#live-take")).to_be_disabled()
    phone.keyboard.press("Escape")
    phone.evaluate("shown.empty = false")
    phone.locator("#live-open").click()
    phone.locator("#live-take").click()

    arrived(phone, 1)
    (sent,) = stored()
    assert (sent.source, sent.dated) == ("camera", True)


SLOW = """() => {
  const { mediaDevices } = navigator;
  const ask = mediaDevices.getUserMedia;
  window.streams = [];
  mediaDevices.getUserMedia = async (...wanted) => {
    await new Promise((done) => setTimeout(done, 100)); // as long as a person is asked
    const stream = await ask(...wanted);
    streams.push(stream);
    return stream;
  };
  window.ImageCapture = class { getPhotoCapabilities() { return new Promise(() => {}); } };
}"""


def test_camera_that_says_nothing_of_its_photos_opens_once_and_ends(phone):
    phone.add_init_script(f"({CAMERA})(); ({SLOW})()")
    phone.reload()
    phone.locator("#live-open").dblclick()
    expect(phone.locator("#live")).to_be_visible()
    expect(phone.locator("#live-take")).to_be_enabled()
    phone.keyboard.press("Escape")

    expect(phone.locator("#live")).to_be_hidden()
    states = (
        "() => streams.flatMap((one) => one.getTracks()).map((one) => one.readyState)"
    )
    assert phone.evaluate(states) == ["ended"]


def test_live_camera_draws_the_outline_of_the_board(aimed, line, area_in_video):
    outline, advice = aimed.locator("#live polygon"), aimed.locator("#live-advice")
    aimed.locator("#live-open").click()

    expect(outline).to_have_attribute("points", re.compile("0"), timeout=60_000)
    expect(advice).to_have_text("That is the board: take the photo.")
    points = np.array(
        [
            [float(part) for part in corner.split(",")]
            for corner in outline.get_attribute("points").split()
        ]
    )
    assert np.abs(points - area_in_video).max() < 0.01
    video, drawn = aimed.locator("#live video"), aimed.locator("#live svg")
    assert video.bounding_box() == drawn.bounding_box()

    # The network goes: the page says what it knows by itself.
    line.away = True
    expect(outline).to_have_attribute("points", "", timeout=20_000)
    expect(advice).to_have_text(
        "The whole board inside the frame, as large as it goes."
    )


def test_photo_that_is_due_is_told_in_the_title(phone, clock):
    assert phone.title() == "(!) Photo due · Send a photo · PyCon US 2024"
    expect(phone.locator(".due-now")).to_have_text(
        "Time for the first photo of Friday."
    )
    clock.at(23)
    phone.reload()
    expect(phone.locator("#due")).to_be_hidden()
    assert phone.title() == "Send a photo · PyCon US 2024"


def test_page_is_left_with_a_question_only_if_something_could_be_lost(
    browser, site, start, line, picture
):
    line.faults.extend(["cut"] * 99)
    asked = []
    for keeps in (True, False):
        context = browser.new_context()
        page = context.new_page()
        if not keeps:
            page.add_init_script(
                "Object.defineProperty(window, 'indexedDB', {value: undefined})"
            )
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        token = site.tokens.issue("staff", "Sam")
        page.goto(f"http://127.0.0.1:{start()}/sign-in/{token}")
        page.locator("h1").click()
        choose(page, picture(1))
        expect(page.locator("#outbox-why")).to_contain_text(UNREACHED)
        page.reload()
        expect(page.locator("#outbox li")).to_have_count(int(keeps))
        context.close()

    assert asked == ["beforeunload"]
