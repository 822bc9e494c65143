"""Rooms and slots that were renamed, and in which version's names things are told.

Nothing was renamed before, and all is in the names of now: null.
"""

import sqlalchemy as sa
from alembic import op


revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("profiles", sa.Column("renamed", sa.JSON(), nullable=True))
    for table in ("readings", "corrections"):
        version = sa.Column("profile_version", sa.Integer(), nullable=True)
        op.add_column(table, version)


def downgrade() -> None:
    for table in ("readings", "corrections"):
        op.drop_column(table, "profile_version")
    op.drop_column("profiles", "renamed")
