"""What browsers call an act of a person, so that one that is sent twice is one.

Nobody called them anything before: null.
"""

import sqlalchemy as sa
from alembic import op


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


TABLES = ("corrections", "undos")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("act", sa.String(length=40), nullable=True))
        op.create_index(op.f(f"ix_{table}_act"), table, ["act"], unique=True)


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(op.f(f"ix_{table}_act"), table)
        op.drop_column(table, "act")
