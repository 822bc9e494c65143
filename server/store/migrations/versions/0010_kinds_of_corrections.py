"""Corrections of every kind, one row for one act; undos that can be undone."""

from typing import Any

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NAME, SLUG = sa.String(length=200), sa.String(length=100)

CARD_FIELDS = ("title", "description", "host", "cell", "hidden", "cancelled")
"""What could be corrected before, one row for each field."""


def upgrade() -> None:
    before = _rows(
        "SELECT corrections.id, card_id, board, field, value, author, made_at "
        "FROM corrections JOIN cards ON cards.id = card_id ORDER BY corrections.id",
        value=sa.JSON(),
        made_at=sa.DateTime(),
    )
    undone = _rows("SELECT * FROM undos", made_at=sa.DateTime())
    op.drop_table("undos")
    op.drop_table("corrections")
    corrections = op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("board", SLUG, nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("author", NAME, nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_corrections_board"), "corrections", ["board"])
    undos = op.create_table(
        "undos",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("author", NAME, nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["corrections.id"], name=op.f("fk_undos_correction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undos")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_undos_correction_id"), "undos", ["correction_id"])
    op.bulk_insert(corrections, [_act(row) for row in before])
    op.bulk_insert(undos, [{**row, "undone": True} for row in undone])
    _written_once()
    _count_on("corrections")


def downgrade() -> None:
    """Go back to a row for each field of a card; what is of no card is lost."""
    acts = _rows(
        "SELECT id, change, author, made_at FROM corrections ORDER BY id",
        change=sa.JSON(),
        made_at=sa.DateTime(),
    )
    newest = _rows(
        "SELECT correction_id, undone, author, made_at FROM undos ORDER BY id",
        made_at=sa.DateTime(),
    )
    op.drop_table("undos")
    op.drop_table("corrections")
    corrections = op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("card_id", sa.String(length=16), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("author", NAME, nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.id"], name=op.f("fk_corrections_card_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_corrections_card_id"), "corrections", ["card_id"])
    undos = op.create_table(
        "undos",
        sa.Column("correction_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("author", NAME, nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["corrections.id"], name=op.f("fk_undos_correction_id")
        ),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_undos")),
    )
    state = {row["correction_id"]: row for row in newest}
    known = {row["id"] for row in _rows("SELECT id FROM cards")}
    taken_back = []
    for act in acts:
        for row in _fields(act, known):
            added = op.get_bind().execute(corrections.insert().values(**row))
            number = added.inserted_primary_key[0]  # type: ignore[index]  # it has one
            undo = state.get(act["id"])
            if undo and undo["undone"]:
                taken_back.append(
                    {
                        "correction_id": number,
                        "author": undo["author"],
                        "made_at": undo["made_at"],
                    }
                )
    op.bulk_insert(undos, taken_back)
    _written_once()


def _rows(query: str, **types: Any) -> list[dict[str, Any]]:
    text = sa.text(query).columns(**types)
    return [dict(row) for row in op.get_bind().execute(text).mappings()]


def _act(row: dict[str, Any]) -> dict[str, Any]:
    """Return the act of a row that set one field."""
    change = {"kind": "edit", "card": row["card_id"], row["field"]: row["value"]}
    return {name: row[name] for name in ("id", "board", "author", "made_at")} | {
        "change": change
    }


def _fields(act: dict[str, Any], known: set[str]) -> list[dict[str, Any]]:
    """Return a row for each field of a known card that an act sets."""
    change = act["change"]
    return [
        {
            "card_id": change["card"],
            "field": name,
            "value": change[name],
            "author": act["author"],
            "made_at": act["made_at"],
        }
        for name in CARD_FIELDS
        if change["kind"] == "edit" and change["card"] in known and name in change
    ]


def _written_once() -> None:
    """Let nothing change a row of these tables: dropped with them, it is set anew."""
    if op.get_bind().dialect.name == "sqlite":
        for table in ("corrections", "undos"):
            op.execute(
                f"CREATE TRIGGER {table}_written_once BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"
            )


def _count_on(table: str) -> None:
    """Let PostgreSQL number the next row after those that were given numbers."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "
            f"(SELECT coalesce(max(id), 1) FROM {table}), "
            f"(SELECT count(*) > 0 FROM {table}))"
        )
