"""What devices said: that they would come to an idea, and their votes."""

import sqlalchemy as sa
from alembic import op


revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ballots",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("question", sa.String(60), nullable=False),
        sa.Column("device", sa.String(32), nullable=False),
        sa.Column("choice", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("question", "device", name="uq_ballots_question"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("ballots")
