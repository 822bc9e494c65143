import io
import struct
import zlib
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from server.app import SECURITY_HEADERS, app_of
from server.config import MAX_UPLOAD_BYTES
from server.errors import DecodingError, StorageError
from server.store.photos import photo_id_of, photos_of
from vision.image.photo import encode_jpeg

NO_PHOTO = "The file is no photo in a format that Boardcast reads."
FORMATS = "Send a photo as JPEG, PNG, WebP, AVIF or HEIC."


@pytest.fixture
def headers(tokens):
    return {"Authorization": f"Bearer {tokens.issue('staff', 'Ada')}"}


@pytest.fixture
def post(client, headers):
    """Post one file as staff."""

    def send(data, name="a.png", **fields):
        return client.post(
            "/photos", headers=headers, data=form((name, data), **fields)
        )

    return send


@pytest.fixture
def photo(scripted):
    return scripted.photo_bytes("morning")


def form(*files, **fields):
    return {
        "photo": [(io.BytesIO(data), name) for name, data in files],
        **fields,
    }


def huge_png():
    """100 megapixels in a few bytes."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 10_000, 10_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"x")


def stored(site):
    with site.database.read() as session:
        return photos_of(session, None)


def blobs(site):
    return [path for path in site.originals.folder.rglob("*") if path.is_file()]


def test_photo_is_kept_then_acknowledged(client, headers, photo, site, scripted):
    response = client.post("/photos", headers=headers, data=form(("a.png", photo)))

    (record,) = stored(site)
    assert response.status_code == 202
    assert response.json == {
        "photos": [
            {
                "id": record.id,
                "state": "received",
                "board": None,
                "taken_at": None,
                "cards_read": 0,
                "cards_total": 0,
                "message": "",
                "hint": "",
                "findings": [],
                "done": False,
                "taken_back": False,
                "new": True,
                "status_url": f"/photos/{record.id}",
            }
        ]
    }
    assert site.originals.get(record.sha256) == photo
    assert (record.sender, record.received_at) == ("Ada", scripted.NOW)
    assert (record.source, record.dated) == ("file", False)


def test_same_bytes_again_are_the_same_photo(client, headers, photo, site):
    data = form(("a.png", photo))
    client.post("/photos", headers=headers, data=data)

    again = client.post("/photos", headers=headers, data=form(("b.png", photo)))

    assert again.status_code == 200
    assert [entry["new"] for entry in again.json["photos"]] == [False]
    assert len(stored(site)) == len(blobs(site)) == 1


def test_several_photos_come_in_one_request(client, headers, scripted, site):
    names = ("morning", "noon")
    files = [(name, scripted.photo_bytes(name)) for name in names]

    response = client.post(
        "/photos", headers=headers, data=form(*files, board="saturday")
    )

    ids = [entry["id"] for entry in response.json["photos"]]
    assert ids == [photo_id_of(scripted.Photo.decode(data).sha256) for _, data in files]
    assert {record.board for record in stored(site)} == {"saturday"}


def test_file_that_is_no_photo_keeps_no_other_from_being_taken(
    client, headers, scripted, site
):
    good = [scripted.photo_bytes(name) for name in ("morning", "noon")]
    files = [("1.jpg", good[0]), ("2.jpg", b"hello"), ("3.jpg", good[1]), ("4", b"")]

    response = client.post("/photos", headers=headers, data=form(*files))

    photos = response.json["photos"]
    assert response.status_code == 202
    assert set(response.json) == {"photos"}
    assert [entry["state"] for entry in photos] == [
        *("received", "refused", "received", "refused")
    ]
    assert photos[1] == refused(NO_PHOTO, FORMATS)
    assert photos[3] == refused(
        "The upload carries no photo.",
        "Choose a photo first; its form field is called photo.",
    )
    assert [photos[0]["id"], photos[2]["id"]] == [
        photo_id_of(scripted.Photo.decode(data).sha256) for data in good
    ]
    assert {site.originals.get(record.sha256) for record in stored(site)} == set(good)


def test_batch_of_which_nothing_is_taken_is_refused_file_by_file(client, headers, site):
    files = [("1.jpg", b"hello"), ("2.png", huge_png())]

    response = client.post("/photos", headers=headers, data=form(*files))

    assert response.status_code == 415
    assert response.json == {
        "message": NO_PHOTO,
        "hint": FORMATS,
        "photos": [
            refused(NO_PHOTO, FORMATS),
            refused(
                "The photo declares 10000 x 10000 pixels; "
                "at most 64 megapixels are read.",
                "Send it in a smaller size; 12 megapixels are plenty.",
            ),
        ],
    }
    assert stored(site) == ()


def test_batch_that_was_received_before_is_known_although_a_file_is_bad(
    client, headers, photo
):
    client.post("/photos", headers=headers, data=form(("a.png", photo)))

    again = client.post(
        "/photos", headers=headers, data=form(("x", b"hello"), ("b.png", photo))
    )

    assert again.status_code == 200
    assert [entry["new"] for entry in again.json["photos"]] == [False, False]


def test_disk_that_fills_up_amid_a_batch_is_not_tried_for_the_rest(
    site, headers, scripted
):
    kept = []

    def put(data):
        kept.append(data)
        if len(kept) > 1:
            raise StorageError("The disk is full.", hint="Make room and try again.")
        return site.originals.put(data)

    originals = SimpleNamespace(put=put, exists=lambda _sha256: True)
    client = app_of(replace(site, originals=originals)).test_client()
    names = ("morning", "noon", "evening", "night")

    response = client.post(
        "/photos",
        headers=headers,
        data=form(*((name, scripted.photo_bytes(name)) for name in names)),
    )

    full = refused("The disk is full.", "Make room and try again.")
    assert response.status_code == 202
    assert response.json["photos"][1:] == [full] * 3
    assert response.json["photos"][0]["state"] == "received"
    assert len(kept) == 2


def test_site_that_cannot_decode_now_says_when_to_come_again(site, headers, photo):
    def busy(_data):
        raise DecodingError("Too many photos.", hint="Send it again in a minute.")

    client = app_of(replace(site, check_photo=busy)).test_client()

    response = client.post(
        "/photos", headers=headers, data=form(("a", photo), ("b", b"hello"))
    )

    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert [entry["message"] for entry in response.json["photos"]] == [
        *("Too many photos.", "Too many photos.")
    ]


def refused(message, hint):
    """The entry of a file that was not taken."""
    return {
        "id": None,
        "state": "refused",
        "board": None,
        "taken_at": None,
        "cards_read": 0,
        "cards_total": 0,
        "message": message,
        "hint": hint,
        "findings": [],
        "done": True,
        "taken_back": False,
        "new": False,
        "status_url": None,
    }


def test_status_says_how_far_a_photo_is(client, headers, journey):
    record = journey.send("morning")

    response = client.get(f"/photos/{record.id}", headers=headers)

    assert response.status_code == 200
    assert response.json["state"] == "received"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("upload", "status", "message"),
    [
        (("a.jpg", b""), 400, "The upload carries no photo."),
        (("a.jpg", b"<script>alert(1)</script>"), 415, NO_PHOTO),
        (("a.jpg", b"\xff\xd8\xff"), 422, None),
        (
            ("a.png", huge_png()),
            413,
            "The photo declares 10000 x 10000 pixels; at most 64 megapixels are read.",
        ),
        (("a.pdf", b"%PDF-1.7 ..."), 415, NO_PHOTO),
        (("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), 415, NO_PHOTO),
    ],
    ids=["empty", "html", "truncated", "100-megapixels", "pdf", "svg"],
)
def test_bytes_that_are_no_photo_are_refused_and_not_kept(
    upload, status, message, post, site
):
    name, data = upload
    response = post(data, name)

    assert response.status_code == status
    assert response.json["hint"]
    assert response.json["photos"] == [
        refused(response.json["message"], response.json["hint"])
    ]
    if message is not None:
        assert response.json["message"] == message
    assert stored(site) == ()
    assert blobs(site) == []


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_jpeg_that_ends_too_early_is_refused_and_not_kept(
    share, client, headers, site, scripted
):
    pixels = scripted.np.random.default_rng(1).integers(0, 256, (64, 64, 3), "uint8")
    data = encode_jpeg(pixels, 90)

    response = client.post(
        "/photos",
        headers=headers,
        data=form(("a.jpg", data[: int(len(data) * share)])),
    )

    assert response.status_code == 422
    assert blobs(site) == []


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "<img src=x onerror=alert(1)>.png",
        "a" * 5000,
        "ü\u202e.png",
        "\\..\\x",
    ],
    ids=["path", "html", "long", "right-to-left", "backslashes"],
)
def test_name_of_a_file_means_nothing(name, post, photo, site, folder):
    before = {path.name for path in folder.iterdir()}

    response = post(photo, name)

    assert response.status_code == 202
    assert name not in response.text
    assert [path.name for path in blobs(site)] == [stored(site)[0].sha256]
    assert {path.name for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 401),
        ("", 401),
        ("Bearer ", 401),
        ("Bearer nonsense", 401),
        ("Basic YTpi", 401),
    ],
    ids=["none", "empty", "no-token", "wrong", "password"],
)
def test_sender_without_a_good_token_is_refused(header, status, client, photo, site):
    headers = {} if header is None else {"Authorization": header}

    response = client.post("/photos", headers=headers, data=form(("a.png", photo)))
    asked = client.get("/photos/0123456789abcdef", headers=headers)

    assert response.status_code == asked.status_code == status
    assert response.json["hint"]
    assert stored(site) == ()
    assert blobs(site) == []


def test_token_of_another_site_is_refused_with_what_to_do(client, photo, tokens):
    other = replace(tokens, secret_key="other").issue("staff")
    response = client.post(
        "/photos",
        headers={"Authorization": f"Bearer {other}"},
        data=form(("a.png", photo)),
    )

    assert response.status_code == 401
    assert "organiser" in response.json["hint"]


def test_who_is_signed_in_sends_with_the_forms_token(client, photo, tokens, site):
    client.get(f"/sign-in/{tokens.issue('staff', 'Ada')}")
    with client.session_transaction() as cookie:
        csrf = cookie["csrf"]

    without = client.post("/photos", data=form(("a.png", photo)))
    after = client.post("/photos", data=form(("a.png", photo), csrf_token=csrf))

    assert (without.status_code, after.status_code) == (403, 202)
    assert len(stored(site)) == 1


def test_upload_without_a_length_is_refused(client, headers, photo):
    builder = SimpleNamespace(
        environ={
            "wsgi.input": io.BytesIO(photo),
            "wsgi.input_terminated": True,
            "HTTP_TRANSFER_ENCODING": "chunked",
        }
    )
    response = client.post(
        "/photos", headers=headers, environ_overrides=builder.environ
    )

    assert response.status_code == 411
    assert response.json["hint"]


@pytest.mark.parametrize(("over", "status"), [(0, 415), (1, 413)], ids=["just", "over"])
def test_upload_above_the_limit_is_refused_before_it_is_read(
    over, status, site, headers
):
    limit = 10_000
    settings = replace(site.settings, max_upload_bytes=limit)
    client = app_of(replace(site, settings=settings)).test_client()
    head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n'
    tail = b"\r\n--x--\r\n"
    body = head + b"y" * (limit + over - len(head) - len(tail)) + tail

    response = client.post(
        "/photos",
        headers=headers,
        data=body,
        content_type="multipart/form-data; boundary=x",
    )

    assert response.request.content_length == limit + over
    assert response.status_code == status


def test_real_photo_of_sixty_megabytes_is_taken_and_one_above_the_limit_told(
    client, headers, site
):
    def jpeg(side):  # noise: nothing in it can be made smaller
        pixels = np.random.default_rng(4).integers(0, 256, (side, side, 3), np.uint8)
        stream = io.BytesIO()
        Image.fromarray(pixels).save(stream, "JPEG", quality=98, subsampling=0)
        return stream.getvalue()

    large, larger = jpeg(4_400), jpeg(4_650)

    def send(photo):
        head = (
            b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n'
        )
        body = head + photo + b"\r\n--x--\r\n"
        kind = "multipart/form-data; boundary=x"
        return client.post("/photos", headers=headers, data=body, content_type=kind)

    taken, refused = send(large), send(larger)

    assert 60 * 10**6 < len(large) < MAX_UPLOAD_BYTES < len(larger)
    assert (taken.status_code, taken.json["photos"][0]["state"]) == (202, "received")
    assert refused.status_code == 413
    assert refused.json["message"] == "The upload is larger than 64 MiB."
    assert len(blobs(site)) == 1


def test_board_that_the_event_does_not_have_is_not_found(client, headers, photo, site):
    response = client.post(
        "/photos", headers=headers, data=form(("a.png", photo), board="<b>")
    )

    assert response.status_code == 404
    assert response.json["message"] == "There is no board <b>."
    assert response.mimetype == "application/json"
    assert blobs(site) == []


def test_form_without_a_file_says_so(client, headers):
    response = client.post("/photos", headers=headers, data={"board": "friday"})

    assert response.status_code == 400
    assert response.json["message"] == "The upload carries no photo."


def test_photo_that_is_not_there_is_not_found(client, headers):
    response = client.get("/photos/0123456789abcdef", headers=headers)

    assert response.status_code == 404
    assert response.json["message"] == "There is no photo 0123456789abcdef."


def test_full_disk_is_said_and_nothing_is_half_stored(site, headers, photo):
    def put(_data):
        raise StorageError("The disk is full.", hint="Make room and try again.")

    full = replace(site, originals=SimpleNamespace(put=put))
    client = app_of(full).test_client()

    response = client.post("/photos", headers=headers, data=form(("a.png", photo)))

    entry = refused("The disk is full.", "Make room and try again.")
    assert response.status_code == 507
    assert response.json == {
        "message": "The disk is full.",
        "hint": "Make room and try again.",
        "photos": [entry],
    }
    assert stored(site) == ()


def test_every_answer_carries_the_security_headers(client, headers):
    for response in (
        client.get("/os"),
        client.get("/nowhere"),
        client.post("/photos", headers=headers),
    ):
        assert {
            name: response.headers.get(name) for name in SECURITY_HEADERS
        } == SECURITY_HEADERS


def test_page_that_is_not_there_says_so_as_a_page(client):
    response = client.get("/<script>nowhere")

    assert response.status_code == 404
    assert response.mimetype == "text/html"
    assert "<script>nowhere" not in response.text
    assert "begin at the board" in response.text


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(client, tokens):
    response = client.get(f"/sign-in/{tokens.issue('facilitator', 'Maya')}")

    cookie = response.headers["Set-Cookie"]
    assert response.location == "/desk"
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_cookie_goes_over_https_only_where_the_site_does(site, tokens):
    settings = replace(site.settings, public_url="https://pycon.example")
    client = app_of(replace(site, settings=settings)).test_client()

    response = client.get(
        f"/sign-in/{tokens.issue('staff')}", base_url="https://pycon.example"
    )

    assert "; Secure" in response.headers["Set-Cookie"]
    assert response.location == "/capture"


@pytest.mark.parametrize("path", ["/os", "/os.version", "/os.json"])
def test_sign_in_is_never_sent_along_with_what_caches_keep(client, tokens, path):
    client.get(f"/sign-in/{tokens.issue('facilitator', 'Maya')}")

    assert "Set-Cookie" not in client.get(path).headers


@pytest.mark.parametrize(("host", "status"), [("pycon.example", 200), ("evil", 400)])
def test_host_that_is_not_the_sites_is_refused(site, host, status):
    settings = replace(site.settings, trusted_hosts=("pycon.example",))
    client = app_of(replace(site, settings=settings)).test_client()

    response = client.get("/os", base_url=f"http://{host}")

    assert response.status_code == status
    assert "PyCon US 2024" in response.text or "host" in response.text


def test_method_that_is_refused_comes_with_those_that_are_not(client):
    assert "GET" in client.post("/os").headers["Allow"]


def test_signing_out_needs_a_form_of_this_site(client, tokens):
    client.get(f"/sign-in/{tokens.issue('staff', 'Ada')}")
    with client.session_transaction() as cookie:
        csrf = cookie["csrf"]

    assert client.post("/sign-out").status_code == 403
    assert client.post("/sign-out", data={"csrf_token": csrf}).location == "/"
    with client.session_transaction() as cookie:
        assert dict(cookie) == {}
