import json

import pytest

from server.schedule.corrections.idea import MAX_IDEAS, SetIdea
from server.store.ballots import counts_of, idea_question
from server.store.corrections import append_correction, corrections_of

IDEAS = "/os/friday/ideas"
SOMALI = "Af-Soomaali \u202e<script>alert(1)</script>"


@pytest.fixture
def desk(client, sign_in):
    """Do something with an idea at the desk."""
    token = sign_in()

    def desk(action, status=303, **fields):
        data = {"csrf_token": token, "action": action, **fields}
        answer = client.post("/desk/friday/ideas", data=data)
        assert answer.status_code == status, answer.text
        return answer

    desk.client, desk.token = client, token
    return desk


def told(app):
    """Return what the JSON tells of ideas, by their texts."""
    document = json.loads(app.test_client().get("/os/friday.json").data)
    return {
        one["text"]: (one["interested"], one["session"]) for one in document["ideas"]
    }


def add(device, text, **more):
    return device.post(IDEAS, data={"text": text, **more})


def come(device, text, **more):
    path = f"{IDEAS}/{SetIdea.new('friday', text).idea}"
    return device.post(path, follow_redirects=True, **more)


@pytest.mark.databases
def test_anybody_adds_an_idea_before_the_first_photo_and_others_would_come(app, device):
    answer = add(device(), "Growing   tomatoes")
    add(device(), "growing Tomatoes")  # by somebody else, or pressed twice
    assert answer.location == f"{IDEAS}?said=added"
    ada, ben = device(), device()
    assert "You are counted." in come(ada, "Growing tomatoes").text
    assert "You were counted before" in come(ada, "Growing tomatoes").text
    come(ben, "Growing tomatoes")

    assert told(app) == {"Growing tomatoes": (2, None)}
    page = device().get("/os/friday").text
    assert "2 would come" in page
    assert "Set-Cookie" not in device().get("/os/friday").headers
    assert "You would come" in ada.get(IDEAS).text


def test_device_without_a_cookie_is_given_one_first_and_counts_then(app, device):
    add(device(), "Chess")
    path = f"{IDEAS}/{SetIdea.new('friday', 'Chess').idea}"
    first = device().post(path)

    assert (first.status_code, first.location) == (307, f"{path}?cookie=1")
    no_cookies = app.test_client(use_cookies=False)
    assert no_cookies.post(f"{path}?cookie=1").location.endswith("said=no-cookie")
    forged = device()
    forged.set_cookie("boardcast-device", "made.up")
    assert forged.post(path).status_code == 307
    assert told(app) == {"Chess": (0, None)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 5000, "5000 characters"),
        ("  \n ", "cannot be kept"),
        ("bell \x07 rings", "cannot be kept"),
        (SOMALI, "cannot be kept"),
    ],
)
def test_refused_idea_stands_in_its_field_and_is_not_kept(app, device, text, said):
    answer = add(device(), text)

    assert answer.status_code == 422
    assert said in answer.text
    kept = answer.text.split("<textarea")[1].split("\n", 1)[1].split("</textarea>")[0]
    assert kept.replace("&lt;", "<").replace("&gt;", ">") == text
    assert told(app) == {}


def test_idea_of_any_language_or_script_tag_is_shown_as_text(app, device):
    texts = ["לימוד פייתון", "<script>alert(1)</script>", "Code 👩\u200d💻"]
    for text in texts:
        add(device(), text)

    assert list(told(app)) == texts
    page = device().get("/os/friday").text
    assert "<script>alert" not in page
    assert "<bdi>לימוד פייתון</bdi>" in page


def test_script_is_stopped_by_its_address_by_the_trap_and_by_another_site(app, device):
    assert add(device(), "Buy pills", website="http://spam").status_code == 303
    foreign = {"Origin": "https://evil.example", "Host": "board.example"}
    assert device().post(IDEAS, data={"text": "No"}, headers=foreign).status_code == 403
    assert told(app) == {}

    answers = [add(device(), f"Idea {number}") for number in range(12)]

    assert sum(one.status_code == 303 for one in answers) == 10
    last = answers[-1]
    assert (last.status_code, "Idea 11" in last.text) == (429, True)
    assert int(last.headers["Retry-After"]) > 0
    codes = [come(device(), "Idea 1").status_code for _ in range(62)]
    assert codes.count(200) == 60  # each needs two requests of the 120
    assert told(app)["Idea 1"] == (60, None)


def test_list_holds_so_many_ideas(site, device):
    with site.database.write() as session:
        for number in range(MAX_IDEAS):
            append_correction(
                session, "friday", SetIdea.new("friday", f"Idea {number}"),
                author="Ada", made_at=site.clock(),
            )  # fmt: skip

    answer = add(device(), "One more")

    assert (answer.status_code, "list of ideas is full" in answer.text) == (422, True)


@pytest.mark.parametrize("event_says", [{}])
def test_only_facilitators_add_ideas_unless_the_profile_says_so(client):
    assert client.post(IDEAS, data={"text": "Chess"}).status_code == 404
    assert "Add the idea" not in client.get(IDEAS).text
    assert 'id="ideas"' not in client.get("/os/friday").text


@pytest.mark.parametrize("event_says", [{"ideas": "moderated"}])
def test_moderated_idea_waits_for_the_facilitator(app, device, desk):
    assert add(device(), "Chess").location == f"{IDEAS}?said=waits"
    assert told(app) == {}
    assert "<strong>1</strong>" in desk.client.get("/desk/friday").text

    desk("list", idea=SetIdea.new("friday", "Chess").idea)

    assert told(app) == {"Chess": (0, None)}
    assert "an attendee" in desk.client.get("/desk/friday/history").text


@pytest.mark.databases
def test_session_takes_an_idea_up_and_the_idea_says_where_and_when(
    app, desk, seeder, make_post, site
):
    client = desk.client
    desk("add", text="Knitting for beginners")
    seeder.photo(make_post("aa0000000001", title="Beginners knitting", host="Ines"))
    idea = SetIdea.new("friday", "Knitting for beginners").idea
    assert "Is it taken up by" in client.get("/desk/friday/ideas").text

    desk("link", idea=idea, session="aa0000000001")

    assert told(app) == {"Knitting for beginners": (0, "aa0000000001")}
    page = " ".join(app.test_client().get("/os/friday").text.split())
    assert 'Taken up: <a href="/os/s/aa0000000001"' in page
    assert "Room 301</bdi>, <time" in page
    assert "I&#39;d come" not in page.replace("&#x27;", "&#39;")
    with site.database.read() as session:
        last = corrections_of(session, "friday")[-1]
    undo = {"csrf_token": desk.token, "correction": last.id}
    client.post("/desk/friday/undo", data=undo)
    assert told(app) == {"Knitting for beginners": (0, None)}
    desk("link", 422, idea=idea, session="ffffffffffff")


def test_facilitator_changes_and_removes_an_idea_and_it_takes_no_ballots(
    app, device, desk, site
):
    desk("add", text="Chess")
    idea = SetIdea.new("friday", "Chess").idea
    desk("change", idea=idea, text="Go and chess")
    assert list(told(app)) == ["Go and chess"]
    desk("change", 422, idea=idea, text="x" * 201)

    desk("remove", idea=idea)

    assert told(app) == {}
    assert come(device(), "Chess").status_code == 404
    assert add(device(), "Chess").location.endswith("said=waits")
    assert told(app) == {}
    with site.database.read() as session:
        question = idea_question(idea)
        assert counts_of(session, [question])[question] == {}
