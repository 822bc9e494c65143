"""Photos that are given to another day's board: a second photo with the same bytes.

Taken back, these are not tried again: the versions before do not find their bytes.
"""

import sqlalchemy as sa
from alembic import op


revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("photos", sa.Column("bytes_sha256", sa.String(64), nullable=True))


def downgrade() -> None:
    op.execute("UPDATE photos SET state = 'failed' WHERE bytes_sha256 IS NOT NULL")
    op.drop_column("photos", "bytes_sha256")
