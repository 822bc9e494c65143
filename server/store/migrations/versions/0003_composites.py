"""Where the board is in each photo, and pictures made of several photos.

Pictures from before do not tell where the board is in them: nothing is set into
them, and nobody places a new photo by theirs.
"""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pictures", sa.Column("registration", sa.JSON(), nullable=True))
    op.create_table(
        "composites",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("board", sa.String(length=100), nullable=False),
        sa.Column("sizes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_composites")),
    )
    op.create_index(op.f("ix_composites_board"), "composites", ["board"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER composites_written_once "
            "BEFORE UPDATE ON composites "
            "BEGIN SELECT RAISE(ABORT, 'composites are never changed'); END"
        )


def downgrade() -> None:
    op.drop_table("composites")
    op.drop_column("pictures", "registration")
