"""Profiles written to files: what a person wrote stays as it was."""

import dataclasses
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.errors import ProfileError
from calibration.geometry import Quad
from calibration.layout import CellId
from calibration.profile import (
    ReferencePhoto,
    dump_profile,
    load_profile,
    parse_profile,
    save_profile,
)


@pytest.fixture
def profile(event_toml):
    return parse_profile(event_toml)


@settings(max_examples=settings.default.max_examples // 3)
@given(st.data())
def test_profile_survives_dump_and_parse(profiles, data):
    profile = data.draw(profiles)

    assert parse_profile(dump_profile(profile)) == profile


@settings(max_examples=settings.default.max_examples // 3)
@given(st.data())
def test_dump_is_stable(profiles, data):
    text = dump_profile(data.draw(profiles))

    assert dump_profile(parse_profile(text)) == text


def test_dump_is_what_a_person_would_write(profile):
    assert (
        dump_profile(profile)
        == """\
version = 1

[event]
name = "PyCon US 2024"
timezone = "America/New_York"
short_path = "os"
hashtag = "#PyConOpenSpace"

[[boards]]
slug = "friday"
title = "Friday"
date = 2024-05-17
rooms = ["Room 301", "Room 302", "Room 303"]
slots = ["10:00-11:00", "11:00-12:00", "13:00-14:00"]
column_edges = [0.0, 0.34, 0.67, 1.0]
row_edges = [0.0, 0.33, 0.66, 1.0]
tags = [0, 1, 2, 3]
blocked = [{room = "Room 301", slot = "13:00-14:00", reason = "Keynote overflow"}]

[boards.reference]
photo = "friday.jpg"
corners = [[412.0, 380.0], [3620.0, 402.0], [3590.0, 2804.0], [430.0, 2790.0]]

[[boards]]
slug = "saturday"
title = "Saturday"
date = 2024-05-18
rooms = ["Room 301", "Lobby"]
slots = ["22:00-23:30", "23:30-00:30", "00:30-02:00"]
"""
    )


def test_saved_profile_is_loaded_as_it_was(tmp_path, profile):
    path = tmp_path / "event.toml"

    save_profile(profile, path)

    assert load_profile(path) == profile
    assert [entry.name for entry in tmp_path.iterdir()] == ["event.toml"]


def test_saving_a_change_keeps_comments_and_the_way_of_writing(
    tmp_path, event_toml, profile
):
    path = tmp_path / "event.toml"
    path.write_text(event_toml)
    friday, saturday = profile.boards
    corners = Quad.from_array([[1, 2], [30, 2], [30, 40], [1, 40]])
    changed = dataclasses.replace(
        profile,
        boards=(
            dataclasses.replace(friday, title="Fri", tags=None),
            dataclasses.replace(
                saturday, reference=ReferencePhoto(Path("saturday.jpg"), corners)
            ),
        ),
    )

    save_profile(changed, path)

    expected = event_toml.replace('title = "Friday"', 'title = "Fri"')
    expected = expected.replace("tags = [0, 1, 2, 3]\n", "")
    assert path.read_text() == expected + (
        "\n[boards.reference]\n"
        'photo = "saturday.jpg"\n'
        "corners = [[1.0, 2.0], [30.0, 2.0], [30.0, 40.0], [1.0, 40.0]]\n"
    )


def test_saving_what_the_file_says_leaves_it_as_it_is(tmp_path, event_toml, profile):
    path = tmp_path / "event.toml"
    path.write_text(event_toml)

    save_profile(profile, path)

    assert path.read_text() == event_toml


@settings(max_examples=settings.default.max_examples // 8)
@given(st.data())
def test_saving_over_another_profile_says_the_new_one(tmp_path_factory, profiles, data):
    path = tmp_path_factory.mktemp("saved") / "event.toml"
    before, after = data.draw(profiles), data.draw(profiles)
    boards = tuple(
        dataclasses.replace(new, slug=old.slug)
        for old, new in zip(before.boards, after.boards, strict=False)
    )
    save_profile(dataclasses.replace(before, boards=before.boards[: len(boards)]), path)
    wanted = dataclasses.replace(after, boards=boards)

    save_profile(wanted, path)

    assert load_profile(path) == wanted


@pytest.mark.parametrize(
    "old",
    [
        pytest.param("not = [a profile", id="no-toml"),
        pytest.param("version = 1\n", id="no-profile"),
        pytest.param(b"\xff\xfe".decode("latin-1"), id="no-utf-8"),
    ],
)
def test_saving_over_what_is_no_profile_replaces_it(tmp_path, profile, old):
    path = tmp_path / "event.toml"
    path.write_text(old, encoding="latin-1")

    save_profile(profile, path)

    assert path.read_text() == dump_profile(profile)


def test_saving_keeps_permissions_and_links(tmp_path, profile):
    target, link = tmp_path / "shared.toml", tmp_path / "event.toml"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)

    save_profile(profile, link)

    assert link.is_symlink()
    assert load_profile(target) == profile
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_saving_into_no_folder_is_refused_and_leaves_nothing(tmp_path, profile):
    with pytest.raises(ProfileError, match="cannot be written") as refusal:
        save_profile(profile, tmp_path / "none" / "event.toml")

    assert "Choose a folder" in refusal.value.hint
    assert list(tmp_path.iterdir()) == []


def test_saving_over_a_folder_leaves_it(tmp_path, profile):
    (tmp_path / "event.toml").mkdir()

    with pytest.raises(ProfileError, match="cannot be written"):
        save_profile(profile, tmp_path / "event.toml")

    assert [entry.name for entry in tmp_path.iterdir()] == ["event.toml"]


def test_a_slot_that_is_blocked_in_all_rooms_alike_is_written_once(tmp_path, profile):
    path = tmp_path / "event.toml"
    save_profile(profile, path)
    friday, saturday = profile.boards
    rooms, slot = friday.layout.rooms, "11:00-12:00"
    blocked = friday.layout.blocked | {CellId(room, slot): "Lunch" for room in rooms}
    layout = dataclasses.replace(friday.layout, blocked=blocked)
    friday = dataclasses.replace(friday, layout=layout)
    changed = dataclasses.replace(profile, boards=(friday, saturday))

    save_profile(changed, path)

    assert '{slot = "11:00-12:00", reason = "Lunch"}' in path.read_text()
    assert path.read_text().count(slot) == 2  # the slot itself, and this
    assert load_profile(path) == changed
    assert parse_profile(dump_profile(changed)) == changed
