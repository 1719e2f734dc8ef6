"""Changes that are published, and which of them was in service when."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "publications",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("change", sa.Integer, nullable=False),
        sa.Column("approved_by", sa.String(64), nullable=False),
        sa.Column("approved", sa.Float, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("touched", sa.Float, nullable=False),
        sa.Column("progress", sa.Text),
        sa.Column("before", sa.Integer),
        sa.Column("digest", sa.String(64)),
    )
    op.create_index("ix_publications_change", "publications", ["change"])
    op.create_table(
        "in_service",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("base", sa.String(64), nullable=False),
        sa.Column("publication", sa.Integer),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
