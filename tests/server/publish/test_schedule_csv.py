"""The schedule as CSV: stable columns, and nothing that a spreadsheet reckons with."""

import csv
import io
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from calibration.event import RoomFacts
from server.publish.schedule_csv import COLUMNS, guarded, render_csv

ROOT = "https://board.example"


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_columns_stay_where_they_are():
    assert COLUMNS[:8] == (
        *("session_id", "title", "host", "handles"),
        *("date", "starts", "ends", "place"),
    )


def test_session_is_a_row_with_its_id(event, board, make_session):
    board = replace(board, facts={"Room 301": RoomFacts("hall", 150)})
    (row,) = rows(render_csv(event, [(board, make_session())], root=ROOT))

    assert row == {
        "session_id": "0123456789ab",
        "title": "Type checking at scale",
        "host": "Maya",
        "handles": "'@mayacodes",
        "date": "2024-05-17",
        "starts": "10:00",
        "ends": "11:00",
        "place": "Room 301",
        "status": "confirmed",
        "description": "Gradual typing in a monorepo",
        "url": f"{ROOT}/os/s/0123456789ab",
        "card_picture": row["card_picture"],
        "doubt": "none",
        "room_kind": "hall",
        "capacity": "150",
    }


def test_planned_and_cancelled_are_said(event, board, make_session):
    sessions = [
        make_session(listing="planned"),
        make_session(listing="planned", cancelled=True),
        make_session(listing="elsewhere"),
    ]
    data = render_csv(event, [(board, one) for one in sessions], root=ROOT)

    told = [row["status"] for row in rows(data)]
    assert told == ["planned", "cancelled", "confirmed"]


@given(st.text())
def test_no_cell_begins_a_formula(text):
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
