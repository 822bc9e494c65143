"""What each photo alone says of a card, and how well it shows it.

Of cards that were seen before it is not known: they count as hidden in every photo
but those in which they were read, and each time they were read as changed. So
nobody reads yesterday's cards again.
"""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would copy the table, and lose its trigger.
    op.add_column(
        "sightings",
        sa.Column("news", sa.String(length=10), nullable=False, server_default="same"),
    )
    op.add_column(
        "sightings",
        sa.Column("sharpness", sa.Double(), nullable=False, server_default="0"),
    )
    op.add_column("further_readings", sa.Column("alone", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("further_readings", "alone")
    op.drop_column("sightings", "sharpness")
    op.drop_column("sightings", "news")
