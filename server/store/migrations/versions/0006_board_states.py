"""What photos come to, kept; indexes for what is asked for all the time.

Which version gave up on a photo that has failed is not known of those that have
failed before: they are tried again.
"""

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_states",
        sa.Column("board", sa.String(length=100), nullable=False),
        sa.Column("rules", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("board", name=op.f("pk_board_states")),
    )
    op.add_column("photos", sa.Column("failed_in", sa.String(length=50), nullable=True))
    op.create_index(op.f("ix_photos_received_at"), "photos", ["received_at"])
    op.create_index(op.f("ix_sightings_crop"), "sightings", ["crop"])
    op.drop_index(op.f("ix_pictures_board"), "pictures")
    op.create_index("ix_pictures_newest", "pictures", ["board", "at", "photo_id"])
    op.drop_index(op.f("ix_readings_board"), "readings")
    op.create_index("ix_readings_newest", "readings", ["board", "at"])


def downgrade() -> None:
    op.drop_index("ix_readings_newest", "readings")
    op.create_index(op.f("ix_readings_board"), "readings", ["board"])
    op.drop_index("ix_pictures_newest", "pictures")
    op.create_index(op.f("ix_pictures_board"), "pictures", ["board"])
    op.drop_index(op.f("ix_sightings_crop"), "sightings")
    op.drop_index(op.f("ix_photos_received_at"), "photos")
    op.drop_column("photos", "failed_in")
    op.drop_table("board_states")
