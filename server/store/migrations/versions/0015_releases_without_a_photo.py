"""Releases of boards that need no photo: online there is no wall.

Taken back, such releases go: the versions before cannot show them.
"""

import sqlalchemy as sa
from alembic import op


revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _photo(nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM releases WHERE photo_id IS NULL")
    _photo(nullable=False)


def _photo(*, nullable: bool) -> None:
    with op.batch_alter_table("releases") as table:
        table.alter_column("photo_id", existing_type=sa.String(16), nullable=nullable)
        table.alter_column(
            "photo_taken_at", existing_type=sa.DateTime(), nullable=nullable
        )
    # SQLite copies the table, without its trigger.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER releases_written_once BEFORE UPDATE ON releases "
            "BEGIN SELECT RAISE(ABORT, 'releases are never changed'); END"
        )
