import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import (
    BlobDamagedError,
    NotFoundError,
    SettingsError,
    StorageError,
)
from server.store.blobs import BlobStore, sha256_of

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.fixture(params=["folder", "memory"])
def blobs(request, tmp_path):
    url = tmp_path.as_uri() if request.param == "folder" else "memory:///"
    return BlobStore.open(url, "public")


@pytest.fixture
def folder(tmp_path):
    return BlobStore.open((tmp_path / "blobs").as_uri(), "public")


def path_of(folder, sha256):
    return folder.folder / sha256[:2] / sha256


def test_bytes_are_kept_under_their_hash(blobs):
    assert blobs.put(b"abc") == ABC
    assert blobs.get(ABC) == b"abc"
    assert blobs.exists(ABC)


@given(data=st.binary())
def test_kept_bytes_come_back_whatever_they_are(data):
    blobs = BlobStore.open("memory:///", "public")

    assert blobs.get(blobs.put(data)) == data


def test_same_bytes_again_change_nothing(folder):
    folder.put(b"abc")
    before = path_of(folder, ABC).stat().st_ino

    assert folder.put(b"abc") == ABC
    assert path_of(folder, ABC).stat().st_ino == before


def test_bytes_left_by_a_crash_are_written_through_before_they_are_promised(
    folder, monkeypatch
):
    synced = []
    folder.put(b"abc")  # and then the process died, before it had synced
    monkeypatch.setattr("server.store.blobs.fsync", synced.append)

    folder.put(b"abc")

    path = path_of(folder, ABC)
    assert synced == [path, path.parent, folder.folder]


def test_bytes_that_were_never_kept_are_not_found(blobs):
    assert not blobs.exists(ABC)
    with pytest.raises(NotFoundError):
        blobs.get(ABC)


@pytest.mark.parametrize(
    "name",
    ["", "../../etc/passwd", ABC[:-1], ABC.upper(), ABC + "/x", "x" * 64],
    ids=["empty", "path", "short", "upper", "longer", "no-hex"],
)
def test_name_that_is_no_hash_is_not_found(name, blobs):
    with pytest.raises(NotFoundError):
        blobs.get(name)
    with pytest.raises(NotFoundError):
        blobs.exists(name)


def test_damaged_bytes_are_not_given_out(folder):
    folder.put(b"abc")
    path_of(folder, ABC).write_bytes(b"")

    with pytest.raises(BlobDamagedError):
        folder.get(ABC)


def test_damaged_bytes_are_mended_when_they_come_again(folder):
    folder.put(b"abc")
    path_of(folder, ABC).write_bytes(b"")

    folder.put(b"abc")

    assert folder.get(ABC) == b"abc"


def test_parts_share_nothing(tmp_path):
    originals, public = (
        BlobStore.open(tmp_path.as_uri(), part) for part in ("originals", "public")
    )

    originals.put(b"abc")

    assert not public.exists(ABC)


def test_folder_that_cannot_be_written_says_what_to_do(folder):
    # A file where a folder should be: what a full disk does, for root too.
    (folder.folder / ABC[:2]).write_text("in the way")

    with pytest.raises(StorageError) as error:
        folder.put(b"abc")

    assert error.value.message.startswith("The photo store does not work: ")
    assert "space" in error.value.hint


@pytest.mark.parametrize("url", ["nonsense", "ftp://host", "file:///dev/null/x"])
def test_address_of_no_store_says_so(url):
    with pytest.raises(SettingsError, match="cannot be used"):
        BlobStore.open(url, "public")


def test_hash_is_that_of_sha256():
    assert sha256_of(b"abc") == ABC
