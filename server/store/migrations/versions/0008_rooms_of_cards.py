"""Cards that lie across several rooms; none is known to do so before."""

import sqlalchemy as sa
from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would copy the table, and lose its trigger.
    op.add_column("sightings", sa.Column("rooms", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("sightings", "rooms")
