"""How sharp pictures are, and which are not shown for being much worse than another.

Of the pictures so far neither was told: null, and they are shown as they were.
"""

import sqlalchemy as sa
from alembic import op


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pictures", sa.Column("focus", sa.Double(), nullable=True))
    op.add_column("pictures", sa.Column("worse_than", sa.String(16), nullable=True))


def downgrade() -> None:
    op.drop_column("pictures", "worse_than")
    op.drop_column("pictures", "focus")
