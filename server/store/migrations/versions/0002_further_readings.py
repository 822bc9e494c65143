"""Further readings of doubtful cards.

Photos that were read before keep the readings that they have: nobody looks at
yesterday's cards again.
"""

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "further_readings",
        sa.Column("card_id", sa.String(length=16), nullable=False),
        sa.Column("photo_id", sa.String(length=16), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.id"], name=op.f("fk_further_readings_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_further_readings_photo_id")
        ),
        sa.PrimaryKeyConstraint(
            "card_id", "photo_id", name=op.f("pk_further_readings")
        ),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER further_readings_written_once "
            "BEFORE UPDATE ON further_readings "
            "BEGIN SELECT RAISE(ABORT, 'further_readings are never changed'); END"
        )
    op.execute("UPDATE photos SET state = 'settled' WHERE state = 'read'")


def downgrade() -> None:
    op.execute("UPDATE photos SET state = 'read' WHERE state = 'settled'")
    op.drop_table("further_readings")
