"""Where photos came from, and which photo a correction is about.

Of the photos so far nobody knows where they came from: null, and they count as they
did. No correction was about a photo.
"""

import sqlalchemy as sa
from alembic import op


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("photos", sa.Column("source", sa.String(10), nullable=True))
    op.add_column("corrections", sa.Column("photo_id", sa.String(16), nullable=True))
    op.create_index("ix_corrections_photo_id", "corrections", ["photo_id"])


def downgrade() -> None:
    op.drop_index("ix_corrections_photo_id", "corrections")
    op.drop_column("corrections", "photo_id")
    op.drop_column("photos", "source")
