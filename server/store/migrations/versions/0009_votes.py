"""How many dots people have voted with are on each card in each photo.

Nobody counted them before: null.
"""

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sightings", sa.Column("votes", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("sightings", "votes")
