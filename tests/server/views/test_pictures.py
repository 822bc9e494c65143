import pytest

from server.store.photos import photos_of


def test_published_picture_is_immutable(client, site, friday):
    for size in friday.picture.sizes:
        suffix = size.content_type.removeprefix("image/").replace("jpeg", "jpg")
        response = client.get(f"/b/{size.sha256}.{suffix}")

        assert response.data == site.blobs.get(size.sha256)
        assert response.content_type == size.content_type
        assert (
            response.headers["Cache-Control"]
            == "public, max-age=31536000, s-maxage=60, immutable"
        )


def test_crop_is_served_and_asked_for_again_cheaply(client, site, friday):
    crop = friday.schedule.sessions[0].crop
    first = client.get(f"/b/{crop}.jpg")
    again = client.get(
        f"/b/{crop}.jpg", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert first.data == site.blobs.get(crop)
    assert (again.status_code, again.data) == (304, b"")


def test_original_is_at_no_address(client, site, friday, sign_in):
    with site.database.read() as session:
        (record,) = photos_of(session, "friday")
    assert site.originals.exists(record.sha256)
    sign_in()
    paths = [
        f"/b/{record.sha256}.jpg",
        f"/b/{record.sha256}.webp",
        f"/b/{record.sha256}",
        f"/b/../originals/{record.sha256[:2]}/{record.sha256}.jpg",
        f"/b/..%2foriginals%2f{record.sha256[:2]}%2f{record.sha256}.jpg",
        f"/photos/{record.id}.jpg",
        f"/static/../originals/{record.sha256}",
    ]

    assert friday.photo_id == record.id
    assert [client.get(path).status_code for path in paths] == [404] * len(paths)


@pytest.mark.usefixtures("friday")
def test_blob_that_was_never_declared_is_not_served(client, site):
    sha256 = site.blobs.put(b"kept, but not published")

    assert client.get(f"/b/{sha256}.jpg").status_code == 404
